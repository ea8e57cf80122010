"""Calibration sessions 校准: several people answer for the same calls, blind, and are compared with a named expert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, cast, exists, func, literal, select, update
from sqlalchemy.orm import Session

from store import appeal_trail, audit, queue, reviews, users
from store.access import Right, Viewer
from store.columns import now
from store.desk_tables import QueueRow, ReviewRow, UserRow
from store.reviews import Overtaken, Review
from store.rounds_tables import CalibrationCallRow, CalibrationPersonRow, CalibrationRow
from store.tables import CallRow

MOST_CALLS, MOST_PEOPLE, MOST_LISTED = 50, 30, 100


class Unfit(Exception):
    """A session cannot be as it was asked for. key: of the text that says why; about: whom or what."""

    def __init__(self, key: str, about: str = "") -> None:
        super().__init__(key)
        self.key, self.about = key, about


@dataclass(frozen=True, slots=True)
class Calibration:
    """A session: its row, calls in their order, people by name (the expert first), and how many each has submitted."""

    row: CalibrationRow
    calls: tuple[CalibrationCallRow, ...]
    people: tuple[CalibrationPersonRow, ...]
    done: dict[str, int]

    @property
    def closed(self) -> bool:
        return self.row.closed_at is not None

    def takes_part(self, login: str) -> bool:
        return any(person.login == login for person in self.people)

    def finished(self, login: str) -> bool:
        """Whether somebody has submitted all calls."""
        return self.done.get(login, 0) >= len(self.calls)

    def open_to(self, viewer: Viewer) -> bool:
        """Whether the person may look at the session at all."""
        return viewer.may(Right.LEAD) or self.takes_part(viewer.login)

    def shows(self, viewer: Viewer) -> bool:
        """Whether the person may see the comparison: it is closed, they have answered all, or lead without part."""
        if not self.open_to(viewer):
            return False
        return self.closed or self.finished(viewer.login) or not self.takes_part(viewer.login)


def round_of(number: int, login: str) -> str:
    """The round of `reviews` that a participant answers in."""
    return f"calibration:{number}:{login}"


def able(session: Session) -> list[UserRow]:
    """People who may take part."""
    return [
        user for user in users.everybody(session) if not user.disabled_at and users.viewer(user).may(Right.CALIBRATE)
    ]


def make(session: Session, viewer: Viewer, name: str, called: Sequence[str], people: Sequence[str], expert: str) -> int:
    """Begin a session; its number. called: calls by id or sha256. Raises Unfit: calls or people that are not there,
    too few or too many, somebody who may not see a call, calls of different forms."""
    if not 1 <= len(called) <= MOST_CALLS:
        raise Unfit("no_calls_given" if not called else "too_many_given", str(MOST_CALLS))
    rows = [_call(session, viewer, one) for one in called]
    rows = list({row.sha256: row for row in rows}.values())
    if len({row.rubric_hash for row in rows}) > 1:
        raise Unfit("forms_differ")
    # Who decides an appeal must see the review that a session would hide from them.
    for row in rows:
        if any(not a.final(now()) for a in appeal_trail.of_call(session, row.sha256)):
            raise Unfit("appeal_running", row.call_id)
    by_login = {user.login: user for user in able(session)}
    chosen = list(dict.fromkeys((expert, *people)))
    if expert not in by_login or not 2 <= len(chosen) <= MOST_PEOPLE:
        raise Unfit("too_few_people" if expert in by_login else "no_expert")
    for login in chosen:
        if login not in by_login:
            raise Unfit("cannot_take_part", login)
        other = users.viewer(by_login[login])
        for row in rows:
            if queue.one(session, other, row.sha256) is None:
                raise Unfit("cannot_see_call", f"{by_login[login].name} · {row.call_id}")
    made = CalibrationRow(name=name, expert=expert, made_by=viewer.login)
    session.add(made)
    session.flush()
    session.add_all(
        CalibrationCallRow(
            calibration_id=made.id, place=place, sha256=row.sha256, evaluation_key=row.evaluation_key,
            call_id=row.call_id, rubric_hash=row.rubric_hash,
        )
        for place, row in enumerate(rows, 1)
    )  # fmt: skip
    session.add_all(
        CalibrationPersonRow(calibration_id=made.id, login=login, name=by_login[login].name) for login in chosen
    )
    audit.note(
        session, viewer.login, "calibration.make", str(made.id),
        name=name, expert=expert, people=chosen, calls=[row.sha256 for row in rows],
    )  # fmt: skip
    return made.id


def one(session: Session, number: int) -> Calibration | None:
    """A session by number."""
    row = session.get(CalibrationRow, number)
    return _whole(session, row) if row else None


def listed(session: Session, viewer: Viewer) -> list[Calibration]:
    """Sessions that a person takes part in or leads, open ones first, then the newest."""
    if not viewer.may(Right.CALIBRATE):
        return []
    chosen = select(CalibrationRow)
    if not viewer.may(Right.LEAD):
        mine = select(CalibrationPersonRow.calibration_id).where(CalibrationPersonRow.login == viewer.login)
        chosen = chosen.where(CalibrationRow.id.in_(mine))
    order = (CalibrationRow.closed_at.is_not(None), CalibrationRow.id.desc())
    return [_whole(session, row) for row in session.scalars(chosen.order_by(*order).limit(MOST_LISTED))]


def counted(viewer: Viewer) -> ColumnElement[int]:
    """Calls of open sessions that wait for this person's answers; for a statement of more."""
    if not viewer.may(Right.CALIBRATE):
        return literal(0)
    theirs = literal("calibration:") + cast(CalibrationRow.id, Text()) + literal(f":{viewer.login}")  # as `round_of`
    answered = exists().where(
        ReviewRow.evaluation_key == CalibrationCallRow.evaluation_key, ReviewRow.round == theirs,
        ReviewRow.state == "submitted",
    )  # fmt: skip
    return (
        select(func.count())
        .select_from(CalibrationRow)
        .join(CalibrationCallRow, CalibrationCallRow.calibration_id == CalibrationRow.id)
        .join(CalibrationPersonRow, CalibrationPersonRow.calibration_id == CalibrationRow.id)
        .where(CalibrationPersonRow.login == viewer.login, CalibrationRow.closed_at.is_(None), ~answered)
        .scalar_subquery()
    )


