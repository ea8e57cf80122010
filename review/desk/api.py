"""JSON for the pages and for what will grow on it: the same doors, the same calls, masked as the pages are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from review.desk import stored
from review.desk.entry import Here, Refused, call_of, check_token, demand, desk_of, forms_of
from review.desk.listing import filters_of, place_of, place_text
from review.desk.reviewing import MOST_COMMENT, MOST_REASON, Draft, keep
from scoring.evaluation import Status
from scoring.masking import mask, mask_all, mask_name
from store import audit, blind, queue, reviews
from store.access import Right
from store.desk_tables import QueueRow
from store.reviews import Decision, Overtaken, Review

router = APIRouter(prefix="/api/v1")
_KEPT = ("sha256", "hash", "item", "section", "status", "started_at", "rubric", "record_version")  # no words of people


class Given(BaseModel):
    """An answer to one item. human: absent where nothing is decided."""

    model_config = ConfigDict(extra="forbid")
    item: str = Field(max_length=200)
    human: Status | None = None
    reason: str = Field("", max_length=MOST_REASON)


class Entered(BaseModel):
    """A review. based_on: the version that was read, 0 for none; evaluation: the key that was read."""

    model_config = ConfigDict(extra="forbid")
    evaluation: str = Field(max_length=200)
    based_on: int = Field(ge=0, le=10**9)
    state: Literal["draft", "submitted"]
    decisions: list[Given] = Field(max_length=1000)
    comment: str = Field("", max_length=MOST_COMMENT)


def _token(request: Request, visit: Here) -> None:
    check_token(request.headers.get("x-csrf-token", ""), visit.csrf)


@router.get("/openapi.json", include_in_schema=False)
def description(request: Request, visit: Here) -> Response:
    return JSONResponse(request.app.openapi())


@router.get("/me")
def me(visit: Here) -> dict[str, Any]:
    """Who is logged in, what they may do, and the token that changes need (header X-CSRF-Token)."""
    viewer = visit.viewer
    rights = [right.value for right in Right if viewer.may(right)]
    return {"login": viewer.login, "name": viewer.name, "role": viewer.role, "rights": rights, "csrf": visit.csrf}


@router.get("/calls")
def calls(
    request: Request,
    visit: Here,
    after: Annotated[str, Query(max_length=120, description="`next` of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = queue.PAGE,
) -> dict[str, Any]:
    """The queue, a page at a time; the filters are those of the page /calls."""
    with desk_of(request).reading() as session:
        filters = filters_of(request.query_params)
        found = queue.page(session, visit.viewer, filters, place_of(after), limit)
    behind = place_text(queue.place(found.rows[-1], filters.order)) if found.more else None
    return {"calls": [_line(row) for row in found.rows], "next": behind, "total": found.total}


@router.get("/calls/{sha256}")
def call(request: Request, visit: Here, sha256: str) -> dict[str, Any]:
    """A call's record (scoring/record.schema.json) with personal data masked, and the review that counts."""
    row, desk = call_of(request, visit.viewer, sha256), desk_of(request)
    with desk.writing() as session:
        audit.note(session, visit.viewer.login, "call.view", row.sha256, call=row.call_id, by="api")
        blind.saw(session, visit.viewer, row.evaluation_key)
        hidden = blind.hidden(session, visit.viewer, row.evaluation_key)
        counted = None if hidden else reviews.submitted(session, row.evaluation_key)
    record = stored.record_of(desk, row)
    shown = {name: value if name in _KEPT else mask_all(value) for name, value in record.items()}
    shown |= {"call_id": mask_name(record["call_id"]), "audio": f"/calls/{row.sha256}/audio"}
    return {"evaluation": row.evaluation_key, "record": shown, "review": _review(counted)}


@router.get("/calls/{sha256}/review")
def read_review(request: Request, visit: Here, sha256: str) -> dict[str, Any]:
    """The newest version of the review, drafts too for those who review; else the one that counts. null also while
    the person is to give, or may still give, an independent second review."""
    row, desk = call_of(request, visit.viewer, sha256), desk_of(request)
    with desk.writing() as session:
        if blind.hidden(session, visit.viewer, row.evaluation_key):
            return {"evaluation": row.evaluation_key, "review": None}
        blind.saw(session, visit.viewer, row.evaluation_key)
        read = reviews.latest if visit.viewer.may(Right.REVIEW) else reviews.submitted
        return {"evaluation": row.evaluation_key, "review": _review(read(session, row.evaluation_key))}


@router.put("/calls/{sha256}/review", dependencies=[Depends(_token)])
def write_review(request: Request, visit: Here, sha256: str, entered: Entered) -> Response:
    """Keep a new version. 409: somebody saved one meanwhile, or the call was evaluated anew; nothing is written."""
    row, desk = call_of(request, visit.viewer, sha256), desk_of(request)
    demand(visit.viewer, Right.REVIEW)
    with desk.reading() as session:
        if blind.hidden(session, visit.viewer, row.evaluation_key):
            raise Refused("blind_now")
    given = {one.item: one for one in entered.decisions}
    decisions = []
    for answer in stored.record_of(desk, row)["answers"]:
        one = given.pop(answer["item"], Given(item=answer["item"]))
        decisions.append(
            Decision(one.item, Status(answer["status"]), one.human, one.human is not None, one.reason.strip())
        )
    draft = Draft(entered.evaluation, entered.based_on, entered.state, tuple(decisions), entered.comment.strip())
    if given:
        return JSONResponse({"error": "the form has no such item", "items": sorted(given)}, 422)
    if entered.state == "submitted" and (draft.undecided() or draft.unexplained()):
        return JSONResponse(
            {"error": "answers or reasons are missing", "items": draft.undecided() or draft.unexplained()}, 422
        )
    try:
        version = keep(desk, visit, row, draft, forms_of(request).get(row.rubric_hash))
    except Overtaken:
        return JSONResponse({"error": "a newer version was saved meanwhile"}, 409)
    return JSONResponse({"version": version, "state": entered.state})


def _line(row: QueueRow) -> dict[str, Any]:
    return {
        "sha256": row.sha256, "call_id": mask_name(row.call_id), "score": row.score, "grade": row.grade,
        "fatal": row.fatal, "severity": row.severity, "flags": row.flags, "missed": row.missed, "agent": row.agent,
        "agent_name": row.agent_name, "team": row.team, "scenario": row.scenario, "language": row.language,
        "started_at": row.started_at.isoformat() if row.started_at else None, "duration": row.duration,
        "review": row.review,
    }  # fmt: skip


def _review(review: Review | None) -> dict[str, Any] | None:
    if review is None:
        return None
    return {
        "version": review.version, "state": review.state, "reviewer": review.reviewer_name,
        "comment": mask(review.comment), "score": review.score, "at": review.at.isoformat(timespec="seconds"),
        "decisions": [
            {"item": d.item, "machine": d.machine, "human": d.human, "looked": d.looked, "reason": mask(d.reason)}
            for d in review.decisions
        ],
    }  # fmt: skip
