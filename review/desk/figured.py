"""The figures of the dashboards for one request, before anything is drawn: the pages and the API show the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from fastapi import Request
from sqlalchemy.orm import Session

from review.desk import board, periods
from review.desk.board import ItemFigures, Kpi, Summary
from review.desk.early import Early, Found
from review.desk.entry import desk_of, forms_of
from review.estimates import Estimate
from scoring.rubric import Rubric
from store import audit, dashboards, tallies
from store.access import Role, Viewer
from store.dashboards import Asked, Cells
from store.tally import first_day


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


@dataclass(frozen=True, slots=True)
class Facts:
    """What every room says of the calls. undated: calls that no span of days has; reviewed: by people; summary: None
    where no call is in the span."""

    summary: Summary | None
    undated: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class Overview:
    """failed: recordings that could not be inspected, None for who is not told; left: answers left to people."""

    view: View
    cells: Cells
    over: list[Summary]
    failed: int | None
    left: Estimate
    early: Found | None


@dataclass(frozen=True, slots=True)
class Items:
    """Items in the form's order. by_team: by item, the share that met it in each of teams; empty for one team."""

    view: View
    cells: Cells
    rows: list[ItemFigures]
    teams: list[str]
    by_team: dict[str, tuple[Estimate, ...]]


@dataclass(frozen=True, slots=True)
class People:
    """Teams and agents (agent, team) in the order asked for. names: what agents are called, others' too."""

    view: View
    cells: Cells
    teams: list[tuple[str, Summary]]
    agents: list[tuple[str, str, Summary]]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Mix:
    """parts: of each scenario the share in each period's calls, totals; felt: the customer's feeling by fifths."""

    view: View
    cells: Cells
    parts: list[tuple[str, list[float]]]
    totals: list[int]
    felt: list[Estimate]
    scenarios: list[tuple[str, Summary, list[Estimate]]]


@dataclass(frozen=True, slots=True)
class Kpis:
    """The business's figures over all calls, and of each scenario."""

    view: View
    cells: Cells
    kpis: list[Kpi]
    scenarios: list[tuple[str, list[Kpi]]]


def overview(request: Request, viewer: Viewer) -> Overview | None:
    """None, here and below, where there are no figures for this person."""
    with desk_of(request).reading() as session:
        view = view_of(request, session, viewer)
        if view is None:
            return None
        cells = dashboards.cells(session, viewer, view.asked, view.step)
        unfiltered = viewer.role in (Role.ADMIN, Role.QA, Role.TRAINER, Role.COMPLIANCE) and not any(
            (view.asked.team, view.asked.agent, view.asked.scenario)
        )
        failed = dashboards.failed(session) if unfiltered else None
        early = warnings_of(request, session, viewer, view)
    over = [board.summary(row) for row in board.over_time(cells, view.step, view.shown)]
    return Overview(view, cells, over, failed, board.open_share(cells.total), early)


def items(request: Request, viewer: Viewer) -> Items | None:
    with desk_of(request).reading() as session:
        view = view_of(request, session, viewer)
        if view is None:
            return None
        cells = dashboards.cells(session, viewer, view.asked, view.step)
        names = tallies.places(session, view.asked.rubric_hash)
    total = cells.total
    rows = _in_order(board.items(names, total, board.over_time(cells, view.step, view.shown)), form_of(request, view))
    teams = board.grouped(cells, cells.teams) if viewer.role is not Role.AGENT else []
    by_team = {row.item: row.over for row in board.items(names, total, _stacked(teams))} if len(teams) > 1 else {}
    return Items(view, cells, rows, [name for name, _ in teams], by_team)


def people(request: Request, viewer: Viewer, order: str, **noted: str) -> People | None:
    """order: see `board.ordered`. That somebody looked is noted, for it is about people; noted: how."""
    with desk_of(request).reading() as session:
        view = view_of(request, session, viewer)
        if view is None:
            return None
        cells = dashboards.cells(session, viewer, view.asked)
        agents = dashboards.by_agent(session, viewer, view.asked)
        names = dashboards.names(session)
    if viewer.role is not Role.AGENT:
        with desk_of(request).writing() as session:
            audit.note(
                session, viewer.login, "dashboards.people", view.asked.team or "", agent=view.asked.agent, **noted
            )
    teams = board.grouped(cells, cells.teams) if viewer.role is not Role.AGENT else []
    told = [(f"{agent}\n{team}", board.summary(facts)) for agent, team, facts in agents]
    listed = [(name.split("\n", 1), each) for name, each in board.ordered(told, order)]
    return People(
        view, cells, board.ordered([(name, board.summary(row)) for name, row in teams], order),
        [(agent, team, each) for (agent, team), each in listed], names,
    )  # fmt: skip


def mix(request: Request, viewer: Viewer) -> Mix | None:
    with desk_of(request).reading() as session:
        view = view_of(request, session, viewer)
        if view is None:
            return None
        cells = dashboards.cells(session, viewer, view.asked, view.step)
    parts, totals = board.mix(cells, view.step, view.shown)
    scenarios = board.grouped(cells, cells.scenarios)
    told = [(name, board.summary(row), board.course(row)) for name, row in scenarios]
    return Mix(view, cells, parts, totals, board.course(cells.total), told)


def kpi(request: Request, viewer: Viewer) -> Kpis | None:
    with desk_of(request).reading() as session:
        view = view_of(request, session, viewer)
        if view is None:
            return None
        cells = dashboards.cells(session, viewer, view.asked)
    scenarios = [(name, board.kpis(row)) for name, row in board.grouped(cells, cells.scenarios)]
    return Kpis(view, cells, board.kpis(cells.total), scenarios)


def facts(request: Request, viewer: Viewer, view: View, cells: Cells) -> Facts:
    """What every room says of the calls it is about."""
    with desk_of(request).reading() as session:
        undated = dashboards.undated(session, viewer, view.asked) if view.last else 0
        reviewed = dashboards.reviewed(session, viewer, view.asked)
    return Facts(board.summary(cells.total) if len(cells.rows) else None, undated, reviewed)


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


def warnings_of(request: Request, session: Session, viewer: Viewer, view: View) -> Found | None:
    """Early warnings in the last week that is shown, of the teams and agents that the person may see and asked for."""
    if view.asked.until is None:
        return None
    until = min(view.asked.until, view.last or view.asked.until)
    early: Early = request.app.state.early
    found = early.of(desk_of(request), view.asked.rubric_hash, until)
    mine = dashboards.seen(session, viewer, view.asked)
    return replace(found, warned=[w for w in found.warned if (w.whose, w.who) in mine])


def form_of(request: Request, view: View) -> Rubric | None:
    """The form that the figures are of, where it is known here."""
    return forms_of(request).get(view.asked.rubric_hash)


def _stacked(pairs: list[tuple[str, Any]]) -> Any:
    return np.stack([row for _, row in pairs]) if pairs else np.zeros((0, 0), dtype=np.int64)


def _in_order(rows: list[board.ItemFigures], form: Rubric | None) -> list[board.ItemFigures]:
    order = {item.id: n for n, (_, item) in enumerate(form.items())} if form else {}
    return sorted(rows, key=lambda row: (order.get(row.item, len(order)), row.item))


def _day(text: str | None, otherwise: date | None) -> date | None:
    try:
        found = date.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise
    return found if found and date(1970, 1, 1) <= found < date(9990, 1, 1) else otherwise
