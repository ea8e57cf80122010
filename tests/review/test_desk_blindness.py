"""A second review knows nothing: whoever holds it is shown what was said, and nothing that anybody made of it."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from desk_door import Door, Person
from sqlalchemy import select

from store import tokens
from store.compliance_tables import CaseRow
from store.rounds_tables import SecondLookRow
from store.tokens import Scope

CALL = "KF-20260302-0003"  # fatal, so with a compliance case
REASON = "第一位复核人的理由"


def put_up(door: Door) -> str:
    """A call that qa has reviewed and boss has put up for a second review; its address."""
    sha256, one, boss = door.calls[CALL], door.enter("qa"), door.enter("boss")
    sent = {"evaluation": f"e{sha256[:16]}", "based_on": "0", "action": "submit", "rest": "accept"}
    changed = {"d.greeting": "not_applicable", "r.greeting": REASON}
    assert one.post(f"/calls/{sha256}/review", sent | changed).status_code == 303
    assert boss.post(f"/calls/{sha256}/second").status_code == 303
    return f"/calls/{sha256}"


def look(door: Door) -> SecondLookRow:
    with door.desk.reading() as session:
        return session.scalars(select(SecondLookRow)).one()


def act(door: Door, person: Person, action: str, **more: str) -> int:
    one = look(door)
    sent = {"action": action, "version": str(one.version)}
    return int(person.post(f"/second/{one.id}", sent | more).status_code)


def test_who_holds_a_second_review_is_shown_nothing_of_the_call(door: Door) -> None:
    path, two = put_up(door), door.enter("qa2")
    sha256 = door.calls[CALL]
    with door.desk.writing() as session:
        program = tokens.issue(session, "qa2", "reads", Scope.READ, by="test")
        case = session.scalars(select(CaseRow.number).where(CaseRow.sha256 == sha256)).one()
    assert two.get(path).status_code == 200, "who only might be drawn sees the machine's answers"
    assert sha256 in two.get("/calls").text
    assert act(door, two, "take") == 303

    listed = ("/calls", "/calls?least=0", "/compliance", "/library", "/library/suggestions", "/api/v1/calls?limit=200",
              "/api/v1/search?words=您好&limit=50")  # fmt: skip
    for way in listed:
        answer = two.get(way)
        assert answer.status_code == 200, way
        assert sha256 not in answer.text, way
        assert CALL not in answer.text, way
    assert "二次复核" in two.get("/calls").text
    for way in (path, f"/packs/{sha256}", f"/compliance/{case}", f"/library/add?call={sha256}&begins=1&ends=2"):
        answer = two.get(way)
        assert answer.status_code == 403, way
        assert "您正在对这通电话做二次复核" in answer.text
        assert "doing this call" in two.get(way, Cookie=f"{cookies(two)}; language=en").text
    for way in ("", "/answers", "/review"):
        for headers in ({}, {"Authorization": f"Bearer {program}"}):
            answer = two.get(f"/api/v1{path}{way}", **headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "held_blind"), way
    for post in (f"{path}/show", f"/packs/{sha256}", f"{path}/review"):
        assert two.post(post).status_code == 403, post
    for way in (f"{path}/audio", f"{path}/picture", f"/api/v1{path}/transcript", f"/api/v1{path}/audio"):
        assert two.get(way).status_code == 200, "what was said is theirs to hear"
    assert door.enter("qa").get(path).status_code == 200, "nobody else is kept out"

    form = two.get(f"/second/{look(door).id}").text
    answers = {f"d.{item}": "met" for item in re.findall(r'name="d\.([a-z_]+)"', form)}
    assert act(door, two, "submit", based_on="0", **answers) == 303
    assert REASON in two.get(path).text, "now all is open"
    assert two.get(f"/api/v1{path}/answers").status_code == 200


def cookies(person: Person) -> str:
    return "; ".join(f"{name}={value}" for name, value in person.client.cookies.items())


def test_given_back_the_call_is_open_again(door: Door) -> None:
    path, two = put_up(door), door.enter("qa2")
    assert act(door, two, "take") == 303
    assert two.get(path).status_code == 403
    assert act(door, two, "release") == 303
    assert two.get(path).status_code == 200
    assert REASON not in two.get(path).text


def test_who_exports_the_pack_can_no_longer_be_the_second_reviewer(door: Door) -> None:
    path, two = put_up(door), door.enter("qa2")
    pack = f"/packs/{door.calls[CALL]}"
    assert "不能再担任" in two.get(pack).text
    assert act(door, two, "take") == 303
    assert act(door, two, "release") == 303, "to have seen the form is not to have exported"
    made = two.post(pack)
    assert made.status_code == 200
    with zipfile.ZipFile(io.BytesIO(made.content)) as files:
        trail = json.loads(files.read(next(name for name in files.namelist() if name.endswith("trail.json"))))
    assert REASON in json.dumps(trail, ensure_ascii=False), "the pack is whole"
    assert act(door, two, "take") == 403
    assert REASON in two.get(path).text
    assert "不能再担任" not in two.get(pack).text


def test_a_pack_made_before_the_draw_counts_too(door: Door) -> None:
    sha256, one, two, boss = door.calls[CALL], door.enter("qa"), door.enter("qa2"), door.enter("boss")
    sent = {"evaluation": f"e{sha256[:16]}", "based_on": "0", "action": "submit", "rest": "accept"}
    assert one.post(f"/calls/{sha256}/review", sent).status_code == 303
    assert two.post(f"/packs/{sha256}").status_code == 200
    assert boss.post(f"/calls/{sha256}/second").status_code == 303
    assert act(door, two, "take") == 403


@pytest.mark.parametrize("way", ["case", "token", "overtaken"])
@pytest.mark.parametrize("early", [True, False])
def test_other_ways_to_the_first_review(door: Door, way: str, early: bool) -> None:
    """Read before the call was put up, they make ineligible; while it waits for a second reviewer they are shut."""
    sha256, one, boss, two = door.calls[CALL], door.enter("qa"), door.enter("boss"), door.enter("qa2")
    sent = {"evaluation": f"e{sha256[:16]}", "based_on": "0", "action": "submit", "rest": "accept"}
    changed = {"d.prohibited_language": "missed", "r.prohibited_language": REASON}
    assert one.post(f"/calls/{sha256}/review", sent | changed).status_code == 303
    with door.desk.writing() as session:
        program = tokens.issue(session, "qa2", "reads", Scope.READ, by="test")
        case = session.scalars(select(CaseRow.number).where(CaseRow.sha256 == sha256)).one()

    def read() -> str:
        if way == "case":
            return str(two.get(f"/compliance/{case}").text)
        if way == "token":
            return str(two.get(f"/api/v1/calls/{sha256}/review", Authorization=f"Bearer {program}").text)
        return str(two.post(f"/calls/{sha256}/review", sent).text)

    if early:
        assert REASON in read()
    assert boss.post(f"/calls/{sha256}/second").status_code == 303
    if not early:
        assert REASON not in read()
    assert act(door, two, "take") == (403 if early else 303)
