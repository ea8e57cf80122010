"""Whatever is sent to the API and to the pages, the desk says what is wrong with it and never breaks.

The API's cases come from its OpenAPI description, to which every answer must keep; the pages' from the routing table.
CALLQA_FUZZ=200 asks every route that often, with other cases each time.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import schemathesis
from desk_door import BASE, Door
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from route_table import FORM, ROUTES
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from review.desk.api_description import described
from review.desk.listing import NAMES
from store import tokens
from store.tokens import Scope

EXAMPLES = int(os.environ.get("CALLQA_FUZZ", "2"))
KEPT = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
ASKED = sorted({*NAMES, "after", "form", "next", "back", "language", "theme"})
ODD = (
    "\0",
    "\u202e",
    "9" * 400,
    "-1",
    "nan",
    "1e999",
    "%00",
    "../..",
    "=1+1",
    "<script>",
    "😀",
    "１",
    "²",
    "2026-03-02",
    "0_1.0_a",
)
FIELDS = (
    "action",
    "comment",
    "rest",
    "evaluation",
    "based_on",
    "d.greeting",
    "r.greeting",
    "d.closing",
    "login",
    "next",
)
ENDING = {"POST /logout"}


def cases(strategy: Any, check: Callable[[Any], None], what: str, most: int = EXAMPLES) -> None:
    """Check some cases of a strategy; what: named where one fails."""

    @settings(
        max_examples=most, deadline=None, derandomize=EXAMPLES < 50, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def run(case: Any) -> None:
        check(case)

    try:
        run()
    except BaseException as error:
        error.add_note(what)
        raise


def test_the_api_keeps_to_its_description(door: Door) -> None:
    client, statuses = door.client(), set()
    with door.desk.writing() as session:
        secret = tokens.issue(session, "boss", "fuzz", Scope.REVIEW, by="test")
    description = copy.deepcopy(described(client.app))
    named = [(p, method, o) for p, operations in description["paths"].items() for method, o in operations.items()]
    for path, method, operation in named:
        places_of = ROUTES[f"{method.upper()} {path}"].at
        known = places(door) | (places_of(door, places(door)["sha256"]) if places_of else {})
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                there = {"type": "string", "enum": [str(known[parameter["name"]])]}
                parameter["schema"] = {"anyOf": [there, {"type": "string", "minLength": 1, "maxLength": 40}]}

    def send(case: schemathesis.Case) -> None:
        sent = case.as_transport_kwargs(base_url=BASE)
        headers = {name: str(value).encode("utf-8", "replace") for name, value in sent.pop("headers").items()}
        headers = {name: value for name, value in headers.items() if name.lower() != "authorization"}
        sent["headers"] = headers | {"Authorization": f"Bearer {secret}".encode()}
        if isinstance(sent.get("data"), bytes | str):
            sent["content"] = sent.pop("data")
        del sent["cookies"]
        answer = client.request(**sent, follow_redirects=False)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=KEPT)

    for found in schemathesis.openapi.from_dict(description).get_all_operations():
        for mode in GenerationMode:
            cases(found.ok().as_strategy(generation_mode=mode), send, f"{found.ok().label}, {mode} data")
    assert {200, 404, 422} <= statuses


def test_the_pages_never_break(door: Door) -> None:
    """Any text in any field; the test client raises what the desk did not catch."""
    person, statuses = door.enter("boss"), set()
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(ODD)
    for route, expected in ROUTES.items():
        method, path = route.split()
        if path.startswith("/api/") or route in ENDING:
            continue
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        there = places(door) | (expected.at(door, places(door)["sha256"]) if expected.at else {})
        if path.startswith("/packs/"):
            there.pop("call")  # making one takes seconds
        parts = {name: st.just(str(there[name])) | text if name in there else text for name in names}
        fields = (*FIELDS, *expected.sent)
        case = st.fixed_dictionaries(
            {
                "at": st.fixed_dictionaries(parts),
                "asked": st.dictionaries(st.sampled_from(ASKED), text, max_size=4),
                "sent": st.dictionaries(st.sampled_from(fields), text, max_size=5),
            }
        )

        def send(case: dict[str, Any], method: str = method, path: str = path) -> None:
            where = path.format(**{name: quote(value, safe="") for name, value in case["at"].items()})
            body = {"data": case["sent"] | {"csrf": person.csrf}} if method == "POST" else {}
            answer = person.client.request(method, where, params=case["asked"], follow_redirects=False, **body)
            assert answer.status_code < 500
            statuses.add(answer.status_code)

        cases(case, send, route, 2 * EXAMPLES)
    assert {200, 303, 404, 422} <= statuses


def places(door: Door) -> dict[str, Any]:
    """Parts of addresses that are there."""
    return {"sha256": door.calls["KF-20260302-0003"], "hash": FORM["hash"], "number": 1}
