"""The sound of a call: the recording itself, with range requests, and its picture; only for who may see the call."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, JSONResponse, Response

from review.desk.entry import Here, call_of, desk_of, options_of
from review.desk.playable import Shelf, Unplayable, by_role
from review.desk.stored import record_of, recording_path
from store import audit
from store.access import Viewer
from store.desk_tables import QueueRow

router = APIRouter(include_in_schema=False)


@router.get("/calls/{sha256}/audio")
def recording(request: Request, visit: Here, sha256: str) -> Response:
    """The recording. Hearing a call is looking at personal data: the first request of a session is noted."""
    row = call_of(request, visit.viewer, sha256, heard_only=True)
    try:
        return play(request, visit.viewer, visit.token, row)
    except Unplayable as trouble:
        return JSONResponse({"trouble": trouble.key}, 404)


def play(request: Request, viewer: Viewer, listener: str, row: QueueRow, *, tag: str = "", **by: str) -> Response:
    """The recording of a call that the person may see. Raises Unplayable.

    listener: their session or program; tag: an ETag; by: for the audit log.
    """
    desk, shelf = desk_of(request), shelf_of(request)
    found = shelf.find(recording_path(desk, row), row.sha256, options_of(request).recordings)
    playable = shelf.playable(found, row.sha256)
    heard: set[tuple[str, str]] = request.app.state.heard
    if (listener, row.sha256) not in heard:
        with desk.writing() as session:
            audit.note(session, viewer.login, "call.hear", row.sha256, call=row.call_id, **by)
        heard.add((listener, row.sha256))
    headers = {"Cache-Control": "no-store"} | ({"ETag": tag} if tag else {})
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
