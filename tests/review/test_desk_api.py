"""The API as programs use it: tokens and their limits, pages, ETags, locks, problems, and what is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from desk_door import Door, token_of
from desk_program import Program, lines
from made_ledger import PASSWORD
from sqlalchemy import select

from review.desk.api_models import Asked
from review.desk.listing import NAMES
from scoring.errors import UsageError
from store import reviews, sessions, tokens, users
from store.columns import now
from store.reviews import Review
from store.token_tables import ApiTokenRow
from store.tokens import Scope

CALL = "KF-20260302-0003"


def test_a_token_is_kept_as_a_hash_and_ends(door: Door) -> None:
    program = Program(door, "qa", Scope.REVIEW)
    me = program.ask("/me").json()
    assert (me["login"], me["csrf"], me["token"]["scope"]) == ("qa", "", "read+review")
    assert me["rights"] == ["review", "agreement", "cases", "library", "plans"], (
        "never more than its user, and personal data stays masked"
    )
    assert Program(door, "boss").ask("/me").json()["rights"] == ["agreement", "cases", "library", "plans", "audit"]
    with door.desk.writing() as session:
        row = session.scalars(select(ApiTokenRow).where(ApiTokenRow.scope == "read+review")).one()
        assert program.secret not in (row.digest, row.name)
        assert now() - timedelta(minutes=1) < row.used_at <= now()
        row.expires_at = now()
    over = program.ask("/me")
    assert (over.status_code, over.json()["code"]) == (401, "wrong_token")
    assert over.headers["www-authenticate"].startswith("Bearer")
    assert [line.actor for line in lines(door, "token.add")] == ["test", "test"]


@pytest.mark.parametrize("end", ["revoke", "disable", "password"])
def test_what_ends_a_token(door: Door, end: str) -> None:
    program = Program(door, "qa")
    assert program.ask("/calls").status_code == 200
    with door.desk.writing() as session:
        if end == "revoke":
            tokens.revoke(session, "qa", by="test", name="read of a program")
        elif end == "disable":
            users.disable(session, "qa", by="test")
        else:
            users.change_password(session, "qa", "another pass 1", by="test")
    assert program.ask("/calls").status_code == 401


@pytest.mark.parametrize("more", [{"name": ""}, {"name": "x\u202e"}, {"name": "x" * 61}, {"days": 0}, {"days": 366},
                                  {"name": "taken"}, {"login": "nobody"}])  # fmt: skip
def test_tokens_that_cannot_be(door: Door, more: dict[str, Any]) -> None:
    with door.desk.writing() as session:
        tokens.issue(session, "qa", "taken", Scope.READ, by="test")
    asked = {"login": "qa", "name": "x"} | more
    with pytest.raises(UsageError) as refused, door.desk.writing() as session:
        tokens.issue(session, scope=Scope.READ, by="test", **asked)
    assert refused.value.remedy


def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(door: Door) -> None:
    right, wrong = Program(door, "qa"), Program(door, secret="callqa_nobody")  # noqa: S106
    tried = [wrong.ask("/me").status_code for _ in range(sessions.MOST_TOKENS + 2)]
    assert tried == [401] * sessions.MOST_TOKENS + [429, 429]
    assert int(wrong.ask("/me").headers["retry-after"]) == 900
    assert right.ask("/me").status_code == 200, "one broken program shuts out nobody"
    assert door.enter("qa2"), "nor do people fail to log in"
    assert len(lines(door, "token.failed")) == sessions.MOST_TOKENS
    for header in ("Basic cWE6eA==", "Bearer", "Bearer " + "x" * 5000, "bearer \xff"):
        answer = right._client.get("/api/v1/me", headers={"Authorization": header.encode("latin-1")})
        assert answer.status_code in (401, 429), header


def test_a_token_counts_for_nothing_on_pages_and_beside_a_cookie(door: Door) -> None:
    program, person = Program(door, "qa"), door.enter("boss")
    shown = {"Authorization": f"Bearer {program.secret}"}
    assert program._client.get("/calls", headers=shown, follow_redirects=False).status_code == 303
    assert person.get("/api/v1/me", Authorization=f"Bearer {program.secret}").json()["login"] == "qa"
    assert person.get("/api/v1/me", Authorization="Bearer no").status_code == 401


def test_pages_follow_their_links(door: Door) -> None:
    program, seen, path = Program(door, "qa"), [], "/calls?limit=3&flag=any"
    while path:
        answer = program.ask(path)
        seen += [row["call_id"] for row in answer.json()["calls"]]
        path = answer.links["next"]["url"].removeprefix("/api/v1") if "next" in answer.links else ""
    assert len(seen) == len(set(seen)) == len(program.ask("/calls?flag=any&limit=200").json()["calls"]) > 3
    assert program.ask("/calls?after=nowhere").json()["code"] == "no_place"
    wrong = program.ask("/calls?since=tomorrow&scor=1").json()
    assert {error["where"][-1] for error in wrong["errors"]} == {"since", "scor"}
    assert not set(NAMES) - set(Asked.model_fields), "a new filter of the queue: add it to api_models.Asked"


def test_what_the_client_has_is_not_sent_again(door: Door) -> None:
    program, sha256 = Program(door, "boss"), door.calls[CALL]
    paths = ["", "/transcript", "/answers", "/review", "/audio"]
    for path in (*(f"/calls/{sha256}{part}" for part in paths), "/calls", "/rubrics", "/agreement", "/me"):
        first = program.ask(path)
        assert first.status_code == 200, path
        tag = first.headers["etag"]
        for names in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = program.ask(path, **{"If-None-Match": names})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
        assert program.ask(path, **{"If-None-Match": '"other"'}).status_code == 200
    assert program.ask(f"/calls/{'0' * 64}", **{"If-None-Match": "*"}).status_code == 404
    part = program.ask(f"/calls/{sha256}/audio", Range="bytes=10-19")
    assert (part.status_code, len(part.content), part.headers["content-type"]) == (206, 10, "audio/wav")
    heard = lines(door, "call.hear")
    assert [(line.actor, '"token": "read of a program"' in line.details) for line in heard] == [("boss", True)]


def test_the_second_program_is_told_and_nothing_is_overwritten(door: Door) -> None:
    path = f"/calls/{door.calls[CALL]}/review"
    one, two, reader = Program(door, "qa", Scope.REVIEW), Program(door, "qa2", Scope.REVIEW), Program(door, "boss")
    tag = one.ask(path).headers["etag"]
    assert two.ask(path).headers["etag"] == tag
    body: dict[str, Any] = {"state": "draft", "comment": "一号", "decisions": [{"item": "greeting", "human": "met"}]}
    refused = {
        "nothing named": (one, body, {}, 428, "name_what_was_read"),
        "anything named": (one, body, {"If-Match": "*"}, 428, "name_what_was_read"),
        "weak": (one, body, {"If-Match": f"W/{tag}"}, 412, "overtaken"),
        "no right": (reader, body, {"If-Match": tag}, 403, "not_yours"),
        "no such item": (one, body | {"decisions": [{"item": "x"}]}, {"If-Match": tag}, 422, "no_such_item"),
        "not complete": (one, body | {"state": "submitted"}, {"If-Match": tag}, 422, "undecided_items"),
        "another body": (one, body | {"states": 1}, {"If-Match": tag}, 422, "not_understood"),
    }
    for why, (program, sent, headers, status, code) in refused.items():
        answer = program.ask(path, "PUT", sent, **headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), why
        assert answer.headers["content-type"] == "application/problem+json"
    assert one.ask(path).json()["review"] is None
    kept = one.ask(path, "PUT", body, **{"If-Match": tag})
    assert (kept.status_code, kept.json()) == (200, {"version": 1, "state": "draft"})
    late = two.ask(path, "PUT", body | {"comment": "二号"}, **{"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "overtaken")
    both = body | {"comment": "二号", "based_on": 0, "evaluation": one.ask(path).json()["evaluation"]}
    assert two.ask(path, "PUT", both).status_code == 409
    assert one.ask(path).json()["review"]["comment"] == "一号"
    assert two.ask(path).headers["etag"] == kept.headers["etag"]
    assert two.ask(path, "PUT", body, **{"If-Match": kept.headers["etag"]}).json()["version"] == 2
    assert reader.ask(path).json()["review"] is None, "a draft counts for nobody else"
    assert [line.details.count("read+review of a program") for line in lines(door, "review.by_token")] == [1, 1]


def test_a_review_read_and_sent_back_is_the_same_review(door: Door) -> None:
    sha256, person, program = door.calls[CALL], door.enter("qa"), Program(door, "qa", Scope.REVIEW)
    path, phone = f"/calls/{sha256}/review", "请回拨 13800138078"
    form = {"evaluation": f"e{sha256[:16]}", "based_on": "0", "action": "submit", "rest": "accept"}
    form |= {"d.greeting": "not_applicable", "r.greeting": phone, "d.closing": "accept", "comment": f"{phone}\u202e 急"}
    assert person.post(path, form).status_code == 303

    def kept() -> Review:
        with door.desk.reading() as session:
            found = reviews.latest(session, f"e{sha256[:16]}")
        assert found
        return found

    def send(change: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
        answer = program.ask(path)
        read = answer.json()["review"]
        given = [{name: one[name] for name in ("item", "human", "reason")} for one in read["decisions"]]
        sent = {"state": "submitted", "comment": read["comment"], "decisions": given}
        change(sent)
        assert program.ask(path, "PUT", sent, **{"If-Match": answer.headers["etag"]}).status_code == 200

    first = kept()
    assert sum(one.looked for one in first.decisions) == 2 < len(first.decisions)
    assert phone not in program.ask(path).text, "what a program reads is masked"
    for _ in range(2):
        send()
        again = kept()
        assert (again.decisions, again.comment) == (first.decisions, first.comment)

    of = {one.item: n for n, one in enumerate(first.decisions)}

    def some(sent: dict[str, Any]) -> None:
        sent["decisions"][of["greeting"]] |= {"human": first.decisions[of["greeting"]].machine, "reason": "又听了一遍"}
        sent["decisions"][of["empathy"]] |= {"looked": True}
        sent["decisions"][of["restate"]] |= {"human": "cannot_judge", "reason": "听不清", "looked": False}
        sent["decisions"][of["closing"]] |= {"looked": False}
        sent["comment"] = "换过的话"

    send(some)
    last = kept()
    assert {one.item for one in last.decisions if one.looked} == {"greeting", "empathy", "restate"}
    changed = last.of("greeting")
    assert changed
    assert (last.comment, changed.reason) == ("换过的话", "又听了一遍")


def test_what_a_program_accepts_anew_is_no_evidence_unless_it_says_so(door: Door) -> None:
    program, path = Program(door, "qa", Scope.REVIEW), f"/calls/{door.calls[CALL]}/review"
    machine = {a["item"]: a["status"] for a in program.ask(path.replace("review", "answers")).json()["answers"]}
    given: list[dict[str, Any]] = [{"item": item, "human": status} for item, status in machine.items()]
    given[0] |= {"looked": True}
    sent = {"state": "submitted", "decisions": given}
    assert program.ask(path, "PUT", sent, **{"If-Match": program.ask(path).headers["etag"]}).status_code == 200
    read = program.ask(path).json()["review"]["decisions"]
    assert [one["looked"] for one in read] == [True] + [False] * (len(read) - 1)
    described = program.ask("/openapi.json").json()["components"]["schemas"]["Given"]["properties"]
    assert "measure the machine" in described["looked"]["description"]


def test_a_page_and_a_program_on_one_review(door: Door) -> None:
    """The page's form names a version, the program an ETag: who comes second is told either way."""
    sha256, person, program = door.calls[CALL], door.enter("qa"), Program(door, "qa2", Scope.REVIEW)
    form = {"evaluation": f"e{sha256[:16]}", "based_on": "0", "action": "draft", "d.greeting": "met"}
    tag = program.ask(f"/calls/{sha256}/review").headers["etag"]
    assert person.post(f"/calls/{sha256}/review", form).status_code == 303
    sent = {"state": "draft", "decisions": []}
    assert program.ask(f"/calls/{sha256}/review", "PUT", sent, **{"If-Match": tag}).status_code == 412
    tag = program.ask(f"/calls/{sha256}/review").headers["etag"]
    assert program.ask(f"/calls/{sha256}/review", "PUT", sent, **{"If-Match": tag}).status_code == 200
    assert person.post(f"/calls/{sha256}/review", form | {"based_on": "1"}).status_code == 409


