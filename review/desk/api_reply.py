"""What the API answers with: JSON that is harmless wherever it is shown, ETags, links to the next page, problems.

Problem details: RFC 9457. ETag, If-None-Match, If-Match: RFC 9110, 8.8.3 and 13.1. Link: RFC 8288.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from review.plain import plain_lines
from store.codec import to_json

PROBLEM = "application/problem+json"
_TAG = re.compile(r'(?:W/)?"[^"]*"|\*')


def reply(
    request: Request,
    content: Mapping[str, Any],
    *,
    tag: str = "",
    status: int = 200,
    links: Mapping[str, str] | None = None,
) -> Response:
    """The content as JSON, or 304 where the client has it. tag: its ETag, by default a hash of it.

    links: relation -> address.
    """
    body = dumped(content)
    tag = tag or tag_of(body)
    headers = {"ETag": tag}
    if links:
        headers["Link"] = ", ".join(f'<{where}>; rel="{relation}"' for relation, where in links.items())
    if request.method == "GET" and known_already(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, "application/json")


def problem(status: int, code: str, title: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Why it was not done. code: for programs, one of those that the OpenAPI description lists."""
    content = {"type": "about:blank", "title": title, "status": status, "code": code} | more
    return Response(dumped(content), status, headers, PROBLEM)


def dumped(content: Any) -> bytes:
    """As JSON, texts without what pages do not show either: controls, direction overrides, lone surrogates."""
    return to_json(_harmless(content)).encode()


def tag_of(content: bytes | str) -> str:
    """A strong ETag."""
    return f'"{hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()[:32]}"'


def known_already(request: Request, tag: str) -> bool:
    """Whether If-None-Match names this (weak comparison)."""
    given = _TAG.findall(request.headers.get("if-none-match", ""))
    return "*" in given or tag in {one.removeprefix("W/") for one in given}


def still_as_read(request: Request, tag: str) -> bool | None:
    """Whether If-Match names this (strong comparison); None where it names nothing that was read."""
    given = [one for one in _TAG.findall(request.headers.get("if-match", "")) if one != "*"]
    return tag in given if given else None


def next_page(request: Request, **place: object) -> str:
    """The address of this request with another place."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in place]
    return f"{request.url.path}?" + urlencode([*kept, *((name, str(value)) for name, value in place.items())])


def moment(at: datetime | None) -> str | None:
    """A moment as text, to the second."""
    return at.isoformat(timespec="seconds") if at else None


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return plain_lines(value)
    if isinstance(value, Mapping):
        return {plain_lines(str(k)): _harmless(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(v) for v in value]
    return value
