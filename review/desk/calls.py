"""A call's page: its picture and sound, what was said, and the answers beside it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from review.desk import comments, stored
from review.desk.callview import lines, parts
from review.desk.entry import Here, Posted, call_of, demand, desk_of, options_of
from review.desk.handed import hand_of
from review.desk.listing import address, filters_of
from review.desk.pages import page
from review.desk.panel import Mistyped, panel
from review.desk.playable import Unplayable
from review.desk.sound import shelf_of
from review.desk.timeline import HEIGHT, WIDTH, timeline
from review.desk.trust import advisory
from scoring.covered import covered
from scoring.masking import mask
from store import audit, blind, queue, reviews, unmasking
from store.access import Right
from store.desk_tables import QueueRow
from store.reviews import Review
from store.sessions import Visit

router = APIRouter(include_in_schema=False)


@router.get("/calls/{sha256}")
def call_page(request: Request, visit: Here, sha256: str) -> Response:
    row = call_of(request, visit.viewer, sha256)
    with desk_of(request).writing() as session:
        audit.note(session, visit.viewer.login, "call.view", row.sha256, call=row.call_id)
        blind.saw(session, visit.viewer, row.evaluation_key)
    return show_call(request, visit, row)


@router.post("/calls/{sha256}/show")
def unmasked_page(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    """The same with personal data as it was said, and to be heard for a while; noted."""
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.SHOW)
    with desk_of(request).writing() as session:
        unmasking.note(session, visit, row)
        blind.saw(session, visit.viewer, row.evaluation_key)
    return show_call(request, visit, row, shown=True)


def show_call(
    request: Request,
    visit: Visit,
    row: QueueRow,
    *,
    shown: bool = False,
    status: int = 200,
    trouble: str = "",
    undecided: Sequence[str] = (),
    typed: Review | None = None,
    appealed: Mistyped | None = None,
    remark: comments.Remark | None = None,
) -> Response:
    """The page of a call that the person may see. shown: nothing is masked.

    typed: what the person had entered where it was not kept, and trouble the text that says why; appealed: the same of
    an appeal, remark of a comment.
    """
    desk, viewer = desk_of(request), visit.viewer
    if status != 200:  # who posted without having opened the page sees it now
        with desk.writing() as session:
            blind.saw(session, viewer, row.evaluation_key)
    with desk.reading() as session:
        whole = stored.whole_of(session, row)
        rubric = options_of(request).forms(session).get(row.rubric_hash)
        blinded = blind.hidden(session, viewer, row.evaluation_key)
        may_review = viewer.may(Right.REVIEW) and not blinded
        versions = reviews.versions(session, row.evaluation_key) if may_review else []
        counted = None if blinded else reviews.submitted(session, row.evaluation_key)
        hand = hand_of(session, viewer, row)
        before, behind = queue.neighbours(session, viewer, filters_of(request.query_params), row)
    newest = versions[0] if versions else None
    say = (lambda text: text) if shown else mask
    try:
        shelf_of(request).find(whole.path, row.sha256, options_of(request).recordings)
        no_sound = ""
    except Unplayable as missing:
        no_sound = missing.key
    record, phone = whole.record, whole.phone
    silent = 0 if options_of(request).whole_sound else len(covered(record["turns"], whole.turns))
    searched = filters_of(request.query_params).words
    return page(
        request, "call.html.j2", status=status, row=row, record=record, rubric=rubric, shown=shown, say=say,
        parts=parts(record, rubric, typed or newest, counted), lines=lines(record, whole.turns, say, searched),
        timeline=timeline(record), width=WIDTH, height=HEIGHT, no_sound=no_sound, silent=silent,
        heard_for=int(unmasking.lasts(row).total_seconds() / 60), phone=phone and say(phone),
        may_review=may_review, may_show=viewer.may(Right.SHOW), versions=versions, newest=newest, counted=counted,
        edited=typed or newest, trouble=trouble, undecided=undecided, before=before, behind=behind,
        kept=address(request.query_params), texted=bool(whole.turns), hand=hand, blinded=blinded,
        advisory=advisory(request, row.rubric_hash),
        rounds=panel(request, visit, row, record, counted, blinded), appealed=appealed,
        **comments.of_page(request, viewer, row, record["turns"], remark),
    )  # fmt: skip
