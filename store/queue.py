"""The queue 质检队列: every call once, by its last evaluation, flagged ones first. `store.take_up` fills it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from store import blind, choices, claims, dashboards, search
from store.access import Role, Viewer, sees_all, visible
from store.desk_tables import PendingRow, QueueMarkRow, QueueRow
from store.sampling_tables import MODES, DrawnRow
from store.take_up import SEVERITIES
from store.tally_tables import TallyItemRow

PAGE = 50
MOST_COUNTED = 1000
FEW = 10_000  # calls
REVIEWS = ("open", "draft", "submitted")
ORDERS = ("urgency", "newest", "oldest", "lowest")
HOLDERS = ("me", "nobody", "somebody")
Place = tuple[int, float, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked for; what is None or empty is not asked. since, until: days, both within.

    drawn: `random`, `targeted`, `any` or `none`; draw: number of one draw; holder: one of HOLDERS, or a login;
    unjudged: share of the items that the machine left to a person, at least; order: one of ORDERS.
    """

    since: date | None = None
    until: date | None = None
    team: str | None = None
    agent: str | None = None
    scenario: str | None = None
    least: float | None = None
    most: float | None = None
    missed: str | None = None
    flag: str | None = None
    review: str | None = None
    words: str = ""
    drawn: str | None = None
    draw: int | None = None
    holder: str | None = None
    unjudged: float | None = None
    order: str = "urgency"


@dataclass(frozen=True, slots=True)
class Page:
    """Some calls in their order. more: there are others behind the last; total: at most MOST_COUNTED + 1."""

    rows: Sequence[QueueRow]
    more: bool
    total: int


