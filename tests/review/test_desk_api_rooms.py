"""The API's rooms: cases, appeals, library, coaching, dashboards; each shows what its page does, to whom it does."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import made_things
import pytest
from desk_door import Door
from desk_program import Program, lines
from made_things import BOSS, PRIVATE
from route_table import ROUTES
from sqlalchemy import select

from review.desk import api_models_rooms as shapes
from review.desk import api_models_training as training
from review.desk import casebook as casebook_of_page
from review.desk import compliance, dashboards
from review.desk.api_models_figures import FiguresAsked
from store import (
    appeals,
    audit,
    blind,
    case_list,
    casebook,
    coaching,
    compliance_tables,
    library_tables,
    rounds_tables,
    users,
)
from store.access import Role, Viewer
from store.appeals import Terms
from store.casebook import Piece, Words
from store.compliance_tables import CaseRow
from store.desk_tables import QueueRow
from store.rounds_tables import AppealRow, SecondLookRow, SeenReviewRow

OWN, OTHER = "KF-20260302-0001", "KF-20260302-0003"  # of liwen, in team one; of zhaoqiang, in team two
PHONE = "13800138000"
TRICK = f"<script>alert(1)</script>=cmd()\u202e 请打 {PHONE}"
UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08]")
PAGED = {  # address -> name of the list, what names a row
    "/cases?state=unfinished": ("cases", "number"), "/cases?state=unfinished&order=latest": ("cases", "number"),
    "/appeals?": ("appeals", "number"), "/library?": ("cases", "number"), "/coaching?": ("plans", "number"),
    "/dashboards/people?order=low": ("agents", "agent"),
}  # fmt: skip


def filled(door: Door) -> dict[str, int]:
    """An appeal, a clip, a plan and a case of each of two calls."""
    made: dict[str, Any] = {}
    for name in (OWN, OTHER):
        sha256 = door.calls[name]
        made[f"appeal {name}"] = made_things.appeal(door, sha256)["number"]
        made[f"case {name}"] = made_things.compliance_case(door, sha256)["number"]
        made[f"clip {name}"] = made_things.library_clip(door, sha256)["number"]
        made[f"plan {name}"] = made_things.numbered_plan(door, sha256)["number"]
    return made


def numbers(program: Program, path: str) -> list[int]:
    """The numbers of a list's rows."""
    answer = program.ask(path)
    assert answer.status_code == 200, (path, answer.text)
    name, key = PAGED[next(known for known in PAGED if known.startswith(path.split("?")[0]))]
    return [row[key] for row in answer.json()[name]]


def test_an_agent_reads_what_is_own_and_nothing_else(door: Door) -> None:
    made, agent = filled(door), Program(door, "liwen")
    for path in ("/cases", f"/cases/{made[f'case {OWN}']}", "/library"):
        assert (agent.ask(path).status_code, agent.ask(path).json()["code"]) == (403, "not_yours"), path
    assert numbers(agent, "/appeals") == [made[f"appeal {OWN}"]]
    assert numbers(agent, "/coaching") == [made[f"plan {OWN}"]]
    assert agent.ask(f"/appeals/{made[f'appeal {OWN}']}").json()["items"] == {"greeting": "missed"}
    plan = agent.ask(f"/coaching/{made[f'plan {OWN}']}").json()
    assert plan["notes"] == [], "what is not shared with them"
    assert [clip["number"] for clip in plan["cases"]] == [made[f"clip {OWN}"]]
    assert agent.ask(plan["cases"][0]["audio"].removeprefix("/api/v1")).status_code == 200
    for path in (f"/appeals/{made[f'appeal {OTHER}']}", f"/coaching/{made[f'plan {OTHER}']}",
                 f"/library/{made[f'clip {OTHER}']}/audio"):  # fmt: skip
        assert (agent.ask(path).status_code, agent.ask(path).json()["code"]) == (404, "not_found"), path
    people = agent.ask("/dashboards/people?since=2026-01-01").json()
    assert ([row["agent"] for row in people["agents"]], people["teams"]) == (["0812 李雯"], [])
    assert not lines(door, "dashboards.people"), "one's own figures need no note"
    assert agent.ask("/dashboards/people?agent=0947 赵强").json()["agents"] == []


