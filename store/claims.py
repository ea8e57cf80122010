"""Who works on which call 领取与分配: a person claims a call for a while, or somebody assigns it to a person.

One call, one holder: the database itself refuses a second. A claim lapses by itself; what was assigned stays until it
is released or the review is submitted. Claims order the work, they forbid nothing: reviews have their own lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from store import audit
from store.access import Role, Viewer, visible
from store.columns import now
from store.desk_tables import QueueRow, UserRow
from store.rows import insert_into
from store.sampling_tables import ClaimRow

MOST_AT_ONCE = 500  # calls that one go may assign
REVIEWERS = (Role.ADMIN, Role.QA)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a call. until: when that lapses, None where it was assigned; given_by: another's login, or their own."""

    login: str
    name: str
    at: datetime
    until: datetime | None
    given_by: str


class Taken(Exception):
    """Somebody else has the call; nothing was written."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(holder.login)
        self.holder = holder


def held(login: str | None = None) -> ColumnElement[bool]:
    """The calls that somebody, or one person, has in hand."""
    live = select(ClaimRow.number).where(_live())
    return QueueRow.number.in_(live if login is None else live.where(ClaimRow.holder == login))


def holders(session: Session, rows: Sequence[QueueRow]) -> dict[int, Holder]:
    """Of calls by number, who has them; without those that nobody has."""
    chosen = select(ClaimRow).where(ClaimRow.number.in_([row.number for row in rows]), _live())
    return {c.number: Holder(c.holder, c.holder_name, c.at, c.until, c.given_by) for c in session.scalars(chosen)}


def claim(session: Session, viewer: Viewer, row: QueueRow, lasts: timedelta) -> None:
    """Take a call in hand for so long, or for so long again. Raises Taken. Needs a writing session."""
    has = holders(session, [row]).get(row.number)
    if has and has.login == viewer.login and has.until is None:
        return  # somebody assigned it: that does not lapse
    if not _take(session, [row.number], viewer.login, viewer.name, by=viewer.login, until=now() + lasts):
        raise Taken(holders(session, [row])[row.number])
    audit.note(session, viewer.login, "call.claim", row.sha256, call=row.call_id)


def assign(
    session: Session, viewer: Viewer, ids: Sequence[str], login: str, *, over: bool = False
) -> tuple[str, int, int]:
    """Give calls (sha256) that the giver may see to a person who reviews.

    over: also those that somebody else has. The batch's name, how many were given, how many were left with others.
    KeyError: there is no such reviewer.
    """
    person = reviewer(session, login)
    chosen = select(QueueRow.number, QueueRow.sha256).where(QueueRow.sha256.in_(ids[:MOST_AT_ONCE]), visible(viewer))
    calls = dict(session.execute(chosen).all())
    batch = secrets.token_urlsafe(9)
    given = _take(
        session, list(calls), person.login, person.name, by=viewer.login, until=None, batch=batch, over=over
    )  # fmt: skip
    audit.note(
        session, viewer.login, "calls.assign", person.login,
        batch=batch, calls=sorted(calls[number] for number in given), over=over,
    )  # fmt: skip
    return batch, len(given), len(calls) - len(given)


def release(session: Session, viewer: Viewer, ids: Sequence[str], *, others: bool) -> int:
    """Let calls (sha256) go that the person has; others: that anybody has. How many."""
    chosen = select(QueueRow.number).where(QueueRow.sha256.in_(ids[:MOST_AT_ONCE]), visible(viewer))
    which: list[ColumnElement[bool]] = [ClaimRow.number.in_(chosen)]
    if not others:
        which.append(ClaimRow.holder == viewer.login)
    return _release(session, viewer, *which)


def undo(session: Session, viewer: Viewer, batch: str) -> int:
    """Let go what was assigned together by this person and is still in the same hands. How many calls."""
    return _release(session, viewer, ClaimRow.batch == batch, ClaimRow.given_by == viewer.login) if batch else 0


def in_batch(session: Session, viewer: Viewer, batch: str) -> tuple[int, str]:
    """How many calls of a batch that the person assigned are still in the hands they were given to, and whose."""
    chosen = select(func.count(), func.max(ClaimRow.holder_name)).where(
        ClaimRow.batch == batch, ClaimRow.given_by == viewer.login
    )
    count, name = session.execute(chosen).one()
    return count, name or ""


def done(session: Session, number: int) -> None:
    """The review of a call is submitted: it is in nobody's hands any more."""
    session.execute(delete(ClaimRow).where(ClaimRow.number == number))


def reviewers(session: Session) -> list[UserRow]:
    """Who may be given calls."""
    chosen = select(UserRow).where(UserRow.role.in_([r.value for r in REVIEWERS]), UserRow.disabled_at.is_(None))
    return list(session.scalars(chosen.order_by(UserRow.name, UserRow.login)))


def reviewer(session: Session, login: str) -> UserRow:
    """One of them. KeyError: there is no such."""
    found = next((user for user in reviewers(session) if user.login == login), None)
    if found is None:
        raise KeyError(login)
    return found


def _live() -> ColumnElement[bool]:
    return or_(ClaimRow.until.is_(None), ClaimRow.until > now())


def _take(
    session: Session,
    numbers: Sequence[int],
    login: str,
    name: str,
    *,
    by: str,
    until: datetime | None,
    batch: str = "",
    over: bool = False,
) -> list[int]:
    """Put calls into a person's hands unless they are in another's; those that are now in theirs.

    One statement decides, so of two who take the same call at the same time one gets it.
    """
    if not numbers:
        return []
    values = {"holder": login, "holder_name": name, "given_by": by, "at": now(), "until": until, "batch": batch}
    statement = insert_into(session)(ClaimRow.__table__)
    free = or_(ClaimRow.until <= now(), ClaimRow.holder == login)
    statement = statement.on_conflict_do_update(index_elements=["number"], set_=values, where=None if over else free)
    rows = [{"number": number, **values} for number in numbers]
    return list(session.connection().execute(statement.values(rows).returning(ClaimRow.__table__.c.number)).scalars())


def _release(session: Session, viewer: Viewer, *which: ColumnElement[bool]) -> int:
    gone = list(session.scalars(delete(ClaimRow).where(*which).returning(ClaimRow.number)))
    if gone:
        released = session.scalars(select(QueueRow.sha256).where(QueueRow.number.in_(gone)).order_by(QueueRow.sha256))
        audit.note(session, viewer.login, "calls.release", "", calls=list(released))
    return len(gone)
