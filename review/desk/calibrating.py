"""Calibration sessions at the desk 校准: make one, answer blind, compare everybody with the expert and the machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from review.desk.blindform import blind_draft, numbered, record_of, score_of, show_blind
from review.desk.compared import compared
from review.desk.entry import Here, NotThere, Posted, Refused, call_of, demand, desk_of, forms_of
from review.desk.pages import page
from review.desk.reviewing import Draft
from scoring.masking import mask
from store import audit, blind, calibrations, queue, reviews
from store.access import Right, Viewer
from store.calibrations import Calibration, Unfit, round_of
from store.desk_tables import QueueRow
from store.reviews import Overtaken, Review, Subject
from store.rounds_tables import CalibrationCallRow
from store.sessions import Visit

router = APIRouter(include_in_schema=False)
MOST_NAME = 120  # characters
_SEPARATORS = re.compile(r"[\r\n\t,，、;；]+")
_ADDRESS = re.compile(r"^.*/calls/")


@router.get("/calibrations/new")
def new_page(request: Request, visit: Here, call: str = "") -> Response:
    demand(visit.viewer, Right.LEAD)
    with desk_of(request).reading() as session:
        row = queue.one(session, visit.viewer, call[:64]) if call else None
    return _new(request, visit, called=row.call_id if row else "")


@router.post("/calibrations")
def make(request: Request, visit: Here, form: Posted) -> Response:
    demand(visit.viewer, Right.LEAD)
    name = str(form.get("name", "")).strip()[:MOST_NAME]
    called = str(form.get("calls", ""))[:20_000]
    people, expert = [str(one) for one in form.getlist("people")], str(form.get("expert", ""))
    given = [
        _ADDRESS.sub("", one).split("?")[0].split("#")[0] for one in map(str.strip, _SEPARATORS.split(called)) if one
    ]
    try:
        if not name:
            raise Unfit("no_name")
        with desk_of(request).writing() as session:
            number = calibrations.make(session, visit.viewer, name, given, people, expert)
    except Unfit as trouble:
        return _new(
            request, visit, name=name, called=called, chosen=people, expert=expert,
            trouble=trouble.key, about=trouble.about, status=422,
        )  # fmt: skip
    return RedirectResponse(f"/calibrations/{number}", 303)


@router.get("/calibrations/{number}")
def calibration_page(request: Request, visit: Here, number: str) -> Response:
    one = _session(request, visit.viewer, number)
    shown = one.shows(visit.viewer)
    given: dict[tuple[str, str], Review] = {}
    with desk_of(request).writing() as session:
        if shown and {call.sha256 for call in one.calls} & set(blind.held(session, visit.viewer)):
            raise Refused("held_blind")
        mine = {
            call.place: review.state
            for call in one.calls
            if (review := reviews.latest(session, call.evaluation_key, round_of(one.row.id, visit.viewer.login)))
        }
        if shown:
            given = calibrations.answers(session, one)
            audit.note(session, visit.viewer.login, "calibration.view", str(one.row.id))
    rubric = forms_of(request).get(one.calls[0].rubric_hash)
    records = {call.evaluation_key: record_of(request, call.evaluation_key) for call in one.calls} if shown else {}
    return page(
        request, "rounds_calibration.html.j2", one=one, mine=mine, takes_part=one.takes_part(visit.viewer.login),
        may_close=_may_close(visit.viewer, one), items={item.id: item for _, item in rubric.items()} if rubric else {},
        compared=compared(one, given, records) if shown else None, say=mask,
    )  # fmt: skip


@router.post("/calibrations/{number}/close")
def close(request: Request, visit: Here, form: Posted, number: str) -> Response:
    one = _session(request, visit.viewer, number)
    if not _may_close(visit.viewer, one):
        raise Refused("not_yours")
    try:
        with desk_of(request).writing() as session:
            calibrations.close(session, visit.viewer, one.row.id)
    except Overtaken:
        raise Refused("changed_meanwhile") from None
    return RedirectResponse(f"/calibrations/{one.row.id}", 303)


@router.get("/calibrations/{number}/calls/{place}")
def answer_page(request: Request, visit: Here, number: str, place: str) -> Response:
    one, call, row = _call(request, visit.viewer, number, place)
    round = round_of(one.row.id, visit.viewer.login)  # noqa: A001
    with desk_of(request).writing() as session:
        before = reviews.latest(session, call.evaluation_key, round)
        if one.closed or (before and before.state == "submitted"):
            return RedirectResponse(f"/calibrations/{one.row.id}", 303)
        audit.note(session, visit.viewer.login, "call.view", call.sha256, call=call.call_id, round=round)
    return _form(request, one, call, row, before)


@router.post("/calibrations/{number}/calls/{place}")
def answer(request: Request, visit: Here, form: Posted, number: str, place: str) -> Response:
    """Keep a draft, or submit: then it stands, and the next call is shown."""
    one, call, row = _call(request, visit.viewer, number, place)
    round = round_of(one.row.id, visit.viewer.login)  # noqa: A001
    with desk_of(request).reading() as session:
        before = reviews.latest(session, call.evaluation_key, round)
    if one.closed or (before and before.state == "submitted"):
        raise Refused("changed_meanwhile")
    record, kept = record_of(request, call.evaluation_key), before.version if before else 0
    draft = blind_draft(form, record, before)
    overlong = draft.overlong()
    missing = [i for i in overlong if i] or (draft.undecided() if draft.state == "submitted" else [])
    if missing or overlong:
        typed = _typed(draft, visit)
        return _form(
            request,
            one,
            call,
            row,
            typed,
            status=422,
            trouble="too_long" if overlong else "undecided_blind",
            undecided=missing,
            based_on=kept,
        )
    try:
        with desk_of(request).writing() as session:
            held = calibrations.one(session, one.row.id)
            if held is None or held.closed:
                raise Refused("changed_meanwhile")
            reviews.save(
                session, visit.viewer, Subject(call.sha256, call.evaluation_key), draft.decisions,
                based_on=draft.based_on, state=draft.state, comment=draft.comment,
                score=score_of(request, record, draft), round=round,
            )  # fmt: skip
    except Overtaken:
        typed = _typed(draft, visit)
        return _form(request, one, call, row, typed, status=409, trouble="overtaken", based_on=kept)
    here = f"/calibrations/{one.row.id}"
    if draft.state == "draft":
        return RedirectResponse(f"{here}/calls/{call.place}", 303)
    with desk_of(request).reading() as session:
        left = [c.place for c in one.calls if not reviews.submitted(session, c.evaluation_key, round)]
    behind = next((p for p in left if p > call.place), left[0] if left else None)
    return RedirectResponse(f"{here}/calls/{behind}" if behind else here, 303)


def _session(request: Request, viewer: Viewer, number: str) -> Calibration:
    """A session that the person leads or takes part in. Raises NotThere."""
    demand(viewer, Right.CALIBRATE)
    with desk_of(request).reading() as session:
        one = calibrations.one(session, numbered(number))
    if one is None or not one.open_to(viewer):
        raise NotThere
    return one


def _call(
    request: Request, viewer: Viewer, number: str, place: str
) -> tuple[Calibration, CalibrationCallRow, QueueRow]:
    """A call of a session that the person takes part in. Raises NotThere, also where they may not see it any more."""
    one = _session(request, viewer, number)
    call = next((c for c in one.calls if c.place == numbered(place)), None)
    if call is None or not one.takes_part(viewer.login):
        raise NotThere
    return one, call, call_of(request, viewer, call.sha256, heard_only=True)


def _may_close(viewer: Viewer, one: Calibration) -> bool:
    return not one.closed and viewer.may(Right.LEAD)


def _form(
    request: Request,
    one: Calibration,
    call: CalibrationCallRow,
    row: QueueRow,
    edited: Review | None,
    *,
    status: int = 200,
    trouble: str = "",
    undecided: list[str] | None = None,
    based_on: int | None = None,
) -> Response:
    here = f"/calibrations/{one.row.id}"
    steps = (
        f"{here}/calls/{call.place - 1}" if call.place > 1 else None,
        f"{here}/calls/{call.place + 1}" if call.place < len(one.calls) else None,
    )
    return show_blind(
        request, row, call.evaluation_key, action=f"{here}/calls/{call.place}", back=here, title="calibration",
        edited=edited, version=0, steps=steps, status=status, trouble=trouble, undecided=undecided or (),
        based_on=based_on,
    )  # fmt: skip


def _new(
    request: Request,
    visit: Visit,
    *,
    name: str = "",
    called: str = "",
    chosen: list[str] | None = None,
    expert: str = "",
    trouble: str = "",
    about: str = "",
    status: int = 200,
) -> Response:
    with desk_of(request).reading() as session:
        able = calibrations.able(session)
    return page(
        request, "rounds_calibration_new.html.j2", status=status, able=able, named=name, called=called,
        chosen=chosen or [], expert=expert, trouble=trouble, about=about, most=calibrations.MOST_CALLS,
    )  # fmt: skip


def _typed(draft: Draft, visit: Visit) -> Review:
    viewer = visit.viewer
    return Review(
        draft.based_on, draft.state, viewer.login, viewer.name, draft.comment, None, datetime.now(UTC), draft.decisions
    )
