"""Compliance cases by the API: by deadline as on the page, and one with its trail. They are settled at the desk."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from review.desk.api_caller import Calling
from review.desk.api_models_rooms import CaseRead, CasesAsked, CasesRead
from review.desk.api_reply import moment, next_page, problem, reply
from review.desk.casework import case_at
from review.desk.compliance import clock_of, filters_of, place_of, place_text
from review.desk.entry import demand, desk_of
from scoring.masking import mask, mask_name
from store import audit, blind, case_list, cases
from store.access import Right
from store.columns import now
from store.compliance_tables import CaseRow, CaseVersionRow
from store.desk_tables import QueueRow

router = APIRouter()


@router.get("/cases", response_model=CasesRead)
def cases_page(request: Request, calling: Calling, asked: Annotated[CasesAsked, Query()]) -> Response:
    """Fatal and flagged calls as compliance cases, a page at a time, by deadline. Read only: changed at the desk."""
    demand(calling.viewer, Right.CASES)
    after, at = place_of(asked.after), now().astimezone()
    if asked.after and after is None:
        return problem(422, "no_place", "`after` is not the `next` of a page")
    filters = filters_of(request.query_params, calling.viewer.login)
    with desk_of(request).reading() as session:
        found = case_list.page(session, calling.viewer, filters, at, after, asked.limit)
    behind = place_text(found.rows[-1][0]) if found.more else None
    return reply(
        request,
        {"cases": [_line(case, row) for case, row in found.rows], "next": behind, "total": found.total},
        links={"next": next_page(request, after=behind)} if behind else None,
    )


@router.get("/cases/{number}", response_model=CaseRead)
def case(request: Request, calling: Calling, number: Annotated[str, Path(max_length=20)]) -> Response:
    """A compliance case and every step of it: who had it, what became of it, why. That somebody read it is noted."""
    viewer = calling.viewer
    demand(viewer, Right.CASES)
    found, row = case_at(request, viewer, number)
    with desk_of(request).writing() as session:
        audit.note(session, viewer.login, "case.view", row.sha256, case=found.number, call=row.call_id, **calling.by)
        blind.saw(session, viewer, row.evaluation_key)
    with desk_of(request).reading() as session:
        trail = cases.trail(session, found.number)
    content = {"case": _line(found, row), "trail": [_step(step) for step in trail]}
    return reply(request, content, links={"call": f"/api/v1/calls/{row.sha256}"})


def _line(case: CaseRow, row: QueueRow) -> dict[str, Any]:
    clock = clock_of(case, "en")
    return {
        "number": case.number, "version": case.version, "kind": case.kind, "flags": case.flags, "status": case.status,
        "disposition": case.disposition, "owner": case.owner, "owner_name": case.owner_name,
        "opened_at": moment(case.opened_at), "due_at": moment(case.due_at), "done_at": moment(case.done_at),
        "late": bool(clock and clock.late), "soon": bool(clock and clock.soon),
        "call": row.sha256, "call_id": mask_name(row.call_id), "agent": row.agent, "team": row.team,
    }  # fmt: skip


def _step(step: CaseVersionRow) -> dict[str, Any]:
    return {
        "version": step.version, "at": moment(step.at), "by": step.actor_name, "action": step.action,
        "kind": step.kind, "status": step.status, "owner": step.owner, "owner_name": step.owner_name,
        "disposition": step.disposition, "reason": mask(step.reason), "due_at": moment(step.due_at),
    }  # fmt: skip
