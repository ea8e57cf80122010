"""Comments on moments of a call: what the call's page shows of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from review.desk.entry import desk_of
from review.desk.times import seconds_of, tenths
from store import comments
from store.access import Right, Role, Viewer
from store.desk_tables import QueueRow
from store.library_tables import CallCommentRow

MOST_TEXT = 2000  # characters


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment that was not kept, as it was typed. trouble: key of the text that says why."""

    at: str
    text: str
    shared: bool
    trouble: str


def of_page(
    request: Request,
    viewer: Viewer,
    row: QueueRow,
    turns: Sequence[Mapping[str, Any]],
    remark: Remark | None = None,
) -> dict[str, Any]:
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
        "comments": found, "remarks": remarks, "remark": remark,
        "at": None if at is None else min(at, row.duration), "tenths": tenths,
        "may_comment": viewer.may(Right.COMMENT), "may_collect": viewer.may(Right.LIBRARY),
        "may_withdraw_all": viewer.role is Role.ADMIN,
    }  # fmt: skip
