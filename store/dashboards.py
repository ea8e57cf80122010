"""What the dashboards ask of the figures: the cells of a span of days, agents added up, and what there is to choose."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from store import choices
from store.access import Role, Viewer, visible
from store.desk_tables import QueueRow
from store.tables import FailureRow
from store.tally import ADDED_TO, FACTS, ITEMS_AT, Vector, first_day
from store.tally_tables import TallyItemRow, TallyRow

MOST_AGENTS = 1000  # in a table or a choice
K = TypeVar("K", bound=Hashable)
RECENT = timedelta(days=31)
LEAST = 8 * (ITEMS_AT - len(FACTS))  # bytes of sums where there is no cell


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calls the figures are of; since, until: days, both within; what is None is not asked."""

    rubric_hash: str
    since: date | None = None
    until: date | None = None
    team: str | None = None
    agent: str | None = None
    scenario: str | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """Figures by day, team and scenario (and agent, where agents were asked for). rows: cells x numbers, see
    `store.tally.Layout`."""

    days: Sequence[str]
    teams: Sequence[str]
    agents: Sequence[str]
    scenarios: Sequence[str]
    rows: Vector

    def summed(self, keys: Sequence[K]) -> tuple[list[K], Vector]:
        """The cells of each key added up: the keys in the order they come, and keys x numbers."""
        order: dict[K, int] = {}
        places = [order.setdefault(key, len(order)) for key in keys]
        if not order:
            return [], np.zeros((0, self.rows.shape[1]), dtype=np.int64)
        sorted_by = np.argsort(places, kind="stable")  # then added up in stretches, much faster than one by one
        first = np.searchsorted(np.asarray(places)[sorted_by], np.arange(len(order)))
        return list(order), np.add.reduceat(self.rows[sorted_by], first, axis=0)

    @property
    def total(self) -> Vector:
        """All cells added up."""
        summed: Vector = self.rows.sum(axis=0)
        return summed


