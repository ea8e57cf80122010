"""Who calls the API: a program by its token, or a person's browser by its session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NoReturn

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from review.desk.entry import NotLoggedIn, check_token, desk_of, visitor
from store import audit, sessions, tokens
from store.access import Viewer
from store.sessions import Visit
from store.tokens import Token

LONGEST = 200  # characters of an Authorization header of ours


class WrongToken(Exception):
    """The token is nobody's, or not any more."""


class TooManyTokens(Exception):
    """Wrong tokens came from this address too often."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. token: None for a browser."""

    visit: Visit
    token: Token | None

    @property
    def viewer(self) -> Viewer:
        """What access is decided by; a token's limits are in it."""
        return self.visit.viewer

    @property
    def by(self) -> dict[str, str]:
        """How, for the audit log."""
        return {"by": "api"} | ({"token": self.token.name} if self.token else {})


def caller(
    request: Request,
    _bearer: Annotated[object, Security(HTTPBearer(auto_error=False, scheme_name="token", description="API token."))],
    _cookie: Annotated[
        object, Security(APIKeyCookie(name="callqa", auto_error=False, scheme_name="session", description="Browser."))
    ],
) -> Caller:
    """Raises NotLoggedIn, WrongToken, TooManyTokens. Where there is an Authorization header, nothing else counts."""
    given = request.headers.get("authorization")
    if given is None:
        return Caller(visitor(request), None)
    scheme, _, secret = given.partition(" ")
    if scheme.lower() != "bearer":
        raise NotLoggedIn
    desk = desk_of(request)
    with desk.reading() as session:
        found = tokens.visit(session, secret.strip()) if len(given) <= LONGEST else None
    if found is None:
        _refuse(request)
    visit, token = found
    if visit.tired:
        with desk.writing() as session:
            tokens.used(session, token.number)
    return Caller(visit, token)


def _refuse(request: Request) -> NoReturn:
    # A right token is always let in: 256 random bits are not guessed, and behind a proxy one broken program must not
    # shut out all others. The limit keeps the books and the log from being filled.
    address = request.client.host if request.client else ""
    with desk_of(request).writing() as session:
        noted = sessions.wrong_token(session, address)
        if noted:
            audit.note(session, "", "token.failed", address)
    raise WrongToken if noted else TooManyTokens


Calling = Annotated[Caller, Depends(caller)]


def from_our_pages(request: Request, calling: Calling) -> None:
    """A browser that changes something shows its CSRF token; a program's token is no other site's to send."""
    if calling.token is None:
        check_token(request.headers.get("x-csrf-token", ""), calling.visit.csrf)
