"""The dashboards 看板: how calls turn out over time, by item, team and agent, and beside the business's own figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np
from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from review.desk import board, periods, plots
from review.desk.early import Early, Found
from review.desk.entry import Here, desk_of, forms_of
from review.desk.pages import language_of, page
from review.desk.texts import say, word
from review.estimates import FEW, Estimate
from scoring import control
from scoring.call import Scenario
from scoring.rubric import Rubric
from store import audit, dashboards, tallies
from store.access import Role, Viewer
from store.dashboards import Asked, Cells
from store.tally import FIFTHS, first_day

router = APIRouter(include_in_schema=False)
NAMES = ("form", "since", "until", "team", "agent", "scenario", "step")
ROOMS = ("overview", "items", "people", "mix", "kpi")
MOST_WARNINGS = 30
MOST_LISTED = 100  # agents, unless all were asked for
SCORES, SHARES, FEELINGS = (0.0, 100.0), (0.0, 1.0), (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class View:
    """What a request asks for. step: of the charts; shown: their periods; last: the last day there is."""

    asked: Asked
    step: str
    shown: tuple[date, ...]
    last: date | None
    forms: dict[str, tuple[str, int]]

    @property
    def labels(self) -> list[str]:
        return [periods.label(first, self.step) for first in self.shown]


@router.get("/dashboards")
def overview_page(request: Request, visit: Here) -> Response:
    """Score and pass rate over time, early warnings, how much is inspected."""
    with desk_of(request).reading() as session:
        view = view_of(request, session, visit.viewer)
        if view is None:
            return empty(request)
        cells = dashboards.cells(session, visit.viewer, view.asked, view.step)
        unfiltered = visit.viewer.role in (Role.ADMIN, Role.QA, Role.TRAINER, Role.COMPLIANCE) and not any(
            (view.asked.team, view.asked.agent, view.asked.scenario)
        )
        failed = dashboards.failed(session) if unfiltered else None
        early = warnings_of(request, session, visit.viewer, view)
    over = [board.summary(row) for row in board.over_time(cells, view.step, view.shown)]
    return shown(
        request, visit.viewer, view, "overview", cells,
        score=_band(request, "mean_score", view, [s.score for s in over], SCORES),
        passed=_band(request, "pass_rate", view, [s.passed for s in over], SHARES), over=over,
        failed=failed, left=board.open_share(cells.total), early=early, most_warnings=MOST_WARNINGS,
        allowed=control.ALLOWED, weeks_before=board.WEEKS_BEFORE,
    )  # fmt: skip


@router.get("/dashboards/items")
def items_page(request: Request, visit: Here) -> Response:
    """How often each item is met, over time and by team."""
    with desk_of(request).reading() as session:
        view = view_of(request, session, visit.viewer)
        if view is None:
            return empty(request)
        cells = dashboards.cells(session, visit.viewer, view.asked, view.step)
        names = tallies.places(session, view.asked.rubric_hash)
    total = cells.total
    rows = _in_order(board.items(names, total, board.over_time(cells, view.step, view.shown)), _form(request, view))
    teams = board.grouped(cells, cells.teams) if visit.viewer.role is not Role.AGENT else []
    by_team = {row.item: row.over for row in board.items(names, total, _stacked(teams))} if len(teams) > 1 else {}
    chosen = next((row for row in rows if row.item == request.query_params.get("item")), None)
    chosen = chosen or min((r for r in rows if not r.met.few), key=lambda r: r.met.high or 0.0, default=None)
    name = _item_name(request, view, chosen.item) if chosen else ""
    drawn = plots.band(name, view.labels, chosen.over, percent=True, bounds=SHARES) if chosen else None
    return shown(
        request, visit.viewer, view, "items", cells, rows=rows, by_team=by_team, team_names=[name for name, _ in teams],
        chosen=chosen, drawn=drawn, heats=plots.heats,
    )  # fmt: skip


@router.get("/dashboards/people")
def people_page(request: Request, visit: Here) -> Response:
    """Teams and agents, with intervals; noted, for it is about people."""
    viewer = visit.viewer
    with desk_of(request).reading() as session:
        view = view_of(request, session, viewer)
        if view is None:
            return empty(request)
        cells = dashboards.cells(session, viewer, view.asked)
        agents = dashboards.by_agent(session, viewer, view.asked)
        names = dashboards.names(session)
    if viewer.role is not Role.AGENT:
        with desk_of(request).writing() as session:
            audit.note(session, viewer.login, "dashboards.people", view.asked.team or "", agent=view.asked.agent)
    by = request.query_params.get("order", "name")
    teams = board.grouped(cells, cells.teams) if viewer.role is not Role.AGENT else []
    told = [(f"{agent}\n{team}", board.summary(facts)) for agent, team, facts in agents]
    listed = board.ordered(told, by)
    most = dashboards.MOST_AGENTS if request.query_params.get("all") else MOST_LISTED
    axis = _axis([each for _, each in told] + [board.summary(row) for _, row in teams])
    return shown(
        request, viewer, view, "people", cells, order=by if by in ("low", "high") else "name", names=names,
        teams=board.ordered([(name, board.summary(row)) for name, row in teams], by),
        agents=[(*name.split("\n"), each) for name, each in listed[:most]], found=len(listed), axis=axis,
        whole=board.summary(cells.total),
    )  # fmt: skip


@router.get("/dashboards/mix")
def mix_page(request: Request, visit: Here) -> Response:
    """Which scenarios calls are of, and how customers feel as calls go on."""
    with desk_of(request).reading() as session:
        view = view_of(request, session, visit.viewer)
        if view is None:
            return empty(request)
        cells = dashboards.cells(session, visit.viewer, view.asked, view.step)
    language = language_of(request)
    parts, totals = board.mix(cells, view.step, view.shown)
    named = tuple((str(word("scenario", name, language)), tuple(shares)) for name, shares in parts)
    whole = _say(request, "scenario_mix")
    stack = plots.Stack(whole, tuple(view.labels), named, tuple(totals))
    fifths = [f"{100 * i // FIFTHS}–{100 * (i + 1) // FIFTHS}%" for i in range(FIFTHS)]
    felt = board.course(cells.total)
    scenarios = board.grouped(cells, cells.scenarios)
    return shown(
        request, visit.viewer, view, "mix", cells, stack=stack, fifths=fifths, felt=felt,
        course=plots.band(_say(request, "feeling"), fifths, felt, percent=False, bounds=FEELINGS)
        if any(e.n for e in felt) else None,
        scenarios=[(name, board.summary(row), board.course(row)) for name, row in scenarios],
    )  # fmt: skip


@router.get("/dashboards/kpi")
def kpi_page(request: Request, visit: Here) -> Response:
    """Satisfaction, handling time, hold and transfers beside the score."""
    with desk_of(request).reading() as session:
        view = view_of(request, session, visit.viewer)
        if view is None:
            return empty(request)
        cells = dashboards.cells(session, visit.viewer, view.asked)
    return shown(
        request, visit.viewer, view, "kpi", cells, kpis=board.kpis(cells.total),
        scenarios=[(name, board.kpis(row)) for name, row in board.grouped(cells, cells.scenarios)],
    )  # fmt: skip


def view_of(request: Request, session: Session, viewer: Viewer) -> View | None:
    """What the address asks for; None where there are no figures for this person."""
    asked, forms = request.query_params, dashboards.forms(session, viewer)
    if not forms:
        return None

    def text(name: str) -> str | None:
        return asked.get(name, "").strip()[:200] or None

    form = text("form")
    chosen = form if form in forms else next(iter(forms))
    last = date.fromisoformat(forms[chosen][0]) if forms[chosen][0] else None
    until = _day(text("until"), last)
    since = _day(text("since"), None)
    if last is not None and until is not None and since is None:
        since = first_day(until, "week") - timedelta(weeks=periods.WEEKS_SHOWN - 1)
    if since and until and since > until:
        since, until = until, since
    if last is None:
        since = until = None
    whole = Asked(chosen, since, until, text("team"), text("agent"), text("scenario"))
    if since is None or until is None:
        return View(whole, "week", (), last, forms)
    step = periods.fitting(since, until, text("step") or "")
    return View(whole, step, tuple(periods.between(since, until, step))[: periods.MOST + 1], last, forms)


def shown(request: Request, viewer: Viewer, view: View, room: str, cells: Cells, **values: Any) -> Response:
    """A page of the dashboards, with what all of them have."""
    with desk_of(request).reading() as session:
        teams = dashboards.teams(session, viewer, view.asked.rubric_hash)
        agents = dashboards.agents(session, viewer, view.asked.rubric_hash, view.asked.team)
        undated = dashboards.undated(session, viewer, view.asked) if view.last else 0
        reviewed = dashboards.reviewed(session, viewer, view.asked)
    forms, form = forms_of(request), _form(request, view)
    kept = [(name, request.query_params[name].strip()) for name in NAMES if request.query_params.get(name, "").strip()]
    return page(
        request, f"dashboards_{room}.html.j2", room=room, rooms=[r for r in ROOMS if viewer.role is not Role.AGENT
                                                                 or r != "people"],
        view=view, asked=view.asked, summary=board.summary(cells.total) if len(cells.rows) else None, few=FEW,
        reviewed=reviewed, choices={"teams": teams, "agents": agents},
        kinds=[s.value for s in Scenario], forms=forms, form=form,
        items={item.id: item for _, item in form.items()} if form else {}, undated=undated,
        kept=urlencode(kept), without=lambda *names: urlencode([pair for pair in kept if pair[0] not in names]),
        steps=periods.STEPS, **values,
    )  # fmt: skip


def empty(request: Request) -> Response:
    """There is nothing to show to this person yet."""
    return page(request, "dashboards_empty.html.j2")


def warnings_of(request: Request, session: Session, viewer: Viewer, view: View) -> Found | None:
    """Early warnings in the last week that is shown, of the teams and agents that the person may see and asked for."""
    if view.asked.until is None:
        return None
    until = min(view.asked.until, view.last or view.asked.until)
    early: Early = request.app.state.early
    found = early.of(desk_of(request), view.asked.rubric_hash, until)
    mine = dashboards.seen(session, viewer, view.asked)
    return replace(found, warned=[w for w in found.warned if (w.whose, w.who) in mine])


def _band(
    request: Request, key: str, view: View, points: Sequence[Estimate], bounds: tuple[float, float]
) -> plots.Band:
    return plots.band(_say(request, key), view.labels, points, percent=bounds is SHARES, bounds=bounds)


def _stacked(pairs: list[tuple[str, Any]]) -> Any:
    return np.stack([row for _, row in pairs]) if pairs else np.zeros((0, 0), dtype=np.int64)


def _axis(summaries: list[board.Summary]) -> tuple[float, float]:
    """From where to where the interval bars of scores go: what is there, in steps of ten."""
    ends = [x for s in summaries if not s.few for x in (s.score.low, s.score.high) if x is not None]
    low, high = (min(ends), max(ends)) if ends else SCORES
    return max(0.0, low // 10 * 10), min(100.0, -(-high // 10) * 10) if high > low else 100.0


def _in_order(rows: list[board.ItemFigures], form: Rubric | None) -> list[board.ItemFigures]:
    order = {item.id: n for n, (_, item) in enumerate(form.items())} if form else {}
    return sorted(rows, key=lambda row: (order.get(row.item, len(order)), row.item))


def _form(request: Request, view: View) -> Rubric | None:
    return forms_of(request).get(view.asked.rubric_hash)


def _item_name(request: Request, view: View, item: str) -> str:
    form = _form(request, view)
    found = next((i for _, i in form.items() if i.id == item), None) if form else None
    return str(found.name.in_(language_of(request))) if found else item


def _say(request: Request, key: str) -> str:
    return say(key, language_of(request))


def _day(text: str | None, otherwise: date | None) -> date | None:
    try:
        found = date.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise
    return found if found and date(1970, 1, 1) <= found < date(9990, 1, 1) else otherwise
