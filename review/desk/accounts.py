"""Coming in, going out, one's own password, language and colours."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from review.desk.entry import Here, NotLoggedIn, Posted, Refused, check_token, cookie_name, desk_of, options_of, visitor
from review.desk.pages import THEMES, page
from review.texts import LANGUAGES
from scoring.errors import UsageError
from store import audit, sessions, users

router = APIRouter(include_in_schema=False)
LOOKS = 400 * 86400  # s that language and colours are remembered
BEFORE = "callqa_login"  # cookie of the login form: its token, before there is a session


async def _login_form(request: Request) -> FormData:
    form = await request.form(max_files=0, max_fields=10)
    given, wanted = str(form.get("csrf", "")), request.cookies.get(BEFORE, "")
    if not wanted:
        raise Refused("stale_form")
    check_token(given, wanted)
    return form


LoginForm = Annotated[FormData, Depends(_login_form)]


@router.get("/login", name="login")
def login_page(request: Request, next: str = "/") -> Response:
    try:
        visitor(request)
    except NotLoggedIn:
        return _login_page(request, next)
    return RedirectResponse(within(next), 303)


def _login_page(request: Request, next: str, *, status: int = 200, key: str = "", login: str = "") -> Response:
    token = request.cookies.get(BEFORE) or secrets.token_urlsafe(32)
    shown = page(request, "login.html.j2", status=status, trouble=key, token=token, next=within(next), login=login)
    shown.set_cookie(BEFORE, token, **_cookie(request), max_age=3600)
    return shown


@router.post("/login")
def log_in(request: Request, form: LoginForm) -> Response:
    desk, address = desk_of(request), request.client.host if request.client else ""
    login, password = str(form.get("login", ""))[:64], str(form.get("password", ""))
    onward = str(form.get("next", "/"))
    with desk.reading() as session:
        guessing = sessions.too_many_failures(session, login, address)
        user = None if guessing else users.recognised(session, login, password)
    if user is None:
        with desk.writing() as session:
            if not guessing:
                sessions.failed(session, login, address)
            audit.note(session, users.known_as(login), "login.refused" if guessing else "login.failed", address)
        key, status = ("too_many_tries", 429) if guessing else ("wrong_password", 401)
        return _login_page(request, onward, status=status, key=key, login=login)
    with desk.writing() as session:
        sessions.forgive(session, login, address)
        cookie = sessions.begin(session, user)
        audit.note(session, user.login, "login", address)
    done = RedirectResponse(within(onward), 303)
    done.set_cookie(cookie_name(options_of(request)), cookie, **_cookie(request))
    done.delete_cookie(BEFORE)
    return done


@router.post("/logout")
def log_out(request: Request, visit: Here, form: Posted) -> Response:
    with desk_of(request).writing() as session:
        sessions.end(session, visit.token)
        audit.note(session, visit.viewer.login, "logout")
    done = RedirectResponse("/login", 303)
    done.delete_cookie(cookie_name(options_of(request)), secure=options_of(request).https, httponly=True)
    return done


@router.get("/account")
def account(request: Request, visit: Here) -> Response:
    return page(request, "account.html.j2", trouble="")


@router.post("/account/password")
def new_password(request: Request, visit: Here, form: Posted) -> Response:
    desk, address = desk_of(request), request.client.host if request.client else ""
    login, old, new, again = visit.viewer.login, *(str(form.get(name, "")) for name in ("old", "new", "again"))
    with desk.reading() as session:
        guessing = sessions.too_many_failures(session, login, address)
        known = not guessing and users.recognised(session, login, old) is not None
    if not known:
        with desk.writing() as session:
            sessions.failed(session, login, address)
        return page(
            request, "account.html.j2", status=429 if guessing else 401,
            trouble="too_many_tries" if guessing else "wrong_password",
        )  # fmt: skip
    if new != again:
        return page(request, "account.html.j2", status=422, trouble="passwords_differ")
    try:
        with desk.writing() as session:
            users.change_password(session, login, new, by=login)
    except UsageError:
        return page(request, "account.html.j2", status=422, trouble="weak_password")
    return RedirectResponse("/login", 303)


@router.get("/look")
def look(language: str = "", theme: str = "", back: str = "/") -> Response:
    """Remember language or colours; harmless, so a plain link does it."""
    done = RedirectResponse(within(back), 303)
    if language in LANGUAGES:
        done.set_cookie("language", language, max_age=LOOKS, httponly=True, samesite="lax")
    if theme in THEMES:
        done.set_cookie("theme", theme, max_age=LOOKS, httponly=True, samesite="lax")
    elif theme == "auto":
        done.delete_cookie("theme")
    return done


def within(address: str) -> str:
    """The address if it lies at this desk, else the desk's door: a link must not lead a person away."""
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if local and address.isprintable() and "\\" not in address else "/"


def _cookie(request: Request) -> dict[str, Any]:
    return {"httponly": True, "samesite": "lax", "secure": options_of(request).https, "path": "/"}
