"""Appeals by the API: those that concern the caller, and one with its trail. They are filed and decided at the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from review.desk.api_caller import Calling
from review.desk.api_models_rooms import AppealRead, AppealsAsked, AppealsRead
from review.desk.api_reply import moment, next_page, reply
from review.desk.blindform import numbered
from review.desk.entry import NotThere, Refused, call_of, desk_of, options_of
from scoring.masking import mask, mask_name
from store import appeal_trail, audit, blind
from store.appeal_trail import Step
from store.columns import now
from store.rounds_tables import AppealRow

router = APIRouter()
_SIDES = ("appeal", "decide", "escalate", "judge")


@router.get("/appeals", response_model=AppealsRead)
def appeals_page(request: Request, calling: Calling, asked: Annotated[AppealsAsked, Query()]) -> Response:
    """An agent's own appeals, those of a leader's teams, all for who leads inspection; for others there are none.

    Read only: appeals are filed and decided at the desk, beside the call."""
    with desk_of(request).reading() as session:
        found = appeal_trail.listed(
            session, calling.viewer, asked.limit + 1, state=asked.state, before=asked.after
        )  # fmt: skip
    at, terms = now(), options_of(request).terms
    shown, behind = found[: asked.limit], found[asked.limit - 1].id if len(found) > asked.limit else None
    return reply(
        request,
        {
            "appeals": [_line(row, at) for row in shown], "next": behind,
            "windows": {side: getattr(terms, side).total_seconds() / 3600 for side in _SIDES},
        },
        links={"next": next_page(request, after=behind)} if behind else None,
    )  # fmt: skip


@router.get("/appeals/{number}", response_model=AppealRead)
def appeal(request: Request, calling: Calling, number: Annotated[str, Path(max_length=20)]) -> Response:
    """What was appealed against, and every step since; for who may see the call and the review. 403 `blind_now`: the
    caller is to give, or may still give, an independent second review. That somebody read it is noted."""
    viewer, desk = calling.viewer, desk_of(request)
    with desk.reading() as session:
        found = appeal_trail.one(session, numbered(number))
    if found is None:
        raise NotThere
    row = call_of(request, viewer, found.row.sha256)
    keys = {row.evaluation_key, found.row.evaluation_key}
    with desk.writing() as session:
        if any(blind.hidden(session, viewer, key) for key in keys):
            raise Refused("blind_now")
        audit.note(
            session, viewer.login, "call.view", row.sha256,
            call=row.call_id, part="appeal", appeal=found.row.id, **calling.by,
        )  # fmt: skip
        for key in keys:
            blind.saw(session, viewer, key)
    content = {
        "appeal": _line(found.row, now()), "evaluation": found.row.evaluation_key, "against": found.row.against,
        "items": found.items, "trail": [_step(step) for step in found.steps],
    }  # fmt: skip
    here = f"/api/v1/calls/{row.sha256}"
    return reply(request, content, links={"call": here, "review": f"{here}/review"})


def _line(row: AppealRow, at: datetime) -> dict[str, Any]:
    return {
        "number": row.id, "state": row.state, "due_at": moment(row.due_at), "late": appeal_trail.late(row, at),
        "final": appeal_trail.final(row, at), "call": row.sha256, "call_id": mask_name(row.call_id),
        "agent": row.agent, "team": row.team,
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    words = [{"item": word.item, "answer": word.answer, "reason": mask(word.reason)} for word in step.words]
    return {
        "kind": step.kind, "by": step.by_name, "at": moment(step.at), "comment": mask(step.comment),
        "review": step.review_version, "words": words,
    }  # fmt: skip