def test_search_shows_where_it_was_said(door: Door) -> None:
    program = Program(door, "qa")
    found = program.ask("/search?words=REFUND").json()["found"]
    assert [one["call"]["call_id"] for one in found] == ["EN-0302-015"]
    assert found[0]["hits"]
    assert all("refund" in hit["text"].lower() and hit["end"] > hit["start"] for hit in found[0]["hits"])
    assert program.ask("/search").status_code == program.ask("/search?words=%21%3F").status_code == 422
    assert [line.actor for line in lines(door, "call.search")] == ["qa"]


def test_the_audit_log_by_its_own_filters(door: Door) -> None:
    program, sha256 = Program(door, "boss"), door.calls[CALL]
    program.ask(f"/calls/{sha256}/answers")
    for query, some in ((f"subject={sha256}", True), ("action=call.", True), ("action=call.view&actor=boss", True),
                        ("actor=nobody", False), ("until=2020-01-01", False), ("since=2020-01-01", True)):  # fmt: skip
        assert bool(program.ask(f"/audit?{query}").json()["lines"]) is some, query
    (line,) = program.ask(f"/audit?subject={sha256}").json()["lines"]
    assert (line["actor"], line["action"], line["details"]["part"]) == ("boss", "call.view", "answers")
    first = program.ask("/audit?limit=3")
    then = program.ask(first.links["next"]["url"].removeprefix("/api/v1")).json()["lines"]
    assert [line["number"] for line in then] == [first.json()["next"] - n for n in (1, 2, 3)]
    assert len(lines(door, "audit.read")) == 9