def page(session: Session, viewer: Viewer, filters: Filters, after: Place | None = None, size: int = PAGE) -> Page:
    """Calls that a person may see and asked for, behind a place in the queue."""
    chosen = _listed(session, viewer, filters)
    if filters.words and after is None:
        return _found(session, chosen, filters, size, uncounted=_only_words(viewer, filters))
    rows = session.scalars(_from(chosen, filters.order, after).limit(size + 1)).all()
    if filters.words and _only_words(viewer, filters) and search.many(session, filters.words):
        return Page(rows[:size], len(rows) > size, MOST_COUNTED + 1)
    counted = chosen.with_only_columns(QueueRow.number).limit(MOST_COUNTED + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    return Page(rows[:size], len(rows) > size, total)


def _found(session: Session, chosen: Select[QueueRow], filters: Filters, size: int, *, uncounted: bool) -> Page:
    """The first page of a search, and how many there are, by one walk: what was said is looked into once.

    uncounted: nothing but words limits the calls, so that many found are many listed.
    """
    enough = uncounted and search.many(session, filters.words)
    most = size + 1 if enough else max(size, MOST_COUNTED) + 1
    walked = _from(chosen.with_only_columns(QueueRow.number), filters.order, None).limit(most)
    numbers = session.scalars(walked).all()
    shown = {row.number: row for row in session.scalars(select(QueueRow).where(QueueRow.number.in_(numbers[:size])))}
    total = MOST_COUNTED + 1 if enough else min(len(numbers), MOST_COUNTED + 1)
    return Page([shown[n] for n in numbers[:size] if n in shown], len(numbers) > size, total)


def _only_words(viewer: Viewer, f: Filters) -> bool:
    """Whether nothing but words limits the calls."""
    return sees_all(viewer) and f == Filters(words=f.words, order=f.order)


def one(session: Session, viewer: Viewer, sha256: str) -> QueueRow | None:
    """A call, if it is there and the person may see it."""
    return session.scalar(select(QueueRow).where(QueueRow.sha256 == sha256, visible(viewer)))


def neighbours(session: Session, viewer: Viewer, filters: Filters, row: QueueRow) -> tuple[str | None, str | None]:
    """The calls before and behind one, among those asked for."""
    chosen, here = _listed(session, viewer, filters).with_only_columns(QueueRow.sha256), place(row, filters.order)
    behind = _from(chosen, filters.order, here).limit(1)
    before = _from(chosen, filters.order, here, backwards=True).limit(1)
    return session.scalar(before), session.scalar(behind)


def place(row: QueueRow, order: str = "urgency") -> Place:
    """Where a call stands in an order of the queue."""
    return row.urgency, row.moment if order in _BY_TIME else row.rank, row.sha256


def known(session: Session, viewer: Viewer, column: Any, most: int = 500) -> list[str]:
    """The values of a column among the calls that a person may see, for a choice."""
    if sees_all(viewer):
        return choices.distinct(session, "queue", column.key, most)
    if viewer.role is Role.TEAM_LEADER and column is QueueRow.agent:  # the figures have them by team, one by one
        forms = session.scalars(select(TallyItemRow.rubric_hash).distinct()).all()
        return sorted({a for form in forms for a in dashboards.agents(session, viewer, form, None)})[:most]
    values = select(column).where(visible(viewer), column.is_not(None)).distinct().order_by(column).limit(most)
    return list(session.scalars(values))


def pending(session: Session) -> int:
    """How many notes of news are waiting."""
    return session.scalar(select(func.count()).select_from(PendingRow)) or 0


def _listed(session: Session, viewer: Viewer, filters: Filters) -> Select[QueueRow]:
    """Without calls whose second review is in this person's hands: a place in the list, or a filter that a call
    passes, tells of the machine's answers."""
    chosen, held = chosen_by(session, viewer, filters), blind.held(session, viewer)
    return chosen.where(QueueRow.sha256.not_in(held)) if held else chosen


_BY_TIME = ("newest", "oldest")


def _from(chosen: Select[T], order: str, after: Place | None, backwards: bool = False) -> Select[T]:
    """The calls in an order, from the beginning or from behind a place; backwards: from before it to the beginning."""
    if order in _BY_TIME:
        columns: tuple[Any, ...] = (QueueRow.moment, QueueRow.sha256)
    elif order == "lowest":
        columns = (QueueRow.rank, QueueRow.sha256)
    else:
        columns = (QueueRow.urgency, QueueRow.rank, QueueRow.sha256)
    down = (order == "newest") != backwards
    if after is not None:
        at, row = tuple_(*after[-len(columns) :]), tuple_(*columns)
        chosen = chosen.where(row < at if down else row > at)
    return chosen.order_by(*(column.desc() if down else column for column in columns))


def chosen_by(session: Session, viewer: Viewer, f: Filters) -> Select[QueueRow]:
    """The calls that a person may see and asked for, in no order."""
    clauses: list[ColumnElement[bool]] = [visible(viewer)]
    for column, value in (
        (QueueRow.team, f.team), (QueueRow.agent, f.agent), (QueueRow.scenario, f.scenario),
        (QueueRow.review, f.review),
    ):  # fmt: skip
        if value:
            clauses.append(column == value)
    if f.since:
        clauses.append(QueueRow.started_at >= datetime.combine(f.since, time.min))
    if f.until:
        clauses.append(QueueRow.started_at < datetime.combine(f.until, time.min) + timedelta(days=1))
    if f.least is not None:
        clauses.append(QueueRow.score >= f.least)
    if f.most is not None:
        clauses.append(QueueRow.score <= f.most)
    if f.unjudged is not None:
        clauses.append(_unjudged(session, f.unjudged))
    if f.missed:
        clauses.append(_marked(session, f"missed:{f.missed}"))
    if f.flag == "fatal":
        clauses.append(QueueRow.fatal.is_(True))
    elif f.flag == "any":
        clauses.append(QueueRow.severity.is_not(None))
    elif f.flag in SEVERITIES:
        clauses.append(QueueRow.severity == f.flag)
    elif f.flag:
        clauses.append(_marked(session, f"flag:{f.flag}"))
    if viewer.role is not Role.AGENT:  # whose work is looked at next, and by whom, is not for the agent
        clauses += _worked_on(session, viewer, f)
    said = search.matching(session, f.words)
    if said is not None:
        clauses.append(said)
    return select(QueueRow).where(*clauses)


def _worked_on(session: Session, viewer: Viewer, f: Filters) -> list[ColumnElement[bool]]:
    clauses = []
    if f.drawn in MODES:
        clauses.append(_marked(session, f"drawn:{f.drawn}"))
    elif f.drawn in ("any", "none"):
        drawn = _marked(session, *(f"drawn:{mode}" for mode in MODES))
        clauses.append(drawn if f.drawn == "any" else ~drawn)
    if f.draw is not None:
        clauses.append(QueueRow.sha256.in_(select(DrawnRow.sha256).where(DrawnRow.draw_id == f.draw)))
    if f.holder == "nobody":
        clauses.append(~claims.held())
    elif f.holder == "somebody":
        clauses.append(claims.held())
    elif f.holder:
        clauses.append(claims.held(viewer.login if f.holder == "me" else f.holder))
    return clauses


def drawn(mode: str) -> ColumnElement[bool]:
    """The calls of a random or of a targeted draw, for figures that must keep the two apart."""
    return QueueRow.number.in_(select(QueueMarkRow.number).where(QueueMarkRow.mark == f"drawn:{mode}"))


def drawn_of(session: Session, rows: Sequence[QueueRow]) -> dict[int, frozenset[str]]:
    """Of calls by number, whether they were drawn at random, as targets, or both; without those that were not."""
    found: dict[int, frozenset[str]] = {}
    numbers = [row.number for row in rows]
    chosen = select(QueueMarkRow.number, QueueMarkRow.mark).where(
        QueueMarkRow.number.in_(numbers), QueueMarkRow.mark.in_([f"drawn:{mode}" for mode in MODES])
    )
    for number, mark in session.execute(chosen):
        found[number] = found.get(number, frozenset()) | {mark.removeprefix("drawn:")}
    return found


def _marked(session: Session, *marks: str) -> ColumnElement[bool]:
    marked = select(QueueMarkRow.number).where(QueueMarkRow.mark.in_(marks))
    if _few(session, marked):
        return QueueRow.number.in_(marked)
    return exists().where(QueueMarkRow.number == QueueRow.number, QueueMarkRow.mark.in_(marks))


def _unjudged(session: Session, least: float) -> ColumnElement[bool]:
    other = aliased(QueueRow)
    unsure = select(other.number).where(other.unjudged >= least)
    return QueueRow.number.in_(unsure) if _few(session, unsure) else QueueRow.unjudged >= least


def _few(session: Session, found: Select[int]) -> bool:
    """Whether a list is best begun from these calls. Of many, a page's worth is soon met when all are walked in order;
    to gather them first would take longer than all else."""
    counted = select(func.count()).select_from(found.limit(FEW + 1).subquery())
    return (session.scalar(counted) or 0) <= FEW
