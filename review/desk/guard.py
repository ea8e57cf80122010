"""What every request and response of the desk goes through: who may post, how much, and what a page may load."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.desk.api_reply import problem

API = "/api/"  # addresses of programs, which are answered in JSON
MOST_POSTED = 1_000_000  # bytes; a review with long comments has some 20 kB
_SAFE = ("GET", "HEAD", "OPTIONS")


class TooMuch(Exception):
    """More was posted than any form of ours holds."""


class Guard:
    """Refuses what other sites send and what is too long; forbids pages everything they do not need.

    Nothing is inline: scripts and styles are files of our own. The nonce is for the one style sheet that wavesurfer.js
    makes inside its own element.
    """

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app, self._https = app, https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        headers = Headers(scope=scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._forbid(MutableHeaders(scope=message), nonce)
            await send(message)

        if scope["method"] not in _SAFE and foreign(headers):
            await _no(scope, 403, "another_site", "this request comes from another site")(scope, receive, guarded)
            return
        if (
            int(headers.get("content-length") or 0 if (headers.get("content-length") or "0").isdecimal() else 0)
            > MOST_POSTED
        ):
            await _no(scope, 413, "too_much", "too much was sent")(scope, receive, guarded)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MOST_POSTED:
                raise TooMuch
            return message

        try:
            await self._app(scope, counted, guarded)
        except TooMuch:
            await _no(scope, 413, "too_much", "too much was sent")(scope, receive, guarded)

    def _forbid(self, headers: MutableHeaders, nonce: str) -> None:
        headers["Content-Security-Policy"] = "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                f"style-src 'self' 'nonce-{nonce}'",
                "img-src 'self'",
                "media-src 'self'",
                "connect-src 'self'",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            )
        )
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), interest-cohort=()"
        headers.setdefault("Cache-Control", "no-store")
        if self._https:
            headers["Strict-Transport-Security"] = "max-age=31536000"


def _no(scope: Scope, status: int, code: str, title: str) -> Response:
    return problem(status, code, title) if scope["path"].startswith(API) else PlainTextResponse(title, status)


def from_here(headers: Headers) -> bool:
    """Whether a browser says that the request was begun by a page of this desk; one that says nothing does not."""
    origin, host = headers.get("origin"), headers.get("host")
    said = headers.get("sec-fetch-site") == "same-origin" or (origin is not None and urlsplit(origin).netloc == host)
    return said and not foreign(headers)


def foreign(headers: Headers) -> bool:
    """Whether a browser says that the request was begun by a page of another site (Fetch Metadata; Origin, RFC 6454).

    Clients that are no browsers say nothing of the kind; the CSRF token is asked of all.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
