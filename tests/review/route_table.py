"""Who may use which route of the desk. One line a route: a route that is not here fails `test_desk_walk`.

    "GET /cases": people(TRAINER, QA),                        a page that only these roles may open
    "POST /cases/{number}/share": people(QA, sent={...}),     what is sent, and ok=(...) the answers to it
    "GET /calls/{sha256}/clip": of_a_call(),                  of a call: 404 to everybody who may not see the call
    "GET /clips/{number}": of_a_call(at=clip_of),             the same where the address names something else of a call:
                                                              clip_of(door, sha256) -> {"number": ...}, made if need be

`{sha256}` in an address is always a call's. Tokens are walked too: they open what begins with /api/, change things only
with the scope read+review, and are nobody elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desk_door import Door
from made_ledger import PASSWORD

from scoring.rubric_file import load_rubric
from store.access import Role

ADMIN, QA, LEADER, TRAINER, COMPLIANCE, AGENT = Role
EVERYBODY = frozenset(Role)
REVIEWERS = (ADMIN, QA)
STAFF = (ADMIN, QA, LEADER, TRAINER, COMPLIANCE)
READ = (200, 206, 303)
At = Callable[[Door, str], Mapping[str, object]]


@dataclass(frozen=True)
class Expected:
    """roles: who may; open: nobody need be logged in; call: the address names something of a call.

    sent: form of a POST, JSON of a PUT; asked: query string; ok: answers to who may; ends: their session is over then.
    """

    roles: frozenset[Role] = EVERYBODY
    open: bool = False
    call: bool = False
    at: At | None = None
    asked: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)
    ok: tuple[int, ...] = READ
    ends: bool = False


def anybody(**more: Any) -> Expected:
    return Expected(open=True, **more)


def people(*roles: Role, **more: Any) -> Expected:
    return Expected(frozenset(roles or EVERYBODY), **more)


def of_a_call(*roles: Role, **more: Any) -> Expected:
    return Expected(frozenset(roles or EVERYBODY), call=True, **more)


DRAFT = {"state": "draft", "decisions": [], "evaluation": "an older one", "based_on": 0}
FORM = {"hash": load_rubric("service").hash}
ROUTES: dict[str, Expected] = {
    # the door
    "GET /login": anybody(),
    "POST /login": anybody(ok=(401,)),
    "GET /look": anybody(),
    "GET /health": anybody(),
    "GET /report.css": anybody(),
    "GET /": people(),
    "POST /logout": people(ends=True),
    # one's account
    "GET /account": people(),
    "POST /account/password": people(sent={"old": "no"}, ok=(401,)),
    "POST /account/tokens": people(
        sent={"name": "walk", "scope": "read", "days": "1", "password": PASSWORD}, ok=(200,)
    ),
    "POST /account/tokens/{number}/revoke": people(at=lambda door, sha256: {"number": 987}, ok=(404,)),
    # queue and call
    "GET /calls": people(asked="words=冻结"),
    "GET /calls/{sha256}": of_a_call(),
    "POST /calls/{sha256}/show": of_a_call(ADMIN, QA, COMPLIANCE, ok=(200,)),
    "GET /calls/{sha256}/audio": of_a_call(),
    "GET /calls/{sha256}/picture": of_a_call(),
    "POST /calls/{sha256}/review": of_a_call(*REVIEWERS, sent={"action": "draft"}, ok=(409,)),
    "GET /agreement": people(*STAFF),
    # programs
    "GET /api/v1/openapi.json": people(),
    "GET /api/v1/me": people(),
    "GET /api/v1/calls": people(asked="limit=200"),
    "GET /api/v1/calls/{sha256}": of_a_call(),
    "GET /api/v1/calls/{sha256}/transcript": of_a_call(),
    "GET /api/v1/calls/{sha256}/answers": of_a_call(),
    "GET /api/v1/calls/{sha256}/audio": of_a_call(),
    "GET /api/v1/calls/{sha256}/review": of_a_call(),
    "PUT /api/v1/calls/{sha256}/review": of_a_call(*REVIEWERS, sent=DRAFT, ok=(409,)),
    "GET /api/v1/search": people(asked="words=您好&limit=50"),
    "GET /api/v1/rubrics": people(),
    "GET /api/v1/rubrics/{hash}": people(at=lambda door, sha256: FORM),
    "GET /api/v1/agreement": people(*STAFF),
    "GET /api/v1/audit": people(ADMIN),
}
