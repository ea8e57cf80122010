"""Saved views of the queue: keep the present filters and order under a name, forget them again."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from review.desk.entry import Here, Posted, desk_of
from review.desk.listing import Unnamed, address, show_queue, whole
from store import views
from store.access import Right
from store.views import NoRoom

router = APIRouter(include_in_schema=False)
MOST_NAME = 40


@router.post("/views")
def save_view(request: Request, visit: Here, form: Posted) -> Response:
    """The filters are those of this address, as the list's. Sharing needs the right to give out work."""
    kept = address(request.query_params)[:1500]
    name = " ".join(str(form.get("name", "")).split())
    if not name or len(name) > MOST_NAME:
        wrong = Unnamed("view_long_name" if name else "view_no_name", name)
        return show_queue(request, visit, status=422, unnamed=wrong)
    shared = form.get("shared") == "yes" and visit.viewer.may(Right.ASSIGN)
    try:
        with desk_of(request).writing() as session:
            views.save(session, visit.viewer, name, kept, shared=shared)
    except NoRoom:
        return RedirectResponse("/calls?" + (f"{kept}&" if kept else "") + "nothing=4", 303)
    return RedirectResponse("/calls" + (f"?{kept}" if kept else ""), 303)


@router.post("/views/drop")
def drop_view(request: Request, visit: Here, form: Posted) -> Response:
    number = whole(str(form.get("view", "")))
    if number is not None:
        with desk_of(request).writing() as session:
            views.drop(session, visit.viewer, number)
    kept = address(request.query_params)
    return RedirectResponse("/calls" + (f"?{kept}" if kept else ""), 303)
