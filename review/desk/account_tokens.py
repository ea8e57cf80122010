"""One's own API tokens: made, shown once, taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from review.desk.accounts import account_page, password_checked
from review.desk.entry import Here, Posted, desk_of
from scoring.errors import UsageError
from store import tokens
from store.tokens import Scope

router = APIRouter(include_in_schema=False)


@router.post("/account/tokens")
def new_token(request: Request, visit: Here, form: Posted) -> Response:
    """Answered with the page itself: the token is kept nowhere that a later page could show it from."""
    login = visit.viewer.login
    name, scope, days = (str(form.get(field, "")) for field in ("name", "scope", "days"))
    if scope not in set(Scope) or not (days.isascii() and days.isdecimal() and len(days) <= 3):
        return account_page(request, visit, status=422, refused="token_not_understood")
    user, key, status = password_checked(request, login, str(form.get("password", "")))
    if user is None:
        return account_page(request, visit, status=status, refused=key)
    try:
        with desk_of(request).writing() as session:
            secret = tokens.issue(session, login, name, Scope(scope), by=login, days=int(days))
    except UsageError:
        return account_page(request, visit, status=422, refused="token_refused")
    return account_page(request, visit, secret=secret)


@router.post("/account/tokens/{number}/revoke")
def revoked(request: Request, visit: Here, form: Posted, number: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    login = visit.viewer.login
    try:
        with desk_of(request).writing() as session:
            tokens.revoke(session, login, by=login, number=number)
    except UsageError:
        return account_page(request, visit, status=404, refused="no_such_token")
    return RedirectResponse("/account#tokens", 303)
