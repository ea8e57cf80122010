"""Further looks at a review: blind second ones, calibration sessions, appeals; and what they do to agreement."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from desk_door import Door, Person
from sqlalchemy import select

from scoring.evaluation import Status
from store import audit, reviews, second
from store.appeals import Terms
from store.desk_tables import AuditRow
from store.rounds_tables import AppealRow, SecondLookRow

CALL = "KF-20260302-0007"  # 李雯, 一组: restate missed, empathy partly met
OTHER = "KF-20260302-0006"
FOREIGN = "KF-20260302-0003"  # 二组


def key(door: Door, call: str = CALL) -> str:
    return f"e{door.calls[call][:16]}"


def review(door: Door, person: Person, call: str = CALL, **more: str) -> Any:
    sent = {"evaluation": key(door, call), "based_on": "0", "action": "submit", "rest": "accept"}
    return person.post(f"/calls/{door.calls[call]}/review", sent | more)


def hidden(page: str, name: str) -> str:
    found = re.findall(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[0]


def items(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'name="d\.([a-z_]+)"', page)))


def waiting(person: Person) -> int:
    found = re.search(r'class="count">(\d+)<', person.get("/tasks").text)
    return int(found[1]) if found else 0


def test_a_second_review_knows_nothing_of_the_first(door: Door) -> None:
    one, two, boss = door.enter("qa"), door.enter("qa2"), door.enter("boss")
    assert boss.post("/second/rule", {"share": "100", "version": "0"}).status_code == 303
    assert two.post("/second/rule", {"share": "0", "version": "0"}).status_code == 403, "made meanwhile by another"
    assert door.enter("trainer").post("/second/rule", {"share": "0", "version": "1"}).status_code == 403
    assert review(door, one, **{"d.restate": "met", "r.restate": "一分十秒复述了"}).status_code == 303
    with door.desk.reading() as session:
        look = session.scalars(select(SecondLookRow)).one()
        drawn = session.scalars(select(AuditRow.details).where(AuditRow.action == "second.draw")).one()
    assert look.drawn is not None
    assert '"taken": true' in drawn
    assert str(look.drawn) in drawn

    path, there = f"/calls/{door.calls[CALL]}", f"/second/{look.id}"
    for way in (path, there, "/tasks", f"/api/v1{path}", f"/api/v1{path}/review"):
        text = two.get(way).text
        assert "王质检" not in text, way
        assert "一分十秒复述了" not in text, way
    assert two.get(f"/api/v1{path}/review").json()["review"] is None
    assert review(door, two, based_on="1").status_code == 403, "and cannot write over what they may not see"
    body = {"evaluation": key(door), "based_on": 1, "state": "draft", "decisions": []}
    put = two.client.put(f"/api/v1{path}/review", json=body, headers={"X-CSRF-Token": two.csrf})
    assert put.status_code == 403
    assert "一分十秒复述了" in one.get(path).text, "its author sees it"
    assert [waiting(person) for person in (one, two, boss)] == [0, 1, 1]

    assert boss.post(f"{path}/unblind").status_code == 303
    assert "一分十秒复述了" in boss.get(path).text
    assert boss.post(there, {"action": "take", "version": "1"}).status_code == 403, "has seen it now"
    assert one.post(there, {"action": "take", "version": "1"}).status_code == 403, "made it"
    assert door.enter("officer").get(there).status_code == 403
    assert two.post(there, {"action": "take", "version": "7"}).status_code == 403, "not the version on the screen"
    assert two.post(there, {"action": "take", "version": "1"}).status_code == 303
    form = two.get(there).text
    assert "王质检" not in form
    record = next(door.desk.ledger.records([key(door)]))
    for answer in record["answers"]:
        assert answer["why"] not in form, "the machine's reasons are not shown either"
    assert "checked" not in form
    answers = {f"d.{item}": "met" for item in items(form)} | {"d.empathy": "missed", "r.empathy": "没有致歉"}
    sent = {"version": hidden(form, "version"), "based_on": "0", "action": "submit", "comment": "独立评"}
    some = two.post(there, sent | {"d.greeting": "met"})
    assert (some.status_code, "独立评" in some.text) == (422, True)
    assert two.post(there, sent | answers | {"action": "draft"}).status_code == 303
    late = two.post(there, sent | answers)
    assert (late.status_code, "独立评" in late.text) == (409, True), "a draft was kept in another window"
    version = hidden(two.get(there).text, "version")
    assert two.post(there, sent | answers | {"version": version, "based_on": "1"}).status_code == 303

    page = two.get(there).text
    for name in ("王质检", "孙质检", "一分十秒复述了", "没有致歉"):
        assert name in page
    assert page.count('class="apart"') == page.count(">不同<") > 0
    assert two.post(there, sent | answers | {"version": "4", "based_on": "2"}).status_code == 403
    assert "一分十秒复述了" in two.get(path).text
    with door.desk.reading() as session:
        assert reviews.newest_version(session, key(door)) == 1, "the first review is as it was"
        assert audit.verify(session).broken is None
    row = re.search(r'<th scope="row">\S*复述.*?</tr>', one.get("/agreement").text, re.S)
    assert row
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[0])
    assert cells[:2] == ["1", "0%"], "machine and first review"
    assert cells[5:7] == ["1", "0%"], "machine and blind"
    assert cells[7:9] == ["1", "100%"], "first and second reviewer"


def test_the_draw_is_a_fair_lot_and_can_be_repeated(door: Door) -> None:
    lots = [second.lot("seed", f"e{number}") for number in range(4000)]
    assert sum(lot < 0.1 for lot in lots) == pytest.approx(400, abs=60)  # 3 standard deviations
    assert second.lot("seed", "e7") == lots[7] != second.lot("other", "e7")
    boss = door.enter("boss")
    review(door, boss)
    assert boss.post(f"/calls/{door.calls[OTHER]}/second").status_code == 403, "has no review"
    assert boss.post(f"/calls/{door.calls[CALL]}/second").status_code == 303
    assert boss.post(f"/calls/{door.calls[CALL]}/second").status_code == 403, "once"
    assert [waiting(boss), waiting(door.enter("qa"))] == [0, 1]
    for wrong in ("-1", "101", "nan", "many"):
        assert boss.post("/second/rule", {"share": wrong, "version": "0"}).status_code == 403
    for nowhere in (
        "/second/99",
        "/second/x",
        "/second/99999999999999999999",
        "/calibrations/9",
        "/calibrations/1/calls/x",
    ):
        assert boss.get(nowhere).status_code == 404


def test_an_appeal_goes_its_way(door: Door) -> None:
    qa, agent, leader = door.enter("qa"), door.enter("liwen"), door.enter("leader")
    path = f"/calls/{door.calls[CALL]}"
    assert review(door, qa, **{"d.restate": "accept", "d.empathy": "accept"}).status_code == 303
    before = re.search(r">([\d.]+)</span> <span class=\"quiet\"><bdi>王质检", agent.get(path).text)
    assert before
    page = agent.get(path).text
    assert re.findall(r'name="a\.(\w+)"', page) == ["restate", "empathy"], "what cost points, nothing else"
    sent = {"evaluation": key(door), "against": hidden(page, "against"), "a.restate": "yes", "a.empathy": "yes"}
    reasons = {"r.restate": "1:10 我复述了 13800138000", "r.empathy": "已致歉"}
    assert "请写明理由" in agent.post(f"{path}/appeal", sent | {"r.restate": "有"}).text
    assert agent.post(f"{path}/appeal", sent | reasons | {"a.greeting": "yes", "r.greeting": "x"}).status_code == 409
    assert agent.post(f"{path}/appeal", sent | reasons | {"against": "0"}).status_code == 409, "reviewed meanwhile"
    assert door.enter("zhaoqiang").post(f"{path}/appeal", sent | reasons).status_code == 404
    assert agent.post(f"{path}/appeal", sent | reasons).status_code == 303
    assert agent.post(f"{path}/appeal", sent | reasons).status_code == 409, "once"
    with door.desk.reading() as session:
        number = session.scalars(select(AppealRow.id)).one()
    assert [waiting(person) for person in (agent, leader, qa)] == [0, 1, 0]
    page = leader.get(path).text
    assert "1:10 我复述了" in page
    assert "13800138000" not in page, "masked"
    assert "裁定期限" in page

    there = f"/appeals/{number}"
    ruling = {"version": "1", "based_on": "1", "action": "rule", "d.restate": "met", "d.empathy": "partly_met"}
    why = {"r.restate": "确有复述", "r.empathy": "致歉太晚"}
    for nobody in (qa, agent, door.enter("trainer"), door.enter("boss")):
        assert nobody.post(there, ruling | why).status_code == 403
    assert leader.post(there, ruling | why | {"r.empathy": ""}).status_code == 422
    assert leader.post(there, ruling | why | {"d.empathy": "nonsense"}).status_code == 422
    review(door, qa, based_on="1", **{"d.restate": "accept", "d.empathy": "accept"})
    late = leader.post(there, ruling | why)
    assert (late.status_code, "确有复述" in late.text) == (409, True), "the review changed under the leader's eyes"
    assert agreed(qa)["复述确认"] == ("1", "100%")
    assert leader.post(there, ruling | why | {"based_on": "2"}).status_code == 303
    assert leader.post(there, ruling | why | {"based_on": "3"}).status_code == 403, "decided"
    with door.desk.reading() as session:
        made = reviews.submitted(session, key(door))
    assert made
    assert (made.version, made.origin, made.reviewer) == (3, f"appeal:{number}", "leader")
    assert made.of("restate") == reviews.Decision("restate", Status.MISSED, Status.MET, True, "确有复述")
    assert made.score is not None
    assert made.score > float(before[1])
    assert agreed(qa)["复述确认"] == ("1", "0%"), "agreement follows"

    assert waiting(agent) == 1
    assert agent.post(there, {"version": "2", "action": "escalate"}).status_code == 422
    assert agent.post(there, {"version": "1", "action": "escalate", "comment": "不服"}).status_code == 409
    assert agent.post(there, {"version": "2", "action": "escalate", "comment": "开头就致歉了"}).status_code == 303
    judge = door.enter("qa2")
    final = {"version": "3", "based_on": "3", "action": "rule", "d.restate": "met", "d.empathy": "met"}
    assert [waiting(person) for person in (qa, judge)] == [0, 1], "nobody judges a review of their own"
    assert qa.post(there, final | why).status_code == 403
    assert judge.post(there, final | why | {"version": "2"}).status_code == 409
    assert judge.post(there, final | why | {"r.empathy": "同意坐席"}).status_code == 303
    page = agent.get(path).text
    for said in (
        "提出申诉",
        "班组长裁定",
        "提请终审",
        "终审",
        "致歉太晚",
        "开头就致歉了",
        "同意坐席",
        "刘班长",
        "孙质检",
        "已办结",
    ):
        assert said in page, said
    assert f"申诉 #{number} 改判" in page
    assert not re.findall(r'name="a\.(\w+)"', page), "each item once"
    with door.desk.reading() as session:
        actions = set(session.scalars(select(AuditRow.action).where(AuditRow.action.startswith("appeal."))))
        assert audit.verify(session).broken is None
    assert actions == {"appeal.file", "appeal.decided", "appeal.escalate", "appeal.judged"}


def agreed(person: Person) -> dict[str, tuple[str, str]]:
    rows = re.findall(
        r'<th scope="row">(\S+).*?</th>\s*<td class="num">(\d+)</td>\s*<td class="num">(\S+)</td>',
        person.get("/agreement").text,
        re.S,
    )
    return {name: (n, share) for name, n, share in rows}


def test_deadlines_of_appeals(door: Door) -> None:
    agent, path = door.enter("liwen"), f"/calls/{door.calls[CALL]}"
    state = agent.client.app.state
    sent = {"evaluation": key(door), "against": "0", "a.restate": "yes", "r.restate": "有"}
    state.options = replace(state.options, terms=Terms(appeal=timedelta(0)))
    assert "申诉期已过" in agent.get(path).text
    assert agent.post(f"{path}/appeal", sent).status_code == 409
    state.options = replace(state.options, terms=Terms(decide=timedelta(0)))
    assert agent.post(f"{path}/appeal", sent).status_code == 303, "against the machine, as nobody has reviewed it"
    assert "已超时" in door.enter("leader").get("/tasks").text
    escalated = agent.post("/appeals/1", {"version": "1", "action": "escalate", "comment": "无人裁定"})
    assert escalated.status_code == 303, "a leader who is silent does not end it"
    final = {"version": "2", "based_on": "0", "action": "rule", "d.restate": "met", "r.restate": "听到了"}
    assert door.enter("qa").post("/appeals/1", final).status_code == 303
    with door.desk.reading() as session:
        made = reviews.submitted(session, key(door))
    assert made
    assert [d.item for d in made.decisions if d.looked] == ["restate"], "the rest is the machine's, accepted"
    foreign = {"evaluation": key(door, FOREIGN), "against": "0", "a.greeting": "yes", "r.greeting": "有"}
    other = door.enter("zhaoqiang")
    assert other.post(f"/calls/{door.calls[FOREIGN]}/appeal", foreign).status_code == 303
    with door.desk.reading() as session:
        assert session.get_one(AppealRow, 2).state == "escalated", "nobody leads 二组: straight to inspection"


def test_a_calibration_session(door: Door) -> None:
    boss, expert, trainer = door.enter("boss"), door.enter("qa"), door.enter("trainer")
    review(door, boss, OTHER, **{"d.restate": "not_applicable", "r.restate": "之前的复核理由"})
    asked = {"name": "三月校准", "calls": f"{CALL}\n{OTHER}", "expert": "qa", "people": "trainer"}
    for wrong, said in (
        ({"people": "leader", "calls": FOREIGN}, "无权查看"), ({"calls": "KF-1"}, "没有这通电话"),
        ({"expert": ""}, "指定专家"), ({"people": "liwen"}, "不能参加"), ({"people": "qa"}, "至少要有一位"),
        ({"name": " "}, "填写名称"),
    ):  # fmt: skip
        answer = boss.post("/calibrations", asked | wrong)
        assert (answer.status_code, said in answer.text) == (422, True), said
    assert trainer.post("/calibrations", asked).status_code == 403
    assert boss.post("/calibrations", asked).headers["location"] == "/calibrations/1"
    assert door.enter("officer").get("/calibrations/1").status_code == 404, "no part of it"
    assert [waiting(person) for person in (expert, trainer, boss)] == [2, 2, 0]
    assert "之前的复核理由" not in expert.get(f"/calls/{door.calls[OTHER]}").text, "hidden until answered"

    def answer(person: Person, place: int, **changed: str) -> Any:
        there = f"/calibrations/1/calls/{place}"
        form = person.get(there).text
        assert "何培训" not in form.replace("何培训</bdi> <span", ""), "but for the name of who is logged in"
        given = {f"d.{item}": "met" for item in items(form)} | {f"d.{item}": to for item, to in changed.items()}
        return person.post(
            there, {"based_on": "0", "version": "0", "action": "submit", "r.restate": "我的理由"} | given
        )

    assert answer(expert, 1, restate="missed", empathy="partly_met").headers["location"] == "/calibrations/1/calls/2"
    assert "与专家对照" not in expert.get("/calibrations/1").text
    assert answer(expert, 2, restate="missed").headers["location"] == "/calibrations/1"
    assert "之前的复核理由" in expert.get(f"/calls/{door.calls[OTHER]}").text
    assert expert.post("/calibrations/1/calls/2", {"based_on": "1", "action": "submit"}).status_code == 403, "it stands"
    assert "我的理由" not in trainer.get("/calibrations/1").text, "still blind"
    assert answer(trainer, 1, restate="missed").status_code == 303
    assert trainer.post("/calibrations/1/close").status_code == 403
    assert boss.post("/calibrations/1/close").status_code == 303
    assert boss.post("/calibrations/1/close").status_code == 403
    assert answer_late(trainer) == 403
    page = trainer.get("/calibrations/1").text
    cells = {
        name.split(" ")[0]: re.findall(r"(\d+/\d+)", row)
        for name, row in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page.split("逐通对照")[0])
    }
    assert cells["复述确认"] == ["1/1", "1/2"], "trainer beside the expert on one call, the machine on both"
    assert next(found for name, found in cells.items() if "共情" in name)[0] == "0/1"
    assert page.count("我的理由") == 3
    numbers = agreed(expert)
    assert numbers["复述确认"][0] == "1", "calibration does not count as a review"
    assert boss.get("/tasks").text.count("/calibrations/1") == 1


def answer_late(person: Person) -> int:
    return person.post("/calibrations/1/calls/2", {"based_on": "0", "action": "draft", "d.greeting": "met"}).status_code


def test_an_item_under_the_bar_is_marked(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.trust.FEW", 2)
    person = door.enter("qa")
    for call in (CALL, OTHER):
        changed = {"d.restate": "not_applicable", "r.restate": "x"}
        assert review(door, person, call, **changed).status_code == 303
    page = person.get("/agreement").text
    assert re.search(r"复述确认 <span[^>]*>仅供参考", page)
    for login in ("leader", "liwen"):
        shown = door.enter(login).get(f"/calls/{door.calls[CALL]}").text
        marked = re.findall(r'<details class="item \w+" id="i-(\w+)"(?:(?!</summary>).)*仅供参考', shown, re.S)
        assert marked == ["restate"], login
        assert "0%（2 条）" in shown
