"""Every route of the desk for everybody: each role, tokens of several, and nobody. `route_table` says what is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from desk_door import Door, token_of
from made_ledger import USERS
from route_table import ROUTES, Expected
from starlette.routing import Mount
from starlette.testclient import TestClient

from store import audit, queue, tokens, users
from store.access import Role, Viewer
from store.queue import Filters
from store.tokens import Scope

PEOPLE = ("boss", "qa", "leader", "trainer", "officer", "liwen", "zhaoqiang")
PROGRAMS = {"qa": Scope.REVIEW, "boss": Scope.READ, "liwen": Scope.REVIEW}


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

    def send(self, route: str, expected: Expected, sha256: str, **headers: Any) -> Any:
        method, path = route.split()
        places = {"sha256": sha256} | dict(expected.at(self.door, sha256) if expected.at else {})
        body = {"json" if method == "PUT" else "data": dict(expected.sent)} if method != "GET" else {}
        where = path.format(**places) + (f"?{expected.asked}" if expected.asked else "")
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
        own = mine(door, caller.login) if caller.role else set()
        foreign = sorted(set(ids) - own)
        hidden = [text for sha256 in foreign for text in (sha256, ids[sha256])]
        if caller.role is Role.AGENT:
            hidden += [str(user["agent"]) for user in USERS.values() if user.get("agent")]
            hidden.remove(USERS[caller.login]["agent"])
        seen[caller.login] = own
        for route, expected in sorted(ROUTES.items(), key=lambda line: line[1].ends):
            for sha256 in (*sorted(own)[:1], *foreign[:: max(1, len(foreign) - 1)], *([] if expected.call else [""])):
                if not expected.call and sha256:
                    continue
                answer = caller.send(route, expected, sha256)
                wanted = wanted_of(caller, route, expected, reachable=not expected.call or sha256 in own)
                what = (
                    caller.login or "nobody",
                    caller.scope,
                    route,
                    sha256[:8],
                    answer.status_code,
                    answer.text[:200],
                )
                assert answer.status_code in wanted, what
                if (
                    answer.headers.get("content-type", "text").startswith(("text", "application"))
                    and route != "GET /report.css"
                ):
                    leaked = [text for text in hidden if text in answer.text and text not in str(answer.url)]
                    assert not leaked, (what, leaked)
    assert len(seen["boss"]) == len(ids)
    assert seen["liwen"]
    assert seen["zhaoqiang"]
    assert not seen["liwen"] & seen["zhaoqiang"]
    assert 0 < len(seen["leader"]) < len(ids)
    with door.desk.reading() as session:
        assert audit.verify(session).broken is None


def wanted_of(caller: Caller, route: str, expected: Expected, *, reachable: bool) -> tuple[int, ...]:
    """The answers that are right."""
    if expected.open:
        return (*expected.ok, 403)  # a login form without its cookie
    if not caller.known(route):
        return (303,) if route.startswith("GET") and "/api/" not in route else (401,)
    if not reachable:
        return (404,)
    return expected.ok if caller.may(route, expected) else (403,)


@pytest.mark.parametrize(
    "shown", [{}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": "é".encode()}, {"Origin": "http://evil.example"}]
)
def test_every_change_needs_the_token(door: Door, shown: dict[str, Any]) -> None:
    person, sha256 = door.enter("boss"), door.calls["KF-20260302-0003"]
    real = {"X-CSRF-Token": person.csrf} if "Origin" in shown else {}
    caller = Caller(door, "boss", Role.ADMIN, None, person.client, real)
    for route, expected in ROUTES.items():
        if not route.startswith("GET"):
            assert caller.send(route, expected, sha256, **shown).status_code == 403, route
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
