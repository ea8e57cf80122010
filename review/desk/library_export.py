"""A playlist of cases to take along: a ZIP with numbered clips, M3U8, a page, a table, JSON.

What leaves the desk has less in it: what was said is masked, spoken numbers are silent, and whose calls they are is
told only where that was asked for.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from review.desk.casebook import all_items, clip_of, sought_of
from review.desk.entry import Here, Posted, demand, desk_of
from review.desk.pages import language_of, rendered
from review.desk.playable import Unplayable
from review.desk.texts import say
from review.desk.times import number_of
from review.plain import plain
from scoring.masking import mask, mask_name
from store import audit, casebook
from store.access import Right
from store.casebook import Case
from store.cells import csv_cell
from store.filenames import FileNames

router = APIRouter(include_in_schema=False)
MOST_EXPORTED = 50  # cases


@dataclass(frozen=True, slots=True)
class Track:
    """A case of a playlist. file: of its clip, empty where its recording is gone; title: for people."""

    number: int
    file: str
    title: str
    case: Case
    about: Mapping[str, Any]


@router.post("/library/export")
def export(request: Request, visit: Here, form: Posted) -> Response:
    """The cases that were ticked, or all that the filters show."""
    demand(visit.viewer, Right.LIBRARY)
    picked = [number_of(str(case)) for case in form.getlist("case")]
    ids = [number for number in picked if number is not None]
    kind = "mp3" if form.get("sound") == "mp3" else "flac"
    named = form.get("names") == "yes"
    desk = desk_of(request)
    asked = {name: value for name, value in form.items() if isinstance(value, str)}
    with desk.reading() as session:
        chosen = (
            casebook.some(session, visit.viewer, ids) if ids
            else casebook.page(session, visit.viewer, sought_of(asked), None, MOST_EXPORTED)[::-1]
        )[:MOST_EXPORTED]  # fmt: skip
    with desk.writing() as session:
        audit.note(
            session, visit.viewer.login, "library.export", "", cases=[case.row.id for case in chosen], sound=kind,
            names=named, by=visit.viewer.name,
        )  # fmt: skip
    clips: dict[int, Path] = {}
    for case in chosen:
        try:
            clips[case.row.id] = clip_of(request, case, kind).path
        except Unplayable:
            continue  # it is listed without sound
    tracks = tracks_of(request, chosen, clips, kind, named)
    folder = request.app.state.shelf.clips
    folder.mkdir(mode=0o700, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=".zip", delete=False) as file:
        write(request, file, tracks, clips, named)
    name = f"callqa-cases-{datetime.now():%Y%m%d-%H%M}.zip"
    return FileResponse(
        file.name, media_type="application/zip", filename=name, headers={"Cache-Control": "no-store"},
        background=BackgroundTask(Path(file.name).unlink, missing_ok=True),
    )  # fmt: skip


def tracks_of(
    request: Request, chosen: Sequence[Case], clips: Mapping[int, Path], kind: str, named: bool
) -> list[Track]:
    """The playlist's lines, in order."""
    language, items, names = language_of(request), all_items(request), FileNames()
    tracks = []
    for number, case in enumerate(chosen, 1):
        row = case.row
        known = items.get(row.item)
        item = known.name.in_(language) if known else plain(row.item) or say("no_item", language)
        title = f"{say(f'case_kind_{row.kind}', language)}: {item}"
        file = names.of(f"{number:02d}_{row.kind}_{row.item or 'case'}", row.sha256) + f".{kind}"
        about = {
            "number": number, "file": file if row.id in clips else "", "case": row.id, "kind": row.kind,
            "item": row.item, "item_name": item, "level": row.level, "language": case.call.language,
            "seconds": round(case.seconds, 1), "tags": list(case.tags), "comment": mask(row.comment),
            "transcript": [{"role": r, "at": round(at - row.begins, 1), "text": mask(t)} for r, at, t in row.said],
        }  # fmt: skip
        if named:
            about |= {
                "agent": case.call.agent or "", "agent_name": case.call.agent_name or "",
                "call_id": mask_name(case.call.call_id), "begins": row.begins, "ends": row.ends,
            }  # fmt: skip
        tracks.append(Track(number, file if row.id in clips else "", title, case, about))
    return tracks


def write(request: Request, file: Any, tracks: Sequence[Track], clips: Mapping[int, Path], named: bool) -> None:
    """Write the ZIP."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for track in tracks:
            if track.file:
                out.write(clips[track.case.row.id], track.file, zipfile.ZIP_STORED)
        out.writestr("playlist.m3u8", playlist(tracks))
        out.writestr("index.html", rendered(request, "playlist.html.j2", tracks=tracks, named=named))
        out.writestr("cases.json", json.dumps([t.about for t in tracks], ensure_ascii=False, indent=1))
        out.writestr("cases.csv", "\ufeff" + table(tracks))


def playlist(tracks: Sequence[Track]) -> str:
    """An M3U8 of the clips: extended M3U in UTF-8 (RFC 8216, 4.3.2.1 of EXTINF), a title on one line."""
    lines = ["#EXTM3U"]
    for track in tracks:
        if track.file:
            lines += [f"#EXTINF:{track.case.seconds:.1f},{' '.join(plain(track.title).split())}", track.file]
    return "\n".join(lines) + "\n"


def table(tracks: Sequence[Track]) -> str:
    """The cases as CSV; nothing in it is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for at, track in enumerate(tracks):
        if at == 0:
            writer.writerow(track.about)
        writer.writerow([csv_cell(_flat(value)) for value in track.about.values()])
    return out.getvalue()


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return "\n".join(f"{v['role']}: {v['text']}" if isinstance(v, dict) else str(v) for v in value)
    return value
