"""The case library by the API: clips worth hearing again, with their words and their sound. Cases are added at the
desk."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from review.desk.api_caller import Calling
from review.desk.api_models_training import LibraryAsked, LibraryRead
from review.desk.api_reply import known_already, moment, next_page, problem, reply, tag_of
from review.desk.casebook import case_of, sought_of
from review.desk.entry import demand, desk_of
from review.desk.library import hear
from review.desk.playable import Unplayable
from scoring.masking import mask, mask_name
from store import audit, casebook
from store.access import Right
from store.casebook import Case

router = APIRouter()


@router.get("/library", response_model=LibraryRead)
def library_page(request: Request, calling: Calling, asked: Annotated[LibraryAsked, Query()]) -> Response:
    """The case library, newest first. That somebody read the cases is noted. Read only: cases are added and changed at
    the desk."""
    viewer = calling.viewer
    demand(viewer, Right.LIBRARY)
    sought = sought_of(request.query_params)
    with desk_of(request).writing() as session:
        found = casebook.page(session, viewer, sought, asked.after, asked.limit + 1)
        total, shown = casebook.total(session, viewer, sought), found[: asked.limit]
        if shown:
            audit.note(
                session, viewer.login, "library.view", "", cases=[case.row.id for case in shown], **calling.by
            )  # fmt: skip
    behind = shown[-1].row.id if len(found) > asked.limit else None
    return reply(
        request,
        {"cases": [clipping(case) for case in shown], "next": behind, "total": total},
        links={"next": next_page(request, after=behind)} if behind else None,
    )


@router.get("/library/{number}/audio", response_class=Response)
def clip(request: Request, calling: Calling, number: Annotated[str, Path(max_length=20)]) -> Response:
    """The clip and nothing else of the recording; spoken numbers that were recognised are silent. Agents hear the
    clips of own coaching plans."""
    if not calling.viewer.may(Right.LIBRARY):
        demand(calling.viewer, Right.PLANS)
    found = case_of(request, calling.viewer, number)
    tag = tag_of(f"{found.row.sha256}\n{found.row.begins}\n{found.row.ends}\n{found.row.covered}")
    if known_already(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    try:
        return hear(request, calling.visit, found, tag, **calling.by)
    except Unplayable as trouble:
        return problem(404, trouble.key, "the recording cannot be played")


def clipping(case: Case) -> dict[str, Any]:
    """A case as the API shows it (`api_models_training.Clipping`)."""
    row, call = case.row, case.call
    said = [
        {"role": role, "at": max(0.0, round(at - row.begins, 2)), "text": mask(text)} for role, at, text in row.said
    ]
    return {
        "number": row.id, "kind": row.kind, "item": row.item, "level": row.level, "tags": list(case.tags),
        "comment": mask(row.comment), "begins": row.begins, "ends": row.ends, "said": said,
        "suggested": row.suggested, "created_at": moment(row.created_at), "audio": f"/api/v1/library/{row.id}/audio",
        "call": call.sha256, "call_id": mask_name(call.call_id), "agent": call.agent, "agent_name": call.agent_name,
        "team": call.team, "scenario": call.scenario, "language": call.language,
    }  # fmt: skip
