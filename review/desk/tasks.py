"""What waits for a person 待办: appeals, second reviews, calibration sessions; with what became of earlier ones."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from review.desk.entry import Here, desk_of, options_of
from review.desk.pages import page
from store import appeal_trail, calibrations, second
from store.access import Right
from store.columns import now

router = APIRouter(include_in_schema=False)


@router.get("/tasks")
def tasks_page(request: Request, visit: Here) -> Response:
    viewer = visit.viewer
    with desk_of(request).reading() as session:
        mine = appeal_trail.waiting(session, viewer)
        listed = appeal_trail.listed(session, viewer)
        looks, others = second.waiting(session, viewer), second.elsewhere(session, viewer)
        rule = second.rule(session) if viewer.may(Right.LEAD) else None
        held = calibrations.listed(session, viewer)
    waiting = {appeal.id for appeal in mine}
    return page(
        request, "rounds_tasks.html.j2", appeals=mine, others=[one for one in listed if one.id not in waiting],
        looks=looks, elsewhere=others, rule=rule, calibrations=held, lead=viewer.may(Right.LEAD),
        review=viewer.may(Right.REVIEW), calibrate=viewer.may(Right.CALIBRATE),
        appeal_rights=viewer.may(Right.APPEAL) or viewer.may(Right.DECIDE) or viewer.may(Right.LEAD),
        terms=options_of(request).terms, now=now(),
    )  # fmt: skip
