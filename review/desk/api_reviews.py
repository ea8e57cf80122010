"""Reviews by the API: read with an ETag, kept only by who names the version that was read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from review.desk import stored
from review.desk.api_caller import Caller, Calling, from_our_pages
from review.desk.api_lines import shown_review
from review.desk.api_models import Entered, Given, ReviewRead, Saved
from review.desk.api_reply import problem, reply, still_as_read, tag_of
from review.desk.entry import Refused, call_of, demand, desk_of, forms_of
from review.desk.reviewing import Draft, keep
from review.plain import plain_lines
from scoring.evaluation import Status
from scoring.masking import mask
from store import audit, blind, reviews
from store.access import Right
from store.desk_tables import QueueRow
from store.reviews import Decision, Overtaken, Review

router = APIRouter()
Sha256 = Annotated[str, Path(max_length=64, description="The recording's.")]
OVERTAKEN = "a newer version was saved meanwhile, or the call was evaluated anew: read again"


@router.get("/calls/{sha256}/review", response_model=ReviewRead)
def read_review(request: Request, calling: Calling, sha256: Sha256) -> Response:
    """The newest version of the review, drafts too for those who review; else the one that counts."""
    row = call_of(request, calling.viewer, sha256)
    review = _read(request, calling, row)
    content = {"evaluation": row.evaluation_key, "review": shown_review(review)}
    return reply(request, content, tag=_tag(row, review.version if review else 0))


@router.put("/calls/{sha256}/review", dependencies=[Depends(from_our_pages)], response_model=Saved)
def write_review(request: Request, calling: Calling, sha256: Sha256, entered: Entered) -> Response:
    """Keep a new version; earlier ones stay. Name what you read by If-Match, or by evaluation and based_on.

    412 (If-Match) or 409 (based_on): somebody saved one meanwhile, or the call was evaluated anew; nothing is written.
    """
    row, desk = call_of(request, calling.viewer, sha256), desk_of(request)
    demand(calling.viewer, Right.REVIEW)
    with desk.reading() as session:
        if blind.hidden(session, calling.viewer, row.evaluation_key):
            raise Refused("blind_now")
    newest = _read(request, calling, row)
    read = still_as_read(request, _tag(row, newest.version if newest else 0))
    if read is False:
        return problem(412, "overtaken", OVERTAKEN)
    if read is None and (entered.based_on is None or entered.evaluation is None):
        return problem(428, "name_what_was_read", "send If-Match with the ETag of the review that you read")
    given = {one.item: one for one in entered.decisions}
    decisions = []
    for answer in stored.record_of(desk, row)["answers"]:
        one = given.pop(answer["item"], Given(item=answer["item"]))
        machine, old = Status(answer["status"]), newest.of(answer["item"]) if newest else None
        reason = _text(one.reason, old.reason if old else "")
        decisions.append(Decision(one.item, machine, one.human, _looked(one, machine, old), reason))
    if given:
        return problem(422, "no_such_item", "the form has no such item", items=sorted(given))
    draft = Draft(
        row.evaluation_key if entered.evaluation is None else entered.evaluation,
        (newest.version if newest else 0) if entered.based_on is None else entered.based_on,
        entered.state, tuple(decisions), _text(entered.comment, newest.comment if newest else ""),
    )  # fmt: skip
    wanting = (draft.undecided() or draft.unexplained()) if entered.state == "submitted" else []
    if wanting:
        code = "undecided_items" if draft.undecided() else "unexplained_items"
        return problem(422, code, "answers or reasons are missing", items=wanting)
    try:
        version = keep(desk, calling.visit, row, draft, forms_of(request).get(row.rubric_hash))
    except Overtaken:
        return problem(412 if read else 409, "overtaken", OVERTAKEN)
    if calling.token:
        with desk.writing() as session:
            audit.note(session, calling.viewer.login, "review.by_token", row.sha256, version=version, **calling.by)
    return reply(request, {"version": version, "state": entered.state}, tag=_tag(row, version))


def _read(request: Request, calling: Caller, row: QueueRow) -> Review | None:
    """What this caller is shown, and may name as read; nothing while a second review of theirs is to be blind."""
    with desk_of(request).writing() as session:
        if blind.hidden(session, calling.viewer, row.evaluation_key):
            return None
        blind.saw(session, calling.viewer, row.evaluation_key)
        read = reviews.latest if calling.viewer.may(Right.REVIEW) else reviews.submitted
        return read(session, row.evaluation_key)


def _looked(one: Given, machine: Status, old: Decision | None) -> bool:
    """Whether an answer was decided on by itself; what was accepted with the rest stays so however often it is read
    and sent back."""
    if one.human is None:
        return False
    if one.looked is not None:
        return one.looked or one.human != machine
    if old is not None and old.human == one.human:
        return old.looked
    return one.human != machine or (old is not None and old.human is not None)


def _text(given: str, old: str) -> str:
    """What was sent, or the text that was read where that comes back as it was shown: masked."""
    given = given.strip()
    return old if given in (mask(old).strip(), plain_lines(mask(old)).strip()) else given


def _tag(row: QueueRow, version: int) -> str:
    return tag_of(f"{row.evaluation_key}\n{version}")