def cells(session: Session, viewer: Viewer, asked: Asked, step: str | None = None, *, agents: bool = False) -> Cells:
    """The figures that a person may see and asked for, by day or longer spans of which none reaches over two steps.

    step: None where it does not matter when, which takes the fewest. agents: of each agent, else of teams where that
    will do.
    """
    whose = "agent" if agents or asked.agent or viewer.role is Role.AGENT else "team"
    columns = [getattr(TallyRow, name) for name in FACTS]
    chosen = select(TallyRow.day, TallyRow.team, TallyRow.agent, TallyRow.scenario, TallyRow.sums, *columns)
    found: list[Any] = []
    for within in _spans(asked, whose, step or _longest(asked, whose)):
        found += session.execute(chosen.where(*_clauses(viewer, asked, whose), *within)).all()
    facts = np.array([row[5:] for row in found], dtype=np.int64).reshape(len(found), len(FACTS))
    size = max((len(row[4]) for row in found), default=LEAST)
    sums = np.frombuffer(b"".join(row[4].ljust(size, b"\0") for row in found), dtype="<i8")
    rows = np.concatenate([facts, sums.reshape(len(found), size // 8)], axis=1)
    return Cells(
        [row[0] for row in found], [row[1] for row in found], [row[2] for row in found], [row[3] for row in found], rows
    )


def by_agent(session: Session, viewer: Viewer, asked: Asked) -> list[tuple[str, str, Vector]]:
    """Agent, team and FACTS of each agent, by name; at most MOST_AGENTS."""
    summed = [func.sum(getattr(TallyRow, name)) for name in FACTS]
    chosen = select(TallyRow.agent, TallyRow.team, *summed).where(TallyRow.agent != "")
    chosen = chosen.group_by(TallyRow.agent, TallyRow.team)
    found: dict[tuple[str, str], Vector] = {}
    for within in _spans(asked, "agent", "month"):
        for agent, team, *facts in session.execute(chosen.where(*_clauses(viewer, asked, "agent"), *within)):
            added = np.array([int(n) for n in facts], dtype=np.int64)
            found[agent, team] = found[agent, team] + added if (agent, team) in found else added
    return [(agent, team, found[agent, team]) for agent, team in sorted(found)][:MOST_AGENTS]


def names(session: Session) -> dict[str, str]:
    """What agents are called, those whose name the calls have: as some call of theirs has it."""
    return choices.beside(session, "queue", "agent", "agent_name", MOST_AGENTS)


def forms(session: Session, viewer: Viewer) -> dict[str, tuple[str, int]]:
    """By hash the forms that judged calls that the person may see: the last day, and calls in its month and the one
    before; the form with most of them first. An unknown day is empty."""
    found = {}
    for digest in session.scalars(select(TallyItemRow.rubric_hash).distinct()):
        whose = "agent" if viewer.role is Role.AGENT else "team"
        mine = _clauses(viewer, Asked(digest), whose)
        last = session.scalar(select(func.max(TallyRow.day)).where(*mine, TallyRow.span == "day"))
        if last is None:
            continue
        since = first_day(date.fromisoformat(last) - RECENT, "month").isoformat() if last else ""
        recent = select(func.sum(TallyRow.calls)).where(*mine, TallyRow.span == "month", TallyRow.day >= since)
        found[digest] = (last, int(session.scalar(recent) or 0))
    return dict(sorted(found.items(), key=lambda pair: (-pair[1][1], pair[0])))


def undated(session: Session, viewer: Viewer, asked: Asked) -> int:
    """Calls whose day is not known: no span of days has them."""
    clauses = [*_clauses(viewer, asked, "agent"), TallyRow.span == "day", TallyRow.day == ""]
    return int(session.scalar(select(func.sum(TallyRow.calls)).where(*clauses)) or 0)


def teams(session: Session, viewer: Viewer, rubric_hash: str) -> list[str]:
    """Teams to choose from."""
    if viewer.role is Role.TEAM_LEADER:
        return sorted(viewer.teams)
    if viewer.role is Role.AGENT:
        return []
    months = {"rubric_hash": rubric_hash, "whose": "team", "span": "month"}
    return choices.distinct(session, "tallies", "team", MOST_AGENTS, **months)


def agents(session: Session, viewer: Viewer, rubric_hash: str, team: str | None) -> list[str]:
    """Agents to choose from: those of a team, or all that the person may see."""
    if viewer.role is Role.AGENT:
        return []
    months = {"rubric_hash": rubric_hash, "whose": "agent", "span": "month"}
    if viewer.role is not Role.TEAM_LEADER and not team:
        return choices.distinct(session, "tallies", "agent", MOST_AGENTS, **months)
    theirs = viewer.teams if viewer.role is Role.TEAM_LEADER else (str(team),)
    found: set[str] = set()
    for each in theirs:
        if team in (None, each):
            found.update(choices.distinct(session, "tallies", "agent", MOST_AGENTS, team=each, **months))
    return sorted(found)


def seen(session: Session, viewer: Viewer, asked: Asked) -> set[tuple[str, str]]:
    """("team" or "agent", name) of those whose figures the person may see and asked for; an agent's team is not."""
    mine: set[tuple[str, str]] = set()
    if viewer.role is not Role.AGENT:
        listed = teams(session, viewer, asked.rubric_hash)
        mine |= {("team", team) for team in listed if asked.team in (None, team) and not asked.agent}
        mine |= {("agent", a) for a in agents(session, viewer, asked.rubric_hash, asked.team)}
    elif viewer.agent:
        mine.add(("agent", viewer.agent))
    return {each for each in mine if each[0] == "team" or asked.agent in (None, each[1])}


def reviewed(session: Session, viewer: Viewer, asked: Asked) -> int:
    """Calls that people reviewed."""
    clauses: list[ColumnElement[bool]] = [visible(viewer), QueueRow.rubric_hash == asked.rubric_hash]
    clauses.append(QueueRow.review == "submitted")
    for column, value in (
        (QueueRow.team, asked.team), (QueueRow.agent, asked.agent), (QueueRow.scenario, asked.scenario)
    ):  # fmt: skip
        if value:
            clauses.append(column == value)
    if asked.since:
        clauses.append(QueueRow.started_at >= datetime.combine(asked.since, time.min))
    if asked.until:
        clauses.append(QueueRow.started_at < datetime.combine(asked.until, time.min) + timedelta(days=1))
    return session.scalar(select(func.count()).select_from(QueueRow).where(*clauses)) or 0


def failed(session: Session) -> int:
    """Recordings that were given and could not be inspected, and are not settled since."""
    return session.scalar(select(func.count()).select_from(FailureRow).where(FailureRow.closed_at.is_(None))) or 0


def _clauses(viewer: Viewer, asked: Asked, whose: str) -> list[ColumnElement[bool]]:
    clauses = [TallyRow.rubric_hash == asked.rubric_hash, TallyRow.whose == whose, visible(viewer, TallyRow)]
    for column, value in (
        (TallyRow.team, asked.team), (TallyRow.agent, asked.agent), (TallyRow.scenario, asked.scenario)
    ):  # fmt: skip
        if value:
            clauses.append(column == value)
    if whose == "team":
        clauses.append(TallyRow.agent == "")  # as they all have it: the index of teams goes on by agent
    return clauses


def _spans(asked: Asked, whose: str, step: str) -> list[tuple[ColumnElement[bool], ...]]:
    """Where the days that were asked for are found in as few rows as will do: whole steps, and the days beside them."""
    step = step if (whose, step) in ADDED_TO else "day"
    if asked.since is None or asked.until is None:
        days = [TallyRow.day >= asked.since.isoformat()] if asked.since else []
        days += [TallyRow.day.between("0", asked.until.isoformat())] if asked.until else []
        return [(TallyRow.span == ("day" if days else "month"), *days)]
    return [_within(*each) for each in covering(asked.since, asked.until, step)]


def _longest(asked: Asked, whose: str) -> str:
    """The step by which the days that were asked for are found in the fewest spans."""
    since, until = asked.since, asked.until
    if since is None or until is None:
        return "month"
    days = {"day": 1, "week": 7, "month": 30}
    spans = {
        step: sum((end - first).days / days[span] for span, first, end in covering(since, until, step))
        for each, step in ADDED_TO if each == whose
    }  # fmt: skip
    return min(spans, key=spans.__getitem__)


def covering(since: date, until: date, step: str) -> list[tuple[str, date, date]]:
    """Days from one to another, both within, as (span, first day, day behind): whole steps and the days beside them."""
    first, last = first_day(since, step), first_day(until + timedelta(days=1), step)
    if first != since:
        first = first_day(first + timedelta(days=32 if step == "month" else 7), step)
    if step == "day" or first >= last:
        return [("day", since, until + timedelta(days=1))]
    found = [("day", since, first), (step, first, last), ("day", last, until + timedelta(days=1))]
    return [each for each in found if each[1] < each[2]]


def _within(span: str, first: date, end: date) -> tuple[ColumnElement[bool], ...]:
    return TallyRow.span == span, TallyRow.day >= first.isoformat(), TallyRow.day < end.isoformat()
