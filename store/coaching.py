"""Coaching plans 辅导计划: which items an agent is to meet, how often, until when; with cases, notes and the outcome.

A plan belongs to whoever answers for the agent: a leader sees those of own teams, an agent the own one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, false, select, true, update
from sqlalchemy.orm import Session

from store import audit, rows
from store.access import Right, Role, Viewer
from store.columns import now
from store.library_tables import GoalRow, PlanCaseRow, PlanNoteRow, PlanRow
from store.reviews import Overtaken

PAGE = 30
MOST_GOALS = 5


@dataclass(frozen=True, slots=True)
class Goal:
    """An item and the share of calls, 0..1, that is to meet it."""

    item: str
    target: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with its goals, the numbers of its cases, and the notes that the person may read."""

    row: PlanRow
    goals: tuple[GoalRow, ...]
    cases: tuple[int, ...]
    notes: tuple[PlanNoteRow, ...]


def page(
    session: Session, viewer: Viewer, *, state: str | None = None, before: int | None = None, size: int = PAGE
) -> list[tuple[PlanRow, tuple[GoalRow, ...]]]:
    """Up to `size` plans that a person may see, newest first, older than plan `before`, each with its goals."""
    chosen = _chosen(viewer)
    if state is not None:
        chosen = chosen.where(PlanRow.state == state)
    if before is not None:
        chosen = chosen.where(PlanRow.id < before)
    plans = session.scalars(chosen.order_by(PlanRow.id.desc()).limit(size)).all()
    goals: dict[int, tuple[GoalRow, ...]] = {}
    for goal in session.scalars(
        select(GoalRow).where(GoalRow.plan_id.in_(p.id for p in plans)).order_by(GoalRow.position)
    ):
        goals[goal.plan_id] = (*goals.get(goal.plan_id, ()), goal)
    return [(plan, goals.get(plan.id, ())) for plan in plans]


def one(session: Session, viewer: Viewer, id: int) -> Plan | None:
    """A plan, if it is there and the person may see it."""
    row = session.scalar(_chosen(viewer).where(PlanRow.id == id))
    if row is None:
        return None
    goals = session.scalars(select(GoalRow).where(GoalRow.plan_id == id).order_by(GoalRow.position))
    cases = session.scalars(select(PlanCaseRow.case_id).where(PlanCaseRow.plan_id == id).order_by(PlanCaseRow.case_id))
    notes = select(PlanNoteRow).where(PlanNoteRow.plan_id == id)
    if viewer.role is Role.AGENT:
        notes = notes.where(PlanNoteRow.shared)
    return Plan(row, tuple(goals), tuple(cases), tuple(session.scalars(notes.order_by(PlanNoteRow.id))))


def add(
    session: Session, viewer: Viewer, *, agent: str, agent_name: str | None, team: str | None, rubric_hash: str,
    due: date, goals: Sequence[Goal],
) -> int:  # fmt: skip
    """Make a plan; its number."""
    row = PlanRow(agent=agent, agent_name=agent_name, team=team, due=due, author=viewer.login, author_name=viewer.name)
    session.add(row)
    session.flush()
    session.add_all(
        GoalRow(plan_id=row.id, item=goal.item, position=at, rubric_hash=rubric_hash, target=goal.target)
        for at, goal in enumerate(goals)
    )
    told = {goal.item: goal.target for goal in goals}
    audit.note(session, viewer.login, "plan.add", str(row.id), agent=agent, due=due.isoformat(), goals=told)
    return row.id


def change(
    session: Session, viewer: Viewer, plan: Plan, *, based_on: int, coached_on: date | None, due: date, state: str,
    outcomes: Mapping[str, Mapping[str, Any]],
) -> None:  # fmt: skip
    """Change a plan's days and state. outcomes: by item, kept when the plan is closed. Raises Overtaken."""
    closed = state == "closed"
    same = update(PlanRow).where(PlanRow.id == plan.row.id, PlanRow.version == based_on)
    values = {"coached_on": coached_on, "due": due, "state": state, "version": based_on + 1,
              "closed_at": (plan.row.closed_at or now()) if closed else None}  # fmt: skip
    if session.scalar(same.values(**values).returning(PlanRow.id)) is None:
        raise Overtaken(str(plan.row.id))
    for goal in plan.goals:
        kept = dict(outcomes[goal.item]) if closed and goal.item in outcomes else None
        session.execute(
            update(GoalRow).where(GoalRow.plan_id == plan.row.id, GoalRow.item == goal.item).values(outcome=kept)
        )
    audit.note(
        session, viewer.login, f"plan.{'close' if closed else 'change'}", str(plan.row.id), agent=plan.row.agent,
        coached_on=coached_on.isoformat() if coached_on else None, due=due.isoformat(), version=based_on + 1,
    )  # fmt: skip


def acknowledge(session: Session, viewer: Viewer, plan: Plan) -> None:
    """The agent has read the plan; the first time counts."""
    first = update(PlanRow).where(PlanRow.id == plan.row.id, PlanRow.acknowledged_at.is_(None))
    if session.scalar(first.values(acknowledged_at=now()).returning(PlanRow.id)) is not None:
        audit.note(session, viewer.login, "plan.acknowledge", str(plan.row.id), agent=plan.row.agent)


def note(session: Session, viewer: Viewer, plan: Plan, text: str, *, shared: bool) -> None:
    """Write a note to a plan."""
    row = PlanNoteRow(plan_id=plan.row.id, author=viewer.login, author_name=viewer.name, text=text, shared=shared)
    session.add(row)
    session.flush()
    audit.note(session, viewer.login, "plan.note", str(plan.row.id), note=row.id, shared=shared)


def attach(session: Session, viewer: Viewer, plan: Plan, case: int) -> None:
    """Work with a case; twice is once."""
    added = rows.insert_into(session)(PlanCaseRow).values(plan_id=plan.row.id, case_id=case).on_conflict_do_nothing()
    session.execute(added)
    audit.note(session, viewer.login, "plan.attach", str(plan.row.id), case=case)


def detach(session: Session, viewer: Viewer, plan: Plan, case: int) -> None:
    """Work with a case no more."""
    session.execute(delete(PlanCaseRow).where(PlanCaseRow.plan_id == plan.row.id, PlanCaseRow.case_id == case))
    audit.note(session, viewer.login, "plan.detach", str(plan.row.id), case=case)


def open_plans(session: Session, viewer: Viewer, most: int = 100) -> Sequence[PlanRow]:
    """The plans under way that a person may see, for a choice."""
    chosen = _chosen(viewer).where(PlanRow.state == "open")
    return session.scalars(chosen.order_by(PlanRow.agent, PlanRow.id.desc()).limit(most)).all()


def _chosen(viewer: Viewer) -> Select[PlanRow]:
    return select(PlanRow).where(_own(viewer))


def _own(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.may(Right.PLANS):
        return false()
    if viewer.role is Role.AGENT:
        return PlanRow.agent == viewer.agent if viewer.agent else false()
    if viewer.role is Role.TEAM_LEADER:
        return PlanRow.team.in_(viewer.teams) if viewer.teams else false()
    return true()
