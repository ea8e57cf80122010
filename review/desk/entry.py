"""Who is at the door: the browser's session, its CSRF token, what the person may do."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from review.desk.options import Options
from scoring.rubric import Rubric
from store import blind, queue, sessions
from store.access import Right, Viewer
from store.desk import Desk
from store.desk_tables import QueueRow
from store.sessions import Visit


class NotLoggedIn(Exception):
    """Nobody is logged in."""


class Refused(Exception):
    """The person may not do this, or the form is not one that we gave them. key: of the text that says so; status:
    of HTTP, 409 where it was theirs to do until somebody else was first."""

    def __init__(self, key: str, status: int = 403) -> None:
        super().__init__(key)
        self.key, self.status = key, status


class NotThere(Exception):
    """There is nothing at this address that this person may see."""


def desk_of(request: Request) -> Desk:
    """The ledger behind the desk."""
    desk: Desk = request.app.state.desk
    return desk


def options_of(request: Request) -> Options:
    """What the desk was started with."""
    options: Options = request.app.state.options
    return options


def forms_of(request: Request) -> dict[str, Rubric]:
    """The forms that are known, by hash."""
    with desk_of(request).reading() as session:
        return options_of(request).forms(session)


def cookie_name(options: Options) -> str:
    """The session's cookie. With https its prefix keeps other hosts of the domain from setting it (RFC 6265bis)."""
    return "__Host-callqa" if options.https else "callqa"


def visitor(request: Request) -> Visit:
    """Who is logged in. Raises NotLoggedIn."""
    desk, cookie = desk_of(request), request.cookies.get(cookie_name(options_of(request)), "")
    if not cookie:
        raise NotLoggedIn
    with desk.reading() as session:
        visit = sessions.visit(session, cookie)
    if visit is None:
        raise NotLoggedIn
    if visit.tired:
        with desk.writing() as session:
            sessions.seen(session, visit.token)
    request.state.visit = visit
    return visit


Here = Annotated[Visit, Depends(visitor)]


async def posted(request: Request, visit: Here) -> FormData:
    """The form that was posted. Raises Refused where its token is not the session's."""
    form = await request.form(max_files=0, max_fields=2000)
    token = request.headers.get("x-csrf-token") or str(form.get("csrf", ""))
    check_token(token, visit.csrf)
    return form


Posted = Annotated[FormData, Depends(posted)]


def check_token(given: str, wanted: str) -> None:
    """Raises Refused."""
    if not secrets.compare_digest(given.encode(), wanted.encode()):
        raise Refused("stale_form")


def demand(viewer: Viewer, right: Right) -> None:
    """Raises Refused where the person lacks the right."""
    if not viewer.may(right):
        raise Refused("not_yours")


def call_of(request: Request, viewer: Viewer, sha256: str, *, heard_only: bool = False) -> QueueRow:
    """The one way from an address to a call. Raises NotThere, also of a call that is not for this person; Refused
    while they hold its second review, unless heard_only: nothing is shown that anybody made of what was said."""
    with desk_of(request).reading() as session:
        row = queue.one(session, viewer, sha256)
        held = row is not None and not heard_only and blind.holds(session, viewer, row.sha256)
    if row is None:
        raise NotThere
    if held:
        raise Refused("held_blind")
    return row
