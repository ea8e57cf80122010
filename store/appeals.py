"""Appeals 申诉: an agent contests answers, the team leader decides, quality inspection judges finally; all of it kept.

Deadlines. The standards (`Terms`) fix how long a complaint may take: looked into within 24 hours, solved within 72
(规章制度三(3)); an appeal is a complaint of one's own people and gets the same. For how long one may appeal they say
nothing: a week, since they want every service inspected once a week (服务流程规范方案，监督).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scoring.evaluation import Status
from store import audit, reviews
from store.access import Role, Viewer
from store.appeal_trail import Appeal, Word, of_call
from store.columns import now
from store.desk_tables import QueueRow, ReviewRow, UserRow
from store.reviews import FIRST, Decision, Overtaken, Review, Subject
from store.rounds_tables import AppealItemRow, AppealRow, AppealStepRow, AppealWordRow
from store.tables import EvaluationRow

CONTESTED = (Status.MISSED, Status.PARTLY_MET)  # what costs points


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each side has. appeal: from the review's submission (else the machine's evaluation); decide: the team
    leader; escalate: the agent, after the decision; judge: quality inspection."""

    appeal: timedelta = timedelta(days=7)
    decide: timedelta = timedelta(hours=72)
    escalate: timedelta = timedelta(hours=72)
    judge: timedelta = timedelta(hours=72)


def until(session: Session, row: QueueRow, counted: Review | None, terms: Terms) -> datetime:
    """When the window closes. A review that an appeal made opens no new one."""
    made = select(func.max(ReviewRow.at)).where(
        ReviewRow.evaluation_key == row.evaluation_key, ReviewRow.round == FIRST,
        ReviewRow.state == "submitted", ReviewRow.origin.is_(None),
    )  # fmt: skip
    reviewed = session.scalar(made) if counted else None
    return (reviewed or session.get_one(EvaluationRow, row.evaluation_key).created_at) + terms.appeal


def contestable(
    session: Session, row: QueueRow, answers: Mapping[str, Status], counted: Review | None, terms: Terms
) -> list[str]:
    """Items that can be appealed against now: the window is open, no appeal runs, and each costs points. Only
    once each: what was judged stays judged. answers: the machine's."""
    if now() > until(session, row, counted, terms):
        return []
    running = (appeal for appeal in of_call(session, row.sha256) if appeal.row.evaluation_key == row.evaluation_key)
    if any(not appeal.final(now()) for appeal in running):
        return []
    taken = set(session.scalars(select(AppealItemRow.item).where(AppealItemRow.evaluation_key == row.evaluation_key)))
    stands = standing(answers, counted)
    return [item for item, answer in stands.items() if answer in CONTESTED and item not in taken]


def standing(answers: Mapping[str, Status], counted: Review | None) -> dict[str, Status]:
    """The answers that hold: a person's where there is one, else the machine's."""
    people = {d.item: d.human for d in counted.decisions if d.human} if counted else {}
    return {item: people.get(item) or answer for item, answer in answers.items()}


def file(
    session: Session,
    viewer: Viewer,
    row: QueueRow,
    stands: Mapping[str, Status],
    reasons: Mapping[str, str],
    *,
    against: Review | None,
    terms: Terms,
) -> int:
    """File an appeal; its number. reasons: by item, out of `contestable`. Where no leader answers for the team, it goes
    straight to quality inspection. Raises Overtaken: another appeal came first."""
    led = _has_leader(session, row.team)
    made = AppealRow(
        sha256=row.sha256, evaluation_key=row.evaluation_key, call_id=row.call_id, agent=row.agent or "", team=row.team,
        against=against.version if against else 0, reviewer=against.reviewer if against else None,
        state="filed" if led else "escalated", due_at=now() + (terms.decide if led else terms.judge),
    )  # fmt: skip
    session.add(made)
    session.flush()
    try:
        session.add_all(
            AppealItemRow(appeal_id=made.id, item=item, evaluation_key=row.evaluation_key, answer=stands[item].value)
            for item in reasons
        )
        session.flush()
    except IntegrityError:
        raise Overtaken(row.evaluation_key) from None
    words = [Word(item, None, reason) for item, reason in reasons.items()]
    _step(session, viewer, made.id, 1, "filed", words, "", None)
    audit.note(session, viewer.login, "appeal.file", row.sha256, appeal=made.id, items=sorted(reasons))
    return made.id


