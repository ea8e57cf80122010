"""The sound of a call: the recording, with range requests, and its picture; only for who may see the call.

Where the transcript is masked the sound is silent, until the person has asked to see personal data. Silence, not a
tone: it adds nothing to a recording that is evidence, anybody can check it (every sample is zero), clips and packs have
the same; and the page says that it is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, JSONResponse, Response

from review.desk import stored
from review.desk.api_reply import tag_of
from review.desk.entry import Here, call_of, desk_of, options_of
from review.desk.playable import Shelf, Span, Unplayable, by_role
from review.desk.stored import record_of, recording_path
from scoring.covered import covered
from store import audit, unmasking
from store.access import Viewer
from store.desk_tables import QueueRow

router = APIRouter(include_in_schema=False)


@router.get("/calls/{sha256}/audio")
def recording(request: Request, visit: Here, sha256: str, whole: str = "") -> Response:
    """The recording, silent where it is masked; whole for the session that has asked to see personal data. Hearing a
    call is looking at personal data: the first request of a session is noted."""
    row = call_of(request, visit.viewer, sha256, heard_only=True)
    if whole:
        with desk_of(request).reading() as session:
            if not unmasking.holds(session, visit, row):
                # Not the masked sound instead: a player that is half through would get pieces of two recordings.
                return JSONResponse({"trouble": "not_unmasked"}, 403)
    try:
        return play(request, visit.viewer, visit.token, row, () if whole else silent_in(request, row))
    except Unplayable as trouble:
        return JSONResponse({"trouble": trouble.key}, 404)


def silent_in(request: Request, row: QueueRow) -> tuple[Span, ...]:
    """The stretches of a call, s, in which masked personal data is said; none where the desk leaves sound whole."""
    if options_of(request).whole_sound:
        return ()
    with desk_of(request).reading() as session:
        whole = stored.whole_of(session, row)
    return covered(whole.record["turns"], whole.turns)


def tag(row: QueueRow, silent: Sequence[Span]) -> str:
    """The ETag of a call's sound: of the whole and of what is silent in places."""
    return tag_of(f"{row.sha256} {list(silent)}" if silent else row.sha256)


def play(request: Request, viewer: Viewer, listener: str, row: QueueRow, silent: Sequence[Span], **by: str) -> Response:
    """The recording of a call that the person may see. silent: where nothing is heard. Raises Unplayable.

    listener: their session or program; by: for the audit log.
    """
    desk, shelf = desk_of(request), shelf_of(request)
    found = shelf.find(recording_path(desk, row), row.sha256, options_of(request).recordings)
    playable = shelf.playable(found, row.sha256, silent)
    heard: set[tuple[str, str, bool]] = request.app.state.heard
    if (listener, row.sha256, bool(silent)) not in heard:
        masked = {"masked": True} if silent else {}
        with desk.writing() as session:
            audit.note(session, viewer.login, "call.hear", row.sha256, call=row.call_id, **masked, **by)
        heard.add((listener, row.sha256, bool(silent)))
    headers = {"Cache-Control": "no-store", "ETag": tag(row, silent)}
    return FileResponse(playable.path, media_type=playable.media_type, headers=headers)


@router.get("/calls/{sha256}/picture")
def picture(request: Request, visit: Here, sha256: str) -> Response:
    """How loud each party is over time, for drawing."""
    row, desk, shelf = call_of(request, visit.viewer, sha256, heard_only=True), desk_of(request), shelf_of(request)
    try:
        found = shelf.find(recording_path(desk, row), row.sha256, options_of(request).recordings)
        drawn = shelf.picture(found, row.sha256)
    except Unplayable as trouble:
        return JSONResponse({"trouble": trouble.key}, 404)
    lanes = by_role(drawn, record_of(desk, row)["turns"])
    return JSONResponse(
        {"seconds": drawn.seconds, "lanes": [{"role": role, "peaks": list(peaks)} for role, peaks in lanes]}
    )


def shelf_of(request: Request) -> Shelf:
    """Where decoded copies and pictures are kept."""
    shelf: Shelf = request.app.state.shelf
    return shelf
