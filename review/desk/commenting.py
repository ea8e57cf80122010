"""Writing a comment on a moment of a call, and taking it back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from review.desk.calls import show_call
from review.desk.comments import MOST_TEXT, Remark
from review.desk.entry import Here, NotThere, Posted, call_of, demand, desk_of
from review.desk.listing import address
from review.desk.times import number_of, seconds_of
from store import comments
from store.access import Right
from store.desk_tables import QueueRow

router = APIRouter(include_in_schema=False)
SLACK = 0.1  # s: the form shows tenths, and the end of a call may be rounded up


@router.post("/calls/{sha256}/comments")
def write(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    """422, with what was typed, where the moment is none of this call or the text is empty or too long."""
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.COMMENT)
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()
    at, shared = str(form.get("at", "")), form.get("shared") == "yes"
    second, trouble = seconds_of(at), ""
    if second is None or second > row.duration + SLACK:
        trouble = "comment_moment_wrong"
    elif not text or len(text) > MOST_TEXT:
        trouble = "comment_too_long" if text else "comment_empty"
    if trouble or second is None:
        return show_call(request, visit, row, status=422, remark=Remark(at, text, shared, trouble))
    second = min(second, row.duration)
    with desk_of(request).writing() as session:
        same = (visit.viewer.login, second, text, shared)
        found = comments.of_call(session, visit.viewer, row.sha256)
        sent = [c.id for c in found if (c.author, c.second, c.text, c.shared) == same]
        written = sent[0] if sent else comments.add(session, visit.viewer, row, second, text, shared=shared)
    return _back(request, row, f"c{written}")


@router.post("/calls/{sha256}/comments/{comment}/withdraw")
def withdraw(request: Request, visit: Here, form: Posted, sha256: str, comment: str) -> Response:
    row, number = call_of(request, visit.viewer, sha256), number_of(comment)
    demand(visit.viewer, Right.COMMENT)
    if number is None:
        raise NotThere
    with desk_of(request).writing() as session:
        if not comments.withdraw(session, visit.viewer, row, number):
            raise NotThere
    return _back(request, row, "comment")


def _back(request: Request, row: QueueRow, place: str) -> Response:
    kept = address(request.query_params)
    return RedirectResponse(f"/calls/{row.sha256}" + (f"?{kept}" if kept else "") + f"#{place}", 303)
