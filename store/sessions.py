"""Browsers that are logged in, kept in the ledger: logging out, a new password or a shut account end them at once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from store import users
from store.access import Viewer
from store.columns import now
from store.desk_tables import LoginFailureRow, SessionRow, UserRow

LONGEST = timedelta(hours=12)  # a working day: then everybody logs in again
IDLE = timedelta(hours=2)
NOTED = timedelta(minutes=5)  # how exactly `seen_at` is kept: not every page view is a write
WINDOW = timedelta(minutes=15)
MOST_TOKENS = 30  # wrong API tokens in that time, from an address
PROGRAM = ":token"  # in place of the login where it was a token; no login holds a colon
MOST_HERE, MOST_ADDRESS, MOST_LOGIN = 5, 30, 50  # wrong passwords in that time: of a login at an address, each alone


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser that is logged in. tired: `seen_at` should be written again."""

    viewer: Viewer
    csrf: str
    token: str
    tired: bool


def begin(session: Session, user: UserRow, *, instead_of: str = "") -> str:
    """Log a browser in; what its cookie shall hold. Sessions that are over are cleared away.

    instead_of: the cookie that the browser came with, whose session ends: nobody goes on with one known before.
    """
    cookie = secrets.token_urlsafe(32)
    moment = now()
    session.execute(
        delete(SessionRow).where(or_(SessionRow.created_at < moment - LONGEST, SessionRow.seen_at < moment - IDLE))
    )
    if instead_of:
        end(session, _token(instead_of))
    session.add(SessionRow(token=_token(cookie), user_id=user.id, csrf=secrets.token_urlsafe(32)))
    return cookie


def visit(session: Session, cookie: str) -> Visit | None:
    """Who has this cookie, or None when nobody or no longer."""
    joined = select(SessionRow, UserRow).join(UserRow, UserRow.id == SessionRow.user_id)
    found = session.execute(joined.where(SessionRow.token == _token(cookie))).one_or_none()
    moment = now()
    if found is None or found[1].disabled_at is not None:
        return None
    row, user = found
    if row.created_at < moment - LONGEST or row.seen_at < moment - IDLE:
        return None
    return Visit(users.viewer(user), row.csrf, row.token, row.seen_at < moment - NOTED)


def seen(session: Session, token: str) -> None:
    """Note that a browser is still in use."""
    if row := session.get(SessionRow, token):
        row.seen_at = now()


def end(session: Session, token: str) -> None:
    """Log a browser out."""
    session.execute(delete(SessionRow).where(SessionRow.token == token))


def may_try(session: Session, login: str, address: str) -> bool:
    """Whether a password may be looked at; if so the try counts as a failure until `forgive`, so that of many at once
    no more than the limit are looked at. Where somebody guesses, even the right password is not, for a while."""
    if _too_many_failures(session, login, address):
        return False
    _failed(session, users.known_as(login)[:64], address)
    return True


def wrong_token(session: Session, address: str) -> bool:
    """Note an API token that nobody has; False where the address showed too many, and nothing is noted."""
    recent = select(func.count()).select_from(LoginFailureRow).where(LoginFailureRow.at > now() - WINDOW)
    shown = session.scalar(recent.where(LoginFailureRow.login == PROGRAM, LoginFailureRow.address == address)) or 0
    if shown < MOST_TOKENS:
        _failed(session, PROGRAM, address)
    return shown < MOST_TOKENS


def _too_many_failures(session: Session, login: str, address: str) -> bool:
    recent = (
        select(func.count())
        .select_from(LoginFailureRow)
        .where(LoginFailureRow.at > now() - WINDOW, LoginFailureRow.login != PROGRAM)
    )
    of_login, at_address = LoginFailureRow.login == users.known_as(login)[:64], LoginFailureRow.address == address
    limits = ((MOST_HERE, (of_login, at_address)), (MOST_ADDRESS, (at_address,)), (MOST_LOGIN, (of_login,)))
    return any((session.scalar(recent.where(*which)) or 0) >= most for most, which in limits)


def _failed(session: Session, login: str, address: str) -> None:
    session.execute(delete(LoginFailureRow).where(LoginFailureRow.at < now() - WINDOW))
    session.add(LoginFailureRow(login=login, address=address))


def forgive(session: Session, login: str, address: str) -> None:
    """The right password was given: earlier slips are forgotten."""
    of_login = LoginFailureRow.login == users.known_as(login)[:64]
    session.execute(delete(LoginFailureRow).where(of_login, LoginFailureRow.address == address))


def _token(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()
