"""Every route of the desk for everybody: each role, tokens of several, and nobody. `route_table` says what is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import anyio.to_thread
import pytest
from desk_door import Door, token_of
from made_ledger import USERS
from made_things import PRIVATE
from route_table import ROUTES, Expected
from starlette.routing import Mount
from starlette.testclient import TestClient

from store import audit, queue, tokens, users
from store.access import Role, Viewer
from store.queue import Filters
from store.tokens import Scope

PEOPLE = ("boss", "qa", "leader", "trainer", "officer", "liwen")
CALLS = ("KF-20260302-0001", "KF-20260302-0003")  # of liwen, in the leader's team; of zhaoqiang, in another
OWN = {"leader": ("liwen",), "liwen": ("liwen",)}  # agents whom they may know of
NOWHERE = "987654321"
PROGRAMS = {"qa": Scope.REVIEW, "boss": Scope.READ, "liwen": Scope.REVIEW}


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """One asks at a time here: handlers need no threads of their own, which cost a third of the time."""

    async def at_once(work: Callable[..., Any], *given: Any, **_: Any) -> Any:
        return work(*given)

    monkeypatch.setattr(anyio.to_thread, "run_sync", at_once)


def routes(app: Any, before: str = "") -> Iterator[str]:
    """`METHOD path` of every route of the application, those of its rooms included."""
    for route in getattr(app, "routes", ()):
        if hasattr(route, "original_router"):
            yield from routes(route.original_router, before + route.include_context.prefix)
        elif isinstance(route, Mount):
            yield from routes(route, before + route.path)
            assert route.routes or route.path == "/static", f"what is behind {route.path}?"
        else:
            assert route.methods, f"{route} is no route that this walk knows"
            yield from (f"{method} {before}{route.path}" for method in route.methods - {"HEAD", "OPTIONS"})


@dataclass
class Caller:
    """Somebody who asks. scope: of a program's token; role: None for nobody."""

    door: Door
    login: str
    role: Role | None
    scope: Scope | None
    client: TestClient
    headers: dict[str, str]

    def may(self, route: str, expected: Expected) -> bool:
        """Whether the table lets them."""
        if self.scope and not (route.split()[0] == "GET" or self.scope is Scope.REVIEW):
            return False
        return self.role in expected.roles

    def known(self, route: str) -> bool:
        """Whether this route asks for what they show."""
        return self.role is not None and (self.scope is None or "/api/" in route)

    def asks(self, route: str, expected: Expected) -> bool:
        """Whether the walk lets them ask. One program tries the pages too, where it is nobody, with something to show;
        nobody, with nothing to show, need not try them again."""
        return "/api/" in route or self.login == "qa" or not (self.scope or self.role is None) or expected.open

    def send(self, route: str, expected: Expected, sha256: str, *, nowhere: bool = False, **headers: Any) -> Any:
        """Ask. nowhere: for what is not there at all."""
        method, path = route.split()
        places = {"sha256": sha256} | dict(expected.at(self.door, sha256) if expected.at else {})
        if nowhere:
            places = dict.fromkeys(places, NOWHERE)

        def filled(value: Any) -> Any:
            return value.format(**places) if isinstance(value, str) else value

        sent = {name: filled(value) for name, value in expected.sent.items()}
        body = {"json" if method == "PUT" else "data": sent} if method != "GET" else {}
        where = filled(path) + (f"?{filled(expected.asked)}" if expected.asked else "")
        return self.client.request(method, where, headers=self.headers | headers, follow_redirects=False, **body)


def callers(door: Door) -> Iterator[Caller]:
    yield Caller(door, "", None, None, door.client(), {})
    assert {USERS[login]["role"] for login in PEOPLE} == set(Role)
    for login in PEOPLE:
        person = door.enter(login)
        yield Caller(door, login, USERS[login]["role"], None, person.client, {"X-CSRF-Token": person.csrf})
    for login, scope in PROGRAMS.items():
        with door.desk.writing() as session:
            secret = tokens.issue(session, login, "walk of programs", scope, by="test")
        yield Caller(door, login, USERS[login]["role"], scope, door.client(), {"Authorization": f"Bearer {secret}"})


def mine(door: Door, login: str) -> set[str]:
    """The recordings that somebody may see, by the rule of `store.access`."""
    with door.desk.reading() as session:
        viewer = users.viewer(users.one(session, login))
        return {row.sha256 for row in queue.page(session, viewer, Filters(), size=200).rows}


def test_the_table_names_every_route(door: Door) -> None:
    there = list(routes(door.client().app))
    assert len(there) == len(set(there))
    assert not set(there) - set(ROUTES), "new routes: say in tests/review/route_table.py who may use them"
    assert not set(ROUTES) - set(there), "routes that are gone: take them out of tests/review/route_table.py"