def test_a_leader_reads_the_teams(door: Door) -> None:
    made, leader, boss = filled(door), Program(door, "leader"), Program(door, "boss")
    for path in ("/cases", "/appeals", "/library", "/coaching"):
        seen, all_of_them = set(numbers(leader, path)), set(numbers(boss, path))
        kind = {"/cases": "case", "/appeals": "appeal", "/library": "clip", "/coaching": "plan"}[path]
        assert made[f"{kind} {OWN}"] in seen, path
        assert made[f"{kind} {OTHER}"] in all_of_them - seen, path
        where = f"{path}/{made[f'{kind} {OTHER}']}" + ("/audio" if kind == "clip" else "")
        assert (leader.ask(where).status_code, boss.ask(where).status_code) == (404, 200), where
    people = leader.ask("/dashboards/people?since=2026-01-01").json()
    assert [row["team"] for row in people["teams"]] == ["一组"]
    assert [row["agent"] for row in people["agents"]] == ["0812 李雯", "1033 孙敏"]
    assert leader.ask("/cases?team=二组").json()["cases"] == []
    notes = leader.ask(f"/coaching/{made[f'plan {OWN}']}").json()["notes"]
    assert [note["text"] for note in notes] == [PRIVATE]
    with door.desk.reading() as session:
        officer = users.viewer(users.one(session, "officer"))
    assert officer.role is Role.COMPLIANCE
    other = Program(door, "officer")
    assert (numbers(other, "/appeals"), other.ask("/library").status_code) == ([], 403), "no more than the pages show"


@pytest.mark.parametrize("path", PAGED)
def test_every_page_once(door: Door, path: str) -> None:
    filled(door)
    with door.desk.writing() as session:
        for row in session.scalars(select(QueueRow).where(QueueRow.agent == "0812 李雯")).all():
            casebook.add(session, BOSS, row, Piece(0.5, 3.5, (), ()), Words("greeting", "bad"), suggested=False)
    program, (name, key) = Program(door, "boss"), PAGED[path]
    whole, seen, asked = [row[key] for row in program.ask(f"{path}&limit=200").json()[name]], [], 0
    at = f"{path}&limit=1"
    while at and asked <= len(whole):
        answer, asked = program.ask(at), asked + 1
        seen += [row[key] for row in answer.json()[name]]
        at = answer.links["next"]["url"].removeprefix("/api/v1") if "next" in answer.links else ""
        assert bool(at) == (answer.json()["next"] is not None)
    assert seen == whole
    assert asked == len(set(whole)) == len(whole) >= 2


