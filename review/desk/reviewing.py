"""What a person answers: accept, change, not applicable, with reasons; kept as a new version or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from review.desk import stored
from review.desk.calls import show_call
from review.desk.entry import Here, Posted, Refused, call_of, demand, desk_of, forms_of
from review.desk.listing import address
from scoring.evaluation import Status
from scoring.human_score import human_score
from scoring.masking import mask
from scoring.rubric import Rubric
from store import blind, claims, reviews, second
from store.access import Right
from store.desk import Desk
from store.desk_tables import QueueRow
from store.reviews import Decision, Overtaken, Review
from store.sessions import Visit

router = APIRouter(include_in_schema=False)
MOST_REASON, MOST_COMMENT = 500, 4000  # characters


@dataclass(frozen=True, slots=True)
class Draft:
    """A review as a person entered it. evaluation, based_on: what was on the screen."""

    evaluation: str
    based_on: int
    state: str
    decisions: tuple[Decision, ...]
    comment: str

    def undecided(self) -> list[str]:
        """Items without an answer."""
        return [d.item for d in self.decisions if d.human is None]

    def unexplained(self) -> list[str]:
        """Items whose answer was changed without a reason."""
        return [d.item for d in self.decisions if d.human and d.human != d.machine and not d.reason]


@router.post("/calls/{sha256}/review")
def review(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.REVIEW)
    desk = desk_of(request)
    with desk.reading() as session:
        if blind.hidden(session, visit.viewer, row.evaluation_key):
            raise Refused("blind_now")
        before = reviews.latest(session, row.evaluation_key)
    draft = entered(form, stored.record_of(desk, row), before)
    missing = draft.undecided() if draft.state == "submitted" else []
    unexplained = draft.unexplained() if draft.state == "submitted" else []
    if missing or unexplained:
        key = "undecided_items" if missing else "unexplained_items"
        return show_call(
            request, visit, row, status=422, trouble=key, undecided=missing or unexplained, typed=_typed(draft, visit)
        )
    try:
        keep(desk, visit, row, draft, forms_of(request).get(row.rubric_hash))
    except Overtaken:
        key = "evaluated_anew" if draft.evaluation != row.evaluation_key else "overtaken"
        return show_call(request, visit, row, status=409, trouble=key, typed=_typed(draft, visit))
    kept = address(request.query_params)
    return RedirectResponse(f"/calls/{row.sha256}" + (f"?{kept}" if kept else "") + "#review", 303)


def keep(desk: Desk, visit: Visit, row: QueueRow, draft: Draft, rubric: Rubric | None) -> int:
    """Keep a review as a new version; its number. Raises Overtaken."""
    if draft.evaluation != row.evaluation_key:
        raise Overtaken(row.evaluation_key)
    answers = {d.item: d.human for d in draft.decisions if d.human}
    score = human_score(rubric, answers) if rubric else None
    with desk.writing() as session:
        version = reviews.save(
            session, visit.viewer, row, draft.decisions,
            based_on=draft.based_on, state=draft.state, comment=draft.comment, score=score,
        )  # fmt: skip
        if draft.state == "submitted":
            claims.done(session, row.number)
            second.draw(session, visit.viewer, row)
        return version


def entered(form: FormData, record: Mapping[str, Any], before: Review | None = None) -> Draft:
    """The review that a form holds, item by item of the record; what is not understood is not decided.

    before: the version on the screen; its texts, which the page shows masked, are kept where they were not touched.
    """
    rest = form.get("rest") == "accept"
    decisions = []
    for answer in record["answers"]:
        machine = Status(answer["status"])
        chosen = str(form.get(f"d.{answer['item']}", ""))
        human = machine if chosen == "accept" else Status(chosen) if chosen in set(Status) else None
        looked = human is not None
        if human is None and rest:
            human = machine
        old = before.of(answer["item"]) if before else None
        reason = _text(form, f"r.{answer['item']}", MOST_REASON, old.reason if old else "")
        decisions.append(Decision(answer["item"], machine, human, looked, reason))
    version = str(form.get("based_on", "0"))
    return Draft(
        evaluation=str(form.get("evaluation", "")),
        based_on=int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else -1,
        state="submitted" if form.get("action") == "submit" else "draft",
        decisions=tuple(decisions),
        comment=_text(form, "comment", MOST_COMMENT, before.comment if before else ""),
    )


def _text(form: FormData, name: str, most: int, old: str) -> str:
    given = str(form.get(name, "")).replace("\r\n", "\n").strip()[:most]
    return old if given == mask(old) else given


def _typed(draft: Draft, visit: Visit) -> Review:
    viewer = visit.viewer
    return Review(
        draft.based_on, draft.state, viewer.login, viewer.name, draft.comment, None, datetime.now(UTC), draft.decisions
    )
