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
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from review.desk import accounts, agreement, api, calls, dashboards, listing, reviewing, sound
from review.desk.entry import NotLoggedIn, NotThere, Refused
from review.desk.guard import Guard
from review.desk.options import Options
from review.desk.pages import STATIC, TEMPLATES, page
from review.desk.playable import Shelf
from scoring.errors import OutputError, UsageError
from store.desk import Desk

LOOK = 2.0  # s between looks for news
PAUSE = 15.0  # s after trouble


def create_app(desk: Desk, options: Options | None = None) -> FastAPI:
    """The desk of a ledger, to be run by an ASGI server."""
    app = FastAPI(title="callqa", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.desk, app.state.options, app.state.shelf = desk, options or Options(), Shelf()
    app.state.heard = set()  # (session, recording): who was noted to have heard what
    for room in (accounts, listing, calls, sound, reviewing, agreement, dashboards, api):
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_route("/report.css", _house_style)
    app.add_middleware(Guard, https=app.state.options.https)
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    task = asyncio.create_task(_keep_up(app.state.desk))
    try:
        yield
    finally:
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
    return request.url.path.startswith("/api/")


def _not_logged_in(request: Request, _: Exception) -> Response:
    if _wants_json(request):
        return JSONResponse({"error": "not logged in"}, 401)
    if request.method != "GET":
        return page(request, "trouble.html.j2", status=401, key="session_over")
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login?" + urlencode({"next": back}), 303)


def _refused(request: Request, error: Exception) -> Response:
    key = error.key if isinstance(error, Refused) else "not_yours"
    if _wants_json(request):
        return JSONResponse({"error": "this form is stale" if key == "stale_form" else "not allowed"}, 403)
    return page(request, "trouble.html.j2", status=403, key=key)


def _not_there(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    if _wants_json(request):
        return JSONResponse({"error": "not found" if status == 404 else "not allowed here"}, status)
    return page(request, "trouble.html.j2", status=status, key="not_there")


def _bad_request(request: Request, error: Exception) -> Response:
    if _wants_json(request):
        said: Any = error.errors() if isinstance(error, RequestValidationError) else []
        return JSONResponse({"error": "not understood", "where": [list(map(str, e["loc"])) for e in said]}, 422)
    return page(request, "trouble.html.j2", status=422, key="not_understood")


def _ledger_trouble(request: Request, error: Exception) -> Response:
    if _wants_json(request):
        return JSONResponse({"error": "the ledger does not answer"}, 503)
    remedy = error.remedy if isinstance(error, UsageError) else ""
    return page(request, "trouble.html.j2", status=503, key="ledger_trouble", more=remedy)


_ANSWERS: dict[Any, Any] = {
    NotLoggedIn: _not_logged_in,
    Refused: _refused,
    NotThere: _not_there,
    HTTPException: _not_there,
    RequestValidationError: _bad_request,
    OutputError: _ledger_trouble,
}