def test_what_the_client_has_is_not_sent_again(door: Door) -> None:
    made, program = filled(door), Program(door, "boss")
    paths = [f"/{kind}/{made[f'{name} {OWN}']}" for kind, name in
             (("cases", "case"), ("appeals", "appeal"), ("coaching", "plan"))]  # fmt: skip
    rooms = [f"/dashboards/{room}" for room in ("overview", "items", "people", "mix", "kpi")]
    clip = f"/library/{made[f'clip {OWN}']}/audio"
    for path in ("/cases", "/appeals", "/library", "/coaching", *paths, *rooms, clip):
        first = program.ask(path)
        assert first.status_code == 200, path
        tag = first.headers["etag"]
        again = program.ask(path, **{"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
    part = program.ask(clip, Range="bytes=4-13")
    assert (part.status_code, len(part.content), part.headers["content-type"]) == (206, 10, "audio/flac")
    before = program.ask("/appeals").headers["etag"]
    with door.desk.writing() as session:
        session.get_one(AppealRow, made[f"appeal {OWN}"]).state = "closed"
    assert program.ask("/appeals", **{"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "where", "remedy"),
    [
        ("/cases?state=late", "state", "'overdue'"), ("/cases?kind=grave", "kind", "'fatal'"),
        ("/cases?order=newest", "order", "'latest'"), ("/cases?stat=open", "stat", "not permitted"),
        ("/cases?limit=201", "limit", "200"), ("/appeals?state=open", "state", "'escalated'"),
        ("/appeals?after=x", "after", "integer"), ("/library?kind=ugly", "kind", "'good' or 'bad'"),
        ("/library?level=old", "level", "'senior'"), ("/coaching?state=all", "state", "'open' or 'closed'"),
        ("/dashboards/overview?step=year", "step", "'month'"), ("/dashboards/items?since=March", "since", "as 2026-"),
        ("/dashboards/people?order=score", "order", "'low'"), ("/dashboards/mix?scenario=x", "scenario", "'"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said(door: Door, asked: str, where: str, remedy: str) -> None:
    answer = Program(door, "boss").ask(asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_understood")
    (error,) = answer.json()["errors"]
    assert error["where"][-1] == where
    assert remedy in error["why"]


def test_what_no_shape_tells_is_said_too(door: Door) -> None:
    program = Program(door, "boss")
    for path, code, remedy in (
        ("/cases?after=nowhere", "no_place", "`next`"), ("/dashboards/items?form=none", "no_form", "/rubrics"),
        ("/dashboards/kpi?since=2026-03-09&until=2026-03-01", "days_reversed", "exchange"),
    ):  # fmt: skip
        said = program.ask(path)
        assert (said.status_code, said.json()["code"]) == (422, code), path
        assert remedy in said.json()["title"]
    for path in ("/cases/999999", "/cases/x", f"/cases/{'9' * 20}", "/appeals/999", "/appeals/²", "/coaching/x",
                 "/library/999/audio", "/dashboards/none"):  # fmt: skip
        assert program.ask(path).status_code == 404, path


def test_filters_are_the_pages(door: Door) -> None:
    made, program, officer = filled(door), Program(door, "boss"), door.enter("officer")
    number = made[f"case {OTHER}"]
    taken = {"based_on": "1", "status": "in_hand", "owner": "officer", "action": "take", "reason": f"先看 {PHONE}"}
    assert officer.post(f"/compliance/{number}", taken).status_code == 303
    assert numbers(program, "/cases?owner=officer&state=in_hand") == [number]
    assert numbers(Program(door, "officer"), "/cases?owner=me") == [number]
    assert number not in numbers(program, "/cases?owner=-")
    assert numbers(program, "/cases?state=overdue") == []
    with door.desk.writing() as session:
        case = session.get_one(CaseRow, number)
        case.due_at = case.opened_at.replace(year=2020)
    late = program.ask("/cases?state=overdue").json()
    assert [(row["number"], row["late"], row["soon"]) for row in late["cases"]] == [(number, True, False)]
    flags = late["cases"][0]["flags"]
    assert numbers(program, f"/cases?item={flags[0][0]}&state=overdue") == [number]
    settled = {"based_on": "2", "status": "done", "owner": "officer", "disposition": "confirmed", "reason": "属实"}
    assert officer.post(f"/compliance/{number}", settled).status_code == 303
    answer = program.ask(f"/cases/{number}").json()
    assert [(step["action"], step["status"], step["disposition"]) for step in answer["trail"]] == [
        ("opened", "open", None), ("changed", "in_hand", None), ("changed", "done", "confirmed"),
    ]  # fmt: skip
    assert PHONE not in json.dumps(answer)
    assert numbers(program, "/cases?state=done") == [number]
    assert numbers(program, "/library?agent=0812 李雯&kind=good&item=greeting") == [made[f"clip {OWN}"]]
    assert numbers(program, "/library?tag=none") == []
    assert numbers(program, "/coaching?state=closed") == []
    assert numbers(program, "/appeals?state=closed") == []


@pytest.mark.parametrize("login", ["qa", "leader", "liwen", "officer"])
def test_figures_are_the_pages(door: Door, login: str) -> None:
    program, person = Program(door, login), door.enter(login)
    asked = "since=2026-01-01&until=2026-12-31&step=month"
    answer = program.ask(f"/dashboards/overview?{asked}").json()
    tile = re.search(r'class="figure">([\d,]+)<', person.get(f"/dashboards?{asked}").text)
    assert tile
    whole = answer["about"]["summary"]
    assert whole["calls"] == int(tile[1]) == {"qa": 15, "leader": 6, "liwen": 5, "officer": 15}[login]
    assert sum(period["numbers"]["calls"] for period in answer["periods"]) == whole["calls"]
    assert len(answer["periods"]) == 12
    assert whole["score"]["few"]
    assert whole["score"]["low"] < whole["score"]["value"] < whole["score"]["high"]
    assert whole["score"]["n"] <= whole["calls"]
    items = program.ask(f"/dashboards/items?{asked}").json()["items"]
    for item in items:
        judged = sum(period["met"]["n"] for period in item["periods"])
        assert item["met"]["n"] == judged
        assert not item["by_team"] or sum(team["met"]["n"] for team in item["by_team"]) == judged
    assert {"greeting", "empathy"} <= {item["item"] for item in items}
    people = program.ask(f"/dashboards/people?{asked}").json()
    assert sum(row["numbers"]["calls"] for row in people["agents"]) <= whole["calls"]
    mix = program.ask(f"/dashboards/mix?{asked}").json()
    assert sum(mix["calls"]) == whole["calls"] == sum(row["numbers"]["calls"] for row in mix["scenarios"])
    assert {kpi["name"] for kpi in program.ask(f"/dashboards/kpi?{asked}").json()["kpis"]} == {
        "csat", "duration", "hold", "transferred"
    }  # fmt: skip


def test_without_calls_there_are_no_figures(door: Door) -> None:
    with door.desk.writing() as session:
        users.add(session, "new", "correct horse 9", Role.AGENT, by="test", name="新人", agent="9999")
    program = Program(door, "new")
    for room in ("overview", "items", "people", "mix", "kpi"):
        answer = program.ask(f"/dashboards/{room}")
        assert (answer.status_code, answer.json()["about"]) == (200, None), room


def test_words_of_people_are_masked_and_harmless(door: Door) -> None:
    sha256, program = door.calls[OWN], Program(door, "boss")
    with door.desk.writing() as session:
        row = session.scalars(select(QueueRow).where(QueueRow.sha256 == sha256)).one()
        words = Words("greeting", "good", comment=TRICK, tags=(TRICK[:40],))
        clip = casebook.add(session, BOSS, row, Piece(0.5, 3.5, (("agent", 0.5, TRICK),), ()), words, suggested=False)
    plan = made_things.coaching_plan(door, sha256)["plan"]
    case = made_things.compliance_case(door, sha256)["number"]
    with door.desk.writing() as session:
        kept = coaching.one(session, BOSS, int(str(plan)))
        assert kept
        coaching.note(session, BOSS, kept, TRICK, shared=True)
        appeal = appeals.file(
            session, Viewer("liwen", "李雯", Role.AGENT, "0812 李雯"), session.merge(row),
            {"empathy": appeals.Status.MISSED}, {"empathy": TRICK}, against=None, terms=Terms(),
        )  # fmt: skip
    boss = door.enter("boss")
    wrote = boss.post(f"/compliance/{case}", {"based_on": "1", "action": "take", "reason": TRICK})
    assert wrote.status_code == 303
    for path in (f"/cases/{case}", f"/appeals/{appeal}", f"/coaching/{plan}", "/library", "/cases", "/appeals"):
        answer = program.ask(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert PHONE not in answer.text, path
        assert not UNSEEN.search(json.dumps(answer.json(), ensure_ascii=False)), path
        assert ("alert(1)" in answer.text) == (path not in ("/cases", "/appeals")), path
    assert clip in numbers(program, "/library")


def test_who_read_it_is_noted(door: Door) -> None:
    made, program = filled(door), Program(door, "boss")
    for path in (f"/cases/{made[f'case {OWN}']}", f"/appeals/{made[f'appeal {OWN}']}", "/library", "/dashboards/people",
                 f"/coaching/{made[f'plan {OWN}']}", *[f"/library/{made[f'clip {OWN}']}/audio"] * 2):  # fmt: skip
        assert program.ask(path).status_code == 200, path
    for action in ("case.view", "call.view", "library.view", "dashboards.people", "plan.view", "case.hear"):
        (line,) = lines(door, action)
        assert line.actor == "boss"
        details = json.loads(line.details)
        assert (details["by"], details["token"]) == ("api", "read of a program"), action


def test_a_second_reviewer_stays_blind(door: Door) -> None:
    made, qa, sha256 = filled(door), Program(door, "qa"), door.calls[OWN]
    number, case = made[f"appeal {OWN}"], made[f"case {OWN}"]
    with door.desk.writing() as session:
        row = session.scalars(select(QueueRow).where(QueueRow.sha256 == sha256)).one()
        look = SecondLookRow(
            sha256=sha256, evaluation_key=row.evaluation_key, call_id=row.call_id, asked_by="boss", reviewer=None
        )
        session.add(look)
        session.flush()
        key = row.evaluation_key
    refused = qa.ask(f"/appeals/{number}")
    assert (refused.status_code, refused.json()["code"]) == (403, "blind_now")
    assert Program(door, "boss").ask(f"/appeals/{number}").status_code == 200, "who ordered it is not asked to give it"
    with door.desk.writing() as session:
        session.get_one(SecondLookRow, look.id).reviewer = "qa"
    for path in (f"/appeals/{number}", f"/cases/{case}"):
        assert (qa.ask(path).status_code, qa.ask(path).json()["code"]) == (403, "held_blind"), path
    assert case not in numbers(qa, "/cases?limit=200")
    assert made[f"clip {OWN}"] not in numbers(qa, "/library")
    wrote = {"evaluation": f"e{door.calls[OTHER][:16]}", "based_on": "0", "action": "submit", "rest": "accept"}
    assert door.enter("qa2").post(f"/calls/{door.calls[OTHER]}/review", wrote).status_code == 303
    assert qa.ask(f"/appeals/{made[f'appeal {OTHER}']}").status_code == 200
    with door.desk.reading() as session:
        assert session.get(SeenReviewRow, (wrote["evaluation"], "qa")), "who read it is no second reviewer any more"
        assert blind.hidden(session, users.viewer(users.one(session, "qa")), key), "nothing was shown"
        assert audit.verify(session).broken is None


def test_shapes_know_all_that_the_pages_do() -> None:
    """A new state, kind or filter of a page: add it to the API's shapes."""
    for shape, known in (
        (shapes.State, case_list.STATES), (shapes.Gravity, compliance_tables.KINDS),
        (shapes.Handled, compliance_tables.STATUSES), (shapes.Disposition, compliance_tables.DISPOSITIONS),
        (shapes.AppealState, rounds_tables.APPEAL_STATES), (training.PlanState, library_tables.PLAN_STATES),
        (training.Worth, library_tables.KINDS), (training.Level, library_tables.LEVELS[1:]),
    ):  # fmt: skip
        assert get_args(shape) == known
    for asked, names in (
        (shapes.CasesAsked, compliance.NAMES), (training.LibraryAsked, casebook_of_page.NAMES),
        (FiguresAsked, dashboards.NAMES),
    ):  # fmt: skip
        assert set(names) <= set(asked.model_fields)
    rooms = {route.split("/")[-1] for route in ROUTES if route.startswith("GET /api/v1/dashboards/")}
    assert rooms == set(dashboards.ROOMS)


def test_nothing_is_changed_here(door: Door) -> None:
    made, program = filled(door), Program(door, "boss")
    for path in ("/cases", f"/cases/{made[f'case {OWN}']}", "/appeals", f"/appeals/{made[f'appeal {OWN}']}", "/library",
                 "/coaching", f"/coaching/{made[f'plan {OWN}']}", "/dashboards/kpi"):  # fmt: skip
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert program.ask(path, method, {}).status_code == 405, (method, path)
    described = program.ask("/openapi.json").json()
    writing = {p for p, o in described["paths"].items() if set(o) - {"get"}}
    assert writing == {"/api/v1/calls/{sha256}/review"}, "LEFT in store/tokens.py gives rights for reading alone"
