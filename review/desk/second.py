"""Second reviews at the desk 二次复核: put up, take, answer blind, then see both side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from review.desk.blindform import blind_draft, numbered, record_of, score_of, show_blind, version_of
from review.desk.entry import Here, NotThere, Posted, Refused, call_of, demand, desk_of, forms_of
from review.desk.pages import page
from review.desk.panel import machine_of
from review.desk.reviewing import Draft
from scoring.evaluation import Status
from scoring.masking import mask
from store import audit, blind, reviews, second
from store.access import Right, Role, Viewer
from store.desk_tables import QueueRow
from store.reviews import SECOND, Decision, Overtaken, Review
from store.rounds_tables import SecondLookRow
from store.sessions import Visit

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """An item with what the machine, the first and the second reviewer answered."""

    item: str
    machine: Status
    one: Decision | None
    other: Decision | None

    @property
    def differs(self) -> bool:
        return bool(self.one and self.other and self.one.human != self.other.human)


@router.post("/calls/{sha256}/second")
def put_up(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    """Put a call up for a second review."""
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.LEAD)
    try:
        with desk_of(request).writing() as session:
            if blind.hidden(session, visit.viewer, row.evaluation_key):
                raise Refused("blind_now")
            second.order(session, visit.viewer, row)
    except Overtaken:
        raise Refused("second_not_now") from None
    return RedirectResponse(f"/calls/{row.sha256}#rounds", 303)


@router.post("/calls/{sha256}/unblind")
def unblind(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    """Show a review to somebody who leads and could have been its second reviewer: which they then cannot be."""
    row = call_of(request, visit.viewer, sha256, heard_only=True)
    demand(visit.viewer, Right.LEAD)
    with desk_of(request).writing() as session:
        blind.give_up(session, visit.viewer, row.evaluation_key)
    return RedirectResponse(f"/calls/{row.sha256}", 303)


@router.post("/second/rule")
def new_rule(request: Request, visit: Here, form: Posted) -> Response:
    """Change the share of first reviews that are drawn."""
    demand(visit.viewer, Right.LEAD)
    try:
        share = float(str(form.get("share", ""))) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Refused("share_wrong")
    try:
        with desk_of(request).writing() as session:
            second.make_rule(session, visit.viewer, share, version_of(form))
    except Overtaken:
        raise Refused("changed_meanwhile") from None
    return RedirectResponse("/tasks#second", 303)


@router.get("/second/{number}")
def second_page(request: Request, visit: Here, number: str) -> Response:
    one, row = _look(request, visit.viewer, number)
    with desk_of(request).writing() as session:
        mine = second.may_do(session, visit.viewer, one)
        could = blind.eligible(session, visit.viewer, one)
        before = reviews.latest(session, one.evaluation_key, SECOND) if mine else None
        if mine or one.state == "done":
            action = "call.view" if mine else "second.view"
            audit.note(session, visit.viewer.login, action, one.sha256, call=one.call_id, round=SECOND)
    if mine:
        return _form(request, row, one, before)
    if one.state == "done":
        return _compared(request, row, one)
    return page(
        request, "rounds_second.html.j2", one=one, row=row, pairs=(), first=None, other=None, record=None, items={},
        could=could, say=mask, free=one.reviewer is None, may_release=_may_release(visit.viewer, one),
    )  # fmt: skip


@router.post("/second/{number}")
def second_act(request: Request, visit: Here, form: Posted, number: str) -> Response:
    """Take it, give it back, keep a draft or submit."""
    one, row = _look(request, visit.viewer, number)
    desk, viewer, act = desk_of(request), visit.viewer, str(form.get("action", ""))
    version = version_of(form)
    if act in ("take", "release"):
        with desk.reading() as session:
            allowed = act == "release" and _may_release(viewer, one)
            if act == "take":
                allowed = one.reviewer is None and blind.eligible(session, viewer, one)
        if not allowed:
            raise Refused("not_blind")
        try:
            with desk.writing() as session:
                (second.take if act == "take" else second.release)(session, viewer, one.id, version)
        except Overtaken:
            raise Refused("changed_meanwhile") from None
        return RedirectResponse(f"/second/{one.id}" if act == "take" else "/tasks#second", 303)
    with desk.reading() as session:
        if one.state == "done":
            raise Refused("changed_meanwhile")
        if not second.may_do(session, viewer, one):
            raise Refused("not_blind")
        before = reviews.latest(session, one.evaluation_key, SECOND)
    record = record_of(request, one.evaluation_key)
    draft = blind_draft(form, record, before)
    overlong = draft.overlong()
    missing = [i for i in overlong if i] or (draft.undecided() if draft.state == "submitted" else [])
    if missing or overlong:
        return _form(
            request, row, one, _typed(draft, visit), status=422, trouble="too_long" if overlong else "undecided_blind",
            undecided=missing, based_on=before.version if before else 0,
        )  # fmt: skip
    try:
        with desk.writing() as session:
            second.save(
                session, viewer, one, draft.decisions, based_on=draft.based_on, version=version, state=draft.state,
                comment=draft.comment, score=score_of(request, record, draft),
            )  # fmt: skip
    except Overtaken:
        one, _ = _look(request, viewer, number)
        kept = before.version if before else 0
        return _form(request, row, one, _typed(draft, visit), status=409, trouble="overtaken", based_on=kept)
    return RedirectResponse(f"/second/{one.id}", 303)


def _look(request: Request, viewer: Viewer, number: str) -> tuple[SecondLookRow, QueueRow]:
    """A second review that the person may know of: of a call they may see, for who reviews."""
    demand(viewer, Right.REVIEW)
    with desk_of(request).reading() as session:
        one = second.look(session, numbered(number))
    if one is None:
        raise NotThere
    return one, call_of(request, viewer, one.sha256, heard_only=True)


def _may_release(viewer: Viewer, one: SecondLookRow) -> bool:
    held = one.state == "open" and one.reviewer is not None
    return held and (one.reviewer == viewer.login or viewer.role is Role.ADMIN)


def _form(
    request: Request,
    row: QueueRow,
    one: SecondLookRow,
    edited: Review | None,
    *,
    status: int = 200,
    trouble: str = "",
    undecided: list[str] | None = None,
    based_on: int | None = None,
) -> Response:
    return show_blind(
        request, row, one.evaluation_key, action=f"/second/{one.id}", back="/tasks#second", title="second_review",
        edited=edited, version=one.version, status=status, trouble=trouble, undecided=undecided or (),
        based_on=based_on, may_release=True,
    )  # fmt: skip


def _compared(request: Request, row: QueueRow, one: SecondLookRow) -> Response:
    record = record_of(request, one.evaluation_key)
    rubric = forms_of(request).get(record["rubric"]["hash"])
    with desk_of(request).reading() as session:
        first = reviews.submitted(session, one.evaluation_key)
        other = reviews.submitted(session, one.evaluation_key, SECOND)
    pairs = [
        Pair(item, machine, first.of(item) if first else None, other.of(item) if other else None)
        for item, machine in machine_of(record).items()
    ]
    return page(
        request, "rounds_second.html.j2", one=one, row=row, pairs=pairs, first=first, other=other, record=record,
        items={item.id: item for _, item in rubric.items()} if rubric else {}, could=False, say=mask, free=False,
        may_release=False,
    )  # fmt: skip


def _typed(draft: Draft, visit: Visit) -> Review:
    viewer = visit.viewer
    return Review(
        draft.based_on, draft.state, viewer.login, viewer.name, draft.comment, None, datetime.now(UTC), draft.decisions
    )
