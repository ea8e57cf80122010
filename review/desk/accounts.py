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
from store import audit, sessions, tokens, users
from store.access import Right
from store.desk_tables import UserRow
from store.sessions import Visit

router = APIRouter(include_in_schema=False)
LOOKS = 400 * 86400  # s that language and colours are remembered
BEFORE = "callqa_login"  # cookie of the login form: its token, before there is a session


async def _login_form(request: Request) -> FormData:
    form = await request.form(max_files=0, max_fields=10)
    given, wanted = str(form.get("csrf", "")), request.cookies.get(_before(request), "")
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
    token = request.cookies.get(_before(request)) or secrets.token_urlsafe(32)
    shown = page(request, "login.html.j2", status=status, trouble=key, token=token, next=within(next), login=login)
    if status == 429:
        shown.headers["Retry-After"] = str(int(sessions.WINDOW.total_seconds()))
    shown.set_cookie(_before(request), token, **_cookie(request), max_age=3600)
    return shown


@router.post("/login")
def log_in(request: Request, form: LoginForm) -> Response:
    desk, address = desk_of(request), request.client.host if request.client else ""
    login, password = str(form.get("login", ""))[:64], str(form.get("password", ""))
    onward = str(form.get("next", "/"))
    user, key, status = password_checked(request, login, password)
    if user is None:
        return _login_page(request, onward, status=status, key=key, login=login)
    with desk.writing() as session:
        cookie = sessions.begin(session, user, instead_of=request.cookies.get(cookie_name(options_of(request)), ""))
        audit.note(session, user.login, "login", address)
    done = RedirectResponse(within(onward), 303)
    done.set_cookie(cookie_name(options_of(request)), cookie, **_cookie(request))
    done.delete_cookie(_before(request), **_cookie(request))
    return done


def password_checked(request: Request, login: str, password: str) -> tuple[UserRow | None, str, int]:
    """The user with this password, or None with the text that says why not and its HTTP status; noted."""
    desk, address = desk_of(request), request.client.host if request.client else ""
    with desk.writing() as session:
        if not sessions.may_try(session, login, address):
            audit.note(session, users.known_as(login)[:64], "login.refused", address)
            return None, "too_many_tries", 429
    with desk.reading() as session:
        user = users.recognised(session, login, password)
    with desk.writing() as session:
        if user is None:
            audit.note(session, users.known_as(login)[:64], "login.failed", address)
            return None, "wrong_password", 401
        sessions.forgive(session, login, address)
    return user, "", 200


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
    return account_page(request, visit)


def account_page(
    request: Request, visit: Visit, *, status: int = 200, trouble: str = "", refused: str = "", secret: str = ""
) -> Response:
    """One's own page. trouble: text about the password form; refused: about that for tokens; secret: a new token."""
    with desk_of(request).reading() as session:
        held = tokens.of(session, visit.viewer.login)
    shown = page(
        request, "account.html.j2", status=status, trouble=trouble, refused=refused, secret=secret, tokens=held,
        days=tokens.DAYS, most_days=tokens.MOST_DAYS, most_name=tokens.MOST_NAME,
        may_review=visit.viewer.may(Right.REVIEW),
    )  # fmt: skip
    if status == 429:
        shown.headers["Retry-After"] = str(int(sessions.WINDOW.total_seconds()))
    return shown


@router.post("/account/password")
def new_password(request: Request, visit: Here, form: Posted) -> Response:
    login, old, new, again = visit.viewer.login, *(str(form.get(name, "")) for name in ("old", "new", "again"))
    user, key, status = password_checked(request, login, old)
    if user is None:
        return account_page(request, visit, status=status, trouble=key)
    if new != again:
        return account_page(request, visit, status=422, trouble="passwords_differ")
    try:
        with desk_of(request).writing() as session:
            users.change_password(session, login, new, by=login)
    except UsageError:
        return account_page(request, visit, status=422, trouble="weak_password")
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


def _before(request: Request) -> str:
    return f"__Host-{BEFORE}" if options_of(request).https else BEFORE


def _cookie(request: Request) -> dict[str, Any]:
    return {"httponly": True, "samesite": "lax", "secure": options_of(request).https, "path": "/"}
