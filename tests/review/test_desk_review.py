"""Reviews: kept version by version, never over somebody else's, machine and human side by side."""

from __future__ import annotations

import re
from typing import Any

import pytest
from desk_door import Door, Person

from store import reviews
from store.access import Role, Viewer
from store.desk_tables import ReviewRow

CALL = "KF-20260302-0003"


def form(door: Door, **more: str) -> dict[str, str]:
    return {"evaluation": f"e{door.calls[CALL][:16]}", "based_on": "0", "action": "submit", "rest": "accept"} | more


def post(door: Door, person: Person, **more: str) -> Any:
    return person.post(f"/calls/{door.calls[CALL]}/review", form(door, **more))


def latest(door: Door) -> reviews.Review | None:
    with door.desk.reading() as session:
        return reviews.latest(session, f"e{door.calls[CALL][:16]}")


def test_a_review_is_kept_beside_the_machines_answers(door: Door) -> None:
    person = door.enter("qa")
    changed = {"d.greeting": "met", "r.greeting": "开头问候了", "d.closing": "accept", "comment": "请复听"}
    assert post(door, person, **changed).status_code == 303
    review = latest(door)
    assert review
    assert (review.version, review.state, review.reviewer, review.comment) == (1, "submitted", "qa", "请复听")
    of = {d.item: d for d in review.decisions}
    assert (of["greeting"].machine, of["greeting"].human, of["greeting"].looked) == ("missed", "met", True)
    assert (of["closing"].human, of["closing"].looked) == ("missed", True)
    assert (of["courtesy"].human, of["courtesy"].looked) == (of["courtesy"].machine, False)
    page = person.get(f"/calls/{door.calls[CALL]}").text
    assert "开头问候了" in page
    row = next(r for r in person.get("/api/v1/calls?review=submitted").json()["calls"])
    assert (row["call_id"], row["review"], row["score"]) == (CALL, "submitted", 0.0), "the machine's score stays"


def test_the_second_editor_is_told_and_nothing_is_overwritten(door: Door) -> None:
    one, two = door.enter("qa"), door.enter("qa2")
    assert post(door, one, **{"d.greeting": "met", "r.greeting": "听到了您好"}).status_code == 303
    late = post(door, two, **{"d.greeting": "not_applicable", "r.greeting": "我认为不适用", "comment": "二号"})
    assert late.status_code == 409
    assert "别人刚刚保存了新的复核" in late.text
    assert "王质检" in late.text
    assert "我认为不适用" in late.text, "what was typed is not lost"
    assert "听到了您好" in late.text, "the other's reason is shown"
    review = latest(door)
    assert review
    assert (review.version, review.reviewer) == (1, "qa")
    assert re.search(r'name="based_on" value="1"', late.text)
    assert post(door, two, based_on="1", **{"d.greeting": "not_applicable", "r.greeting": "不适用"}).status_code == 303
    with door.desk.reading() as session:
        versions = reviews.versions(session, f"e{door.calls[CALL][:16]}")
    assert [(v.version, v.reviewer, v.decisions[0].human) for v in versions] == [
        (2, "qa2", "not_applicable"), (1, "qa", "met"),
    ]  # fmt: skip


