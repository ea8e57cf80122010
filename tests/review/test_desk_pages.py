"""The desk's pages: harmless whatever was said, masked until shown, in the queue's order, in both languages."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from desk_door import Door, Person
from made_calls import CALLS, made_call
from made_ledger import keep, with_words

from scoring.call import Call, Role, Turn, Word
from scoring.rubric_file import load_rubric

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' --></style>{{7*7}}=cmd()"
HOSTILE = MARKUP + "\u202egnp.exe\u2066\x00\x1b[31m"
PHONE, CARD, SPOKEN = "13800138000", "6222 0212 3456 7890", "一三八零零一三八零零零"


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def add(door: Door, call: Call, key: str = "") -> str:
    run = door.desk.ledger.begin_run("h", {}, {})
    sha256 = keep(door.desk, run, call, load_rubric("service"), door.folder, key=key)
    door.desk.catch_up()
    return sha256


def saying(text: str, id: str = "X-1", **known: Any) -> Call:
    """The third made-up call in which the customer says this too."""
    call = made_call(CALLS[2], 50)
    turn = Turn(Role.CUSTOMER, call.duration, call.duration + 3, text, 0.9)
    return replace(
        with_words(replace(call, turns=(*call.turns, turn), duration=call.duration + 4)),
        id=id, metadata=replace(call.metadata, **known),
    )  # fmt: skip


def said_in(page: str) -> str:
    """A page's text; words are elements of their own."""
    return re.sub("<[^>]+>", "", page)


def test_flagged_come_first_then_the_lowest(door: Door) -> None:
    page = door.enter("qa").get("/calls").text
    order = [page.index(call) for call in ("KF-20260302-0003", "KF-20260302-0008", "EN-0302-015", "KF-20260302-0005",
                                           "KF-20260302-0012", "KF-20260302-0001")]  # fmt: skip
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=冰箱", {"KF-20260302-0002"}),
        ("words=门", {"KF-20260302-0002", "KF-20260302-0004", "KF-20260302-0007", "KF-20260302-0012"}),
        ("words=门体歪斜 登记", {"KF-20260302-0002"}),
        ("words=REFUND", {"EN-0302-015"}),
        ("words=您好对吗", set()),
        ('words=") OR 1=1 *', None),
        ("flag=high", {"KF-20260302-0003", "KF-20260302-0008"}),
        ("flag=fatal", {"KF-20260302-0003", "KF-20260302-0008"}),
        ("flag=overpromise", {"KF-20260302-0005"}),
        ("missed=privacy_disclosure", {"KF-20260302-0008"}),
        ("team=二组&most=60&least=1", {"KF-20260302-0004", "KF-20260302-0012"}),
        ("scenario=repair&agent=0812 李雯", {"KF-20260302-0007", "KF-20260302-0011"}),
        ("since=2026-03-03", set()),
        ('words="*', None),
        ("review=submitted", set()),
    ],
)
def test_filters_and_search(reader: Person, query: str, found: set[str] | None) -> None:
    rows = reader.get(f"/api/v1/calls?{query}").json()
    ids = {row["call_id"] for row in rows["calls"]}
    if found is None:
        assert rows["total"] in (0, 16)
    elif query == "words=门":
        assert "KF-20260302-0002" in ids
        assert "KF-20260302-0001" not in ids
    else:
        assert ids == found


def test_pages_hold_every_call_once(door: Door) -> None:
    person, seen, after = door.enter("qa"), [], ""
    while after is not None:
        rows = person.get(f"/api/v1/calls?limit=3&after={after}").json()
        seen += [row["call_id"] for row in rows["calls"]]
        after = rows["next"]
    assert len(seen) == len(set(seen)) == 16
    assert seen == [row["call_id"] for row in person.get("/api/v1/calls?limit=200").json()["calls"]]


