"""What an auditor of sampling needs: a draw done again before their eyes, its calls and its population as files."""

from __future__ import annotations

import csv
import io

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.orm import undefer
from starlette.responses import Response

from review.desk.entry import Here, NotThere, demand, desk_of
from review.desk.listing import whole
from review.desk.pages import page
from scoring.sampling_frame import unpacked
from store import audit, sampling_check
from store.access import Right
from store.cells import csv_cell
from store.desk_tables import QueueRow
from store.sampling_tables import DrawnRow, DrawRow, PlanRow

router = APIRouter(include_in_schema=False, prefix="/sampling")
COLUMNS = ("draw", "sha256", "call_id", "agent", "week", "stratum", "weight", "probability", "review")


@router.get("/draws/{draw}/replay")
def replay(request: Request, visit: Here, draw: str) -> Response:
    """Draw again from the population that was kept, and say whether it is the same."""
    demand(visit.viewer, Right.SAMPLES)
    found, desk = draw_of(request, draw), desk_of(request)
    with desk.reading() as session:
        plan, again = session.get_one(PlanRow, found.plan_id), sampling_check.replay(session, found)
    with desk.writing() as session:
        audit.note(session, visit.viewer.login, "sample.replay", str(found.id), held=again.held)
    return page(request, "replay.html.j2", draw=found, plan=plan, replay=again)


@router.get("/draws/{draw}/calls.csv")
def calls_csv(request: Request, visit: Here, draw: str) -> Response:
    """The calls of a draw with stratum and probability, for a spreadsheet."""
    demand(visit.viewer, Right.SAMPLES)
    found, desk = draw_of(request, draw), desk_of(request)
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(COLUMNS)
    with desk.writing() as session:
        audit.note(session, visit.viewer.login, "sample.export", str(found.id), what="calls")
        joined = select(DrawnRow, QueueRow.call_id, QueueRow.review)
        joined = joined.join(QueueRow, QueueRow.sha256 == DrawnRow.sha256, isouter=True)
        joined = joined.where(DrawnRow.draw_id == found.id).order_by(DrawnRow.agent, DrawnRow.week, DrawnRow.sha256)
        for d, call_id, review in session.execute(joined):
            values = (found.id, d.sha256, call_id, d.agent, d.week, d.stratum, d.weight / 1000, d.probability, review)
            table.writerow([csv_cell(value) for value in values])
    return _download("\ufeff" + file.getvalue(), "text/csv; charset=utf-8", f"draw-{found.id}.csv")


@router.get("/draws/{draw}/population.jsonl")
def frame(request: Request, visit: Here, draw: str) -> Response:
    """The population as it was: with the seed, all that is needed to do the draw again without this desk."""
    demand(visit.viewer, Right.SAMPLES)
    found, desk = draw_of(request, draw), desk_of(request)
    with desk.writing() as session:
        audit.note(session, visit.viewer.login, "sample.export", str(found.id), what="population")
        kept = session.scalars(select(DrawRow).where(DrawRow.id == found.id).options(undefer(DrawRow.frame))).one()
        try:
            text = unpacked(kept.frame)
        except ValueError:
            raise NotThere from None
    return _download(text, "application/x-ndjson; charset=utf-8", f"population-{found.id}.jsonl")


def draw_of(request: Request, text: str) -> DrawRow:
    """The draw of an address. Raises NotThere."""
    with desk_of(request).reading() as session:
        found = None if (key := whole(text)) is None else session.get(DrawRow, key)
    if found is None:
        raise NotThere
    return found


def _download(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": kind}
    return Response(text.encode("utf-8", "backslashreplace"), headers=headers)