def test_everybody_reaches_what_is_theirs_and_nothing_else(door: Door) -> None:
    ids, seen = {sha256: name for name, sha256 in door.calls.items()}, {}
    for caller in callers(door):
        seen[caller.login] = own = mine(door, caller.login) if caller.role else set()
        hidden = hidden_from(caller, {sha256: ids[sha256] for sha256 in set(ids) - own})
        for route, expected in sorted(ROUTES.items(), key=lambda line: line[1].ends):
            if not caller.asks(route, expected):
                continue
            for sha256 in asked_for(door, own, caller.known(route) and expected.call):
                answer = caller.send(route, expected, sha256)
                reachable = not expected.call or sha256 in own
                what = (caller.login or "nobody", caller.scope, route, sha256[:8], answer.status_code)
                assert answer.status_code in wanted_of(caller, route, expected, reachable=reachable), (
                    what, answer.text[:300],
                )  # fmt: skip
                if not reachable and caller.role is Role.TEAM_LEADER:
                    nothing = caller.send(route, expected, sha256, nowhere=True).status_code
                    assert nothing == answer.status_code, (what, nothing, "who asks learns that it is there")
                if is_text(answer) and route != "GET /report.css":
                    leaked = [text for text in hidden if text in answer.text and text not in unquote(str(answer.url))]
                    assert not leaked, (what, leaked)
    assert len(seen["boss"]) == len(ids)
    first, second = (door.calls[name] for name in CALLS)
    assert second in mine(door, "zhaoqiang")
    assert not mine(door, "zhaoqiang") & seen["liwen"]
    theirs = {login: (first in own, second in own) for login, own in seen.items()}
    assert {login: both for login, both in theirs.items() if both != (True, True)} == {
        "": (False, False), "leader": (True, False), "liwen": (True, False)
    }  # fmt: skip
    with door.desk.reading() as session:
        assert audit.verify(session).broken is None


def asked_for(door: Door, own: set[str], told: bool) -> list[str]:
    """The calls that a person is asked about by a route: one of theirs and one that is not; else one."""
    first, second = (door.calls[name] for name in CALLS)
    return [first, second] if told and not {first, second} <= own else [first]


def hidden_from(caller: Caller, foreign: dict[str, str]) -> list[str]:
    """What no page may show them: calls that are not theirs, agents of others; to agents, what leaders said."""
    hidden = [text for call in foreign.items() for text in call]
    if caller.role in (Role.AGENT, Role.TEAM_LEADER):
        hidden += [user["agent"] for login, user in USERS.items() if "agent" in user and login not in OWN[caller.login]]
    return [*hidden, PRIVATE] if caller.role is Role.AGENT else hidden


def is_text(answer: Any) -> bool:
    kind = answer.headers.get("content-type", "text")
    return kind.startswith("text") or kind.split(";")[0] in ("application/json", "application/problem+json")


def wanted_of(caller: Caller, route: str, expected: Expected, *, reachable: bool) -> tuple[int, ...]:
    """The answers that are right."""
    if expected.open:
        return (*expected.ok, 403)  # a login form without its cookie
    if not caller.known(route):
        return (303,) if route.startswith("GET") and "/api/" not in route else (401,)
    if not reachable:
        return (404,) if caller.may(route, expected) or "{sha256}" in route else (403, 404)
    return expected.ok if caller.may(route, expected) else (403,)


def test_every_change_needs_the_token(door: Door) -> None:
    person, sha256 = door.enter("boss"), door.calls["KF-20260302-0003"]
    right = {"X-CSRF-Token": person.csrf}
    for shown in ({}, right | {"Origin": "http://evil.example"}):
        caller = Caller(door, "boss", Role.ADMIN, None, person.client, {})
        for route, expected in ROUTES.items():
            if not route.startswith("GET"):
                assert caller.send(route, expected, sha256, **shown).status_code == 403, (route, shown)
    for wrong in ("wrong", "", "é".encode()):
        assert person.client.post("/calls/next", headers={"X-CSRF-Token": wrong}).status_code == 403
    assert person.get("/calls").status_code == 200


def test_a_search_finds_only_own_calls(door: Door) -> None:
    agent = door.enter("liwen")
    for path in (
        "/calls?words=冻结",
        "/calls?agent=0947 赵强",
        "/calls?team=二组",
        "/calls?flag=high",
        "/calls?after=0_0.0_0",
    ):
        page = agent.get(path)
        assert page.status_code == 200
        assert "KF-20260302-0003" not in page.text, path
        assert "赵强" not in page.text.replace('value="0947 赵强"', ""), path
    for path in ("/api/v1/calls?words=冻结", "/api/v1/search?words=冻结", "/api/v1/calls?agent=0947 赵强"):
        assert agent.get(path).json()["total"] == 0
    everything = door.enter("qa").get("/api/v1/search?words=冻结").json()
    assert "KF-20260302-0003" in {found["call"]["call_id"] for found in everything["found"]}


@pytest.mark.parametrize("role", [Role.AGENT, Role.TEAM_LEADER])
def test_who_is_nobody_in_the_calls_sees_none(door: Door, role: Role) -> None:
    with door.desk.reading() as session:
        assert queue.page(session, Viewer("x", "x", role), Filters()).total == 0


def test_a_login_form_needs_its_own_token(door: Door) -> None:
    client = door.client()
    token = token_of(client.get("/login").text)
    sent = {"login": "qa", "password": "no", "csrf": token}
    assert client.post("/login", data=sent).status_code == 401
    assert client.post("/login", data=sent | {"csrf": "x"}).status_code == 403
    assert door.client().post("/login", data=sent).status_code == 403