def test_a_new_evaluation_takes_the_calls_place(door: Door) -> None:
    call, person = saying("你好"), door.enter("qa")
    sha256 = add(door, call)
    again = replace(call, metadata=replace(call.metadata, team="新组"))
    assert add(door, again, key="later") == sha256
    rows = [row for row in person.get("/api/v1/calls?limit=200").json()["calls"] if row["call_id"] == "X-1"]
    assert [row["team"] for row in rows] == ["新组"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_text_stays_text(door: Door, language: str) -> None:
    call = saying(HOSTILE, id="Y" + HOSTILE, agent="A" + HOSTILE, agent_name=HOSTILE, team=HOSTILE, ticket_id=HOSTILE)
    call = replace(call, turns=tuple(replace(t, text=t.text + HOSTILE, words=()) for t in call.turns))
    person, sha256 = door.enter("qa"), add(door, call)
    person.client.cookies.set("language", language)
    review = {"comment": HOSTILE, "rest": "accept", "action": "draft", "evaluation": f"e{sha256[:16]}", "based_on": "0",
              "d.greeting": "not_applicable", "r.greeting": HOSTILE}  # fmt: skip
    assert person.post(f"/calls/{sha256}/review", review).status_code == 303
    pages = [
        person.get(p) for p in ("/calls", f"/calls?words={html.escape(MARKUP)}&team={HOSTILE[:20]}", f"/calls/{sha256}")
    ]
    pages.append(person.post(f"/calls/{sha256}/show"))
    for page in pages:
        assert page.status_code == 200
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]", page.text)
        tags = Tags(page.text).found
        assert not {"img", "iframe", "object", "base", "style"} & {tag for tag, _ in tags}
        assert not [n for _, attributes in tags for n in attributes if n.startswith("on") or n == "style"]
        assert all((a.get("src") or "").startswith("/static/") for tag, a in tags if tag == "script")
        for _, attributes in tags:
            assert (attributes.get("href") or "#").startswith(("/", "#", "?"))
    assert html.escape("<script>alert(1)</script>") in pages[2].text


def test_personal_data_is_masked_until_it_is_shown(door: Door) -> None:
    said = f"我的手机{PHONE}，卡号{CARD}，或者{SPOKEN}，邮箱li.wen@example.com，订单2024号"
    sha256 = add(door, saying(said, id=f"rec-{PHONE}", customer_phone=PHONE))
    secrets = (PHONE, CARD, SPOKEN, "li.wen@example.com")
    person = door.enter("qa")
    for path in ("/calls", f"/calls/{sha256}", f"/api/v1/calls/{sha256}", "/api/v1/calls", f"/calls?words={PHONE}"):
        text = said_in(person.get(path).text)
        if "words=" in path:  # what the person typed is theirs; no call is found by it
            assert "没有符合条件的通话" in text
            continue
        assert not [secret for secret in secrets if secret in text], path
    assert "订单2024号" in said_in(person.get(f"/calls/{sha256}").text)
    assert not person.get(f"/api/v1/calls?words={PHONE}").json()["calls"], "a search is no way round the mask"
    shown = said_in(person.post(f"/calls/{sha256}/show").text)
    for secret in secrets:
        assert secret in shown
    assert door.enter("trainer").post(f"/calls/{sha256}/show").status_code == 403


def test_doubtful_words_are_marked(door: Door) -> None:
    page = door.enter("qa").get(f"/calls/{door.calls['KF-20260302-0006']}").text
    assert page.count('class="w doubtful"') > 3
    assert "识别不确定 0.44" in page


def test_words_of_another_text_are_not_shown(door: Door) -> None:
    call = saying("现在的话")
    call = replace(call, turns=(*call.turns[:-1], replace(call.turns[-1], words=(Word(1, 2, "从前", 0.9),))))
    page = door.enter("qa").get(f"/calls/{add(door, call)}").text
    assert "现在的话" in page
    assert "从前" not in page


