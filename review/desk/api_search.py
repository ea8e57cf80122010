"""Search by the API: the calls in which all words were said, and where in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from review.desk.api_caller import Calling
from review.desk.api_lines import line
from review.desk.api_models import Search, SearchAsked
from review.desk.api_reply import next_page, problem, reply
from review.desk.entry import desk_of
from review.desk.listing import filters_of, place_of, place_text
from scoring.masking import mask
from store import audit, queue, search

router = APIRouter()
MOST_HITS = 5  # turns of a call
AROUND = 80  # characters of a turn before and behind the word


@router.get("/search", response_model=Search)
def find(request: Request, calling: Calling, asked: Annotated[SearchAsked, Query()]) -> Response:
    """Calls in the queue's order with the turns that hold one of the words; masked, and by masked words only."""
    after, desk = place_of(asked.after), desk_of(request)
    if asked.after and after is None:
        return problem(422, "no_place", "`after` is not the `next` of a page")
    if not search.tokens(asked.words):
        return problem(422, "no_words", "`words` holds no word")
    filters = filters_of(request.query_params)
    with desk.reading() as session:
        page = queue.page(session, calling.viewer, filters, after, asked.limit)
    records = {r["sha256"]: r for r in desk.ledger.records([row.evaluation_key for row in page.rows])}
    words = [_folded(word) for word in asked.words.split()]
    found = [
        {"call": line(row), "hits": list(_hits(records[row.sha256], words)) if row.sha256 in records else []}
        for row in page.rows
    ]
    with desk.writing() as session:
        audit.note(
            session, calling.viewer.login, "call.search",
            words=mask(asked.words), calls=[row.call_id for row in page.rows], **calling.by,
        )  # fmt: skip
    behind = place_text(queue.place(page.rows[-1], filters.order)) if page.more else None
    return reply(
        request, {"found": found, "next": behind, "total": page.total},
        links={"next": next_page(request, after=behind)} if behind else None,
    )  # fmt: skip


def _hits(record: Mapping[str, Any], words: list[str]) -> Iterator[dict[str, Any]]:
    left = MOST_HITS
    for number, turn in enumerate(record["turns"]):
        text = mask(turn["text"])
        at = min((place for word in words if (place := _folded(text).find(word)) >= 0), default=-1)
        if at < 0 or not left:
            continue
        left -= 1
        first, last = max(0, at - AROUND), at + AROUND
        cut = ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")
        yield {"turn": number, "role": turn["role"], "start": turn["start"], "end": turn["end"], "text": cut}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
