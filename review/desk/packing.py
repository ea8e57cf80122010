"""Exporting a call's evidence pack: asked for, reasoned, noted in the audit log, made one at a time."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from review.desk.entry import Here, Posted, Refused, call_of, demand, desk_of, forms_of, options_of
from review.desk.pages import page
from review.desk.playable import Unplayable
from review.desk.sound import shelf_of
from review.desk.stored import recording_path
from review.pack.wanted import Wanted
from review.texts import LANGUAGES
from store import blind
from store.access import Right
from store.desk_tables import QueueRow
from store.sessions import Visit

router = APIRouter(include_in_schema=False)
MOST_REASON = 500  # characters
PATIENCE = 30.0  # s to wait for another pack
_ONE = threading.Lock()  # making one takes the better part of a processor


@router.get("/packs/{call}")
def pack_page(request: Request, visit: Here, call: str) -> Response:
    demand(visit.viewer, Right.PACK)
    return _form(request, visit, call_of(request, visit.viewer, call), Wanted())


@router.post("/packs/{call}")
def make_pack(request: Request, visit: Here, form: Posted, call: str) -> Response:
    """The pack, as a file to keep. 422: unmasked without a reason; nothing is made."""
    demand(visit.viewer, Right.PACK)
    row, language = call_of(request, visit.viewer, call), str(form.get("language", "zh"))
    wanted = Wanted(
        language if language in LANGUAGES else "zh", form.get("whole") == "yes", form.get("unmasked") == "yes",
        str(form.get("reason", "")).replace("\r\n", "\n").strip()[:MOST_REASON],
    )  # fmt: skip
    if wanted.unmasked:
        demand(visit.viewer, Right.SHOW)
    if wanted.unexplained:
        return _form(request, visit, row, wanted, status=422, trouble="pack_no_reason")
    with desk_of(request).writing() as session:
        if not blind.unpack(session, visit.viewer, row.sha256):
            raise Refused("blind_now")
    if not _ONE.acquire(timeout=PATIENCE):
        return _form(request, visit, row, wanted, status=503, trouble="pack_waiting")
    target = Path(tempfile.mkstemp(prefix="callqa-pack-", suffix=".zip")[1])
    try:
        from review.pack.archive import make  # fonts and PDF are loaded when they are first wanted

        made = make(
            desk_of(request), row, forms_of(request).get(row.rubric_hash), wanted, target, shelf=shelf_of(request),
            recordings=options_of(request).recordings, login=visit.viewer.login, name=visit.viewer.name,
        )  # fmt: skip
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        _ONE.release()
    return FileResponse(
        target, media_type="application/zip", filename=made.name, headers={"Cache-Control": "no-store"},
        background=BackgroundTask(target.unlink, missing_ok=True),
    )  # fmt: skip


def _form(
    request: Request, visit: Visit, row: QueueRow, typed: Wanted, *, status: int = 200, trouble: str = ""
) -> Response:
    desk = desk_of(request)
    with desk.reading() as session:
        could = blind.hidden(session, visit.viewer, row.evaluation_key)
    try:
        shelf_of(request).find(recording_path(desk, row), row.sha256, options_of(request).recordings)
        no_sound = ""
    except Unplayable as missing:
        no_sound = missing.key
    return page(
        request, "compliance_pack.html.j2", status=status, row=row, typed=typed, trouble=trouble, no_sound=no_sound,
        may_show=visit.viewer.may(Right.SHOW), could=could,
    )  # fmt: skip
