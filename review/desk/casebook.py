"""From an address to a case of the library, to its sound, and to the names of items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from review.desk import stored
from review.desk.clips import Clip, Clips
from review.desk.entry import NotThere, desk_of, forms_of, options_of
from review.desk.sound import shelf_of, silent_in
from review.desk.times import number_of
from scoring.item import Item
from store import casebook
from store.access import Viewer
from store.casebook import Case, Sought

NAMES = ("item", "tag", "kind", "level", "language", "agent")


def case_of(request: Request, viewer: Viewer, case: str) -> Case:
    """The one way from an address to a case. Raises NotThere, also of a case that is not for this person."""
    number = number_of(case)
    if number is None:
        raise NotThere
    with desk_of(request).reading() as session:
        found = casebook.one(session, viewer, number)
    if found is None:
        raise NotThere
    return found


def clip_of(request: Request, case: Case, kind: str = "flac") -> Clip:
    """The sound of a case. Raises Unplayable."""
    clips: Clips = request.app.state.clips
    row, desk = case.row, desk_of(request)
    path = shelf_of(request).find(stored.recording_path(desk, case.call), row.sha256, options_of(request).recordings)
    # What was masked when the case was made, and what is today: the mask may have learnt, or the call been heard anew.
    covered = {(float(start), float(end)) for start, end in row.covered}
    covered |= {span for span in silent_in(request, case.call) if span[1] > row.begins and span[0] < row.ends}
    return clips.cut(path, row.sha256, row.begins, row.ends, kind, sorted(covered))


def items_of(request: Request, rubric_hash: str) -> dict[str, Item]:
    """The items of a form, by id, in its order; none where the form is not known."""
    form = forms_of(request).get(rubric_hash)
    return {item.id: item for _, item in form.items()} if form else {}


def all_items(request: Request) -> dict[str, Item]:
    """Items of all forms that are known, by id."""
    return {item.id: item for form in forms_of(request).values() for _, item in form.items()}


def sought_of(asked: Mapping[str, Any]) -> Sought:
    """What an address or a form asks for; what is empty is not asked."""
    return Sought(**{name: str(asked.get(name, "")).strip()[:200] or None for name in NAMES})
