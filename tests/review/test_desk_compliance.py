"""Compliance: cases open by themselves, stay, are settled by those who may, and nobody overwrites another."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from desk_door import Door
from made_calls import CALLS, made_call
from made_ledger import USERS, keep, with_words
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from review.desk.compliance import clock_of, place_of, place_text
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store import case_limits, case_list, cases
from store.access import Role, Viewer
from store.case_list import Filters
from store.cases import Change
from store.compliance_tables import CaseRow
from store.desk_tables import AuditRow, QueueRow, UserRow
from store.reviews import Overtaken

BOSS = Viewer("boss", "陈主管", Role.ADMIN)
FATAL = "KF-20260302-0003"


def all_cases(door: Door, viewer: Viewer = BOSS, **asked: str) -> dict[str, CaseRow]:
    """Call id -> case, in the order of the list."""
    with door.desk.reading() as session:
        page = case_list.page(session, viewer, Filters(**asked), datetime.now(UTC))
        return {row.call_id: case for case, row in page.rows}


def settle(case: CaseRow, **given: str) -> dict[str, str]:
    return {"based_on": str(case.version), "status": case.status, "owner": case.owner or "", "disposition": "",
            "reason": "", "extend": "0", "action": "save"} | given  # fmt: skip


def judged_anew(door: Door, call_id: str, rubric: Rubric, key: str) -> None:
    """The call again under another key, as a re-scoring leaves it."""
    call = next(c for n, m in enumerate(CALLS) if (c := with_words(made_call(m, n))).id == call_id)
    keep(door.desk, door.desk.ledger.begin_run("h", {}, {}), call, rubric, door.folder, key=key)
    door.desk.catch_up()


def test_flagged_calls_become_cases_with_deadlines_by_kind(door: Door) -> None:
    found = all_cases(door)
    with door.desk.reading() as session:
        flagged = {row[0] for row in session.execute(text("SELECT call_id FROM queue WHERE fatal OR severity <> ''"))}
    assert set(found) == flagged
    assert len(flagged) >= 4
    for case in found.values():
        hours = (case.due_at - case.opened_at).total_seconds() / 3600
        assert hours == pytest.approx({"fatal": 24, "high": 48, "medium": 72, "low": 72}[case.kind], abs=0.01)
    assert found[FATAL].kind == "fatal"
    assert [c.due_at for c in found.values()] == sorted(c.due_at for c in found.values())
    assert list(all_cases(door, latest=True)) == list(reversed(found))


def test_a_case_from_the_first_look_to_the_disposition(door: Door) -> None:
    """Seen, taken, refused without a reason, settled; the second person is told; all of it is in trail and log."""
    officer, boss = door.enter("officer"), door.enter("boss")
    assert officer.get("/").headers["location"] == "/compliance"
    case = all_cases(door)[FATAL]
    path, front = f"/compliance/{case.number}", officer.get("/compliance").text
    assert f'href="{path}"' in front
    assert "服务规章制度 一(3)" in front
    assert officer.get(f"/compliance/of/{case.sha256}").headers["location"] == path
    assert "这个不归我管" in officer.get(path).text
    assert officer.post(path, settle(case, action="take")).status_code == 303
    case = all_cases(door, state="in_hand", owner="officer")[FATAL]
    assert (case.status, case.owner_name) == ("in_hand", "Mia Officer")
    for wrong, said in (
        ({"status": "done"}, "处理结论"), ({"status": "done", "disposition": "confirmed"}, "理由"),
        ({"extend": "48"}, "理由"), ({"status": "in_hand", "owner": ""}, "负责人"), ({"owner": "nobody"}, "无法识别"),
        ({"extend": "9999"}, "无法识别"), ({"disposition": "confirmed", "reason": "x"}, "已办结"),
    ):  # fmt: skip
        answer = officer.post(path, settle(case, **wrong))
        assert answer.status_code == 422
        assert said in re.search(r'role="alert".*?</div>', answer.text, re.DOTALL)[0], wrong
    done = {"status": "done", "disposition": "coaching", "reason": "听过录音，属实；电话13800138000"}
    late = settle(case, status="done", disposition="not_confirmed", reason="我认为不属实")
    assert officer.post(path, settle(case, **done)).status_code == 303
    told = boss.post(path, late)
    assert told.status_code == 409
    assert "Mia Officer" in told.text
    assert "我认为不属实" in told.text, "what the second person entered is not lost"
    assert "13800138000" not in told.text
    case = all_cases(door, state="done")[FATAL]
    assert (case.disposition, case.done_at is not None) == ("coaching", True)
    assert FATAL not in all_cases(door)
    with door.desk.reading() as session:
        steps = cases.trail(session, case.number)
        assert [(s.action, s.status, s.actor) for s in steps] == [
            ("opened", "open", "callqa"), ("changed", "in_hand", "officer"), ("changed", "done", "officer"),
        ]  # fmt: skip
        lines = session.scalars(select(AuditRow.action).where(AuditRow.subject == case.sha256)).all()
        assert lines.count("case.change") == 2
        assert "case.view" in lines
        figures = case_list.figures(session, BOSS, datetime.now(UTC))["fatal"]
    assert figures.done == 1
    with pytest.raises(DBAPIError, match="only grows"), door.desk.writing() as session:
        session.execute(text("UPDATE case_versions SET reason = ''"))


def test_a_case_stays_when_its_call_is_judged_anew(door: Door) -> None:
    rubric = load_rubric("service")
    mild = next(i for i, c in all_cases(door).items() if c.kind in ("medium", "high", "low"))
    before = all_cases(door)[mild]
    changed = Change(1, "done", "boss", "confirmed", "属实")
    with door.desk.writing() as session:
        cases.change(session, BOSS, before, changed)
        with pytest.raises(Overtaken):
            cases.change(session, BOSS, before, changed)
    judged_anew(door, mild, rubric, "again")
    same = all_cases(door, state="done")[mild]
    assert (same.kind, same.due_at, same.version) == (before.kind, before.due_at, 3)
    judged_anew(door, mild, load_rubric("consult"), "mild")
    assert all_cases(door, state="done")[mild].flags == before.flags, "what it was opened for is still told"
    with door.desk.writing() as session:
        queued = session.scalars(select(QueueRow).where(QueueRow.sha256 == before.sha256)).one()
        session.get_one(CaseRow, before.number).evaluation_key = "another"
        queued.fatal = True
        cases.taken(session, {queued.sha256: ["prohibited_language"]})
    graver = all_cases(door)[mild]
    assert (graver.kind, graver.status, graver.disposition, graver.done_at) == ("fatal", "in_hand", None, None)
    assert timedelta(hours=23) < graver.due_at - datetime.now(UTC) <= timedelta(hours=24)
    with door.desk.reading() as session:
        steps = [(s.action, s.reason) for s in cases.trail(session, before.number)]
    assert steps[0] == ("opened", before.kind)
    assert steps[2:] == [("rejudged", before.kind), ("rejudged", "none"), ("rejudged", "fatal")]


def test_limits_are_set_by_compliance_and_hold_from_then_on(door: Door) -> None:
    officer, due = door.enter("officer"), all_cases(door)[FATAL].due_at
    page = officer.get("/compliance/limits").text
    for kind, limit in case_limits.STANDARD.items():
        assert f'name="hours.{kind}" value="{limit.hours}"' in page
        assert limit.clause in page
    sent = {f"hours.{k}": "12" for k in case_limits.STANDARD} | {
        f"clause.{k}": "本司规定" for k in case_limits.STANDARD
    }
    assert officer.post("/compliance/limits", sent | {"hours.low": "0"}).status_code == 422
    with door.desk.reading() as session:
        assert case_limits.limits(session) == case_limits.STANDARD, "one that is wrong: none is set"
    assert officer.post("/compliance/limits", sent).status_code == 303
    assert door.enter("qa").post("/compliance/limits", sent).status_code == 403
    with door.desk.reading() as session:
        assert {limit.hours for limit in case_limits.limits(session).values()} == {12}
    assert all_cases(door)[FATAL].due_at == due


def test_a_case_is_given_only_to_who_may_see_its_call(door: Door) -> None:
    officer, case = door.enter("officer"), all_cases(door)[FATAL]
    path, gift = f"/compliance/{case.number}", settle(case, status="in_hand", owner="leader")
    assert 'value="leader"' not in officer.get(path).text, "leads 一组, and the call is of 二组"
    refused = officer.post(path, gift)
    assert (refused.status_code, "无权查看这通电话" in refused.text) == (422, True)
    assert "表单内容无法识别" in officer.post(path, gift | {"owner": "nobody"}).text
    assert not all_cases(door)[FATAL].owner
    with door.desk.writing() as session:
        session.execute(update(UserRow).where(UserRow.login == "leader").values(teams=["一组", "二组"]))
    assert 'value="leader"' in officer.get(path).text
    assert officer.post(path, gift).status_code == 303
    assert door.enter("leader").get(path).status_code == 200


def test_who_sees_and_changes_which_cases(door: Door) -> None:
    """Every role at every address of this room: cases of calls that are not theirs are not there."""
    found = all_cases(door)
    with door.desk.writing() as session:
        team = session.scalar(select(QueueRow.team).where(QueueRow.call_id == FATAL))
        session.execute(update(UserRow).where(UserRow.login == "leader").values(teams=[team]))
        others = session.scalars(
            select(QueueRow.call_id).where(QueueRow.call_id.in_(found), QueueRow.team != team)
        ).all()
    some = {call_id: found[call_id] for call_id in (FATAL, *others[:2])}
    assert len(some) > 1
    for login, user in USERS.items():
        person, role = door.enter(login), user["role"]
        may = role in (Role.ADMIN, Role.QA, Role.TEAM_LEADER, Role.COMPLIANCE)
        handles, packs = role in (Role.ADMIN, Role.COMPLIANCE), role in (Role.ADMIN, Role.QA, Role.COMPLIANCE)
        front = person.get("/compliance")
        assert front.status_code == (200 if may else 403), login
        assert person.get("/compliance/limits").status_code == (200 if handles else 403)
        mine = {row["sha256"] for row in person.get("/api/v1/calls?limit=200").json()["calls"]}
        for call_id, case in some.items():
            seen = may and case.sha256 in mine
            path = f"/compliance/{case.number}"
            assert person.get(path).status_code == (200 if seen else 404 if may else 403), (login, call_id)
            assert person.get(f"/compliance/of/{case.sha256}").status_code == (303 if seen else 404 if may else 403)
            assert (call_id in front.text) is seen
            posted = person.post(path, {"based_on": "-"})
            assert posted.status_code == (409 if handles else 403 if seen or not may else 404), (login, call_id)
            assert person.get(f"/packs/{case.sha256}").status_code == (200 if packs and case.sha256 in mine else 403)
    leader = Viewer("leader", "刘班长", Role.TEAM_LEADER, teams=(str(team),))
    own = all_cases(door, leader)
    assert 0 < len(own) < len(found)
    with door.desk.reading() as session:
        counted = case_list.figures(session, leader, datetime.now(UTC))
        assert sum(f.open for f in counted.values()) == len(own)
        assert sum(n for _, n in case_list.by_item(session, leader)) < sum(
            n for _, n in case_list.by_item(session, BOSS)
        )
    first = next(iter(own.values()))
    with door.desk.writing() as session:
        cases.change(session, BOSS, first, Change(1, "in_hand", "leader", None, ""))
    again = all_cases(door)
    change = next(c for c in again.values() if c.number == first.number)
    assert door.enter("leader").post(f"/compliance/{first.number}", settle(change, reason="在谈")).status_code == 303


@pytest.mark.parametrize(
    ("state", "moved", "listed"),
    [("overdue", -1, True), ("today", 0.001, True), ("today", 48, False), ("overdue", 48, False), ("open", 48, True)],
)
def test_deadlines_on_the_list(door: Door, state: str, moved: float, listed: bool) -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    with door.desk.writing() as session:
        session.query(CaseRow).update({CaseRow.due_at: noon + timedelta(hours=moved)})
    with door.desk.reading() as session:
        found = case_list.page(session, BOSS, Filters(state), noon)
        figures = case_list.figures(session, BOSS, noon)
    assert bool(found.rows) is listed
    total = sum(figures.values(), case_list.Figures())
    assert (total.overdue > 0, total.today > 0) == (moved < 0, 0 <= moved < 12)


def test_pages_of_the_list_hold_every_case_once(door: Door) -> None:
    seen, after = [], None
    with door.desk.reading() as session:
        while True:
            page = case_list.page(session, BOSS, Filters(), datetime.now(UTC), after, size=2)
            seen += [case.number for case, _ in page.rows]
            if not page.more:
                break
            after = place_of(place_text(page.rows[-1][0]))
    assert len(seen) == len(set(seen)) == len(all_cases(door))
    assert [place_of(text) for text in ("", "x_1", "1_", "-1_2", "9" * 30 + "_1")] == [None] * 5


def test_time_left_in_words() -> None:
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    case = CaseRow(done=False, opened_at=at - timedelta(hours=22), due_at=at + timedelta(hours=2, minutes=5))
    left = clock_of(case, "zh", at)
    assert left
    assert (left.text, left.late, left.soon) == ("还剩 2 小时 5 分", False, True)
    late = clock_of(case, "en", at + timedelta(days=3))
    assert late
    assert (late.text, late.late) == ("2 d 21 h overdue", True)
