"""Work on the queue: a plan is drawn by and the draw done again, calls are claimed, assigned and let go, views kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from desk_door import Door, Person
from sqlalchemy import select, text, update

from store import audit, claims, queue
from store.access import Role, Viewer
from store.columns import now
from store.desk_tables import AuditRow, QueueRow
from store.sampling_tables import ClaimRow, DrawnRow, DrawRow

BOSS = Viewer("boss", "陈主管", Role.ADMIN)
PERIOD = {"since": "2026-03-02", "until": "2026-03-08"}
PLAN = {"name": "每周常规<b>", "mode": "random", "per_agent": "2", "new_agent": "3", "new_days": "30", "share": "0",
        "by_scenario": "yes", "edges": "70，80 90", "flag_weight": "1", "low_weight": "1", "low_below": "70",
        "unsure_weight": "1"}  # fmt: skip


def plan(person: Person, **other: str) -> str:
    answer = person.post("/sampling/plans", PLAN | other)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def listed(person: Person, query: str = "") -> list[str]:
    return [row["sha256"] for row in person.get(f"/api/v1/calls?limit=200&{query}").json()["calls"]]


def test_a_draw_from_plan_to_replay(door: Door) -> None:
    qa, officer, leader = door.enter("qa"), door.enter("officer"), door.enter("leader")
    assert "还没有抽检计划" in qa.get("/sampling").text
    assert "至少3个以上的服务场景" in qa.get("/sampling/plans/new?flag=any&team=一组").text
    bad = qa.post("/sampling/plans", PLAN | {"per_agent": "-1", "edges": "70, x", "name": ""})
    assert bad.status_code == 422
    assert "每名坐席每周（通）" in bad.text.split("请检查")[1][:80]
    where = plan(qa)
    counted = qa.get(f"{where}?since=2026-03-02&until=2026-03-08").text
    assert "每周常规&lt;b&gt;" in counted
    assert qa.post(f"{where}/draws", {"since": "2026-03-08", "until": "2026-03-02"}).status_code == 422
    assert qa.post(f"{where}/draws", {"since": "2031-03-02", "until": "2031-03-08"}).status_code == 409
    for person in (officer, leader):
        assert person.post(f"{where}/draws", PERIOD).status_code == 403
        assert person.post("/sampling/plans", PLAN).status_code == 403
    drawn = qa.post(f"{where}/draws", PERIOD | {"seed": "双色球 2026025"}).headers["location"]
    again = qa.post(f"{where}/draws", {"since": "2026-03-08", "until": "2026-03-14"})
    assert again.status_code == 409
    assert drawn in again.text, "who draws the same days twice could choose what comes out"

    with door.desk.reading() as session:
        row = session.scalars(select(DrawRow)).one()
        picks = session.scalars(select(DrawnRow)).all()
        agents = session.execute(text("SELECT agent, count(*) FROM queue GROUP BY agent")).all()
    assert row.drawn == len(picks) == sum(min(2, n) for agent, n in agents if agent)
    assert row.population + row.outside == 16
    assert {p.sha256 for p in picks} == set(listed(qa, "drawn=random")) == set(listed(qa, "draw=1"))
    assert not listed(qa, "drawn=targeted")
    with door.desk.reading() as session:
        at_random = session.scalars(select(QueueRow.sha256).where(queue.drawn("random"))).all()
        assert set(at_random) == {p.sha256 for p in picks}
    assert len(listed(qa, "drawn=none")) == 16 - len(picks)
    assert "双色球 2026025" in qa.get(drawn).text
    assert "核对一致" in officer.get(f"{drawn}/replay").text
    lines = officer.get(f"{drawn}/calls.csv").text.splitlines()
    assert len(lines) == len(picks) + 1
    assert officer.get(f"{drawn}/population.jsonl").text.count("\n") == len([a for a, _ in agents if a])
    for path in ("/sampling", where, drawn, f"{drawn}/replay", f"{drawn}/calls.csv", f"{drawn}/population.jsonl"):
        assert leader.get(path).status_code == 403
    assert qa.get("/sampling/draws/99").status_code == qa.get("/sampling/plans/x").status_code == 404

    # What was drawn cannot be changed by the way, and not unnoticed either.
    with pytest.raises(Exception, match="only grows"), door.desk.writing() as session:
        session.execute(text("UPDATE sample_calls SET probability = 0.5"))
    for damage in ("UPDATE sample_calls SET probability = 0.5",
                   "UPDATE sample_draws SET seed = 'another'",
                   "UPDATE sample_draws SET result_hash = '0'"):  # fmt: skip
        with door.desk.writing() as session:
            session.execute(text("DROP TRIGGER IF EXISTS sample_calls_no_update"))
            session.execute(text("DROP TRIGGER IF EXISTS sample_draws_no_update"))
            session.execute(text(damage))
        assert "核对不一致" in officer.get(f"{drawn}/replay").text, damage
        with door.desk.writing() as session:
            session.execute(update(DrawRow).values(seed=row.seed, result_hash=row.result_hash))
            for pick in picks:
                session.execute(
                    update(DrawnRow).where(DrawnRow.sha256 == pick.sha256).values(probability=pick.probability)
                )
    assert "核对一致" in officer.get(f"{drawn}/replay").text

    targeted = plan(qa, mode="targeted", per_agent="1", name="定向", flag="any")
    assert qa.post(f"{targeted}/draws", PERIOD).status_code == 303
    flagged = set(listed(qa, "flag=any"))
    assert set(listed(qa, "drawn=targeted")) <= flagged
    assert qa.post(f"{where}/retire").status_code == 303
    assert qa.post(f"{where}/draws", {"since": "2026-04-06", "until": "2026-04-12"}).status_code == 409
    # An agent neither sees nor finds out what was drawn.
    agent = door.enter("liwen")
    assert len(listed(agent, "drawn=random")) == len(listed(agent, "drawn=none")) == 5
    assert "随机抽检" not in agent.get("/calls").text
    assert agent.get("/sampling").status_code == 403
    with door.desk.reading() as session:
        actions = set(session.scalars(select(AuditRow.action)))
        assert audit.verify(session).broken is None
    assert {"sample.plan", "sample.draw", "sample.replay", "sample.export", "sample.retire"} <= actions


def test_claim_assign_release(door: Door) -> None:
    qa, qa2, boss, leader = (door.enter(name) for name in ("qa", "qa2", "boss", "leader"))
    first, second, *rest = listed(qa)
    opened = qa.post("/calls/next?order=urgency").headers["location"]
    assert opened.startswith(f"/calls/{first}")
    assert "我在处理" in qa.get(opened).text
    told = qa2.post(f"/calls/{first}/claim")
    assert told.status_code == 409
    assert "王质检 正在处理" in told.text
    assert qa2.post("/calls/next").headers["location"].startswith(f"/calls/{second}")
    assert listed(qa, "holder=me") == [first]
    assert set(listed(qa, "holder=nobody")) == set(rest)
    assert qa2.post(f"/calls/{second}/release").status_code == 303
    assert listed(boss, "holder=qa2") == []

    # A claim lapses by itself; an assignment does not.
    with door.desk.writing() as session:
        session.execute(update(ClaimRow).values(until=now() - timedelta(seconds=1)))
    assert listed(qa, "holder=me") == []
    assert qa2.post(f"/calls/{first}/claim", {"back": "list"}).headers["location"] == "/calls"

    # Of many, those in others' hands are left and counted, and the lot can be taken back.
    answer = boss.client.post("/calls/hand?review=open", data={
        "csrf": boss.csrf, "act": "assign", "to": "qa", "call": [first, second, rest[0]],
    }, follow_redirects=False)  # fmt: skip
    page = boss.get(answer.headers["location"]).text
    assert "已把 2 通分配给 王质检" in page
    assert "1 通在别人手里" in page
    assert set(listed(qa, "holder=me")) == {second, rest[0]}
    assert qa.post(f"/calls/{second}/claim").status_code == 303
    with door.desk.writing() as session:
        session.execute(update(ClaimRow).where(ClaimRow.holder == "qa").values(at=now() - timedelta(days=9)))
    assert set(listed(qa, "holder=me")) == {second, rest[0]}
    batch = re.search(r'name="batch" value="([^"]+)"', page)
    assert batch
    assert qa2.post("/calls/undo", {"batch": batch[1]}).headers["location"].endswith("released=0")
    assert boss.post("/calls/undo", {"batch": batch[1]}).headers["location"].endswith("released=2")
    assert listed(qa, "holder=me") == []

    assert "batch=" in boss.post("/calls/hand", {"act": "first", "first": "4", "to": "qa"}).headers["location"]
    assert listed(qa, "holder=me") == [call for call in listed(qa) if call != first][:4]
    assert "nothing=3" in boss.post("/calls/hand", {"act": "first", "first": "4", "to": "liwen"}).headers["location"]
    assert "nothing=2" in boss.post("/calls/hand", {"act": "assign", "to": "qa"}).headers["location"]

    # A leader gives out calls of the own team only.
    others = [call for call in listed(boss, "holder=nobody") if call not in set(listed(leader))]
    leader.post("/calls/hand", {"act": "assign", "to": "qa", "call": others[0]})
    assert others[0] not in listed(qa, "holder=me")
    assert leader.post("/calls/next").status_code == 403
    for login in ("liwen", "trainer"):
        person = door.enter(login)
        assert person.post("/calls/hand", {"act": "assign", "to": "qa", "call": first}).status_code == 403
        assert person.post("/calls/hand", {"act": "claim", "call": first}).status_code == 403
    assert "王质检" not in door.enter("liwen").get("/calls").text

    # A submitted review takes the call out of everybody's hands.
    held = listed(qa, "holder=me")[0]
    evaluation = qa.get(f"/api/v1/calls/{held}").json()["evaluation"]
    sent = {"evaluation": evaluation, "based_on": "0", "rest": "accept", "action": "submit"}
    assert qa.post(f"/calls/{held}/review", sent).status_code == 303
    assert held not in listed(qa, "holder=somebody")


def test_two_who_take_the_same_call(door: Door) -> None:
    """The database decides, whatever was read before."""
    with door.desk.reading() as session:
        row = queue.page(session, BOSS, queue.Filters()).rows[0]
    with door.desk.writing() as session:
        claims.claim(session, BOSS, row, timedelta(hours=1))
    with door.desk.writing() as session, pytest.raises(claims.Taken) as taken:
        claims.claim(session, Viewer("qa", "王质检", Role.QA), row, timedelta(hours=1))
    assert taken.value.holder.name == "陈主管"
    with door.desk.writing() as session:
        assert claims.assign(session, BOSS, [row.sha256], "qa", over=True)[1:] == (1, 0)


def test_views_and_orders(door: Door) -> None:
    qa, boss, agent = door.enter("qa"), door.enter("boss"), door.enter("liwen")
    for order, column, down in (("newest", "started_at", True), ("oldest", "started_at", False),
                                ("lowest", "score", False)):  # fmt: skip
        rows, after = [], ""
        while after is not None:
            found = qa.get(f"/api/v1/calls?limit=3&order={order}&after={after}").json()
            rows, after = rows + found["calls"], found["next"]
        assert len({row["sha256"] for row in rows}) == 16
        values = [row[column] for row in rows if row[column] is not None]
        assert values == sorted(values, reverse=down), order
    ids = listed(qa, "order=newest")
    page = qa.get(f"/calls/{ids[1]}?order=newest").text
    assert f'id="before" href="/calls/{ids[0]}?order=newest"' in page
    assert f'id="behind" href="/calls/{ids[2]}?order=newest"' in page
    assert len(listed(qa, "unjudged=1")) < 16

    assert qa.post("/views?team=一组&order=lowest", {"name": " 一组<i>  低分 ", "shared": "yes"}).status_code == 303
    assert qa.post("/views?flag=high", {"name": "只有我"}).status_code == 303
    page = boss.get("/calls").text
    assert "一组&lt;i&gt; 低分" in page
    assert "/calls?team=%E4%B8%80%E7%BB%84&amp;order=lowest" in page
    assert "只有我" not in page
    assert "低分" not in agent.get("/calls").text.split('id="filters"')[0]
    assert agent.post("/views?flag=any", {"name": "我的预警", "shared": "yes"}).status_code == 303
    assert "我的预警" not in boss.get("/calls").text
    own = re.findall(r'name="view" value="(\d+)"', qa.get("/calls").text)
    assert len(own) == 2
    boss.post("/views/drop", {"view": own[0]})
    assert "只有我" in qa.get("/calls").text
    for number in own:
        qa.post("/views/drop", {"view": number})
    assert "只有我" not in qa.get("/calls").text
