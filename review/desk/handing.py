"""Claim, assign, release: who looks at which call next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from review.desk.accounts import within
from review.desk.entry import Here, Posted, call_of, demand, desk_of, options_of
from review.desk.listing import address, filters_of, whole
from review.desk.pages import page
from store import claims, queue
from store.access import Right, Viewer
from store.claims import MOST_AT_ONCE, Taken
from store.desk import Desk

router = APIRouter(include_in_schema=False)
TRIES = 5  # calls that others took in the moment between looking and taking


@router.post("/calls/{sha256}/claim")
def claim(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    """Take a call in hand; 409 and by whom, if somebody else has."""
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.REVIEW)
    try:
        with desk_of(request).writing() as session:
            claims.claim(session, visit.viewer, row, _lasts(request))
    except Taken as taken:
        return page(
            request, "taken.html.j2", status=409, holder=taken.holder, row=row, kept=address(request.query_params)
        )
    return RedirectResponse(_back(request, form.get("back"), row.sha256), 303)


@router.post("/calls/{sha256}/release")
def release(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.REVIEW)
    with desk_of(request).writing() as session:
        claims.release(session, visit.viewer, [row.sha256], others=visit.viewer.may(Right.ASSIGN))
    return RedirectResponse(_back(request, form.get("back"), row.sha256), 303)


@router.post("/calls/next")
def claim_next(request: Request, visit: Here, form: Posted) -> Response:
    """Claim the first call of the list that nobody has and nobody has reviewed, and open it."""
    demand(visit.viewer, Right.REVIEW)
    kept = address(request.query_params)
    for _ in range(TRIES):
        ids = _first(desk_of(request), visit.viewer, request, 1)
        if not ids:
            break
        try:
            with desk_of(request).writing() as session:
                row = queue.one(session, visit.viewer, ids[0])
                if row is not None:
                    claims.claim(session, visit.viewer, row, _lasts(request))
        except Taken:
            continue
        return RedirectResponse(f"/calls/{ids[0]}" + (f"?{kept}" if kept else ""), 303)
    return _listed(request, nothing="1")


@router.post("/calls/hand")
def hand(request: Request, visit: Here, form: Posted) -> Response:
    """What is done with the calls that were ticked, or with the first of the list."""
    viewer, desk = visit.viewer, desk_of(request)
    action = str(form.get("act", ""))
    demand(viewer, Right.REVIEW if action == "claim" else Right.ASSIGN)
    ids = [str(value)[:64] for value in form.getlist("call")][:MOST_AT_ONCE]
    if action == "first":
        ids = _first(desk, viewer, request, whole(str(form.get("first", "")), MOST_AT_ONCE) or 0)
    if not ids:
        return _listed(request, nothing="2")
    if action == "claim":
        return _claim_all(request, viewer, ids)
    if action == "release":
        with desk.writing() as session:
            gone = claims.release(session, viewer, ids, others=True)
        return _listed(request, released=str(gone))
    try:
        with desk.writing() as session:
            batch, _, left = claims.assign(
                session, viewer, ids, str(form.get("to", ""))[:64], over=form.get("over") == "yes"
            )
    except KeyError:
        return _listed(request, nothing="3")
    return _listed(request, batch=batch, left=str(left))


@router.post("/calls/undo")
def undo(request: Request, visit: Here, form: Posted) -> Response:
    """Take an assignment back, as far as it still is as it was made."""
    demand(visit.viewer, Right.ASSIGN)
    with desk_of(request).writing() as session:
        gone = claims.undo(session, visit.viewer, str(form.get("batch", ""))[:40])
    return _listed(request, released=str(gone))


def _claim_all(request: Request, viewer: Viewer, ids: list[str]) -> Response:
    got = left = 0
    with desk_of(request).writing() as session:
        for sha256 in ids:
            row = queue.one(session, viewer, sha256)
            if row is None:
                continue
            try:
                claims.claim(session, viewer, row, _lasts(request))
                got += 1
            except Taken:
                left += 1
    return _listed(request, claimed=str(got), left=str(left))


def _first(desk: Desk, viewer: Viewer, request: Request, count: int) -> list[str]:
    """The first calls of the list that are free: in nobody's hands and, unless the list says so, not reviewed."""
    if not count:
        return []
    filters = filters_of(request.query_params)
    filters = replace(filters, holder="nobody", review=filters.review or "open")
    with desk.reading() as session:
        return [row.sha256 for row in queue.page(session, viewer, filters, size=count).rows]


def _lasts(request: Request) -> timedelta:
    return timedelta(minutes=options_of(request).claim_minutes)


def _back(request: Request, back: object, sha256: str) -> str:
    if back == "list":
        kept = address(request.query_params)
        return within("/calls" + (f"?{kept}" if kept else ""))
    kept = address(request.query_params)
    return f"/calls/{sha256}" + (f"?{kept}" if kept else "")


def _listed(request: Request, **said: str) -> Response:
    """The list as it was, with what was done."""
    kept = address(request.query_params)
    return RedirectResponse("/calls?" + "&".join(part for part in (kept, urlencode(said)) if part), 303)
