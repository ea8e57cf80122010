"""What the queue and the dashboards say of their figures: whose score, where words were said, what was not read."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from desk_door import Door, Person
from made_calls import CALLS, made_call
from made_ledger import keep, with_words

from review.desk.said import marked, pattern, places
from scoring.call import Call, Role, Turn
from scoring.rubric_file import load_rubric

CALL = "KF-20260302-0007"


def review(door: Door, person: Person, **more: str) -> int:
    sent = {"evaluation": f"e{door.calls[CALL][:16]}", "based_on": "0", "action": "submit", "rest": "accept"}
    return int(person.post(f"/calls/{door.calls[CALL]}/review", sent | more).status_code)


def row(person: Person, sha256: str, query: str = "") -> str:
    """A call's row of the queue."""
    found = re.search(rf"<li[^>]*>(?:(?!</li>).)*/calls/{sha256}.*?</li>", person.get(f"/calls{query}").text, re.S)
    assert found
    return found[0]


def test_the_persons_score_stands_beside_the_machines(door: Door) -> None:
    sha256, qa, agent = door.calls[CALL], door.enter("qa"), door.enter("liwen")
    machine = re.search(r'class="score[^"]*">([\d.]+)<', row(qa, sha256))
    assert machine
    assert "机器评分" in qa.get("/calls").text
    assert 'class="person"' not in row(qa, sha256)
    assert review(door, qa) == 303
    first = re.search(r'class="person">人工 <b>([\d.]+)<', row(qa, sha256))
    assert first

    against = re.findall(r'name="against" value="(\d+)"', agent.get(f"/calls/{sha256}").text)[0]
    sent = {"evaluation": f"e{sha256[:16]}", "against": against, "a.restate": "yes", "r.restate": "我复述了"}
    assert agent.post(f"/calls/{sha256}/appeal", sent).status_code == 303
    ruling = {"version": "1", "based_on": "1", "action": "rule", "d.restate": "met", "r.restate": "确有复述"}
    assert door.enter("leader").post("/appeals/1", ruling).status_code == 303
    for who in (qa, agent, door.enter("leader")):
        last = re.search(r'class="person">人工 <b>([\d.]+)</b> <span class="quiet">申诉后<', row(who, sha256))
        assert last, "final after appeal"
        assert float(last[1]) > float(first[1])
        assert f">{machine[1]}<" in row(who, sha256), "the machine's is shown as it was"
        page = who.get(f"/calls/{sha256}").text
        assert machine[1] in page
        assert last[1] in page


def test_who_could_be_the_second_reviewer_is_not_told_the_score(door: Door) -> None:
    sha256, qa, boss = door.calls[CALL], door.enter("qa"), door.enter("boss")
    assert review(door, qa) == 303
    assert boss.post(f"/calls/{sha256}/second").status_code == 303
    assert 'class="person"' not in row(door.enter("qa2"), sha256)
    for who in (qa, boss, door.enter("leader")):
        assert 'class="person"' in row(who, sha256)


@pytest.mark.parametrize("room", ["", "/items", "/people", "/mix", "/kpi"])
def test_dashboards_say_that_they_count_machine_scores(door: Door, room: str) -> None:
    qa = door.enter("qa")
    assert review(door, qa) == 303
    page = qa.get(f"/dashboards{room}").text
    said = re.search(r'<p class="notice machine-counted">(.*?)</p>', page)
    assert said
    assert re.search(r"机器评分.*本期 1[0-9] 通中，1 通经人工复核", said[1])
    assert 'href="/agreement"' in said[1]
    assert "the machine's scores" in html.unescape(qa.get(f"/dashboards{room}", **{"Accept-Language": "en"}).text)
    if room != "/people":
        assert 'href="/agreement"' not in door.enter("liwen").get(f"/dashboards{room}").text, "not an agent's room"


def said(door: Door, *texts: str) -> str:
    call: Call = made_call(CALLS[2], 50)
    more = [Turn(Role.CUSTOMER, call.duration + 4 * n, call.duration + 4 * n + 3, t, 0.9) for n, t in enumerate(texts)]
    longer = with_words(replace(call, id="X-1", turns=(*call.turns, *more), duration=call.duration + 4 * len(texts)))
    run = door.desk.ledger.begin_run("h", {}, {})
    sha256 = keep(door.desk, run, longer, load_rubric("service"), door.folder)
    door.desk.catch_up()
    return sha256


