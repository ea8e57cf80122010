"""Coming in and going out: cookies, guesses, sessions that end, and what is noted. Who may what: `test_desk_walk`."""

from __future__ import annotations

import re

import pytest
from desk_door import Door, token_of
from made_ledger import PASSWORD

from store import audit, sessions, users
from store.access import Right, Role, Viewer


def test_only_some_may_see_personal_data() -> None:
    may = {role for role in Role if Viewer("x", "x", role).may(Right.SHOW)}
    assert may == {Role.ADMIN, Role.QA, Role.COMPLIANCE}


def test_other_sites_cannot_post(door: Door) -> None:
    person, path = door.enter("qa"), "/logout"
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = person.client.post(path, data={"csrf": person.csrf}, headers=headers, follow_redirects=False)
        assert answer.status_code == 403
    same = {"Origin": "http://desk", "Sec-Fetch-Site": "same-origin"}
    assert person.client.post(path, data={"csrf": person.csrf}, headers=same, follow_redirects=False).status_code == 303
    assert person.get("/calls").status_code == 303


def test_too_much_is_refused(door: Door) -> None:
    person = door.enter("qa")
    assert (
        person.post(f"/calls/{door.calls['KF-20260302-0003']}/review", {"comment": "x" * 1_100_000}).status_code == 413
    )


def test_cookies_and_headers(door: Door) -> None:
    client = door.client()
    page = client.get("/login")
    answer = client.post(
        "/login",
        data={"login": "QA ", "password": PASSWORD, "csrf": token_of(page.text), "next": "//evil.example"},
        follow_redirects=False,
    )
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("callqa="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert answer.headers["location"] == "/"
    for path in ("/login", "/calls", "/nothing", "/static/desk.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    assert client.get("/calls").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "next", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/x"]
)
def test_links_lead_nobody_away(door: Door, next: str) -> None:
    person = door.enter("qa")
    assert person.client.get("/login", params={"next": next}, follow_redirects=False).headers["location"] == "/"
    assert person.client.get("/look", params={"back": next}, follow_redirects=False).headers["location"] == "/"


def test_guessing_is_slowed_down(door: Door) -> None:
    client = door.client()
    token = token_of(client.get("/login").text)
    tried = [
        client.post("/login", data={"login": "qa", "password": f"wrong {i}", "csrf": token}).status_code
        for i in range(sessions.MOST_HERE + 1)
    ]
    assert tried == [401] * sessions.MOST_HERE + [429]
    right = client.post("/login", data={"login": "qa", "password": PASSWORD, "csrf": token})
    assert right.status_code == 429, "while somebody guesses even the right password is not looked at"
    assert door.enter("qa2")


def test_a_shut_account_and_a_new_password_end_sessions(door: Door) -> None:
    qa, boss = door.enter("qa"), door.enter("boss")
    with door.desk.writing() as session:
        users.disable(session, "qa", by="test")
    assert qa.get("/calls").status_code == 303
    same = {"old": PASSWORD, "new": "another pass 1", "again": "another pass 1"}
    assert boss.post("/account/password", same | {"again": "no"}).status_code == 422
    assert boss.post("/account/password", same | {"old": "no"}).status_code == 401
    assert boss.post("/account/password", same | {"new": "short", "again": "short"}).status_code == 422
    assert boss.post("/account/password", same).status_code == 303
    assert boss.get("/calls").status_code == 303


def test_what_is_done_is_noted(door: Door) -> None:
    person, sha256 = door.enter("officer"), door.calls["KF-20260302-0003"]
    person.get(f"/calls/{sha256}")
    person.get(f"/calls/{sha256}/audio", Range="bytes=0-")
    person.get(f"/calls/{sha256}/audio", Range="bytes=100-")
    person.post(f"/calls/{sha256}/show")
    with door.desk.reading() as session:
        lines = session.execute(audit.select(audit.AuditRow.actor, audit.AuditRow.action, audit.AuditRow.subject)).all()
        assert audit.verify(session).broken is None
    mine = [(action, subject) for actor, action, subject in lines if actor == "officer" and subject == sha256]
    assert mine == [("call.view", sha256), ("call.hear", sha256), ("call.show", sha256)]


def test_no_room_of_the_desk_takes_another_rooms_words() -> None:
    """Rooms' texts are put together under their keys: one key with two meanings shows one room the other's."""
    from review.desk import texts

    rooms = (texts._TEXTS, texts.SAMPLING, texts.COMPLIANCE, texts.LIBRARY, texts.ROUNDS, texts.DASHBOARDS, texts.API)
    said: dict[str, tuple[str, str]] = {}
    for room in (*rooms, texts.FORMS):
        for key, text in room.items():
            assert said.setdefault(key, text) == text, key


def test_texts_are_in_both_languages(door: Door) -> None:
    from review.desk.pages import TEMPLATES
    from review.desk.texts import TEXTS
    from review.texts import TEXTS as REPORT

    sources = "".join(
        p.read_text(encoding="utf-8") for p in (*TEMPLATES.glob("*.j2"), *TEMPLATES.parents[1].glob("desk/*.py"))
    )
    for key, texts in TEXTS.items():
        assert all(t.strip() for t in texts)
        assert len({tuple(sorted(re.findall(r"{(\w+)", t))) for t in texts}) == 1, key
        known = key.startswith(
            ("desk_role_", "review_", "silence", "hold", "overlap", "board_", "step_", "order_", "kpi_")
        ) or key.endswith("_more")
        assert known or f'"{key}"' in sources, f"{key} is not used"
    assert set(re.findall(r'\bt\("(\w+)"(?! ~)', sources)) <= set(TEXTS) | set(REPORT)
