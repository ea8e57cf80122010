"""The dashboards: figures that are kept up to date and right, shown only to whom they concern, in both languages."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date, timedelta
from math import sqrt
from typing import Any

import numpy as np
import pytest
from desk_door import Door
from made_calls import CALLS, made_call
from made_ledger import keep, with_words
from sqlalchemy import func, select, text

from review.desk import board, periods, plots
from review.estimates import Estimate, correlation, mean, share
from scoring import control
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store import dashboards, tallies, tally
from store.access import Role, Viewer
from store.audit import AuditRow
from store.dashboards import Cells
from store.tally_tables import TalliedRow, TallyRow

PAGES = ("/dashboards", "/dashboards/items", "/dashboards/people", "/dashboards/mix", "/dashboards/kpi")


def wrong(door: Door) -> list[str]:
    with door.desk.reading() as session:
        return tallies.recount(session)


def total(door: Door, **only: Any) -> int:
    with door.desk.reading() as session:
        chosen = select(func.coalesce(func.sum(TallyRow.calls), 0)).filter_by(whose="team", span="day", **only)
        return session.scalar(chosen) or 0


def test_figures_follow_what_is_judged_again(door: Door) -> None:
    """Counted once whatever happens to a call: judged anew, by another form, given another agent, taken away."""
    form = load_rubric("service")
    assert (total(door), wrong(door)) == (16, [])
    call = with_words(made_call(CALLS[2], 2))
    run = door.desk.ledger.begin_run(form.hash, {}, {})
    sha256 = keep(door.desk, run, replace(call, signals=()), form, door.folder, key="again")
    assert sha256 == door.calls[call.id]
    door.desk.catch_up()
    assert (total(door), wrong(door)) == (16, [])
    other = Rubric.model_validate(form.model_dump(mode="json", by_alias=True) | {"version": "other"})
    moved = replace(call, metadata=replace(call.metadata, agent="1000", team="三组", csat=2.0))
    keep(door.desk, run, moved, other, door.folder, key="other")
    door.desk.catch_up()
    assert (total(door), total(door, rubric_hash=other.hash), total(door, team="三组"), wrong(door)) == (16, 1, 1, [])
    assert door.desk.catch_up() == 0
    with door.desk.writing() as session:
        before = tallies.version(session)
        tallies.take(session, list(door.calls.values()))
        assert tallies.version(session) == before, "nothing was new"
        session.execute(text("DELETE FROM evaluations WHERE sha256 = :s"), {"s": sha256})
    door.desk.catch_up()
    assert (total(door), total(door, team="三组"), wrong(door)) == (15, 0, [])
    with door.desk.writing() as session:
        assert session.scalar(select(func.count()).select_from(TalliedRow)) == 15
        session.execute(text("UPDATE tallies SET passed = passed + 1 WHERE id = (SELECT min(id) FROM tallies)"))
    assert len(wrong(door)) == 1, "a recount finds what is not so"


def test_pages_show_everybody_their_own(door: Door) -> None:
    """Every page for every role: an agent sees nobody else's figures, a leader only the team's, filters or not."""
    calls = {"qa": 15, "leader": 6, "liwen": 5, "officer": 15}  # one of sixteen has no day
    people = {login: door.enter(login) for login in calls}
    for login, person in people.items():
        for path in PAGES:
            page = person.get(path)
            assert page.status_code == 200, (login, path)
            assert page.text.count("赵强") == 0 or login in ("qa", "officer"), (login, path)
        tile = re.search(r'class="figure">([\d,]+)<', person.get("/dashboards?since=2026-01-01").text)
        assert tile
        assert int(tile[1]) == calls[login]
    for path in ("?agent=0947 赵强", "?team=二组", "/people?team=二组", "/items?agent=0947 赵强"):
        for login in ("leader", "liwen"):
            page = people[login].get(f"/dashboards{path}").text
            assert "所选范围内没有通话" in page or "赵强" not in page.replace("0947 赵强", ""), (login, path)
            assert 'class="figure">1' not in page
    qa = people["qa"]
    assert "另有 1 通没有通话时间" in qa.get("/dashboards").text
    items = qa.get("/dashboards/items?item=empathy").text
    assert re.search(r'<figure class="plot" data-plot="{&#34;kind&#34;:&#34;band&#34;,&#34;name&#34;:&#34;共情', items)
    assert "样本少" in items
    for strange in ("since=x&until=9999-99-99&step=z&form=none", "since=0001-01-01&until=9989-01-01&step=day",
                    "since=2026-03-09&until=2026-03-01", "team=%00%FF&scenario=<b>", "order=high"):  # fmt: skip
        for path in PAGES:
            page = qa.get(f"{path}?{strange}")
            assert page.status_code == 200, (path, strange)
            assert "<b>" not in re.sub(r'<b class="missed">', "", page.text)
    with door.desk.reading() as session:
        noted = select(AuditRow.actor).where(AuditRow.action == "dashboards.people").distinct()
        assert set(session.scalars(noted)) == {"qa", "leader", "officer"}, "who looked at people's figures is noted"


def test_without_calls_the_pages_teach(door: Door) -> None:
    with door.desk.writing() as session:
        session.execute(text("DELETE FROM evaluations"))
    door.desk.catch_up()
    assert total(door) == 0
    page = door.enter("qa").client.get("/dashboards", headers={"Accept-Language": "en"}).text
    assert "There are no figures yet" in page


def test_what_is_counted_of_a_call() -> None:
    signals = [
        {"turn": 0, "start": 1.0, "labels": {"sentiment_negative": 0.9}},
        {"turn": 1, "start": 2.0, "labels": {"sentiment_negative": 0.8}},
        {"turn": 1, "start": 3.0, "labels": {"sentiment_positive": 0.2}},
        {"turn": 3, "start": 100.0, "labels": {"sentiment_positive": 0.5}},
        {"turn": 9, "start": 5.0, "labels": {"sentiment_positive": 0.5}},
    ]
    turns = [{"role": r} for r in ("agent", "customer", "agent", "customer")]
    felt = tally.feelings(signals, turns, 100.0)
    assert felt == [pytest.approx(-0.3), None, None, None, 0.5]
    made = tally.numbers(
        seconds=61.26, score=87.5, passed=True, fatal=False, flagged=True, kpis={"csat": 4.0, "hold": None},
        feelings=felt, answers={0: "met", 2: "missed"}, items=3,
    )  # fmt: skip
    assert np.array_equal(tally.unpressed(tally.pressed(made)), made)
    assert tally.Layout.kpi(made, "csat").tolist() == [1, 875, 875**2, 400, 400**2, 875 * 400]
    assert tally.Layout.kpi(made, "hold").tolist() == [0] * 6
    assert tally.Layout.course(made)[0].tolist() == [1, -300, 90000]
    assert [row.index(1) for row in tally.Layout.answers(made).tolist() if any(row)] == [0, 2]
    both = board.summary(tally.added(made, made[: tally.ITEMS_AT]))
    assert (both.calls, both.seconds, both.score.value, both.passed.value) == (2, pytest.approx(122.6), 87.5, 1.0)


def test_estimates_are_the_textbooks() -> None:
    chance = random.Random(1)
    xs = [chance.gauss(70, 10) for _ in range(40)]
    ys = [x + chance.gauss(0, 10) for x in xs]
    found = mean(40, sum(xs), sum(x * x for x in xs), 0, 100)
    spread = sqrt(sum((x - sum(xs) / 40) ** 2 for x in xs) / 39 / 40)
    assert (found.value, found.high) == (pytest.approx(sum(xs) / 40), pytest.approx(sum(xs) / 40 + 2.0227 * spread))
    tens = [(round(10 * x), round(10 * y)) for x, y in zip(xs, ys, strict=True)]
    r = correlation(
        40, sum(x for x, _ in tens), sum(x * x for x, _ in tens), sum(y for _, y in tens),
        sum(y * y for _, y in tens), sum(x * y for x, y in tens),
    )  # fmt: skip
    assert r.value == pytest.approx(np.corrcoef(xs, ys)[0, 1], abs=0.002)
    assert r.low == pytest.approx(np.tanh(np.arctanh(r.value) - 1.96 / sqrt(37)), abs=0.001)
    assert correlation(40, 400, 4000, 40, 400, 400) == Estimate(40), "one side never changes"
    assert share(0, 0).value is mean(0, 0, 0).value is None
    assert mean(3, 210, 14700).low is None


@pytest.mark.parametrize(("n", "true", "between"), [(12, 0.2, 0.0), (150, 0.1, 0.0), (150, 0.1, 0.05)])
def test_false_alarms_are_as_rare_as_promised(n: int, true: float, between: float) -> None:
    """Of weeks in which nothing changed, few and many calls, alike or each with its mix: at most the stated part."""
    chance, alarms, charts = np.random.default_rng(2), 0, 10
    for _ in range(2000):
        rates = np.clip(chance.normal(true, between, 13), 0, 1)
        *before, last = ((int(chance.binomial(n, p)), n) for p in rates)
        alarms += control.rise(*last, before, charts) is not None
    # The rate itself plus three standard errors of a rate that is exactly as promised.
    promised = control.ALLOWED / charts
    assert alarms / 2000 <= promised + 3 * sqrt(promised * (1 - promised) / 2000)
    assert control.rise(n - 1, n, [(round(n * true), n)] * 12, charts), "what is plain is seen"
    assert control.rise(4, 4, [(0, 50)] * 12, 1) is None, "too few"


def test_warnings_name_team_item_and_week() -> None:
    monday = date(2026, 10, 19)
    days, teams, rows = [], [], []
    for week in range(-12, 1):
        for team in ("一组", "二组"):
            row = np.zeros(tally.ITEMS_AT + 2 * len(tally.ANSWERS), dtype=np.int64)
            missed = 16 if (week, team) == (0, "二组") else 4
            tally.Layout.answers(row)[0] = (40 - missed, 0, missed, 0, 0)
            tally.Layout.answers(row)[1] = (0, 0, 40, 0, 0)
            days.append((monday + timedelta(weeks=week, days=2)).isoformat())
            teams.append(team)
            rows.append(row)
    cells = Cells(days, teams, [""] * 26, [""] * 26, np.stack(rows))
    found, looked = board.warnings(["greeting", "closing"], "team", cells, monday + timedelta(days=4))
    assert looked == 4
    assert [(w.who, w.item, w.week, w.change.hits, w.change.before_n) for w in found] == [
        ("二组", "greeting", monday, 16, 480)
    ]


def test_nobody_is_ranked_on_noise() -> None:
    def of(n: int, low: float | None, high: float | None) -> board.Summary:
        return board.Summary(n, 0, Estimate(n, 50, low, high), Estimate(n), 0, 0)

    rows = [("c", of(100, 70, 90)), ("b", of(3, None, None)), ("a", of(50, 60, 75)), ("d", of(5, 99, 100))]
    assert [name for name, _ in board.ordered(rows, "name")] == ["a", "b", "c", "d"]
    assert [name for name, _ in board.ordered(rows, "low")] == ["c", "a", "b", "d"], (
        "those with few calls last, by name"
    )
    assert [name for name, _ in board.ordered(rows, "high")] == ["a", "c", "b", "d"]


@pytest.mark.parametrize("step", ["day", "week", "month"])
def test_days_are_found_once_in_whatever_spans(step: str) -> None:
    chance = random.Random(4)
    for _ in range(200):
        since = date(2026, 1, 1) + timedelta(days=chance.randrange(400))
        until = since + timedelta(days=chance.randrange(120))
        found = []
        for span, first, end in dashboards.covering(since, until, step):
            assert (tally.first_day(first, span), tally.first_day(end, span)) == (first, end), "whole spans only"
            assert span in ("day", step)
            found += [first + timedelta(days=n) for n in range((end - first).days)]
        assert found == [since + timedelta(days=n) for n in range((until - since).days + 1)]


def test_periods_and_pictures() -> None:
    shown = list(periods.between(date(2026, 1, 30), date(2026, 3, 2), "month"))
    assert shown == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert list(periods.between(date(2026, 10, 21), date(2026, 10, 27), "week")) == [
        date(2026, 10, 19),
        date(2026, 10, 26),
    ]
    assert periods.fitting(date(1970, 1, 1), date(2026, 1, 1), "day") == "month"
    flat = plots.band("x", ["a", "b"], [Estimate(30, 0.98, 0.96, 0.99), Estimate(0)], percent=True, bounds=(0.0, 1.0))
    assert flat.most == 1.0
    assert flat.most - flat.least > 0.19, "noise does not fill the picture"
    assert len(flat.dots) == 1
    assert all(0 <= y <= 190 for y, _ in flat.ticks)
    assert plots.band("x", [], [], percent=False, bounds=(0.0, 100.0)).ticks
    cells = str(plots.heats([Estimate(40, 0.96, 0.9, 0.99), Estimate(3, 0.0, 0.0, 0.7), Estimate(0)]))
    assert re.findall(r'class="num heat ?(\w*)"', cells) == ["h0", "hfew", ""]
    assert 'title="90–99% n=40">96<' in cells


@pytest.mark.parametrize("days", [1, 9, 40, 75, 400])
def test_figures_are_the_same_by_whatever_spans(door: Door, days: int) -> None:
    """Added up from the fewest spans as from single days; and nothing of what one may not see."""
    form = load_rubric("service").hash
    lookers = (Viewer("", "", Role.ADMIN), Viewer("l", "l", Role.TEAM_LEADER, teams=("一组",)))
    with door.desk.reading() as session:
        for viewer in (*lookers, Viewer("a", "a", Role.AGENT, agent="0812 李雯")):
            for since in (date(2026, 1, 15), date(2026, 2, 23), date(2026, 3, 2)):
                asked = dashboards.Asked(form, since, since + timedelta(days=days))
                fewest, single = (dashboards.cells(session, viewer, asked, step) for step in (None, "day"))
                assert len(fewest.rows) <= len(single.rows)
                assert np.array_equal(fewest.total, single.total)
                for of in ("teams", "scenarios"):
                    both = [dict(zip(*c.summed(getattr(c, of)), strict=True)) for c in (fewest, single)]
                    assert {k: v.tolist() for k, v in both[0].items()} == {k: v.tolist() for k, v in both[1].items()}
                    rows = [c for c, name in zip(single.rows, getattr(single, of), strict=True) if name == "一组"]
                    assert of != "teams" or "一组" not in both[0] or np.array_equal(sum(rows), both[0]["一组"])
