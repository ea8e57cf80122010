"""A compliance case: what it was flagged for, how it stands, its trail; and changing it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from review.desk import stored
from review.desk.compliance import clock_of, flag_names
from review.desk.entry import Here, NotThere, Posted, Refused, demand, desk_of, forms_of
from review.desk.pages import language_of, page
from scoring.masking import mask
from store import audit, blind, cases, reviews
from store.access import Right, Viewer
from store.cases import EXTENSIONS, Change
from store.compliance_tables import DISPOSITIONS, STATUSES, CaseRow, CaseVersionRow
from store.desk_tables import QueueRow
from store.reviews import Overtaken
from store.sessions import Visit

router = APIRouter(include_in_schema=False)
MOST_REASON = 2000  # characters
LARGEST = 2**62  # of a case's number: what a database takes


@router.get("/compliance/of/{call}")
def case_of_call(request: Request, visit: Here, call: str) -> Response:
    """The case of a call."""
    demand(visit.viewer, Right.CASES)
    with desk_of(request).reading() as session:
        found = cases.of_call(session, visit.viewer, call)
    if found is None:
        raise NotThere
    return RedirectResponse(f"/compliance/{found[0].number}", 303)


@router.get("/compliance/{number}")
def case_page(request: Request, visit: Here, number: str) -> Response:
    demand(visit.viewer, Right.CASES)
    case, row = case_at(request, visit.viewer, number)
    with desk_of(request).writing() as session:
        audit.note(session, visit.viewer.login, "case.view", row.sha256, case=case.number, call=row.call_id)
        blind.saw(session, visit.viewer, row.evaluation_key)
    return _show(request, visit, case, row)


@router.post("/compliance/{number}")
def change_case(request: Request, visit: Here, form: Posted, number: str) -> Response:
    demand(visit.viewer, Right.CASES)
    case, row = case_at(request, visit.viewer, number)
    if not cases.may_change(visit.viewer, case):
        raise Refused("not_yours")
    wanted = entered(form, visit.viewer)
    desk = desk_of(request)
    with desk.reading() as session:
        known = wanted.owner in (None, case.owner) or wanted.owner in cases.owners(session)
        seen = wanted.owner in (None, case.owner) or wanted.owner in cases.owners(session, row)
    troubles = wanted.troubles(case) if known and seen else ["case_owner_unseeing" if known else "case_unknown"]
    if len(wanted.reason) > MOST_REASON:
        troubles = ["case_long_reason"]
    if troubles and (wanted.based_on == case.version or troubles == ["case_long_reason"]):
        return _show(request, visit, case, row, status=422, troubles=troubles, typed=wanted)
    try:
        with desk.writing() as session:
            cases.change(session, visit.viewer, case, wanted)
    except Overtaken:
        case, row = case_at(request, visit.viewer, number)
        with desk.reading() as session:
            trail = cases.trail(session, case.number)
        if made(wanted, trail, visit.viewer):  # sent twice: nobody was overtaken
            return RedirectResponse(f"/compliance/{case.number}", 303)
        return _show(request, visit, case, row, status=409, troubles=["case_overtaken"], typed=wanted)
    return RedirectResponse(f"/compliance/{case.number}", 303)


def entered(form: FormData, viewer: Viewer) -> Change:
    """The change that a form holds; `take` makes the person responsible."""

    def text(name: str) -> str:
        return str(form.get(name, "")).replace("\r\n", "\n").strip()

    version, extend = text("based_on"), text("extend") or "0"
    based_on = int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else -1
    hours = int(extend) if extend.isascii() and extend.isdecimal() and len(extend) < 5 else -1
    reason = text("reason")
    if text("action") == "take":
        return Change(based_on, "in_hand", viewer.login, None, reason)
    status, owner, disposition = (text(name)[:64] for name in ("status", "owner", "disposition"))
    return Change(based_on, status, owner or None, disposition or None, reason, hours)


def made(wanted: Change, trail: Sequence[CaseVersionRow], viewer: Viewer) -> bool:
    """Whether the newest step is this very change of this person. More time is added to a deadline and leaves no
    trace of itself: a change that asks for it is never taken for one that was made."""
    last = trail[-1]
    return (
        not wanted.extend
        and (last.version, last.actor, last.action) == (wanted.based_on + 1, viewer.login, "changed")
        and (last.status, last.owner, last.disposition, last.reason)
        == (wanted.status, wanted.owner, wanted.disposition, wanted.reason)
    )


def case_at(request: Request, viewer: Viewer, number: str) -> tuple[CaseRow, QueueRow]:
    """The one way from an address to a case. Raises NotThere, also of a case that is not for this person."""
    found, held = None, False
    if number.isascii() and number.isdecimal() and len(number) < 19 and int(number) < LARGEST:
        with desk_of(request).reading() as session:
            found = cases.one(session, viewer, int(number))
            held = found is not None and blind.holds(session, viewer, found[1].sha256)
    if found is None:
        raise NotThere
    if held:
        raise Refused("held_blind")
    return found


def _show(
    request: Request,
    visit: Visit,
    case: CaseRow,
    row: QueueRow,
    *,
    status: int = 200,
    troubles: Sequence[str] = (),
    typed: Change | None = None,
) -> Response:
    desk, viewer = desk_of(request), visit.viewer
    record = stored.record_of(desk, row)
    with desk.reading() as session:
        trail, owners = cases.trail(session, case.number), cases.owners(session, row)
        blinded = blind.hidden(session, viewer, row.evaluation_key)
        counted = None if blinded else reviews.submitted(session, row.evaluation_key)
    asked = {item for item, _ in case.flags}
    answers = {answer["item"]: answer for answer in record["answers"]}
    flags = {flag["item"]: flag for flag in record["flags"]}
    return page(
        request, "compliance_case.html.j2", status=status, case=case, row=row, record=record, trail=trail,
        owners=owners, counted=counted, blinded=blinded, troubles=troubles, typed=typed, say=mask, statuses=STATUSES,
        dispositions=DISPOSITIONS, extensions=EXTENSIONS, most_reason=MOST_REASON, names=flag_names(forms_of(request)),
        shown=[(i, flags.get(i), answers.get(i)) for i in dict.fromkeys([*(f for f, _ in case.flags), *flags])],
        gone=sorted(asked - set(flags) - {i for i, a in answers.items() if a["status"] == "missed"}),
        may_change=cases.may_change(viewer, case), clock=clock_of(case, language_of(request)),
    )  # fmt: skip
