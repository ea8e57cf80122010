"""Adding a case to the library, changing it, taking it out; from a call's page or from what the machine suggests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from review.desk import excerpts, stored
from review.desk.casebook import case_of, items_of
from review.desk.entry import Here, NotThere, Posted, call_of, demand, desk_of, options_of
from review.desk.pages import page
from review.desk.playable import Unplayable
from review.desk.sound import shelf_of, silent_in
from review.desk.times import number_of, seconds_of, tenths
from review.plain import plain
from scoring.evaluation import Status
from scoring.masking import mask
from store import audit, casebook
from store.access import Right, Viewer
from store.casebook import Case, Words
from store.desk_tables import QueueRow
from store.library_tables import KINDS, LEVELS
from store.reviews import Overtaken

router = APIRouter(include_in_schema=False)
MOST_COMMENT = 2000  # characters


@dataclass(frozen=True, slots=True)
class Entry:
    """A case as it stands in the form. begins, ends: as typed; version: of the case on the screen, 0 for a new one."""

    begins: str
    ends: str
    words: Words
    version: int = 0


@router.get("/library/add")
def add_page(request: Request, visit: Here, call: str = "", item: str = "", kind: str = "") -> Response:
    demand(visit.viewer, Right.LIBRARY)
    row = call_of(request, visit.viewer, call)
    desk, asked = desk_of(request), request.query_params
    begins, ends = seconds_of(asked.get("begins", "")) or 0.0, seconds_of(asked.get("ends", ""))
    record = stored.record_of(desk, row)
    begins, ends = excerpts.around(record, begins, begins + 10.0 if ends is None else ends)
    with desk.writing() as session:
        audit.note(session, visit.viewer.login, "call.view", row.sha256, call=row.call_id)
        level = casebook.level_of(session, row.agent)
    words = Words(item if item in items_of(request, row.rubric_hash) else "", kind if kind in KINDS else "", level)
    return _form(request, visit.viewer, row, Entry(tenths(begins), tenths(ends), words))


@router.post("/library/add")
def add(request: Request, visit: Here, form: Posted) -> Response:
    demand(visit.viewer, Right.LIBRARY)
    row, desk = call_of(request, visit.viewer, str(form.get("call", ""))), desk_of(request)
    entry, trouble = read(form, items_of(request, row.rubric_hash))
    begins, ends = seconds_of(entry.begins), seconds_of(entry.ends)
    if trouble or begins is None or ends is None:
        return _form(request, visit.viewer, row, entry, trouble=trouble or "times_unread", status=422)
    record = stored.record_of(desk, row)
    piece = excerpts.excerpt(record, stored.turns_of(desk, row), *excerpts.fitted(begins, ends, record["duration"]))
    with desk.writing() as session:
        number = casebook.add(session, visit.viewer, row, piece, entry.words, suggested=False)
    return RedirectResponse(f"/library/{number}", 303)


@router.post("/library/suggestions")
def add_suggested(request: Request, visit: Here, form: Posted) -> Response:
    """One click: the evidence of an answer becomes a case, good where the item was met."""
    demand(visit.viewer, Right.LIBRARY)
    row, desk = call_of(request, visit.viewer, str(form.get("call", ""))), desk_of(request)
    record, item = stored.record_of(desk, row), str(form.get("item", ""))
    answer = next((a for a in record["answers"] if a["item"] == item), None)
    begins, ends = (seconds_of(str(form.get(name, ""))) for name in ("begins", "ends"))
    if answer is None or begins is None or ends is None or answer["status"] not in (Status.MET, Status.MISSED):
        raise NotThere
    piece = excerpts.excerpt(record, stored.turns_of(desk, row), *excerpts.around(record, begins, ends))
    kind = "good" if answer["status"] == Status.MET else "bad"
    with desk.writing() as session:
        if not casebook.taken(session, item, [row.sha256]):  # two clicks are one case
            words = Words(item, kind, casebook.level_of(session, row.agent))
            casebook.add(session, visit.viewer, row, piece, words, suggested=True)
    back = urlencode({"form": row.rubric_hash, "item": item})
    return RedirectResponse(f"/library/suggestions?{back}", 303)


@router.get("/library/{case}/edit")
def edit_page(request: Request, visit: Here, case: str) -> Response:
    demand(visit.viewer, Right.LIBRARY)
    found = case_of(request, visit.viewer, case)
    row = found.row
    with desk_of(request).writing() as session:
        audit.note(session, visit.viewer.login, "case.view", row.sha256, case=row.id)
    words = Words(row.item, row.kind, row.level, row.comment, found.tags)
    return _form(
        request, visit.viewer, found.call, Entry(tenths(row.begins), tenths(row.ends), words, row.version), found
    )


@router.post("/library/{case}/edit")
def edit(request: Request, visit: Here, form: Posted, case: str) -> Response:
    demand(visit.viewer, Right.LIBRARY)
    found, desk = case_of(request, visit.viewer, case), desk_of(request)
    entry, trouble = read(form, items_of(request, found.call.rubric_hash) | {found.row.item: None}, found.row.comment)
    begins, ends = seconds_of(entry.begins), seconds_of(entry.ends)
    if trouble or begins is None or ends is None:
        return _form(request, visit.viewer, found.call, entry, found, trouble=trouble or "times_unread", status=422)
    record = stored.record_of(desk, found.call)
    turns = stored.turns_of(desk, found.call)
    piece = excerpts.excerpt(record, turns, *excerpts.fitted(begins, ends, record["duration"]))
    try:
        with desk.writing() as session:
            casebook.change(session, visit.viewer, found, piece, entry.words, based_on=entry.version)
    except Overtaken:
        newest = case_of(request, visit.viewer, case)
        entry = replace(entry, version=newest.row.version)
        return _form(request, visit.viewer, found.call, entry, newest, trouble="library_overtaken", status=409)
    return RedirectResponse(f"/library/{found.row.id}", 303)


@router.post("/library/{case}/remove")
def remove(request: Request, visit: Here, form: Posted, case: str) -> Response:
    demand(visit.viewer, Right.LIBRARY)
    found = case_of(request, visit.viewer, case)
    with desk_of(request).writing() as session:
        casebook.remove(session, visit.viewer, found)
    return RedirectResponse("/library", 303)


def read(form: FormData, items: Mapping[str, Any], comment: str = "") -> tuple[Entry, str]:
    """What was entered, and the text that says what is wrong with it, empty where nothing is.

    comment: as it is kept; the page shows it masked, and what was not touched is not changed.
    """
    item, kind, level = (str(form.get(name, "")) for name in ("item", "kind", "level"))
    typed = str(form.get("comment", "")).replace("\r\n", "\n").strip()
    words = Words(
        item if item in items else "", kind if kind in KINDS else "", level if level in LEVELS else "",
        comment if typed == mask(comment) else typed, casebook.tidy_tags(str(plain(str(form.get("tags", ""))))[:1000]),
    )  # fmt: skip
    version = number_of(str(form.get("version", "")))
    entry = Entry(str(form.get("begins", ""))[:20], str(form.get("ends", ""))[:20], words, version or 0)
    begins, ends = seconds_of(entry.begins), seconds_of(entry.ends)
    if begins is None or ends is None or begins >= ends:
        return entry, "times_unread"
    if len(typed) > MOST_COMMENT:
        return entry, "case_long_comment"
    return entry, "" if words.kind else "kind_wanted"


def _form(
    request: Request, viewer: Viewer, row: QueueRow, entry: Entry, case: Case | None = None, *,
    trouble: str = "", status: int = 200,
) -> Response:  # fmt: skip
    desk = desk_of(request)
    record, turns = stored.record_of(desk, row), stored.turns_of(desk, row)
    begins, ends = seconds_of(entry.begins) or 0.0, seconds_of(entry.ends) or 10.0
    shown = excerpts.excerpt(record, turns, max(0.0, begins - 20.0), ends + 20.0)
    try:
        shelf_of(request).find(stored.recording_path(desk, row), row.sha256, options_of(request).recordings)
        no_sound = ""
    except Unplayable as missing:
        no_sound = missing.key
    with desk.reading() as session:
        tags = casebook.tags(session, viewer, 20)
    return page(
        request, "case_form.html.j2", status=status, row=row, entry=entry, case=case, trouble=trouble, shown=shown,
        no_sound=no_sound, items=items_of(request, row.rubric_hash), kinds=KINDS, levels=LEVELS, known_tags=tags,
        mask=mask, tenths=tenths, begins=begins, ends=ends, silent=len(silent_in(request, row)),
    )  # fmt: skip
