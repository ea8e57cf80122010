"""The dashboards by the API: the figures of the pages, each with its n and interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from review.desk import figured
from review.desk.api_caller import Caller, Calling
from review.desk.api_models_figures import (
    FiguresAsked,
    ItemsRead,
    KpiRead,
    MixRead,
    OverviewRead,
    PeopleAsked,
    PeopleRead,
)
from review.desk.api_reply import next_page, problem, reply
from review.desk.board import Kpi, Summary, Warned
from review.desk.entry import desk_of
from review.desk.figured import View
from review.estimates import Estimate
from store import dashboards
from store.dashboards import Cells

router = APIRouter()
Asking = Annotated[FiguresAsked, Query()]
_NOTHING: dict[str, Any] = {"about": None}


@router.get("/dashboards/overview", response_model=OverviewRead)
def overview(request: Request, calling: Calling, asked: Asking) -> Response:
    """Score and pass rate over time, early warnings, how much is left to people."""
    if (wrong := _unknown(request, calling, asked)) is not None:
        return wrong
    found = figured.overview(request, calling.viewer)
    if found is None:
        nothing: dict[str, Any] = {"step": None, "periods": [], "left": None, "failed": None}
        return reply(request, _NOTHING | nothing | {"warnings": [], "charts": 0, "behind": False})
    view, early = found.view, found.early
    content = {
        "about": _about(request, calling, view, found.cells), "step": view.step,
        "periods": [
            {"begins": first.isoformat(), "numbers": _numbers(each)}
            for first, each in zip(view.shown, found.over, strict=True)
        ],
        "left": _figure(found.left), "failed": found.failed,
        "warnings": [_warning(one) for one in early.warned] if early else [],
        "charts": early.looked if early else 0, "behind": early is not None and early.behind,
    }  # fmt: skip
    return reply(request, content)


@router.get("/dashboards/items", response_model=ItemsRead)
def items(request: Request, calling: Calling, asked: Asking) -> Response:
    """How often each item is met: in all, over time, by team."""
    if (wrong := _unknown(request, calling, asked)) is not None:
        return wrong
    found = figured.items(request, calling.viewer)
    if found is None:
        return reply(request, _NOTHING | {"step": None, "items": []})
    days = found.view.shown
    told = [
        {
            "item": row.item, "met": _figure(row.met), "partly": row.partly, "missed": row.missed,
            "not_applicable": row.not_applicable, "open": row.open,
            "periods": _each("begins", _days(days), "met", [_figure(each) for each in row.over]),
            "by_team": _each("team", found.teams, "met", [_figure(each) for each in found.by_team[row.item]])
            if row.item in found.by_team else [],
        }
        for row in found.rows
    ]  # fmt: skip
    about = _about(request, calling, found.view, found.cells)
    return reply(request, {"about": about, "step": found.view.step, "items": told})


@router.get("/dashboards/people", response_model=PeopleRead)
def people(request: Request, calling: Calling, asked: Annotated[PeopleAsked, Query()]) -> Response:
    """Teams, and agents a page at a time. That somebody looked is noted, for it is about people. An agent sees nobody
    else."""
    if (wrong := _unknown(request, calling, asked)) is not None:
        return wrong
    found, first = figured.people(request, calling.viewer, asked.order, **calling.by), asked.after or 0
    if found is None:
        return reply(request, _NOTHING | {"teams": [], "agents": [], "next": None, "total": 0})
    last, total = first + asked.limit, len(found.agents)
    behind = last if last < total else None
    content = {
        "about": _about(request, calling, found.view, found.cells),
        "teams": [{"team": team, "numbers": _numbers(each)} for team, each in found.teams],
        "agents": [
            {"agent": agent, "agent_name": found.names.get(agent), "team": team, "numbers": _numbers(each)}
            for agent, team, each in found.agents[first:last]
        ],
        "next": behind, "total": total,
    }  # fmt: skip
    return reply(request, content, links={"next": next_page(request, after=behind)} if behind else None)


@router.get("/dashboards/mix", response_model=MixRead)
def mix(request: Request, calling: Calling, asked: Asking) -> Response:
    """Which scenarios calls are of, and how customers feel as calls go on."""
    if (wrong := _unknown(request, calling, asked)) is not None:
        return wrong
    found = figured.mix(request, calling.viewer)
    if found is None:
        return reply(
            request,
            _NOTHING | {"step": None, "periods": [], "calls": [], "shares": [], "scenarios": [], "feeling": []},
        )
    content = {
        "about": _about(request, calling, found.view, found.cells), "step": found.view.step,
        "periods": _days(found.view.shown), "calls": found.totals,
        "shares": [{"scenario": name, "shares": shares} for name, shares in found.parts],
        "scenarios": [
            {"scenario": name, "numbers": _numbers(each), "feeling": [_figure(one) for one in felt]}
            for name, each, felt in found.scenarios
        ],
        "feeling": [_figure(one) for one in found.felt],
    }  # fmt: skip
    return reply(request, content)


@router.get("/dashboards/kpi", response_model=KpiRead)
def kpi(request: Request, calling: Calling, asked: Asking) -> Response:
    """Satisfaction, handling time, hold and transfers beside the score."""
    if (wrong := _unknown(request, calling, asked)) is not None:
        return wrong
    found = figured.kpi(request, calling.viewer)
    if found is None:
        return reply(request, _NOTHING | {"kpis": [], "scenarios": []})
    content = {
        "about": _about(request, calling, found.view, found.cells), "kpis": [_kpi(one) for one in found.kpis],
        "scenarios": [{"scenario": name, "kpis": [_kpi(one) for one in each]} for name, each in found.scenarios],
    }  # fmt: skip
    return reply(request, content)


def _unknown(request: Request, calling: Caller, asked: FiguresAsked) -> Response | None:
    """A program is told where a page would show another form, or turn days round."""
    if asked.since and asked.until and asked.since > asked.until:
        return problem(422, "days_reversed", "`since` is after `until`: exchange them")
    if asked.form is None:
        return None
    with desk_of(request).reading() as session:
        known = asked.form in dashboards.forms(session, calling.viewer)
    return None if known else problem(422, "no_form", "no call was judged by this form: `hash` of one of /rubrics")


def _about(request: Request, calling: Caller, view: View, cells: Cells) -> dict[str, Any]:
    facts, asked = figured.facts(request, calling.viewer, view, cells), view.asked
    return {
        "form": asked.rubric_hash, "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat() if asked.until else None, "team": asked.team, "agent": asked.agent,
        "scenario": asked.scenario, "summary": _numbers(facts.summary) if facts.summary else None,
        "undated": facts.undated, "reviewed": facts.reviewed,
    }  # fmt: skip


def _numbers(each: Summary) -> dict[str, Any]:
    return {
        "calls": each.calls, "seconds": each.seconds, "score": _figure(each.score), "passed": _figure(each.passed),
        "fatal": each.fatal, "flagged": each.flagged,
    }  # fmt: skip


def _figure(found: Estimate) -> dict[str, Any]:
    return asdict(found) | {"few": found.few}


def _kpi(found: Kpi) -> dict[str, Any]:
    return {"name": found.name, "value": _figure(found.value), "r": _figure(found.r)}


def _warning(one: Warned) -> dict[str, Any]:
    return {"whose": one.whose, "who": one.who, "item": one.item, "week": one.week.isoformat()} | asdict(one.change)


def _days(shown: Sequence[date]) -> list[str]:
    return [day.isoformat() for day in shown]


def _each(name: str, keys: Sequence[str], of: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    return [{name: key, of: value} for key, value in zip(keys, values, strict=True)]