def test_a_page_in_english(door: Door) -> None:
    person = door.enter("qa")
    assert person.get("/look?language=en&back=/calls").headers["location"] == "/calls"
    page = person.get("/calls").text
    assert 'lang="en"' in page
    assert "To review" in page
    assert "待复核" not in page
    assert 'data-theme="dark"' in (person.get("/look?theme=dark"), person.get("/calls"))[1].text


def test_what_is_not_there(door: Door) -> None:
    person = door.enter("qa")
    for path in ("/calls/none", "/calls/" + "0" * 64, "/nothing", "/static/../desk/app.py", "/calls/none/audio"):
        assert person.get(path).status_code == 404
    assert person.get("/api/v1/calls/none").json()["code"] == "not_found"
    assert person.get("/calls?since=nonsense&least=high").status_code == 200
    assert person.get("/api/v1/calls?since=nonsense").status_code == 422
    assert person.get("/api/v1/calls?limit=0").status_code == 422
    assert set(person.get("/api/v1/openapi.json").json()["paths"]) >= {"/api/v1/calls", "/api/v1/calls/{sha256}/review"}


def test_a_call_without_its_recording(door: Door) -> None:
    person, sha256 = door.enter("qa"), door.calls["KF-20260302-0003"]
    (door.folder / f"{sha256[:12]}.wav").unlink()
    page = person.get(f"/calls/{sha256}").text
    assert "录音不在原来的位置" in page
    assert "<audio" not in page
    assert "data-seconds" in page
    assert person.get(f"/calls/{sha256}/audio").status_code == 404


def test_another_recording_in_its_place_is_not_played(door: Door) -> None:
    person, sha256 = door.enter("qa"), door.calls["KF-20260302-0003"]
    other = Path(door.folder / f"{door.calls['KF-20260302-0001'][:12]}.wav").read_bytes()
    (door.folder / f"{sha256[:12]}.wav").write_bytes(other)
    assert person.get(f"/calls/{sha256}/audio").json() == {"trouble": "recording_changed"}
    assert person.get(f"/calls/{sha256}/picture").status_code == 404


def test_sound_comes_in_ranges(door: Door) -> None:
    person, sha256 = door.enter("qa"), door.calls["KF-20260302-0003"]
    whole = person.get(f"/calls/{sha256}/audio")
    part = person.get(f"/calls/{sha256}/audio", Range="bytes=100-199")
    assert (whole.status_code, part.status_code, whole.headers["content-type"]) == (200, 206, "audio/wav")
    assert part.content == whole.content[100:200]
    assert person.get(f"/calls/{sha256}/audio", Range="bytes=99999999-").status_code == 416
    picture = person.get(f"/calls/{sha256}/picture").json()
    assert [lane["role"] for lane in picture["lanes"]] == ["agent", "customer"]
    agent = picture["lanes"][0]["peaks"]
    turns = person.get(f"/api/v1/calls/{sha256}").json()["record"]["turns"]
    for turn in turns:
        middle = agent[int((turn["start"] + turn["end"]) / 2 / picture["seconds"] * len(agent))]
        if turn["role"] == "agent":
            assert middle > 0.05


@pytest.mark.parametrize(
    "value", ["%00", "%ff%fe", "'", '"', "%", "*", "-1", "nan", "1e999", "9" * 400, "😀", "0_nan_a", "0_1.0_%00"]
)
def test_odd_addresses_are_no_trouble(reader: Person, value: str) -> None:
    for name in ("words", "since", "team", "least", "missed", "flag", "after"):
        assert reader.get(f"/api/v1/calls?{name}={value}").status_code in (200, 422), name
    everything = "&".join(
        f"{name}={value}" for name in ("words", "until", "agent", "most", "review", "scenario", "form")
    )
    for path in ("/calls", "/agreement"):
        assert reader.get(f"{path}?{everything}").status_code == 200
    assert reader.get(f"/calls/{value}").status_code == 404
    assert reader.get(f"/look?language={value}&theme={value}&back={value}").status_code == 303
