"""The case library's pages: what there is, what the machine suggests, one case with its sound."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, JSONResponse, Response

from review.desk.casebook import NAMES, all_items, case_of, clip_of, items_of, sought_of
from review.desk.entry import Here, demand, desk_of, forms_of
from review.desk.library_export import MOST_EXPORTED
from review.desk.pages import page
from review.desk.playable import Unplayable
from review.desk.times import number_of, tenths
from scoring.masking import mask
from store import audit, casebook, coaching, moments
from store.access import Right
from store.casebook import Case
from store.library_tables import KINDS, LEVELS
from store.sessions import Visit

router = APIRouter(include_in_schema=False)


@router.get("/library")
def library_page(request: Request, visit: Here) -> Response:
    demand(visit.viewer, Right.LIBRARY)
    viewer, asked = visit.viewer, request.query_params
    sought, before = sought_of(asked), number_of(asked.get("before", ""))
    with desk_of(request).writing() as session:
        found = casebook.page(session, viewer, sought, before, casebook.PAGE + 1)
        total = casebook.total(session, viewer, sought)
        tags, agents = casebook.tags(session, viewer), casebook.agents(session, viewer)
        if found:
            audit.note(
                session, viewer.login, "library.view", "", cases=[case.row.id for case in found[: casebook.PAGE]]
            )
    kept = urlencode([(name, asked[name]) for name in NAMES if asked.get(name)])
    return page(
        request, "library.html.j2", found=found[: casebook.PAGE], more=len(found) > casebook.PAGE, total=total,
        asked=asked,
        kept=kept, beyond_first=before is not None, tags=tags, agents=agents, kinds=KINDS, levels=LEVELS[1:],
        languages=("zh", "en"), names=NAMES, items=all_items(request), say=mask, most_exported=MOST_EXPORTED,
        tenths=tenths,
    )  # fmt: skip


@router.get("/library/suggestions")
def suggestions_page(request: Request, visit: Here, form: str = "", item: str = "") -> Response:
    demand(visit.viewer, Right.LIBRARY)
    viewer, forms = visit.viewer, forms_of(request)
    with desk_of(request).writing() as session:
        used = {digest: n for digest, n in moments.forms(session, viewer).items() if digest in forms}
        chosen = form if form in used else max(used, key=lambda digest: used[digest], default="")
        items = items_of(request, chosen)
        picked = item if item in items else next(iter(items), "")
        found = moments.moments(session, viewer, chosen, picked) if picked else {}
        shown = {moment.call.sha256 for some in found.values() for moment in some}
        taken = casebook.taken(session, picked, sorted(shown))
        if shown:
            audit.note(session, viewer.login, "library.suggest", "", item=picked, calls=sorted(shown))
    return page(
        request, "suggestions.html.j2", used=used, forms=forms, chosen=chosen, items=items, picked=picked, found=found,
        taken=taken, say=mask, recent=moments.RECENT, tenths=tenths,
    )  # fmt: skip


@router.get("/library/{case}")
def case_page(request: Request, visit: Here, case: str) -> Response:
    demand(visit.viewer, Right.LIBRARY)
    viewer, found = visit.viewer, case_of(request, visit.viewer, case)
    with desk_of(request).writing() as session:
        audit.note(session, viewer.login, "case.view", found.row.sha256, case=found.row.id)
        plans = coaching.open_plans(session, viewer) if viewer.may(Right.COACH) else ()
    return page(
        request, "case.html.j2", case=found, items=all_items(request), say=mask, plans=plans, tenths=tenths,
        may_coach=viewer.may(Right.COACH),
    )  # fmt: skip


@router.get("/library/{case}/sound")
def sound(request: Request, visit: Here, case: str) -> Response:
    """The clip and nothing else of the recording; spoken numbers that were recognised are silent."""
    if not visit.viewer.may(Right.LIBRARY):
        demand(visit.viewer, Right.PLANS)  # agents hear the cases of own plans
    try:
        return hear(request, visit, case_of(request, visit.viewer, case))
    except Unplayable as trouble:
        return JSONResponse({"trouble": trouble.key}, 404)


def hear(request: Request, visit: Visit, found: Case, tag: str = "", **noted: str) -> FileResponse:
    """The clip's sound, once it is noted that somebody hears it; noted: how. Raises Unplayable."""
    clip = clip_of(request, found)
    heard: set[tuple[str, str]] = request.app.state.heard
    if (visit.token, f"case {found.row.id}") not in heard:
        with desk_of(request).writing() as session:
            audit.note(session, visit.viewer.login, "case.hear", found.row.sha256, case=found.row.id, **noted)
        heard.add((visit.token, f"case {found.row.id}"))
    headers = {"Cache-Control": "no-store"} | ({"ETag": tag} if tag else {})
    return FileResponse(clip.path, media_type=clip.media_type, headers=headers)