def test_a_search_shows_where_it_was_said(door: Door) -> None:
    hostile = "<img src=x>\u202e 我的ＷｉＦｉ 套餐要退订 13800138000 还要<b>发票</b>"
    sha256, qa = said(door, "先说一句别的", hostile, "再说一次套餐"), door.enter("qa")
    turn = len(made_call(CALLS[2], 50).turns) + 1
    for words, expected in (
        ("套餐", "套餐"),
        ("wifi套餐", "ＷｉＦｉ 套餐"),
        ("发票 退订", "退订"),
        ("WIFI", "ＷｉＦｉ"),
    ):
        shown = row(qa, sha256, f"?words={words}")
        hit = re.search(r'<a class="hit" href="([^"]*)">(.*?)</a>', shown, re.S)
        assert hit, words
        assert html.unescape(hit[1]).split("#") == [html.unescape(hit[1]).split("#")[0], f"t{turn}"]
        assert f"<mark>{expected}</mark>" in hit[2], words
        assert "客户" in hit[2]
        assert re.match(r"\d\d:\d\d ", hit[2])
        assert "<img" not in hit[2]
        assert "\u202e" not in hit[2]
        assert "13800138000" not in hit[2]
        assert "•" in hit[2]
        page = qa.get(html.unescape(hit[1]).split("#")[0]).text
        spoken = re.search(rf'<li id="t{turn}".*?</li>', page, re.S)
        assert spoken
        marks = "".join(re.findall("<mark>(.*?)</mark>", spoken[0]))
        assert expected in marks, "marked in the transcript, over the edges of its words"
        assert "<img" not in spoken[0]
    assert 'class="hit"' not in qa.get("/calls").text
    assert "<mark>" not in qa.get(f"/calls/{sha256}").text
    assert 'class="hit"' not in qa.get("/calls?words=13800138000").text, "a number that is masked is not looked for"
    assert "<mark>refund</mark>" in qa.get("/calls?words=REFUND").text


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("宽带", "我的宽带，宽 带", ["宽带"]),
        ("refund", "Refund, refunds, prerefund 要refund吧", ["Refund", "refund"]),
        ("5G套餐", "办 5G 套餐", ["5G 套餐"]),
        ("fi", "ﬁ 与 fi", ["ﬁ", "fi"]),
        ("a.b (c", "a.b (c", ["a.b", "c"]),
        ("!? \u202e", "任何话", []),
    ],
)
def test_places_of_words(words: str, text: str, found: list[str]) -> None:
    spans = places(text, pattern(words))
    assert [text[first:last] for first, last in spans] == found
    assert str(marked(text, spans)).count("<mark>") == len(found)


@pytest.mark.parametrize(
    ("query", "label"),
    [("since=tomorrow", "从"), ("least=gut", "最低分"), ("unjudged=x", "机器未判"), ("order=best", "排序"),
     ("review=done", "复核"), ("drawn=perhaps", "抽检"), ("draw=-1", "抽检批次"), ("scenario=none", "场景"),
     ("until=2026-13-01", "到")],
)  # fmt: skip
def test_a_filter_that_was_not_understood_is_named(door: Door, query: str, label: str) -> None:
    page = door.enter("qa").get(f"/calls?{query}").text
    told = re.search(r'role="status">有筛选条件没有看懂，请更正：(.*?)</p>', page)
    assert told
    assert label in told[1]
    assert query.split("=")[1] in told[1]


def test_filters_that_make_sense_are_not_complained_of(door: Door) -> None:
    qa = door.enter("qa")
    good = ("", "since=2026-03-02&until=2026-03-02", "least=0&most=99.5", "order=newest", "review=draft&drawn=any",
            "flag=any&missed=restate", "unjudged=10&draw=1", "scenario=repair", "since=&order=",
            "words=%21")  # fmt: skip
    for query in good:
        assert "没有看懂" not in qa.get(f"/calls?{query}").text, query
    assert "没有看懂" in qa.get("/calls?after=nowhere").text
