"""Sampling plans, draws by them, and the check that a draw is what it says.

The whole population is kept with the draw, and the hashes of both are in the audit log: who would change what was
drawn, or what it was drawn from, would have to rewrite the log.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from scoring.sampling import Candidate, Cell, Mode, Pick, Rules, draw, strata
from scoring.sampling_frame import digest, frame_text, packed, result_text
from store import audit, queue
from store.access import Viewer
from store.columns import now
from store.desk_tables import AuditRow, QueueMarkRow, QueueRow
from store.queue import Filters
from store.sampling_tables import DrawnRow, DrawRow, PlanRow

MOST_DRAWN = 20_000  # calls: more than people can listen to in a year
MOST_DAYS = 400
AT_ONCE = 500


class NotDrawn(Exception):
    """The draw was refused; nothing was written. key: of the text that says why; draw: the one that is in the way."""

    def __init__(self, key: str, draw: int | None = None) -> None:
        super().__init__(key)
        self.key, self.draw = key, draw


@dataclass(frozen=True, slots=True)
class Population:
    """The calls that can be drawn, by agent and week. outside: calls asked for of which agent or time is unknown."""

    cells: tuple[Cell, ...]
    outside: int
    new_agents: tuple[str, ...]

    @property
    def calls(self) -> int:
        return sum(len(cell.calls) for cell in self.cells)

    @property
    def wanted(self) -> int:
        return sum(cell.wanted for cell in self.cells)

    @property
    def agents(self) -> int:
        return len({cell.agent for cell in self.cells})


def make_plan(session: Session, viewer: Viewer, name: str, mode: Mode, rules: Rules, filters: str) -> int:
    """Keep a plan; its number."""
    plan = PlanRow(
        name=name, mode=mode.value, rules=_rules_json(rules), filters=filters, made_by=viewer.login,
        made_by_name=viewer.name,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    audit.note(session, viewer.login, "sample.plan", str(plan.id), name=name, mode=mode.value, rules=plan.rules,
               filters=filters)  # fmt: skip
    return plan.id


def retire(session: Session, viewer: Viewer, plan: PlanRow) -> None:
    """Nobody draws by this plan any more; what was drawn stays."""
    if plan.retired_at is None:
        session.merge(plan).retired_at = now()
        audit.note(session, viewer.login, "sample.retire", str(plan.id), name=plan.name)


def plans(session: Session) -> list[tuple[PlanRow, int, date | None]]:
    """All plans, those in use first, the newest first; how often each was drawn by, and the last day it covered."""
    counted = select(DrawRow.plan_id, func.count().label("n"), func.max(DrawRow.until).label("last"))
    by_plan = counted.group_by(DrawRow.plan_id).subquery()
    chosen = select(PlanRow, func.coalesce(by_plan.c.n, 0), by_plan.c.last)
    chosen = chosen.outerjoin(by_plan, by_plan.c.plan_id == PlanRow.id)
    rows = session.execute(chosen.order_by(PlanRow.retired_at.is_not(None), PlanRow.id.desc()).limit(200)).all()
    return [(plan, n, last) for plan, n, last in rows]


def draws(session: Session, plan_id: int | None = None, most: int = 50) -> list[DrawRow]:
    """Draws, the last first."""
    chosen = select(DrawRow).order_by(DrawRow.id.desc()).limit(most)
    return list(session.scalars(chosen if plan_id is None else chosen.where(DrawRow.plan_id == plan_id)))


def rules_of(stored: dict[str, Any]) -> Rules:
    """Rules as a plan keeps them."""
    return Rules(**{**stored, "edges": tuple(stored["edges"])})


def population(
    session: Session, viewer: Viewer, rules: Rules, filters: Filters, since: date, until: date
) -> Population:
    """The calls of a period that can be drawn now. filters: without dates."""
    asked = queue.chosen_by(session, viewer, _within(filters, since, until))
    chosen = asked.with_only_columns(
        QueueRow.sha256, QueueRow.agent, QueueRow.started_at, QueueRow.scenario, QueueRow.score, QueueRow.severity,
        QueueRow.fatal, QueueRow.unjudged,
    )  # fmt: skip
    found: dict[tuple[str, str], list[Candidate]] = {}
    timeless = replace(_within(filters, since, until), since=None, until=None)
    untimed = queue.chosen_by(session, viewer, timeless).where(QueueRow.started_at.is_(None))
    outside = session.scalar(select(func.count()).select_from(untimed.subquery())) or 0
    for sha256, agent, at, scenario, score, severity, fatal, unjudged in session.execute(chosen):
        if not agent or at is None:
            outside += 1
            continue
        call = Candidate(
            sha256,
            rules.stratum(scenario=scenario, score=score),
            rules.weight(flagged=bool(fatal or severity), score=score, unjudged=unjudged),
        )
        found.setdefault((agent, week_of(at.date())), []).append(call)
    new = _new_agents(session, {agent for agent, _ in found}, since, rules.new_days)
    cells = tuple(
        Cell(agent, week, rules.wanted(len(calls), agent in new), tuple(calls))
        for (agent, week), calls in sorted(found.items())
    )
    return Population(cells, outside, tuple(sorted(new)))


def make_draw(
    session: Session, viewer: Viewer, plan: PlanRow, since: date, until: date, people: Population, seed: str
) -> int:
    """Draw and keep it; its number. people: read just before, while nobody had to wait. seed: empty for a fresh one.

    Raises NotDrawn: the plan has been drawn by for one of these days already, or there is nothing to draw, or too much.
    """
    before = session.scalar(
        select(DrawRow.id).where(DrawRow.plan_id == plan.id, DrawRow.since <= until, DrawRow.until >= since).limit(1)
    )
    if before is not None:
        raise NotDrawn("drawn_before", before)
    if not people.calls or not people.wanted:
        raise NotDrawn("nothing_to_draw")
    if people.wanted > MOST_DRAWN:
        raise NotDrawn("too_much_to_draw")
    mode, given, seed = Mode(plan.mode), bool(seed), seed or secrets.token_hex(16)
    picks = draw(people.cells, seed, mode)
    frame, result = frame_text(people.cells), result_text(picks)
    hashes = {"frame": digest(frame), "result": digest(result)}
    audit.note(
        session, viewer.login, "sample.draw", str(plan.id), plan=plan.name, since=since.isoformat(),
        until=until.isoformat(), seed=seed, population=people.calls, drawn=len(picks), **hashes,
    )  # fmt: skip
    made = DrawRow(
        plan_id=plan.id, mode=mode.value, rules=dict(plan.rules), filters=plan.filters, since=since, until=until,
        seed=seed, seed_given=given, drawn_by=viewer.login, drawn_by_name=viewer.name, population=people.calls,
        outside=people.outside, agents=people.agents, new_agents=list(people.new_agents), drawn=len(picks),
        strata=[asdict(s) for s in strata(people.cells, picks, mode)], frame=packed(frame), frame_hash=hashes["frame"],
        result_hash=hashes["result"], audit_number=session.scalar(select(func.max(AuditRow.number))) or 0,
    )  # fmt: skip
    session.add(made)
    session.flush()
    rows = [{"draw_id": made.id, "mode": mode.value, **asdict(pick)} for pick in picks]
    session.connection().execute(insert(DrawnRow), rows)
    _mark(session, [pick.sha256 for pick in picks], f"drawn:{mode.value}")
    return made.id


def picks_of(session: Session, draw_id: int) -> Iterator[Pick]:
    """The calls of a draw as they were kept."""
    chosen = select(DrawnRow).where(DrawnRow.draw_id == draw_id)
    for row in session.scalars(chosen.order_by(DrawnRow.agent, DrawnRow.week, DrawnRow.sha256)):
        yield Pick(row.sha256, row.agent, row.week, row.stratum, row.weight, row.probability)


def progress(session: Session, draw_id: int) -> dict[str, int]:
    """How many calls of a draw are in which state of review; those no longer in the queue are not counted."""
    chosen = select(QueueRow.review, func.count()).join(DrawnRow, DrawnRow.sha256 == QueueRow.sha256)
    rows = session.execute(chosen.where(DrawnRow.draw_id == draw_id).group_by(QueueRow.review))
    return dict(rows.all())


def drawings(session: Session, sha256: str) -> list[tuple[DrawnRow, DrawRow, PlanRow]]:
    """The draws that took a call."""
    chosen = select(DrawnRow, DrawRow, PlanRow).join(DrawRow, DrawRow.id == DrawnRow.draw_id)
    chosen = chosen.join(PlanRow, PlanRow.id == DrawRow.plan_id).where(DrawnRow.sha256 == sha256)
    return [(a, b, c) for a, b, c in session.execute(chosen.order_by(DrawRow.id.desc()).limit(20))]


def week_of(day: date) -> str:
    """The ISO week of a day, as 2026-W10."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _within(filters: Filters, since: date, until: date) -> Filters:
    return Filters(
        since=since, until=until, team=filters.team, agent=filters.agent, scenario=filters.scenario,
        least=filters.least, most=filters.most, missed=filters.missed, flag=filters.flag, words=filters.words,
        unjudged=filters.unjudged,
    )  # fmt: skip


def _new_agents(session: Session, agents: set[str], since: date, days: int) -> set[str]:
    """Who took their first call after a day. Where the ledger itself begins later, nobody can be told to be new."""
    border = datetime.combine(since, time.min) - timedelta(days=days)
    first = session.scalar(select(func.min(QueueRow.started_at)))
    if first is None or first >= border:
        return set()
    known = select(QueueRow.agent).where(QueueRow.started_at < border, QueueRow.agent.is_not(None)).distinct()
    return agents - {str(agent) for agent in session.scalars(known)}


def _mark(session: Session, ids: Sequence[str], mark: str) -> None:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        has = select(QueueMarkRow.number).where(QueueMarkRow.mark == mark)
        numbers = session.scalars(select(QueueRow.number).where(QueueRow.sha256.in_(some), QueueRow.number.not_in(has)))
        rows = [{"mark": mark, "number": number} for number in numbers]
        if rows:
            session.connection().execute(insert(QueueMarkRow), rows)


def _rules_json(rules: Rules) -> dict[str, Any]:
    return {**asdict(rules), "edges": list(rules.edges)}