def test_problems_say_what_is_wrong(door: Door) -> None:
    program = Program(door, "qa", Scope.REVIEW)
    for method, path, body, status, code in (
        ("GET", "/calls/none", None, 404, "not_found"), ("GET", "/nothing", None, 404, "not_found"),
        ("DELETE", "/calls", None, 405, "not_allowed_here"), ("GET", "/calls?limit=0", None, 422, "not_understood"),
        ("PUT", "/calls/none/review", {"comment": "x" * 1_100_000}, 413, "too_much"),
        ("GET", "/audit", None, 403, "not_yours"),
    ):  # fmt: skip
        answer = program.ask(path, method, body)
        said = answer.json()
        assert (answer.status_code, said["code"], said["status"]) == (status, code, status), path
        assert said["title"]
        assert answer.headers["content-type"] == "application/problem+json"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert program.ask("/calls", "DELETE").headers["allow"] == "GET"
    foreign = program.ask("/calls/x/review", "PUT", {}, Origin="http://evil.example")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "another_site")

    def chunks() -> Any:
        yield from (b"x" * 100_000 for _ in range(12))

    headers = {"Authorization": f"Bearer {program.secret}", "Content-Type": "application/json"}
    assert program._client.put("/api/v1/calls/x/review", content=chunks(), headers=headers).status_code == 413
    deep = program._client.put("/api/v1/calls/x/review", content=b"[" * 500_000, headers=headers)
    assert deep.status_code in (400, 422)


