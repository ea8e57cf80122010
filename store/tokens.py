"""API tokens 接口令牌: a program calls as a person, with at most that person's rights, by a token that ends.

A token is 256 random bits, so its sha256 is enough to know it by and nothing in the ledger lets anybody in. It dies
with its day, its account, a new password, or when somebody takes it back.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.errors import UsageError
from store import audit, users
from store.access import Right, Viewer
from store.columns import now
from store.desk_tables import UserRow
from store.sessions import NOTED, Visit
from store.token_tables import ApiTokenRow

PREFIX = "callqa_"  # tells people and secret scanners what they found
DAYS, MOST_DAYS = 90, 365
MOST_NAME = 60  # characters
MOST_TOKENS = 50  # that a person may hold at a time


class Scope(StrEnum):
    """What a token is good for."""

    READ = "read"
    REVIEW = "read+review"


# A right that is not named here is not a token's, whatever the role. These are for reading: what they let a person
# change on pages (CASES, LIBRARY) has no address under /api that would.
_READ = frozenset({Right.AGREEMENT, Right.AUDIT, Right.CASES, Right.LIBRARY, Right.PLANS})
LEFT: dict[Scope, frozenset[Right]] = {Scope.READ: _READ, Scope.REVIEW: _READ | {Right.REVIEW}}


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it may be shown: not the secret."""

    number: int
    login: str
    name: str
    scope: Scope
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def live(self) -> bool:
        """Whether it still lets somebody in (but for a shut account)."""
        return self.revoked_at is None and self.expires_at > now()


def issue(session: Session, login: str, name: str, scope: Scope, *, by: str, days: int = DAYS) -> str:
    """Give a person a token; the one time that anybody sees it. Raises UsageError."""
    name, user = name.strip(), users.one(session, login)
    if user.disabled_at is not None:
        raise UsageError(f"{user.login} is disabled", remedy="see `callqa user list`")
    if not 1 <= len(name) <= MOST_NAME or not name.isprintable():
        raise UsageError("a token needs a name", remedy=f"say what it is for, in at most {MOST_NAME} characters")
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(f"{days} days is no age for a token", remedy=f"give 1 to {MOST_DAYS} days")
    live = [token for token in of(session, user.login) if token.live]
    if name in {token.name for token in live}:
        raise UsageError(f"{user.login} has a token {name!r} already", remedy="revoke it, or choose another name")
    if len(live) >= MOST_TOKENS:
        raise UsageError(f"{user.login} has {len(live)} tokens", remedy="revoke those that nothing uses")
    secret, ends = PREFIX + secrets.token_urlsafe(32), now() + timedelta(days=days)
    session.add(ApiTokenRow(user_id=user.id, name=name, digest=_digest(secret), scope=scope.value, expires_at=ends))
    audit.note(session, by, "token.add", user.login, name=name, scope=scope.value, days=days)
    return secret


def revoke(session: Session, login: str, *, by: str, name: str = "", number: int = 0) -> None:
    """Take a person's token back, by name or number; at once. Raises UsageError."""
    user = users.one(session, login)
    live = select(ApiTokenRow).where(ApiTokenRow.user_id == user.id, ApiTokenRow.revoked_at.is_(None))
    which = ApiTokenRow.id == number if number else ApiTokenRow.name == name
    row = session.scalar(live.where(which).order_by(ApiTokenRow.id.desc()).limit(1))
    if row is None:
        raise UsageError(f"{user.login} has no such token", remedy="see `callqa user token list`")
    row.revoked_at = now()
    audit.note(session, by, "token.revoke", user.login, name=row.name)


def of(session: Session, login: str | None = None) -> list[Token]:
    """The tokens that were not taken back, of one person or all, newest first."""
    chosen = select(ApiTokenRow, UserRow.login).join(UserRow, UserRow.id == ApiTokenRow.user_id)
    chosen = chosen.where(ApiTokenRow.revoked_at.is_(None)).order_by(ApiTokenRow.id.desc())
    if login is not None:
        chosen = chosen.where(UserRow.login == users.known_as(login))
    return [_token(row, owner) for row, owner in session.execute(chosen)]


def visit(session: Session, secret: str) -> tuple[Visit, Token] | None:
    """Who calls with this token, with the rights that it leaves them, or None."""
    joined = select(ApiTokenRow, UserRow).join(UserRow, UserRow.id == ApiTokenRow.user_id)
    found = session.execute(joined.where(ApiTokenRow.digest == _digest(secret))).one_or_none()
    if found is None or found[1].disabled_at is not None:
        return None
    row, user = found
    token = _token(row, user.login)
    if not token.live:
        return None
    tired = row.used_at is None or row.used_at < now() - NOTED
    return Visit(limited(users.viewer(user), token.scope), "", row.digest, tired), token


def used(session: Session, number: int) -> None:
    """Note that a token is in use."""
    if row := session.get(ApiTokenRow, number):
        row.used_at = now()


def limited(viewer: Viewer, scope: Scope) -> Viewer:
    """The person with the rights that a token leaves them."""
    return replace(viewer, only=LEFT[scope])


def _token(row: ApiTokenRow, login: str) -> Token:
    return Token(
        row.id, login, row.name, Scope(row.scope), row.created_at, row.expires_at, row.used_at, row.revoked_at
    )  # fmt: skip


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
