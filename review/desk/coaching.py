"""Coaching plans: what an agent is to meet and until when, with cases; and whether the calls since show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from review.desk.casebook import all_items, case_of, items_of
from review.desk.entry import Here, NotThere, Posted, Refused, demand, desk_of, forms_of
from review.desk.pages import page
from review.desk.times import number_of, tenths
from scoring.before_after import FEW, Change, Share, change
from scoring.masking import mask
from store import audit, casebook, coaching, progress, queue
from store.access import Right, Role, Viewer
from store.casebook import Case
from store.coaching import MOST_GOALS, Goal, Plan
from store.desk_tables import QueueRow
from store.library_tables import PLAN_STATES, GoalRow
from store.reviews import Overtaken

router = APIRouter(include_in_schema=False)
# 《服务流程规范方案》 三（一）2（2）: 每月组织全面复盘, all is looked at again each month
MONTH = timedelta(days=30)
# 《服务流程规范方案》 三（二）1（2）: 设定合理目标值，例如…90%以上, sensible targets such as 90 %
TARGET = 0.9
MOST_NOTE = 2000  # characters


@dataclass(frozen=True, slots=True)
class Found:
    """A goal and what the calls say. forms: the sides were judged by different forms, so they compare badly."""

    goal: GoalRow
    change: Change
    forms: bool


@dataclass(frozen=True, slots=True)
class Spans:
    """Days, both ends within. after: None before the talk and on its day."""

    before: tuple[date, date]
    after: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands. kept: as it was when the plan was closed; shown: its cases that the person may see; hidden,
    removed: how many they may not, and how many were taken out of the library."""

    spans: Spans
    results: list[Found]
    kept: bool
    shown: list[Case]
    hidden: int
    removed: int


@router.get("/coaching")
def plans_page(request: Request, visit: Here, state: str = "open", before: str = "") -> Response:
    demand(visit.viewer, Right.PLANS)
    asked = state if state in PLAN_STATES else None
    with desk_of(request).reading() as session:
        found = coaching.page(session, visit.viewer, state=asked, before=number_of(before), size=coaching.PAGE + 1)
    return page(
        request, "coaching.html.j2", found=found[: coaching.PAGE], more=len(found) > coaching.PAGE,
        state=asked or "all", states=PLAN_STATES, items=all_items(request),
        today=date.today(), may_coach=visit.viewer.may(Right.COACH),
        beyond_first=bool(before),
    )  # fmt: skip


@router.get("/coaching/new")
def new_page(request: Request, visit: Here, agent: str = "") -> Response:
    demand(visit.viewer, Right.COACH)
    return _new(request, visit.viewer, agent)


@router.post("/coaching/new")
def make(request: Request, visit: Here, form: Posted) -> Response:
    demand(visit.viewer, Right.COACH)
    viewer, agent = visit.viewer, str(form.get("agent", ""))[:200]
    with desk_of(request).reading() as session:
        last = progress.last_call(session, viewer, agent)
    if last is None:
        raise NotThere
    goals, due = _goals(form, items_of(request, last.rubric_hash)), _day(form, "due")
    if not goals or due is None:
        return _new(request, viewer, agent, trouble="goals_wanted", status=422)
    text = _text(form)
    with desk_of(request).writing() as session:
        number = coaching.add(
            session, viewer, agent=agent, agent_name=last.agent_name, team=last.team, rubric_hash=last.rubric_hash,
            due=due, goals=goals,
        )  # fmt: skip
        plan = coaching.one(session, viewer, number)
        if text and plan:
            coaching.note(session, viewer, plan, text, shared=form.get("shared") == "yes")
    return RedirectResponse(f"/coaching/{number}", 303)


@router.post("/coaching/cases")
def attach(request: Request, visit: Here, form: Posted) -> Response:
    """Let a plan work with a case, or no more."""
    demand(visit.viewer, Right.COACH)
    found = plan_of(request, visit.viewer, str(form.get("plan", "")))
    case = case_of(request, visit.viewer, str(form.get("case", "")))
    with desk_of(request).writing() as session:
        if form.get("action") == "detach":
            coaching.detach(session, visit.viewer, found, case.row.id)
        else:
            coaching.attach(session, visit.viewer, found, case.row.id)
    return RedirectResponse(f"/coaching/{found.row.id}#cases", 303)


