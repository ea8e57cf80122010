"""The web application: its rooms, and what it says when something is not so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from review.desk.api_caller import TooManyTokens, WrongToken
from review.desk.api_reply import problem
from review.desk.clips import Clips
from review.desk.early import Early
from review.desk.entry import NotLoggedIn, NotThere, Refused
from review.desk.guard import API, Guard, TooMuch
from review.desk.handback import trouble
from review.desk.options import Options
from review.desk.pages import STATIC, TEMPLATES, page
from review.desk.playable import Shelf
from review.desk.rooms import ROOMS
from review.desk.trust import Kept
from review.desk.warm import warm_up
from scoring.errors import OutputError, UsageError
from store import sessions
from store.desk import Desk

LOOK = 2.0  # s between looks for news
PAUSE = 15.0  # s after trouble


def create_app(desk: Desk, options: Options | None = None, *, keeps_up: bool = True) -> FastAPI:
    """The desk of a ledger, to be run by an ASGI server. keeps_up: it takes up news; one of several does."""
    app = FastAPI(title="callqa", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.desk, app.state.options, app.state.shelf = desk, options or Options(), Shelf()
    app.state.keeps_up = keeps_up
    app.state.trust, app.state.early = Kept(), Early()
    app.state.case_figures = {}
    app.state.heard = set()  # (session, recording, masked): who was noted to have heard what
    app.state.clips = Clips(app.state.shelf.clips)
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_route("/report.css", _house_style)
    app.add_middleware(Guard, https=app.state.options.https)
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    task = asyncio.create_task(_keep_up(app.state.desk)) if app.state.keeps_up else None
    warm_up(app)
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        app.state.shelf.close()


async def _keep_up(desk: Desk) -> None:
    """Take up what inspections add while the desk is open; some calls at a time, so that nobody waits long."""
    while True:
        try:
            taken = await run_in_threadpool(desk.catch_up, 1)
        except OutputError:  # the disk or the server refuses: pages say so, and it may pass
            await asyncio.sleep(PAUSE)
            continue
        await asyncio.sleep(0.05 if taken else LOOK)


def _house_style(_: Request) -> Response:
    """The report's style sheet is the house's: the desk adds to it."""
    style = (TEMPLATES.parent / "report.css").read_text(encoding="utf-8")
    return Response(style, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith(API)


async def _not_logged_in(request: Request, _: Exception) -> Response:
    if _wants_json(request):
        return problem(401, "not_logged_in", "not logged in", {"WWW-Authenticate": "Bearer"})
    if request.method != "GET":
        return await trouble(request, "session_over", 401, again=True)
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login?" + urlencode({"next": back}), 303)


def _wrong_token(request: Request, _: Exception) -> Response:
    wanted = 'Bearer error="invalid_token"'
    return problem(401, "wrong_token", "this token is nobody's, or not any more", {"WWW-Authenticate": wanted})


def _too_many_tokens(request: Request, _: Exception) -> Response:
    wait = {"Retry-After": str(int(sessions.WINDOW.total_seconds()))}
    return problem(429, "too_many_tries", "too many wrong tokens came from here", wait)


async def _refused(request: Request, error: Exception) -> Response:
    key, status = (error.key, error.status) if isinstance(error, Refused) else ("not_yours", 403)
    if _wants_json(request):
        return problem(status, key, _REFUSALS.get(key, "not allowed"))
    return await trouble(request, key, status, again=key == "stale_form")


def _not_there(request: Request, error: Exception) -> Response:
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (404, None)
    if isinstance(error.__cause__, TooMuch):  # it came up while the body was read
        status = 413
    if _wants_json(request):
        code, title = _TITLES.get(status, ("not_understood", "not understood"))
        return problem(status, code, title, headers)
    shown = page(request, "trouble.html.j2", status=status, key="not_there")
    shown.headers.update(headers or {})
    return shown


def _bad_request(request: Request, error: Exception) -> Response:
    if _wants_json(request):
        said: Any = error.errors() if isinstance(error, RequestValidationError) else []
        wrong = [{"where": list(map(str, e["loc"])), "why": e["msg"]} for e in said]
        return problem(422, "not_understood", "not understood", errors=wrong)
    return page(request, "trouble.html.j2", status=422, key="not_understood")


async def _ledger_trouble(request: Request, error: Exception) -> Response:
    if _wants_json(request):
        return problem(503, "ledger_trouble", "the ledger does not answer", {"Retry-After": "15"})
    remedy = error.remedy if isinstance(error, UsageError) else ""
    return await trouble(request, "ledger_trouble", 503, again=True, more=remedy)


def _broken(request: Request, _: Exception) -> Response:
    """A fault of ours; the traceback goes to the server's log. Guard is not asked here: its headers are set by hand."""
    safe = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
    headers = safe | {"Cache-Control": "no-store"}
    if _wants_json(request):
        return problem(500, "broken", "a fault of the desk", headers)
    return PlainTextResponse(
        "出错了，请返回重试，并告诉管理员。\nSomething broke: go back, try again, tell an administrator.", 500, headers
    )


_REFUSALS = {
    "stale_form": "the X-CSRF-Token is not the session's",
    "held_blind": "shown when your second review of this call is submitted, or given back",
}
_TITLES = {
    400: ("not_understood", "the body cannot be read"),
    404: ("not_found", "not found"),
    405: ("not_allowed_here", "this is not done here"),
    413: ("too_much", "too much was sent"),
}
_ANSWERS: dict[Any, Any] = {
    NotLoggedIn: _not_logged_in,
    WrongToken: _wrong_token,
    TooManyTokens: _too_many_tokens,
    Exception: _broken,
    Refused: _refused,
    NotThere: _not_there,
    HTTPException: _not_there,
    RequestValidationError: _bad_request,
    OutputError: _ledger_trouble,
}
