"""Lists and figures of compliance cases: by deadline, a page at a time, counted from indexes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, True_, case, exists, func, select, tuple_
from sqlalchemy.orm import Session

from store import blind
from store.access import Viewer, visible
from store.compliance_tables import KINDS, CaseFlagRow, CaseRow, CaseVersionRow
from store.desk_tables import QueueRow

PAGE = 50
MOST_COUNTED = 1000
STATES = ("unfinished", "overdue", "today", "open", "in_hand", "done")
NOBODY = "-"  # as an owner asked for: nobody is responsible yet
Place = tuple[datetime, int]
Shape = TypeVarTuple("Shape")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked for; what is empty is not asked. state: one of STATES. latest: the last deadline first."""

    state: str = "unfinished"
    kind: str = ""
    item: str = ""
    owner: str = ""
    team: str = ""
    latest: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Cases with their calls. more: there are others behind the last; total: at most MOST_COUNTED + 1."""

    rows: Sequence[tuple[CaseRow, QueueRow]]
    more: bool
    total: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Cases of one kind: not done, of those due by the end of today and overdue; done since the month began."""

    open: int = 0
    today: int = 0
    overdue: int = 0
    done: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.open + other.open, self.today + other.today, self.overdue + other.overdue, self.done + other.done
        )


def page(
    session: Session, viewer: Viewer, filters: Filters, at: datetime, after: Place | None = None, size: int = PAGE
) -> Page:
    """Cases that a person may see and asked for, behind a place. at: now, aware, in the zone whose days count."""
    clauses = _clauses(filters, at)
    joined = select(CaseRow, QueueRow).join(QueueRow, QueueRow.sha256 == CaseRow.sha256).where(visible(viewer))
    chosen = joined.where(*clauses)
    held = blind.held(session, viewer)
    if held:
        chosen = chosen.where(CaseRow.sha256.not_in(held))
    if filters.team:
        chosen = chosen.where(QueueRow.team == filters.team)
    place, paged = tuple_(CaseRow.due_at, CaseRow.number), chosen
    if after is not None:
        paged = chosen.where(place < after if filters.latest else place > after)
    order = (CaseRow.due_at.desc(), CaseRow.number.desc()) if filters.latest else (CaseRow.due_at, CaseRow.number)
    rows = [(row[0], row[1]) for row in session.execute(paged.order_by(*order).limit(size + 1))]
    counted = chosen.with_only_columns(CaseRow.number).limit(MOST_COUNTED + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    return Page(rows[:size], len(rows) > size, total)


def figures(session: Session, viewer: Viewer, at: datetime) -> dict[str, Figures]:
    """By kind, every kind. at: now, aware, in the zone whose days and months count."""
    found = {kind: [0, 0, 0, 0] for kind in KINDS}
    late, due = CaseRow.due_at < at, CaseRow.due_at < _midnight(at)
    waiting = select(CaseRow.kind, func.count(), _sum(due & ~late), _sum(late))
    # Naming the kinds lets the index by kind answer without the rows.
    waiting = waiting.where(CaseRow.kind.in_(KINDS), ~CaseRow.done).group_by(CaseRow.kind)
    for kind, unfinished, today, overdue in session.execute(_visible(waiting, viewer)):
        found[kind][:3] = [unfinished, today, overdue]
    month = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    done = select(CaseRow.kind, func.count()).where(CaseRow.done_at >= month).group_by(CaseRow.kind)
    for kind, count in session.execute(_visible(done, viewer)):
        found[kind][3] = count
    return {kind: Figures(*counts) for kind, counts in found.items()}


def newest_step(session: Session) -> int:
    """The last step of any case: figures change only with it, and with the time."""
    return session.scalar(select(func.max(CaseVersionRow.id))) or 0


def by_item(session: Session, viewer: Viewer, most: int = 12) -> list[tuple[str, int]]:
    """What the unfinished cases were flagged for, the commonest first."""
    chosen = select(CaseFlagRow.item, func.count()).join(CaseRow, CaseRow.number == CaseFlagRow.number)
    chosen = chosen.where(~CaseRow.done).group_by(CaseFlagRow.item)
    chosen = chosen.order_by(func.count().desc(), CaseFlagRow.item).limit(most)
    return [(row[0], row[1]) for row in session.execute(_visible(chosen, viewer))]


def _clauses(f: Filters, at: datetime) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [CaseRow.done == (f.state == "done")]
    if f.state in ("open", "in_hand"):
        clauses.append(CaseRow.status == f.state)
    elif f.state == "overdue":
        clauses.append(CaseRow.due_at < at)
    elif f.state == "today":
        clauses += [CaseRow.due_at >= at, CaseRow.due_at < _midnight(at)]
    if f.kind:
        clauses.append(CaseRow.kind == f.kind)
    if f.owner:
        clauses.append(CaseRow.owner.is_(None) if f.owner == NOBODY else CaseRow.owner == f.owner)
    if f.item:
        # Looked up row by row: as a list it was taken first and crossed with a team's calls (4 s of 20,000 cases).
        clauses.append(exists().where(CaseFlagRow.number == CaseRow.number, CaseFlagRow.item == f.item))
    return clauses


def _visible(chosen: Select[*Shape], viewer: Viewer) -> Select[*Shape]:
    """Only what the person may see; who sees every call needs no look at the queue."""
    seen = visible(viewer)
    if isinstance(seen, True_):
        return chosen
    return chosen.join(QueueRow, QueueRow.sha256 == CaseRow.sha256).where(seen)


def _sum(clause: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((clause, 1), else_=0))


def _midnight(at: datetime) -> datetime:
    """The end of the day."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
