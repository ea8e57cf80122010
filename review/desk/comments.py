"""Comments on moments of a call: what the call's page shows of them, writing one and taking it back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from review.desk.entry import Here, NotThere, Posted, call_of, demand, desk_of
from review.desk.listing import address
from review.desk.times import number_of, seconds_of, tenths
from store import comments
from store.access import Right, Role, Viewer
from store.desk_tables import QueueRow
from store.library_tables import CallCommentRow

router = APIRouter(include_in_schema=False)
MOST_TEXT = 2000  # characters


def of_page(request: Request, viewer: Viewer, row: QueueRow, turns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the call's page needs: the comments, beside the turns they are about, and what the person may do.

    remarks: by the number of the turn in which, or behind which, the moment lies; 0 before the first.
    """
    with desk_of(request).reading() as session:
        found = comments.of_call(session, viewer, row.sha256)
    starts = [float(turn["start"]) for turn in turns]
    remarks: dict[int, list[CallCommentRow]] = {}
    for comment in found:
        remarks.setdefault(max(0, bisect_right(starts, comment.second + 0.05) - 1), []).append(comment)
    at = seconds_of(request.query_params.get("at", ""))
    return {
        "comments": found, "remarks": remarks, "at": None if at is None else min(at, row.duration), "tenths": tenths,
        "may_comment": viewer.may(Right.COMMENT), "may_collect": viewer.may(Right.LIBRARY),
        "may_withdraw_all": viewer.role is Role.ADMIN,
    }  # fmt: skip


@router.post("/calls/{sha256}/comments")
def write(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.COMMENT)
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()[:MOST_TEXT]
    second = seconds_of(str(form.get("at", "")))
    if not text or second is None:
        return _back(request, row, "comment")
    with desk_of(request).writing() as session:
        written = comments.add(
            session, visit.viewer, row, min(second, row.duration), text, shared=form.get("shared") == "yes"
        )
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
