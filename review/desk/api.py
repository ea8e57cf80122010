"""JSON under /api/v1: the same doors, the same calls, masked as the pages are; for programs by token."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from review.desk import (
    api_appeals,
    api_books,
    api_cases,
    api_coaching,
    api_dashboards,
    api_library,
    api_reviews,
    api_search,
    sound,
    stored,
)
from review.desk.api_caller import Caller, Calling
from review.desk.api_lines import line, shown_review
from review.desk.api_models import AnswersRead, Asked, Calls, One, TranscriptRead
from review.desk.api_reply import known_already, next_page, problem, reply
from review.desk.callview import lines
from review.desk.entry import call_of, desk_of
from review.desk.listing import filters_of, place_of, place_text
from review.desk.playable import Unplayable
from scoring.masking import mask, mask_all, mask_name
from store import audit, blind, queue, reviews
from store.desk_tables import QueueRow

router = APIRouter(prefix="/api/v1")
_KEPT = ("sha256", "hash", "item", "section", "status", "started_at", "rubric", "record_version")  # no words of people
_ANSWERED = ("rubric", "score", "grade", "fatal", "critical_missed", "flags", "sections", "answers")
Sha256 = Annotated[str, Path(max_length=64, description="The recording's.")]


@router.get("/calls", response_model=Calls)
def calls(request: Request, calling: Calling, asked: Annotated[Asked, Query()]) -> Response:
    """The queue, a page at a time, in its order: most urgent first, then the lowest score."""
    after = place_of(asked.after)
    if asked.after and after is None:
        return problem(422, "no_place", "`after` is not the `next` of a page")
    filters = filters_of(request.query_params)
    with desk_of(request).reading() as session:
        found = queue.page(session, calling.viewer, filters, after, asked.limit)
    behind = place_text(queue.place(found.rows[-1], filters.order)) if found.more else None
    return reply(
        request,
        {"calls": [line(row) for row in found.rows], "next": behind, "total": found.total},
        links={"next": next_page(request, after=behind)} if behind else None,
    )


@router.get("/calls/{sha256}", response_model=One)
def call(request: Request, calling: Calling, sha256: Sha256) -> Response:
    """A call's record (scoring/record.schema.json) with personal data masked, and the review that counts; null also
    while the caller is to give, or may still give, an independent second review."""
    row, record = _seen(request, calling, sha256, "record")
    with desk_of(request).writing() as session:
        blind.saw(session, calling.viewer, row.evaluation_key)
        hidden = blind.hidden(session, calling.viewer, row.evaluation_key)
        counted = None if hidden else reviews.submitted(session, row.evaluation_key)
    shown = _masked(record)
    shown |= {"call_id": mask_name(record["call_id"]), "audio": f"/api/v1/calls/{row.sha256}/audio"}
    return reply(
        request,
        {"evaluation": row.evaluation_key, "record": shown, "review": shown_review(counted)},
        links=_parts(row),
    )


@router.get("/calls/{sha256}/transcript", response_model=TranscriptRead)
def transcript(request: Request, calling: Calling, sha256: Sha256) -> Response:
    """What was said, turn by turn, with times and how sure each word is; personal data masked."""
    row, record = _seen(request, calling, sha256, "transcript")
    said = [
        {
            "number": turn.number, "role": turn.role, "start": turn.start, "end": turn.end,
            "text": mask(record["turns"][turn.number]["text"]), "confidence": turn.confidence,
            "words": [{"start": word.start, "text": word.text, "unsure": word.unsure} for word in turn.words],
        }
        for turn in lines(record, stored.turns_of(desk_of(request), row), mask)
    ]  # fmt: skip
    return reply(request, {"language": record["language"], "duration": record["duration"], "turns": said})


@router.get("/calls/{sha256}/answers", response_model=AnswersRead)
def answers(request: Request, calling: Calling, sha256: Sha256) -> Response:
    """What the machine answered, with evidence, and the arithmetic; people's answers are the review's."""
    row, record = _seen(request, calling, sha256, "answers")
    return reply(request, {"evaluation": row.evaluation_key} | _masked({name: record[name] for name in _ANSWERED}))


@router.get("/calls/{sha256}/audio", response_class=Response)
def audio(request: Request, calling: Calling, sha256: Sha256) -> Response:
    """The recording, in ranges if asked so, silent where its transcript is masked. Only if it is still the one that was
    inspected."""
    row = call_of(request, calling.viewer, sha256, heard_only=True)
    silent = sound.silent_in(request, row)
    tag = sound.tag(row, silent)
    if known_already(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    try:
        return sound.play(request, calling.viewer, calling.visit.token, row, silent, **calling.by)
    except Unplayable as trouble:
        return problem(404, trouble.key, "the recording cannot be played")


def _seen(request: Request, calling: Caller, sha256: str, part: str) -> tuple[QueueRow, dict[str, Any]]:
    """A call with its record, once it is noted that somebody looked."""
    row, desk = call_of(request, calling.viewer, sha256, heard_only=part == "transcript"), desk_of(request)
    with desk.writing() as session:
        audit.note(session, calling.viewer.login, "call.view", row.sha256, call=row.call_id, part=part, **calling.by)
    return row, stored.record_of(desk, row)


def _masked(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value if name in _KEPT else mask_all(value) for name, value in record.items()}


def _parts(row: QueueRow) -> dict[str, str]:
    here = f"/api/v1/calls/{row.sha256}"
    return {name: f"{here}/{name}" for name in ("transcript", "answers", "audio", "review")}


for part in (
    api_reviews, api_search, api_cases, api_appeals, api_library, api_coaching, api_dashboards, api_books,
):  # fmt: skip
    router.include_router(part.router)