@router.get("/coaching/{plan}")
def plan_page(request: Request, visit: Here, plan: str) -> Response:
    demand(visit.viewer, Right.PLANS)
    return _plan(request, visit.viewer, plan_of(request, visit.viewer, plan))


@router.post("/coaching/{plan}")
def alter(request: Request, visit: Here, form: Posted, plan: str) -> Response:
    """The day of the talk, the day it is due, closing and opening again."""
    demand(visit.viewer, Right.COACH)
    viewer, found = visit.viewer, plan_of(request, visit.viewer, plan)
    due, coached_on = _day(form, "due"), _day(form, "coached_on")
    version, state = number_of(str(form.get("version", ""))), str(form.get("state", ""))
    state = state if state in PLAN_STATES else found.row.state
    if due is None or version is None or (coached_on is not None and coached_on > due):
        return _plan(request, viewer, found, trouble="days_unread", status=422)
    try:
        with desk_of(request).writing() as session:
            spans = spans_of(coached_on, due, _last_day(session, viewer, found.row.agent))
            outcomes = {f.goal.item: _outcome(f, spans) for f in measured(session, viewer, found, spans)}
            coaching.change(
                session, viewer, found, based_on=version, coached_on=coached_on, due=due, state=state, outcomes=outcomes
            )
    except Overtaken:
        return _plan(request, viewer, plan_of(request, viewer, plan), trouble="plan_overtaken", status=409)
    return RedirectResponse(f"/coaching/{found.row.id}", 303)


@router.post("/coaching/{plan}/notes")
def write_note(request: Request, visit: Here, form: Posted, plan: str) -> Response:
    demand(visit.viewer, Right.COACH)
    found, text = plan_of(request, visit.viewer, plan), _text(form)
    if text:
        with desk_of(request).writing() as session:
            coaching.note(session, visit.viewer, found, text, shared=form.get("shared") == "yes")
    return RedirectResponse(f"/coaching/{found.row.id}#notes", 303)


@router.post("/coaching/{plan}/acknowledge")
def acknowledge(request: Request, visit: Here, form: Posted, plan: str) -> Response:
    """The agent has read it, and may say something to it."""
    demand(visit.viewer, Right.PLANS)
    viewer, found = visit.viewer, plan_of(request, visit.viewer, plan)
    if viewer.role is not Role.AGENT:  # nobody signs for another
        raise Refused("not_yours")
    text = _text(form)
    with desk_of(request).writing() as session:
        coaching.acknowledge(session, viewer, found)
        if text:
            coaching.note(session, viewer, found, text, shared=True)
    return RedirectResponse(f"/coaching/{found.row.id}", 303)


def plan_of(request: Request, viewer: Viewer, plan: str) -> Plan:
    """The one way from an address to a plan. Raises NotThere, also of a plan that is not for this person."""
    number = number_of(plan)
    if number is None:
        raise NotThere
    with desk_of(request).reading() as session:
        found = coaching.one(session, viewer, number)
    if found is None:
        raise NotThere
    return found


def spans_of(coached_on: date | None, due: date, last: date) -> Spans:
    """The month before the talk, and from the day after it until the plan is due; the day itself belongs to neither.

    last: of the agent's last call, where the month ends while there was no talk.
    """
    if coached_on is None:
        return Spans((last - MONTH, last), None)
    first = coached_on + timedelta(days=1)
    return Spans((coached_on - MONTH, coached_on - timedelta(days=1)), (first, due) if first <= due else None)


def measured(session: Session, viewer: Viewer, plan: Plan, spans: Spans) -> list[Found]:
    """Goal by goal, what the agent's calls say."""
    items, agent = [goal.item for goal in plan.goals], plan.row.agent
    before = progress.counted(session, viewer, agent, *spans.before, items, latest=True)
    after = progress.counted(session, viewer, agent, *spans.after, items, latest=False) if spans.after else {}
    nothing = progress.Counted(Share(0, 0), frozenset())
    found = []
    for goal in plan.goals:
        one, other = before.get(goal.item, nothing), after.get(goal.item, nothing)
        found.append(Found(goal, change(one.share, other.share, goal.target), len(one.forms | other.forms) > 1))
    return found


