"""Sampling 抽检: plans, draws by them, and the page on which an auditor sees a draw done again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from review.desk.entry import Here, NotThere, Posted, demand, desk_of, forms_of
from review.desk.listing import day_of, filters_of, whole
from review.desk.pages import page
from review.desk.planning import POPULATION, Entered, entered, entered_of
from review.desk.sampling_audit import draw_of
from scoring.call import Scenario
from scoring.sampling import Mode
from store import queue, sampling, sampling_check
from store.access import Right
from store.desk_tables import QueueRow
from store.sampling import MOST_DAYS, NotDrawn, Population
from store.sampling_tables import DrawnRow, PlanRow

router = APIRouter(include_in_schema=False, prefix="/sampling")
SHOWN = 200  # calls of a draw on its page; the queue shows all


@router.get("")
def overview(request: Request, visit: Here) -> Response:
    demand(visit.viewer, Right.SAMPLES)
    with desk_of(request).reading() as session:
        plans, draws = sampling.plans(session), sampling.draws(session, most=20)
        done = {draw.id: sampling.progress(session, draw.id) for draw in draws}
    names = {plan.id: plan.name for plan, _, _ in plans}
    return page(
        request, "sampling.html.j2", plans=plans, draws=draws, names=names, done=done, rules_of=sampling.rules_of,
        may_sample=visit.viewer.may(Right.SAMPLE),
    )  # fmt: skip


@router.get("/plans/new")
def new_plan(request: Request, visit: Here, like: str = "") -> Response:
    """An empty plan, one like another, or one whose population is the list that a person looks at."""
    demand(visit.viewer, Right.SAMPLE)
    start = entered(dict(request.query_params), blank=True)
    if (copied := whole(like)) is not None:
        with desk_of(request).reading() as session:
            plan = session.get(PlanRow, copied)
        if plan is not None:
            start = entered_of(plan.name, Mode(plan.mode), sampling.rules_of(plan.rules), plan.filters)
    return _form(request, visit, start)


@router.post("/plans")
def make_plan(request: Request, visit: Here, form: Posted) -> Response:
    demand(visit.viewer, Right.SAMPLE)
    given = entered({name: str(value) for name, value in form.items()})
    if given.wrong:
        return _form(request, visit, given, status=422)
    with desk_of(request).writing() as session:
        made = sampling.make_plan(session, visit.viewer, given.name, given.mode, given.rules, given.filters)
    return RedirectResponse(f"/sampling/plans/{made}", 303)


@router.get("/plans/{plan}")
def plan_page(request: Request, visit: Here, plan: str, since: str = "", until: str = "") -> Response:
    demand(visit.viewer, Right.SAMPLES)
    return _plan_page(request, visit, _plan(request, plan), *_period(since, until))


@router.post("/plans/{plan}/retire")
def retire(request: Request, visit: Here, form: Posted, plan: str) -> Response:
    demand(visit.viewer, Right.SAMPLE)
    found = _plan(request, plan)
    with desk_of(request).writing() as session:
        sampling.retire(session, visit.viewer, found)
    return RedirectResponse("/sampling", 303)


@router.post("/plans/{plan}/draws")
def draw(request: Request, visit: Here, form: Posted, plan: str) -> Response:
    """Draw by a plan, for days of which nobody has drawn by it."""
    demand(visit.viewer, Right.SAMPLE)
    found = _plan(request, plan)
    since, until = _period(str(form.get("since", "")), str(form.get("until", "")))
    if since is None or until is None:
        return _plan_page(request, visit, found, since, until, status=422, trouble="wrong_period")
    if found.retired_at is not None:
        return _plan_page(request, visit, found, since, until, status=409, trouble="plan_retired")
    desk, seed = desk_of(request), _seed(form)
    with desk.reading() as session:
        people = _population(session, visit, found, since, until)
    try:
        with desk.writing() as session:
            made = sampling.make_draw(session, visit.viewer, found, since, until, people, seed)
    except NotDrawn as refused:
        return _plan_page(request, visit, found, since, until, status=409, trouble=refused.key, before=refused.draw)
    return RedirectResponse(f"/sampling/draws/{made}", 303)


@router.get("/draws/{draw}")
def draw_page(request: Request, visit: Here, draw: str) -> Response:
    demand(visit.viewer, Right.SAMPLES)
    found = draw_of(request, draw)
    with desk_of(request).reading() as session:
        plan = session.get_one(PlanRow, found.plan_id)
        progress = sampling.progress(session, found.id)
        figures = sampling_check.figures(session, found)
        joined = select(DrawnRow, QueueRow).join(QueueRow, QueueRow.sha256 == DrawnRow.sha256, isouter=True)
        joined = joined.where(DrawnRow.draw_id == found.id).order_by(DrawnRow.agent, DrawnRow.week, DrawnRow.sha256)
        calls = [(a, b) for a, b in session.execute(joined.limit(SHOWN))]
    return page(
        request, "draw.html.j2", draw=found, plan=plan, progress=progress, figures=figures, calls=calls, most=SHOWN,
        margin=margin(found.drawn, found.population), rules=sampling.rules_of(found.rules), asked=_asked(found.filters),
        items=_items(request),
    )  # fmt: skip


def margin(drawn: int, population: int) -> float | None:
    """Half the width of a 95 % interval of a share near one half, in points, for a plain random sample.

    Normal approximation with the correction for a finite population (Cochran, Sampling Techniques, 3rd ed., 3.4).
    """
    if drawn < 2 or population < 2:
        return None
    rest = max(0.0, (population - drawn) / (population - 1))
    return 100 * 1.96 * math.sqrt(0.25 / drawn * rest)


def _plan_page(
    request: Request,
    visit: Here,
    plan: PlanRow,
    since: date | None,
    until: date | None,
    *,
    status: int = 200,
    trouble: str = "",
    before: int | None = None,
) -> Response:
    with desk_of(request).reading() as session:
        counted = since is not None and until is not None
        people = _population(session, visit, plan, since, until) if since and until else None
        draws = sampling.draws(session, plan.id)
        done = {draw.id: sampling.progress(session, draw.id) for draw in draws}
        if not counted:
            since, until = _last_week(session)
    return page(
        request, "plan.html.j2", status=status, plan=plan, rules=sampling.rules_of(plan.rules),
        asked=_asked(plan.filters), people=people, since=since, until=until, draws=draws, done=done, trouble=trouble,
        before=before, may_sample=visit.viewer.may(Right.SAMPLE), items=_items(request),
        margin=margin(people.wanted, people.calls) if people else None,
        hours=people.wanted * _seconds(request) / 3600 if people else 0.0,
    )  # fmt: skip


def _population(session: Session, visit: Here, plan: PlanRow, since: date, until: date) -> Population:
    rules, filters = sampling.rules_of(plan.rules), filters_of(_asked(plan.filters))
    return sampling.population(session, visit.viewer, rules, filters, since, until)


def _form(request: Request, visit: Here, given: Entered, status: int = 200) -> Response:
    with desk_of(request).reading() as session:
        teams = queue.known(session, visit.viewer, QueueRow.team)
        agents = queue.known(session, visit.viewer, QueueRow.agent)
    return page(
        request, "plan_new.html.j2", status=status, given=given, teams=teams, agents=agents,
        scenarios=[s.value for s in Scenario], items=_items(request),
    )  # fmt: skip


def _items(request: Request) -> dict[str, object]:
    return {item.id: item for form in forms_of(request).values() for _, item in form.items()}


def _plan(request: Request, text: str) -> PlanRow:
    with desk_of(request).reading() as session:
        found = None if (key := whole(text)) is None else session.get(PlanRow, key)
    if found is None:
        raise NotThere
    return found


def _asked(filters: str) -> Mapping[str, str]:
    return {name: value for name, value in parse_qsl(filters) if name in POPULATION}


def _period(since: str, until: str) -> tuple[date | None, date | None]:
    """Both days, or none of them where they make no period."""
    first, last = day_of(since), day_of(until)
    if first is None or last is None or last < first or (last - first).days > MOST_DAYS:
        return None, None
    return first, last


def _last_week(session: Session) -> tuple[date, date]:
    """Monday and Sunday of the week of the newest call."""
    newest = session.scalar(select(func.max(QueueRow.started_at)))
    found = (newest or datetime.now()).date()
    monday = found - timedelta(days=found.weekday())
    return monday, monday + timedelta(days=6)


def _seconds(request: Request) -> float:
    """How long a call of this ledger lasts, from the first thousand."""
    with desk_of(request).reading() as session:
        some = select(QueueRow.duration).limit(1000).subquery()
        return float(session.scalar(select(func.avg(some.c.duration))) or 0.0)


def _seed(form: FormData) -> str:
    """What a person gave for a seed: a lottery's numbers, a word agreed upon."""
    return "".join(char for char in str(form.get("seed", "")).strip() if char.isprintable())[:64]