def test_tokens_on_ones_own_page(door: Door) -> None:
    person = door.enter("liwen")
    assert "还没有令牌" in person.get("/account").text
    sent = {"name": "<b>日报", "scope": "read+review", "days": "30", "password": PASSWORD}
    assert person.post("/account/tokens", sent | {"password": "no"}).status_code == 401
    assert person.post("/account/tokens", sent | {"days": "९"}).status_code == 422
    made = person.post("/account/tokens", sent)
    assert made.status_code == 200
    secret = made.text.split('class="secret" value="')[1].split('"')[0]
    assert Program(door, secret=secret).ask("/me").json()["rights"] == ["plans"], "an agent's token reviews nothing"
    assert person.post("/account/tokens", sent).status_code == 422, "sent twice makes no second one"
    page = person.get("/account").text
    assert secret not in page
    assert "&lt;b&gt;日报" in page
    number = page.split("/account/tokens/")[1].split("/")[0]
    assert door.enter("qa").post(f"/account/tokens/{number}/revoke").status_code == 404, "not somebody else's"
    assert person.post(f"/account/tokens/{number}/revoke").status_code == 303
    assert Program(door, secret=secret).ask("/me").status_code == 401


def test_logging_in_again_ends_the_session_that_was_there(door: Door) -> None:
    client = door.client()
    token = token_of(client.get("/login").text)
    sent = {"login": "qa", "password": PASSWORD, "csrf": token}
    cookies = []
    for _ in range(2):
        client.cookies.set("callqa_login", token)  # a login form that was open in another tab
        assert client.post("/login", data=sent, follow_redirects=False).status_code == 303
        cookies.append(client.cookies["callqa"])
    assert cookies[0] != cookies[1]
    with door.desk.reading() as session:
        assert sessions.visit(session, cookies[0]) is None
        assert sessions.visit(session, cookies[1])


def test_many_guesses_at_once_are_counted_before_they_are_looked_at(door: Door) -> None:
    with door.desk.writing() as session:
        allowed = [sessions.may_try(session, "qa", "1.2.3.4") for _ in range(sessions.MOST_HERE + 3)]
        assert allowed == [True] * sessions.MOST_HERE + [False] * 3
        sessions.forgive(session, "qa", "1.2.3.4")
        assert sessions.may_try(session, "qa", "1.2.3.4")