def escalate(session: Session, viewer: Viewer, appeal: Appeal, comment: str, version: int, terms: Terms) -> None:
    """Ask for the final judgement, of a decision or because none came in time. Raises Overtaken."""
    _move(session, appeal, version, "escalated", now() + terms.judge)
    _step(session, viewer, appeal.row.id, len(appeal.steps) + 1, "escalated", (), comment, None)
    audit.note(session, viewer.login, "appeal.escalate", appeal.row.sha256, appeal=appeal.row.id)


def rule(
    session: Session,
    viewer: Viewer,
    appeal: Appeal,
    rulings: Sequence[Word],
    machine: Mapping[str, Status],
    *,
    comment: str,
    version: int,
    based_on: int,
    terms: Terms,
    score: Callable[[Mapping[str, Status]], float | None],
) -> None:
    """Decide (a team leader) or judge (who leads inspection). A changed answer becomes a new version of the review.

    machine: its answers. version, based_on: of the appeal and of the review that were on the screen. score: of a
    person's answers. Raises Overtaken: somebody decided, or saved a review, meanwhile; nothing is written.
    """
    row, final = Subject(appeal.row.sha256, appeal.row.evaluation_key), appeal.row.state == "escalated"
    counted = reviews.submitted(session, row.evaluation_key)
    if reviews.newest_version(session, row.evaluation_key) != based_on:
        raise Overtaken(row.evaluation_key)
    stands = standing(machine, counted)
    changed = [word for word in rulings if word.answer is not None and word.answer != stands[word.item]]
    _move(session, appeal, version, "closed" if final else "decided", now() + terms.escalate)
    made = None
    if changed:
        made = reviews.save(
            session, viewer, row, _decisions(machine, counted, rulings), based_on=based_on, state="submitted",
            comment=counted.comment if counted else "", origin=f"appeal:{appeal.row.id}",
            score=score(stands | {word.item: word.answer for word in rulings if word.answer}),
        )  # fmt: skip
    kind = "judged" if final else "decided"
    _step(session, viewer, appeal.row.id, len(appeal.steps) + 1, kind, rulings, comment, made)
    audit.note(
        session, viewer.login, f"appeal.{kind}", row.sha256,
        appeal=appeal.row.id, changed=[word.item for word in changed], review=made,
    )  # fmt: skip


def _decisions(machine: Mapping[str, Status], counted: Review | None, rulings: Sequence[Word]) -> list[Decision]:
    """The review as it stands with the rulings in it; what nobody looked at is accepted as the machine has it."""
    ruled = {word.item: word for word in rulings}
    found = []
    for item, answer in machine.items():
        old = counted.of(item) if counted else None
        word = ruled.get(item)
        if word is not None and word.answer is not None:
            found.append(Decision(item, answer, word.answer, True, word.reason))
        elif old is not None and old.human is not None:
            found.append(old)
        else:
            found.append(Decision(item, answer, answer, False))
    return found


def _move(session: Session, appeal: Appeal, version: int, state: str, due_at: datetime) -> None:
    row = appeal.row
    moved = update(AppealRow).where(AppealRow.id == row.id, AppealRow.version == version, AppealRow.state == row.state)
    values = {"state": state, "due_at": due_at, "version": version + 1}
    if not session.execute(moved.values(**values).returning(AppealRow.id)).all():
        raise Overtaken(str(row.id))


def _step(
    session: Session,
    viewer: Viewer,
    appeal: int,
    number: int,
    kind: str,
    words: Sequence[Word],
    comment: str,
    made: int | None,
) -> None:
    step = AppealStepRow(
        appeal_id=appeal, number=number, kind=kind, by=viewer.login, by_name=viewer.name, comment=comment,
        review_version=made,
    )  # fmt: skip
    session.add(step)
    try:
        session.flush()
    except IntegrityError:  # PostgreSQL: two came at the same moment
        raise Overtaken(str(appeal)) from None
    session.add_all(
        AppealWordRow(step_id=step.id, item=w.item, answer=w.answer.value if w.answer else None, reason=w.reason)
        for w in words
    )


def _has_leader(session: Session, team: str | None) -> bool:
    leaders = session.scalars(
        select(UserRow).where(UserRow.role == Role.TEAM_LEADER.value, UserRow.disabled_at.is_(None))
    )
    return team is not None and any(team in leader.teams for leader in leaders)
