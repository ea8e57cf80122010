"""Calls judged by a form that the ledger does not keep, after they were judged by one that it does."""

from __future__ import annotations

import json
import re

import pytest
from desk_door import Door
from made_calls import CALLS, made_call
from made_ledger import USERS, keep, with_words
from route_table import ROUTES
from sqlalchemy import select

from scoring.evaluation import Status
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store import appeals
from store.access import Role, Viewer
from store.appeals import Terms
from store.desk_tables import QueueRow

CALL = "KF-20260302-0007"  # 李雯, 一组: restate missed, empathy partly met
AGENT = Viewer("liwen", "李雯", Role.AGENT, agent="0812 李雯")


@pytest.fixture
def judged_anew(door: Door) -> Door:
    """Calls whose newest evaluation is by another version of the form, in which an item goes by another id."""
    text = json.dumps(load_rubric("service").model_dump(mode="json", by_alias=True))
    strange = Rubric.model_validate(json.loads(text.replace('"restate"', '"say_back"')) | {"version": "strange"})
    run = door.desk.ledger.begin_run(strange.hash, {}, {})
    for number, made in enumerate(CALLS):
        call = with_words(made_call(made, number))
        if call.id in (CALL, "KF-20260302-0001", "KF-20260302-0003", "KF-20260302-0006"):
            assert keep(door.desk, run, call, strange, door.folder, key=f"anew{number}") == door.calls[call.id]
    door.desk.catch_up()
    return door


@pytest.mark.parametrize("login", ["boss", "leader", "trainer", "liwen"])
def test_every_page_opens(judged_anew: Door, login: str) -> None:
    door, person = judged_anew, judged_anew.enter(login)
    sha256 = door.calls["KF-20260302-0001"]
    forms = set(re.findall(r'value="([0-9a-f]{64})"', person.get("/dashboards").text)) - {load_rubric("service").hash}
    assert len(forms) == 1
    for route, expected in ROUTES.items():
        method, path = route.split()
        if method != "GET" or USERS[login]["role"] not in expected.roles or expected.ends:
            continue
        places = {"sha256": sha256} | dict(expected.at(door, sha256) if expected.at else {})
        asked = {expected.asked.format(**places)} | {f"form={form}" for form in forms if path.startswith("/dash")}
        for query in asked:
            answer = person.get(path.format(**places) + (f"?{query}" if query else ""))
            assert answer.status_code in expected.ok, (route, query, answer.status_code)


def test_an_appeal_is_against_the_answers_that_are_shown(judged_anew: Door) -> None:
    """Not against those of the form before; what was appealed against then stays told as it was."""
    door = judged_anew
    sha256 = door.calls[CALL]
    with door.desk.writing() as session:
        row = session.scalars(select(QueueRow).where(QueueRow.sha256 == sha256)).one()
        session.expunge(row)
        now_key, row.evaluation_key = row.evaluation_key, f"e{sha256[:16]}"
        appeals.file(
            session, AGENT, row, {"restate": Status.MISSED}, {"restate": "我复述了"}, against=None, terms=Terms()
        )
    page = door.enter("liwen").get(f"/calls/{sha256}").text
    assert re.findall(r'name="a\.(\w+)"', page) == ["say_back", "empathy"]
    assert '<a class="text" href="#i-restate">复述确认</a>' in page, "named by the form it was judged by"
    assert f'name="evaluation" value="{now_key}"' in page