def test_the_database_refuses_to_change_a_review(door: Door) -> None:
    post(door, door.enter("qa"))
    for statement in ("UPDATE reviews SET comment = ''", "DELETE FROM review_answers", "DELETE FROM reviews"):
        with pytest.raises(Exception, match="only grows"), door.desk.writing() as session:
            session.connection().exec_driver_sql(statement)
    assert latest(door)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"rest": ""}, "还有项目没有判定"),
        ({"d.greeting": "met"}, "改判需要写明理由"),
        ({"d.greeting": "nonsense", "rest": ""}, "还有项目没有判定"),
    ],
)
def test_what_is_not_complete_is_not_submitted(door: Door, sent: dict[str, str], said: str) -> None:
    answer = post(door, door.enter("qa"), comment="写到一半", **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "写到一半" in answer.text
    assert latest(door) is None


def test_a_draft_may_be_half_done_and_counts_for_nothing(door: Door) -> None:
    person = door.enter("qa")
    assert post(door, person, action="draft", rest="", **{"d.greeting": "met"}).status_code == 303
    review = latest(door)
    assert review
    assert (review.state, review.score) == ("draft", None)
    leader = door.enter("trainer").get(f"/calls/{door.calls[CALL]}").text
    assert "尚未复核" in leader
    assert "submit-review" not in leader
    assert door.enter("trainer").get(f"/api/v1/calls/{door.calls[CALL]}/review").json()["review"] is None
    assert person.get(f"/api/v1/calls/{door.calls[CALL]}/review").json()["review"]["state"] == "draft"


def test_an_evaluation_that_is_not_the_last_is_not_reviewed(door: Door) -> None:
    answer = post(door, door.enter("qa"), evaluation="an-older-one")
    assert answer.status_code == 409
    assert "重新评分" in answer.text
    assert latest(door) is None


def test_masked_texts_survive_saving_again(door: Door) -> None:
    person = door.enter("qa")
    post(door, person, action="draft", comment="回电13800138000")
    page = person.get(f"/calls/{door.calls[CALL]}").text
    assert "13800138000" not in page
    shown = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert shown
    post(door, person, based_on="1", action="draft", comment=shown[1])
    review = latest(door)
    assert review
    assert (review.version, review.comment) == (2, "回电13800138000")


def test_the_human_score_is_the_forms_arithmetic(door: Door) -> None:
    person = door.enter("qa")
    record = person.get(f"/api/v1/calls/{door.calls[CALL]}").json()["record"]
    right = {}
    for answer in record["answers"]:
        right |= {f"d.{answer['item']}": "met", f"r.{answer['item']}": "重听"}
    assert post(door, person, **right).status_code == 303
    review = latest(door)
    assert review
    assert review.score == 100.0
    assert post(door, person, based_on="1").status_code == 303
    review = latest(door)
    assert review
    assert review.score == record["score"] == 0.0


def test_agreement_counts_what_was_looked_at(door: Door) -> None:
    person = door.enter("qa")
    assert "还没有提交过" in person.get("/agreement").text
    post(door, person, **{"d.greeting": "met", "r.greeting": "有", "d.closing": "accept"})
    page = person.get("/agreement").text
    rows = dict(
        re.findall(r"<th scope=\"row\">(\S+).*?</th>\s*<td class=\"num\">1</td>\s*<td class=\"num\">(\d+%)", page, re.S)
    )
    assert rows == {"开场问候": "0%", "礼貌结束": "100%"}
    assert "还没有提交过" in door.enter("leader").get("/agreement").text, "the call is of another team"


def test_the_api_reviews_too(door: Door) -> None:
    person, path = door.enter("qa"), f"/api/v1/calls/{door.calls[CALL]}/review"
    key = person.get(path).json()["evaluation"]
    body = {"evaluation": key, "based_on": 0, "state": "draft", "decisions": [{"item": "greeting", "human": "met"}]}
    headers = {"X-CSRF-Token": person.csrf}
    assert person.client.put(path, json=body, headers=headers).json() == {"version": 1, "state": "draft"}
    assert person.client.put(path, json=body, headers=headers).status_code == 409
    wrong = body | {"based_on": 1, "decisions": [{"item": "none", "human": "met"}]}
    assert person.client.put(path, json=wrong, headers=headers).status_code == 422
    unfinished = person.client.put(path, json=body | {"based_on": 1, "state": "submitted"}, headers=headers)
    assert unfinished.status_code == 422
    assert "closing" in unfinished.json()["items"]


def test_two_writers_at_once(door: Door) -> None:
    """The unique version is the database's word: who comes second is told even when both read the same newest."""
    viewer, key = Viewer("qa", "qa", Role.QA), f"e{door.calls[CALL][:16]}"
    with door.desk.reading() as session:
        row = reviews.QueueRow(evaluation_key=key, sha256=door.calls[CALL])
    decisions = [reviews.Decision("greeting", reviews.Status.MET, None, False)]
    with door.desk.writing() as session:
        session.add(
            ReviewRow(
                sha256="x", evaluation_key=key, version=1, state="draft", reviewer="z", reviewer_name="z", comment=""
            )
        )
    with pytest.raises(reviews.Overtaken), door.desk.writing() as session:
        reviews.save(session, viewer, row, decisions, based_on=0, state="draft", comment="", score=None)
