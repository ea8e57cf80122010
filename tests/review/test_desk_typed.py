"""What a person typed and the desk did not keep is handed back; nothing is cut, lost or sent without them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from desk_door import Door, Person

from store import reviews, second, sessions
from store.access import Role, Viewer

CALL = "KF-20260302-0003"
OURS = {"Origin": "http://desk", "Sec-Fetch-Site": "same-origin"}
TEXT = '第一行 "引号"\n<b>第二行</b>'


def form(door: Door, **more: str) -> dict[str, str]:
    return {"evaluation": f"e{door.calls[CALL][:16]}", "based_on": "0", "action": "submit", "rest": "accept"} | more


def sent(door: Door, person: Person, data: dict[str, str], **headers: str) -> Any:
    """Posted as a browser posts it, from a page of the desk."""
    where = f"/calls/{door.calls[CALL]}/review?review=open"
    return person.client.post(where, data=data, headers=OURS | headers, follow_redirects=False)


def hidden(page: str) -> dict[str, str]:
    """The form of the page that sends again."""
    found = re.search(r'<form method="post" action="(/calls/[^"]+)".*?</form>', page, re.S)
    assert found, page
    return {k: unescape(v) for k, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[0])}


def latest(door: Door) -> reviews.Review | None:
    with door.desk.reading() as session:
        return reviews.latest(session, f"e{door.calls[CALL][:16]}")


def test_a_form_of_an_ended_session_is_sent_again_after_login(door: Door) -> None:
    person = door.enter("qa")
    data = form(door, csrf=person.csrf, comment=TEXT, **{"d.greeting": "met", "r.greeting": "问候了"})
    with door.desk.writing() as session:
        cookie = person.client.cookies["callqa"]
        sessions.end(session, sessions._token(cookie))
    over = sent(door, person, data)
    assert over.status_code == 401
    assert 'target="_blank"' in over.text
    assert "问候了" in over.text
    again = door.enter("qa")  # in another tab
    stale = sent(door, again, hidden(over.text))
    assert stale.status_code == 403
    assert 'data-trouble="stale_form"' in stale.text
    assert "王质检" in stale.text, "it says who will have sent it"
    assert latest(door) is None, "nothing is sent by itself"
    fields = hidden(stale.text)
    assert fields["csrf"] == again.csrf
    assert sent(door, again, fields).status_code == 303
    review = latest(door)
    assert review
    assert (review.reviewer, review.comment, review.state) == ("qa", TEXT, "submitted")
    greeting = review.of("greeting")
    assert greeting
    assert greeting.reason == "问候了"


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://evil.example"}])
def test_what_did_not_come_from_a_page_of_ours_is_not_repeated(door: Door, headers: dict[str, str]) -> None:
    person = door.enter("qa")
    where = f"/calls/{door.calls[CALL]}/review"
    answer = person.client.post(where, data=form(door, comment="外来的"), headers=headers, follow_redirects=False)
    assert answer.status_code == 403
    assert "外来的" not in answer.text
    assert 'id="send-again"' not in answer.text


def test_passwords_are_not_repeated(door: Door) -> None:
    person = door.enter("qa")
    data = {"csrf": "stale", "old": "old-secret-1", "new": "new-secret-1", "again": "new-secret-1"}
    answer = person.client.post("/account/password", data=data, headers=OURS, follow_redirects=False)
    assert answer.status_code == 403
    assert "secret-1" not in answer.text


def test_who_comes_second_where_all_are_reviewed_twice_keeps_what_was_typed(door: Door) -> None:
    with door.desk.writing() as session:
        second.make_rule(session, Viewer("boss", "boss", Role.ADMIN), 1.0, 0)
    one, two = door.enter("qa"), door.enter("qa2")
    assert sent(door, one, form(door, csrf=one.csrf)).status_code == 303
    data = form(door, csrf=two.csrf, comment="我写的", **{"d.greeting": "met", "r.greeting": "确实问候"})
    late = sent(door, two, data)
    assert late.status_code == 409
    assert "有人已先提交了这通电话的复核" in late.text
    for kept in ("我写的", "确实问候", "/tasks#second"):
        assert kept in late.text
    assert "王质检" not in late.text, "blind: not even a name"
    review = latest(door)
    assert review
    assert (review.version, review.reviewer) == (1, "qa")


def test_the_same_sent_twice_is_nobody_elses_change(door: Door) -> None:
    one, two = door.enter("qa"), door.enter("qa2")
    data = form(door, csrf=one.csrf, comment="两次", **{"d.greeting": "met", "r.greeting": "13800138000"})
    assert [sent(door, one, data).status_code for _ in range(2)] == [303, 303]
    review = latest(door)
    assert review
    assert review.version == 1
    assert sent(door, one, data | {"comment": "另一个"}).status_code == 409
    assert sent(door, two, data | {"csrf": two.csrf}).status_code == 409, "another person's is another's"


@pytest.mark.parametrize(("name", "most"), [("comment", 4000), ("r.greeting", 500)])
@pytest.mark.parametrize("action", ["draft", "submit"])
def test_a_text_over_its_limit_is_refused_whole(door: Door, name: str, most: int, action: str) -> None:
    person = door.enter("qa")
    data = form(door, csrf=person.csrf, action=action, **{"d.greeting": "met", "r.greeting": "有"})
    late = sent(door, person, data | {name: "长" * most + "尾"})
    assert late.status_code == 422
    assert "内容太长" in late.text
    assert "长尾" in late.text
    assert latest(door) is None
    assert sent(door, person, data | {name: "长" * most}).status_code == 303


def test_what_is_incomplete_and_overtaken_is_told_as_overtaken(door: Door) -> None:
    """The form that comes back names the newest version: it must not do so unsaid."""
    one, two = door.enter("qa"), door.enter("qa2")
    assert sent(door, one, form(door, csrf=one.csrf)).status_code == 303
    late = sent(door, two, form(door, csrf=two.csrf, rest=""))
    assert late.status_code == 409
    assert "别人刚刚保存了新的复核" in late.text


def test_a_case_changed_twice_alike_and_a_note_too_long(door: Door) -> None:
    person = door.enter("officer")
    number = person.get(f"/compliance/of/{door.calls[CALL]}").headers["location"]
    data = {"based_on": "1", "action": "save", "status": "in_hand", "owner": "officer", "reason": "联系客户"}
    late = person.post(number, data | {"reason": "长" * 2000 + "尾"})
    assert (late.status_code, "长尾" in late.text) == (422, True)
    assert [person.post(number, data).status_code for _ in range(2)] == [303, 303]
    assert person.post(number, data | {"reason": "别的"}).status_code == 409


@pytest.mark.parametrize("at", ["-1", "", "1e5", "nan", "99:99", "0:00:59:00"])
def test_a_comment_on_no_moment_of_the_call_is_handed_back(door: Door, at: str) -> None:
    person, path = door.enter("trainer"), f"/calls/{door.calls[CALL]}/comments"
    answer = person.post(path, {"at": at, "text": "说得好", "shared": "yes"})
    assert answer.status_code == 422
    assert "没有保存：时刻" in answer.text
    assert 'value="说得好"' in answer.text
    assert re.search(r'name="shared" value="yes" checked', answer.text)
    assert "spoken-of" not in answer.text


def test_a_comment_is_neither_cut_nor_written_twice(door: Door) -> None:
    person, path = door.enter("trainer"), f"/calls/{door.calls[CALL]}/comments"
    long = person.post(path, {"at": "1", "text": "长" * 2000 + "尾"})
    assert (long.status_code, "长尾" in long.text) == (422, True)
    places = [person.post(path, {"at": "1", "text": "长" * 2000}).headers["location"] for _ in range(2)]
    assert places[0] == places[1]


@pytest.mark.parametrize(("name", "said"), [(" ", "请写名称"), ("很长" * 21, "最多 40 字")])
def test_a_view_needs_a_name_of_some_length(door: Door, name: str, said: str) -> None:
    answer = door.enter("qa").post("/views?review=open", {"name": name})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{name.strip()}"' in answer.text
