"""Who may use which route of the desk. One line a route: a route that is not here fails `test_desk_walk`.

    "GET /cases": people(TRAINER, QA),                        a page that only these roles may open
    "POST /cases/{number}/share": people(QA, sent={...}),     what is sent, and ok=(...) the answers to it
    "GET /calls/{sha256}/clip": of_a_call(),                  of a call: 404 to everybody who may not see the call
    "GET /clips/{number}": of_a_call(at=clip_of),             the same where the address names something else of a call:
                                                              clip_of(door, sha256) -> {"number": ...}, made if need be

`{sha256}` in an address is always a call's; it and what `at` gives are filled in in what is asked and sent, too.
Tokens are walked too: they open what begins with /api/, change things only with the scope read+review, and
are nobody elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import made_things
from desk_door import Door
from made_ledger import PASSWORD

from scoring.rubric_file import load_rubric
from store.access import Role

ADMIN, QA, LEADER, TRAINER, COMPLIANCE, AGENT = Role
EVERYBODY = frozenset(Role)
REVIEWERS = (ADMIN, QA)
STAFF = (ADMIN, QA, LEADER, TRAINER, COMPLIANCE)
GIVERS = (ADMIN, QA, LEADER)  # of work
SAMPLERS = (ADMIN, QA, COMPLIANCE)  # may see what was drawn
LIBRARIANS = (ADMIN, QA, LEADER, TRAINER)
COACHES = (ADMIN, LEADER, TRAINER)
COACHED = (ADMIN, QA, LEADER, TRAINER, AGENT)  # may see plans
OFFICERS = (ADMIN, QA, LEADER, COMPLIANCE)  # of cases
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
    # rounds: second reviews, calibration, appeals
    "GET /tasks": people(),
    "POST /calls/{sha256}/second": of_a_call(*REVIEWERS, ok=(403,)),  # nobody has reviewed it
    "POST /calls/{sha256}/unblind": of_a_call(*REVIEWERS),
    "POST /second/rule": people(*REVIEWERS, sent={"share": "5", "version": "0"}, ok=(303, 403)),  # the first
    "GET /second/{number}": of_a_call(*REVIEWERS, at=made_things.second_review),
    "POST /second/{number}": of_a_call(
        *REVIEWERS, at=made_things.second_review, sent={"action": "take", "version": "1"}
    ),
    "GET /calibrations/new": people(*REVIEWERS),
    "POST /calibrations": people(*REVIEWERS, ok=(422,)),
    "GET /calibrations/{number}": of_a_call(*STAFF, at=made_things.calibration),
    "POST /calibrations/{number}/close": of_a_call(*REVIEWERS, at=made_things.calibration),
    "GET /calibrations/{number}/calls/{place}": of_a_call(*STAFF, at=made_things.calibration, ok=(200,)),
    "POST /calibrations/{number}/calls/{place}": of_a_call(
        *STAFF, at=made_things.calibration, sent={"action": "submit"}, ok=(422,)
    ),
    "POST /calls/{sha256}/appeal": of_a_call(AGENT, ok=(422,)),
    "POST /appeals/{number}": of_a_call(LEADER, at=made_things.appeal, ok=(422,)),
    # work on the queue
    "POST /calls/{sha256}/claim": of_a_call(*REVIEWERS, ok=(303, 409)),
    "POST /calls/{sha256}/release": of_a_call(*REVIEWERS),
    "POST /calls/next": people(*REVIEWERS),
    "POST /calls/hand": people(*GIVERS, sent={"act": "assign", "to": "qa", "call": "{sha256}"}),
    "POST /calls/undo": people(*GIVERS, sent={"batch": "x"}),
    "POST /views": people(asked="words=x", sent={"name": made_things.PRIVATE, "shared": "yes"}),
    "POST /views/drop": people(sent={"view": "987"}),
    # sampling
    "GET /sampling": people(*SAMPLERS),
    "GET /sampling/plans/new": people(*REVIEWERS),
    "POST /sampling/plans": people(*REVIEWERS, sent={"name": ""}, ok=(422,)),
    "GET /sampling/plans/{plan}": people(*SAMPLERS, at=made_things.sampling_plan),
    "POST /sampling/plans/{plan}/draws": people(
        *REVIEWERS, at=made_things.sampling_plan, sent={"since": "2026-03-02", "until": "2026-03-08"}, ok=(409,)
    ),
    "POST /sampling/plans/{plan}/retire": people(*REVIEWERS, at=made_things.sampling_plan),
    "GET /sampling/draws/{draw}": people(*SAMPLERS, at=made_things.draw),
    "GET /sampling/draws/{draw}/replay": people(*SAMPLERS, at=made_things.draw),
    "GET /sampling/draws/{draw}/calls.csv": people(*SAMPLERS, at=made_things.draw),
    "GET /sampling/draws/{draw}/population.jsonl": people(*SAMPLERS, at=made_things.draw),
    # dashboards
    "GET /dashboards": people(),
    "GET /dashboards/items": people(),
    "GET /dashboards/people": people(),
    "GET /dashboards/mix": people(),
    "GET /dashboards/kpi": people(),
    # comments, case library, coaching
    "POST /calls/{sha256}/comments": of_a_call(*STAFF, sent={"text": made_things.PRIVATE, "at": "0:01"}),
    "POST /calls/{sha256}/comments/{comment}/withdraw": of_a_call(
        *STAFF,
        at=made_things.comment,
        ok=(303, 404),  # another's: an administrator may
    ),
    "GET /library": people(*LIBRARIANS),
    "GET /library/suggestions": people(*LIBRARIANS),
    "POST /library/suggestions": of_a_call(*LIBRARIANS, sent={"call": "{sha256}", "item": "no"}, ok=(404,)),
    "GET /library/add": of_a_call(*LIBRARIANS, asked="call={sha256}"),
    "POST /library/add": of_a_call(*LIBRARIANS, sent={"call": "{sha256}", "kind": "good", "begins": "1", "ends": "3"}),
    "POST /library/export": people(*LIBRARIANS, sent={"case": "987654321"}),
    "GET /library/{case}": of_a_call(*LIBRARIANS, at=made_things.library_case),
    "GET /library/{case}/sound": of_a_call(*LIBRARIANS, AGENT, at=made_things.library_case),
    "GET /library/{case}/edit": of_a_call(*LIBRARIANS, at=made_things.library_case),
    "POST /library/{case}/edit": of_a_call(
        *LIBRARIANS, at=made_things.library_case, sent={"kind": "good", "begins": "1", "ends": "3"}, ok=(409,)
    ),
    "POST /library/{case}/remove": of_a_call(*LIBRARIANS, at=made_things.new_library_case),
    "GET /coaching": people(*COACHED),
    "GET /coaching/new": of_a_call(*COACHES, at=made_things.agent, asked="agent={agent}"),
    "POST /coaching/new": of_a_call(*COACHES, at=made_things.agent, sent={"agent": "{agent}"}, ok=(422,)),
    "POST /coaching/cases": of_a_call(
        *COACHES, at=made_things.coaching_plan, sent={"plan": "{plan}", "case": "{case}"}
    ),
    "GET /coaching/{plan}": of_a_call(*COACHED, at=made_things.coaching_plan),
    "POST /coaching/{plan}": of_a_call(
        *COACHES, at=made_things.coaching_plan, sent={"due": "2099-01-01", "version": "0"}, ok=(409,)
    ),
    "POST /coaching/{plan}/notes": of_a_call(*COACHES, at=made_things.coaching_plan, sent={"text": "x"}),
    "POST /coaching/{plan}/acknowledge": of_a_call(AGENT, at=made_things.coaching_plan),
    # compliance, evidence packs
    "GET /compliance": people(*OFFICERS),
    "GET /compliance/limits": people(ADMIN, COMPLIANCE),
    "POST /compliance/limits": people(ADMIN, COMPLIANCE, ok=(422,)),
    "GET /compliance/of/{call}": of_a_call(*OFFICERS, at=made_things.call_with_case),
    "GET /compliance/{number}": of_a_call(*OFFICERS, at=made_things.compliance_case),
    "POST /compliance/{number}": of_a_call(ADMIN, COMPLIANCE, at=made_things.compliance_case, ok=(409,)),
    "GET /packs/{call}": of_a_call(*SAMPLERS, at=made_things.call),
    "POST /packs/{call}": of_a_call(*SAMPLERS, at=made_things.call, sent={"unmasked": "yes"}, ok=(422,)),
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
    "GET /api/v1/cases": people(*OFFICERS, asked="limit=200"),
    "GET /api/v1/cases/{number}": of_a_call(*OFFICERS, at=made_things.compliance_case),
    "GET /api/v1/appeals": people(asked="limit=200"),
    "GET /api/v1/appeals/{number}": of_a_call(at=made_things.appeal),
    "GET /api/v1/library": people(*LIBRARIANS, asked="limit=200"),
    "GET /api/v1/library/{number}/audio": of_a_call(*LIBRARIANS, AGENT, at=made_things.library_clip),
    "GET /api/v1/coaching": people(*COACHED, asked="limit=200"),
    "GET /api/v1/coaching/{number}": of_a_call(*COACHED, at=made_things.numbered_plan),
    "GET /api/v1/dashboards/overview": people(),
    "GET /api/v1/dashboards/items": people(),
    "GET /api/v1/dashboards/people": people(asked="limit=200"),
    "GET /api/v1/dashboards/mix": people(),
    "GET /api/v1/dashboards/kpi": people(),
    "GET /api/v1/rubrics": people(),
    "GET /api/v1/rubrics/{hash}": people(at=lambda door, sha256: FORM),
    "GET /api/v1/agreement": people(*STAFF),
    "GET /api/v1/audit": people(ADMIN),
}
