"""The form of a blind look at a call: sound, transcript and questions, but nobody's answers, the machine's neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from review.desk import stored
from review.desk.callview import lines, parts
from review.desk.entry import NotThere, desk_of, forms_of, options_of
from review.desk.pages import page
from review.desk.playable import Unplayable
from review.desk.reviewing import Draft, entered
from review.desk.sound import shelf_of, silent_in
from review.desk.timeline import HEIGHT, WIDTH, timeline
from scoring.human_score import human_score
from scoring.masking import mask
from store.desk_tables import QueueRow
from store.reviews import Review


def numbered(text: str) -> int:
    """A number from an address. Raises NotThere."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise NotThere
    return int(text)


def version_of(form: FormData, name: str = "version") -> int:
    """A version that a form holds; -1, which is none, where it makes no sense."""
    text = str(form.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def record_of(request: Request, evaluation_key: str) -> dict[str, Any]:
    """The record of an evaluation. Raises NotThere."""
    try:
        return stored.record_at(desk_of(request), evaluation_key)
    except StopIteration:
        raise NotThere from None


def blind_draft(form: FormData, record: dict[str, Any], before: Review | None) -> Draft:
    """What a blind form holds: each item answered by itself, none accepted."""
    draft = entered(form, record, before)
    own = tuple(d if d.looked else replace(d, human=None) for d in draft.decisions)
    return replace(draft, decisions=own)


def score_of(request: Request, record: dict[str, Any], draft: Draft) -> float | None:
    """The score by the answers given."""
    rubric = forms_of(request).get(record["rubric"]["hash"])
    answers = {d.item: d.human for d in draft.decisions if d.human}
    return human_score(rubric, answers) if rubric else None


def show_blind(
    request: Request,
    row: QueueRow,
    evaluation_key: str,
    *,
    action: str,
    back: str,
    title: str,
    edited: Review | None,
    version: int,
    steps: tuple[str | None, str | None] = (None, None),
    status: int = 200,
    trouble: str = "",
    undecided: Sequence[str] = (),
    based_on: int | None = None,
    may_release: bool = False,
) -> Response:
    """The form. action: where it is sent; back: where the way out leads; title: key of the page's name; version: of
    what the answers belong to. edited: answers to show, kept or typed; based_on: the version kept, where `edited` is
    typed. steps: the calls before and behind."""
    desk, record = desk_of(request), record_of(request, evaluation_key)
    rubric = forms_of(request).get(record["rubric"]["hash"])
    turns = stored.turns_at(desk, evaluation_key)
    try:
        shelf_of(request).find(stored.recording_path(desk, row), row.sha256, options_of(request).recordings)
        no_sound = ""
    except Unplayable as missing:
        no_sound = missing.key
    return page(
        request, "rounds_blind.html.j2", status=status, row=row, record=record, rubric=rubric, action=action, back=back,
        heading=title, parts=parts(record, rubric, edited, None), lines=lines(record, turns, mask), texted=bool(turns),
        timeline=replace(timeline(record), marks=()), width=WIDTH, height=HEIGHT, no_sound=no_sound, edited=edited,
        silent=len(silent_in(request, row)), version=version,
        based_on=(edited.version if edited else 0) if based_on is None else based_on,
        trouble=trouble, undecided=undecided, before=steps[0], behind=steps[1], say=mask, may_release=may_release,
        partly={item.id: item.partly is not None for _, item in rubric.items()} if rubric else {},
        names={item.id: item.name for _, item in rubric.items()} if rubric else {},
    )  # fmt: skip
