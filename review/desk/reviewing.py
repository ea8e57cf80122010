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

    def overlong(self) -> list[str]:
        """Items whose reason is too long, and "" where the comment is: refused, for nothing that was typed is cut."""
        found = [d.item for d in self.decisions if len(d.reason) > MOST_REASON]
        return found + [""] * (len(self.comment) > MOST_COMMENT)

    def made(self, newest: Review | None, login: str) -> bool:
        """Whether the newest version is this very draft, sent twice: then nobody was overtaken."""
        return (
            newest is not None
            and (newest.version, newest.reviewer, newest.state) == (self.based_on + 1, login, self.state)
            and (newest.comment, newest.decisions) == (self.comment, self.decisions)
        )


@router.post("/calls/{sha256}/review")
def review(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.REVIEW)
    desk = desk_of(request)
    with desk.reading() as session:
        if blind.hidden(session, visit.viewer, row.evaluation_key):
            late = int_of(form, "based_on") < reviews.newest_version(session, row.evaluation_key)
            raise Refused("blind_meanwhile", 409) if late else Refused("blind_now")
        before = reviews.latest(session, row.evaluation_key)
    draft = entered(form, stored.record_of(desk, row), before)
    # What is not complete is said only to who saw the newest version: the form that comes back names that one.
    current = (draft.evaluation, draft.based_on) == (row.evaluation_key, before.version if before else 0)
    if current and (overlong := draft.overlong()):
        about = [item for item in overlong if item]
        return show_call(
            request, visit, row, status=422, trouble="too_long", undecided=about, typed=_typed(draft, visit)
        )
    finished = current and draft.state == "submitted"
    missing = draft.undecided() if finished else []
    unexplained = draft.unexplained() if finished else []
    if missing or unexplained:
        key = "undecided_items" if missing else "unexplained_items"
        return show_call(
            request, visit, row, status=422, trouble=key, undecided=missing or unexplained, typed=_typed(draft, visit)
        )
    try:
        keep(desk, visit, row, draft, forms_of(request).get(row.rubric_hash))
    except Overtaken:
        with desk.reading() as session:
            newest = reviews.latest(session, row.evaluation_key)
        if draft.evaluation == row.evaluation_key and draft.made(newest, visit.viewer.login):
            return _done(request, row)
        key = "evaluated_anew" if draft.evaluation != row.evaluation_key else "overtaken"
        return show_call(request, visit, row, status=409, trouble=key, typed=_typed(draft, visit))
    return _done(request, row)


def _done(request: Request, row: QueueRow) -> Response:
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
        reason = _text(form, f"r.{answer['item']}", old.reason if old else "")
        decisions.append(Decision(answer["item"], machine, human, looked, reason))
    return Draft(
        evaluation=str(form.get("evaluation", "")),
        based_on=int_of(form, "based_on"),
        state="submitted" if form.get("action") == "submit" else "draft",
        decisions=tuple(decisions),
        comment=_text(form, "comment", before.comment if before else ""),
    )


def int_of(form: FormData, name: str) -> int:
    """A version that a form holds: 0 where it holds none, -1, which is none, where it makes no sense."""
    text = str(form.get(name, "0"))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _text(form: FormData, name: str, old: str) -> str:
    given = str(form.get(name, "")).replace("\r\n", "\n").strip()
    return old if given == mask(old) else given


def _typed(draft: Draft, visit: Visit) -> Review:
    viewer = visit.viewer
    return Review(
        draft.based_on, draft.state, viewer.login, viewer.name, draft.comment, None, datetime.now(UTC), draft.decisions
    )
