"""The dashboards 看板: how calls turn out over time, by item, team and agent, and beside the business's own figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from review.desk import board, figured, periods, plots
from review.desk.entry import Here, desk_of, forms_of
from review.desk.figured import View
from review.desk.pages import language_of, page
from review.desk.texts import say, word
from review.estimates import FEW, Estimate
from scoring import control
from scoring.call import Scenario
from store import dashboards
from store.access import Role, Viewer
from store.dashboards import Cells
from store.tally import FIFTHS

router = APIRouter(include_in_schema=False)
NAMES = ("form", "since", "until", "team", "agent", "scenario", "step")
ROOMS = ("overview", "items", "people", "mix", "kpi")
MOST_WARNINGS = 30
MOST_LISTED = 100  # agents, unless all were asked for
SCORES, SHARES, FEELINGS = (0.0, 100.0), (0.0, 1.0), (-1.0, 1.0)


@router.get("/dashboards")
def overview_page(request: Request, visit: Here) -> Response:
    """Score and pass rate over time, early warnings, how much is inspected."""
    found = figured.overview(request, visit.viewer)
    if found is None:
        return empty(request)
    view, over = found.view, found.over
    return shown(
        request, visit.viewer, view, "overview", found.cells,
        score=_band(request, "mean_score", view, [s.score for s in over], SCORES),
        passed=_band(request, "pass_rate", view, [s.passed for s in over], SHARES), over=over,
        failed=found.failed, left=found.left, early=found.early, most_warnings=MOST_WARNINGS,
        allowed=control.ALLOWED, weeks_before=board.WEEKS_BEFORE,
    )  # fmt: skip


@router.get("/dashboards/items")
def items_page(request: Request, visit: Here) -> Response:
    """How often each item is met, over time and by team."""
    found = figured.items(request, visit.viewer)
    if found is None:
        return empty(request)
    view, rows = found.view, found.rows
    chosen = next((row for row in rows if row.item == request.query_params.get("item")), None)
    chosen = chosen or min((r for r in rows if not r.met.few), key=lambda r: r.met.high or 0.0, default=None)
    name = _item_name(request, view, chosen.item) if chosen else ""
    drawn = plots.band(name, view.labels, chosen.over, percent=True, bounds=SHARES) if chosen else None
    return shown(
        request, visit.viewer, view, "items", found.cells, rows=rows, by_team=found.by_team, team_names=found.teams,
        chosen=chosen, drawn=drawn, heats=plots.heats,
    )  # fmt: skip


@router.get("/dashboards/people")
def people_page(request: Request, visit: Here) -> Response:
    """Teams and agents, with intervals; noted, for it is about people."""
    viewer, by = visit.viewer, request.query_params.get("order", "name")
    found = figured.people(request, viewer, by)
    if found is None:
        return empty(request)
    most = dashboards.MOST_AGENTS if request.query_params.get("all") else MOST_LISTED
    return shown(
        request, viewer, found.view, "people", found.cells, order=by if by in ("low", "high") else "name",
        names=found.names, teams=found.teams, agents=found.agents[:most], found=len(found.agents),
        axis=_axis([each for _, _, each in found.agents] + [each for _, each in found.teams]),
        whole=board.summary(found.cells.total),
    )  # fmt: skip


@router.get("/dashboards/mix")
def mix_page(request: Request, visit: Here) -> Response:
    """Which scenarios calls are of, and how customers feel as calls go on."""
    found = figured.mix(request, visit.viewer)
    if found is None:
        return empty(request)
    language, felt = language_of(request), found.felt
    named = tuple((str(word("scenario", name, language)), tuple(shares)) for name, shares in found.parts)
    whole = _say(request, "scenario_mix")
    stack = plots.Stack(whole, tuple(found.view.labels), named, tuple(found.totals))
    fifths = [f"{100 * i // FIFTHS}–{100 * (i + 1) // FIFTHS}%" for i in range(FIFTHS)]
    return shown(
        request, visit.viewer, found.view, "mix", found.cells, stack=stack, fifths=fifths, felt=felt,
        course=plots.band(_say(request, "feeling"), fifths, felt, percent=False, bounds=FEELINGS)
        if any(e.n for e in felt) else None,
        scenarios=found.scenarios,
    )  # fmt: skip


@router.get("/dashboards/kpi")
def kpi_page(request: Request, visit: Here) -> Response:
    """Satisfaction, handling time, hold and transfers beside the score."""
    found = figured.kpi(request, visit.viewer)
    if found is None:
        return empty(request)
    return shown(
        request, visit.viewer, found.view, "kpi", found.cells, kpis=found.kpis, scenarios=found.scenarios
    )  # fmt: skip


def shown(request: Request, viewer: Viewer, view: View, room: str, cells: Cells, **values: Any) -> Response:
    """A page of the dashboards, with what all of them have."""
    with desk_of(request).reading() as session:
        teams = dashboards.teams(session, viewer, view.asked.rubric_hash)
        agents = dashboards.agents(session, viewer, view.asked.rubric_hash, view.asked.team)
    facts = figured.facts(request, viewer, view, cells)
    forms, form = forms_of(request), figured.form_of(request, view)
    kept = [(name, request.query_params[name].strip()) for name in NAMES if request.query_params.get(name, "").strip()]
    return page(
        request, f"dashboards_{room}.html.j2", room=room, rooms=[r for r in ROOMS if viewer.role is not Role.AGENT
                                                                 or r != "people"],
        view=view, asked=view.asked, summary=facts.summary, few=FEW,
        reviewed=facts.reviewed, choices={"teams": teams, "agents": agents},
        kinds=[s.value for s in Scenario], forms=forms, form=form,
        items={item.id: item for _, item in form.items()} if form else {}, undated=facts.undated,
        kept=urlencode(kept), without=lambda *names: urlencode([pair for pair in kept if pair[0] not in names]),
        steps=periods.STEPS, **values,
    )  # fmt: skip


def empty(request: Request) -> Response:
    """There is nothing to show to this person yet."""
    return page(request, "dashboards_empty.html.j2")


def _band(
    request: Request, key: str, view: View, points: Sequence[Estimate], bounds: tuple[float, float]
) -> plots.Band:
    return plots.band(_say(request, key), view.labels, points, percent=bounds is SHARES, bounds=bounds)


def _axis(summaries: list[board.Summary]) -> tuple[float, float]:
    """From where to where the interval bars of scores go: what is there, in steps of ten."""
    ends = [x for s in summaries if not s.few for x in (s.score.low, s.score.high) if x is not None]
    low, high = (min(ends), max(ends)) if ends else SCORES
    return max(0.0, low // 10 * 10), min(100.0, -(-high // 10) * 10) if high > low else 100.0


def _item_name(request: Request, view: View, item: str) -> str:
    form = figured.form_of(request, view)
    found = next((i for _, i in form.items() if i.id == item), None) if form else None
    return str(found.name.in_(language_of(request))) if found else item


def _say(request: Request, key: str) -> str:
    return say(key, language_of(request))