def standing(request: Request, viewer: Viewer, found: Plan, **noted: str) -> Standing:
    """How a plan stands, once it is noted that somebody looked; noted: how."""
    row = found.row
    with desk_of(request).writing() as session:
        spans = spans_of(row.coached_on, row.due, _last_day(session, viewer, row.agent))
        kept = row.state == "closed" and all(goal.outcome for goal in found.goals)
        results = [_kept(goal) for goal in found.goals] if kept else measured(session, viewer, found, spans)
        shown = casebook.some(session, viewer, found.cases)
        removed = casebook.removed(session, found.cases)
        audit.note(
            session, viewer.login, "plan.view", str(row.id), agent=row.agent, cases=[c.row.id for c in shown], **noted
        )
    return Standing(spans, results, kept, shown, len(found.cases) - len(shown) - removed, removed)


def _plan(request: Request, viewer: Viewer, found: Plan, *, trouble: str = "", status: int = 200) -> Response:
    row, now = found.row, standing(request, viewer, found)
    return page(
        request, "coaching_plan.html.j2", status=status, plan=found, row=row, results=now.results, spans=now.spans,
        shown=now.shown, kept=now.kept, hidden=now.hidden, removed=now.removed, items=all_items(request),
        say=mask, few=FEW, trouble=trouble, today=date.today(), tenths=tenths,
        may_coach=viewer.may(Right.COACH), own=viewer.role is Role.AGENT, may_open=viewer.may(Right.LIBRARY),
        month=MONTH.days, most=progress.MOST,
        found_cases=urlencode({"agent": row.agent}),
    )  # fmt: skip


def _new(request: Request, viewer: Viewer, agent: str, *, trouble: str = "", status: int = 200) -> Response:
    with desk_of(request).reading() as session:
        agents = queue.known(session, viewer, QueueRow.agent)
        last = progress.last_call(session, viewer, agent) if agent else None
        known: Mapping[str, progress.Counted] = {}
        if last and last.started_at:
            day = last.started_at.date()
            known = progress.counted(session, viewer, agent, day - MONTH, day, latest=True)
    if agent and last is None:
        raise NotThere
    items = items_of(request, last.rubric_hash) if last else {}
    lines = sorted(
        ((items[name], counted.share) for name, counted in known.items() if name in items),
        key=lambda line: (line[1].n < FEW, line[1].hits / line[1].n),
    )
    return page(
        request, "coaching_plan_new.html.j2", status=status, agents=agents, agent=agent, last=last, lines=lines,
        few=FEW,
        rest=[item for name, item in items.items() if name not in known], most_goals=MOST_GOALS, trouble=trouble,
        target=round(100 * TARGET), due=date.today() + MONTH, month=MONTH.days, form=forms_of(request).get(
            last.rubric_hash) if last else None,
    )  # fmt: skip


def _last_day(session: Session, viewer: Viewer, agent: str) -> date:
    last = progress.last_call(session, viewer, agent)
    return last.started_at.date() if last and last.started_at else date.today()


def _goals(form: FormData, items: Mapping[str, Any]) -> list[Goal]:
    found = []
    for item in form.getlist("goal")[:MOST_GOALS]:
        percent = number_of(str(form.get(f"target.{item}", "")))
        if str(item) in items and percent is not None and 1 <= percent <= 100:
            found.append(Goal(str(item), percent / 100))
    return list({goal.item: goal for goal in found}.values())


def _day(form: FormData, name: str) -> date | None:
    try:
        day = date.fromisoformat(str(form.get(name, "")))
    except ValueError:
        return None
    return day if date(1970, 1, 1) <= day < date(9000, 1, 1) else None


def _text(form: FormData) -> str:
    return str(form.get("text", "")).replace("\r\n", "\n").strip()[:MOST_NOTE]


def _outcome(found: Found, spans: Spans) -> dict[str, Any]:
    one, other = found.change.before, found.change.after
    return {
        "before": [one.hits, one.n], "after": [other.hits, other.n], "verdict": found.change.verdict.value,
        "forms": found.forms,
        "days": [[day.isoformat() for day in span] for span in (spans.before, spans.after) if span],
    }  # fmt: skip


def _kept(goal: GoalRow) -> Found:
    outcome = goal.outcome or {}
    one, other = (Share(*outcome.get(side, (0, 0))) for side in ("before", "after"))
    return Found(goal, change(one, other, goal.target), bool(outcome.get("forms")))