def answers(session: Session, of: Calibration) -> dict[tuple[str, str], Review]:
    """What was submitted, by evaluation and login."""
    return {
        (call.evaluation_key, person.login): found
        for call in of.calls
        for person in of.people
        if (found := reviews.submitted(session, call.evaluation_key, round_of(of.row.id, person.login)))
    }


def close(session: Session, viewer: Viewer, number: int) -> None:
    """End a session: nobody answers any more, all see the comparison. Raises Overtaken where it is closed already."""
    changed = update(CalibrationRow).where(CalibrationRow.id == number, CalibrationRow.closed_at.is_(None))
    if not session.execute(changed.values(closed_at=now(), closed_by=viewer.login).returning(CalibrationRow.id)).all():
        raise Overtaken(str(number))
    audit.note(session, viewer.login, "calibration.close", str(number))


def _whole(session: Session, row: CalibrationRow) -> Calibration:
    calls = session.scalars(
        select(CalibrationCallRow).where(CalibrationCallRow.calibration_id == row.id).order_by(CalibrationCallRow.place)
    ).all()
    people = session.scalars(select(CalibrationPersonRow).where(CalibrationPersonRow.calibration_id == row.id)).all()
    rounds = {round_of(row.id, person.login): person.login for person in people}
    counted = (
        select(ReviewRow.round, func.count(ReviewRow.evaluation_key.distinct()))
        .where(
            ReviewRow.evaluation_key.in_([call.evaluation_key for call in calls]),
            ReviewRow.round.in_(rounds), ReviewRow.state == "submitted",
        )
        .group_by(ReviewRow.round)
    )  # fmt: skip
    done = {rounds[name]: n for name, n in session.execute(counted)}
    return Calibration(
        row, tuple(calls), tuple(sorted(people, key=lambda p: (p.login != row.expert, p.name, p.login))), done
    )


def _call(session: Session, viewer: Viewer, given: str) -> QueueRow:
    found = queue.one(session, viewer, given)
    if found is None:
        with_id = select(CallRow.sha256).where(CallRow.call_id == given).limit(2)
        held = [queue.one(session, viewer, sha256) for sha256 in session.scalars(with_id)]
        found = next((row for row in held if row is not None), None)
    if found is None:
        raise Unfit("no_such_call", given)
    return found
