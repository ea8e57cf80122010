"""Who may log in: people with a role, and their passwords (argon2id, RFC 9106)."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from scoring.errors import UsageError
from store import audit
from store.access import Role, Viewer
from store.columns import now
from store.desk_tables import SessionRow, UserRow
from store.token_tables import ApiTokenRow

LEAST_PASSWORD = 10  # characters
MOST_PASSWORD = 256  # longer ones would only keep the server busy

_HASHER = PasswordHasher()


def add(
    session: Session,
    login: str,
    password: str,
    role: Role,
    *,
    by: str,
    name: str = "",
    agent: str | None = None,
    teams: tuple[str, ...] = (),
) -> None:
    """Add a person. Raises UsageError: the login is taken or no word, the password too short, agent or team missing."""
    name, login = name or login.strip(), known_as(login)
    if not 1 <= len(login) <= 64 or not all(c.isalnum() or c in "._-@" for c in login):
        raise UsageError(f"{login!r} is no login", remedy="use letters, digits and . _ - @, at most 64")
    if session.scalar(select(UserRow.id).where(UserRow.login == login)) is not None:
        raise UsageError(f"there is a user {login} already", remedy="choose another login, or `callqa user passwd`")
    if role is Role.AGENT and not agent:
        raise UsageError("an agent needs --agent", remedy="give the agent's number or name as the calls have it")
    if role is Role.TEAM_LEADER and not teams:
        raise UsageError("a team leader needs --team", remedy="give each team as the calls have it")
    check_password(password, login)
    session.add(
        UserRow(
            login=login, name=name, role=role.value, password=_HASHER.hash(password),
            agent=agent, teams=list(teams),
        )
    )  # fmt: skip
    audit.note(session, by, "user.add", login, role=role.value, agent=agent, teams=list(teams))


def change_password(session: Session, login: str, password: str, *, by: str) -> None:
    """Give a person a new password; whoever is logged in as them, or holds a token of theirs, is shut out.

    Raises UsageError.
    """
    user = one(session, login)
    check_password(password, user.login)
    user.password = _HASHER.hash(password)
    session.execute(delete(SessionRow).where(SessionRow.user_id == user.id))
    held = update(ApiTokenRow).where(ApiTokenRow.user_id == user.id, ApiTokenRow.revoked_at.is_(None))
    session.execute(held.values(revoked_at=now()))
    audit.note(session, by, "user.password", user.login)


def disable(session: Session, login: str, *, by: str) -> None:
    """Shut a person out, at once; what they did stays in the books. Raises UsageError."""
    user = one(session, login)
    user.disabled_at = user.disabled_at or now()
    session.execute(delete(SessionRow).where(SessionRow.user_id == user.id))
    audit.note(session, by, "user.disable", user.login)


def everybody(session: Session) -> list[UserRow]:
    """All users, by login."""
    return list(session.scalars(select(UserRow).order_by(UserRow.login)))


def anybody(session: Session) -> bool:
    """Whether somebody can log in."""
    return session.scalar(select(func.count()).select_from(UserRow).where(UserRow.disabled_at.is_(None))) != 0


def recognised(session: Session, login: str, password: str) -> UserRow | None:
    """The user with this password, or None. Takes the same time whether there is such a user or not."""
    user = session.scalar(select(UserRow).where(UserRow.login == known_as(login)))
    try:
        _HASHER.verify(user.password if user else _nobody(), password[:MOST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return user if user and user.disabled_at is None else None


def check_password(password: str, login: str) -> None:
    """Raises UsageError where a password is too easy to guess or too long."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD or password.casefold() == login:
        raise UsageError(
            "the password is too short, too long, or the login", remedy=f"use at least {LEAST_PASSWORD} characters"
        )


def viewer(user: UserRow) -> Viewer:
    """What access is decided by."""
    return Viewer(user.login, user.name, Role(user.role), user.agent, tuple(user.teams))


def known_as(login: str) -> str:
    """A login as it is kept: case and width do not matter."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def one(session: Session, login: str) -> UserRow:
    """The person of a login. Raises UsageError."""
    user = session.scalar(select(UserRow).where(UserRow.login == known_as(login)))
    if user is None:
        raise UsageError(f"there is no user {login!r}", remedy="see `callqa user list`")
    return user
