"""Coaching plans by the API: targets, and whether the calls since the talk show it. Plans are made at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from review.desk.api_caller import Calling
from review.desk.api_library import clipping
from review.desk.api_models_training import PlanRead, PlansAsked, PlansRead
from review.desk.api_reply import moment, next_page, reply
from review.desk.coaching import Found, plan_of, standing
from review.desk.entry import demand, desk_of
from scoring.before_after import Share
from scoring.masking import mask
from store import coaching
from store.access import Right
from store.library_tables import GoalRow, PlanNoteRow, PlanRow

router = APIRouter()


@router.get("/coaching", response_model=PlansRead)
def plans(request: Request, calling: Calling, asked: Annotated[PlansAsked, Query()]) -> Response:
    """Coaching plans with their targets, newest first: an agent's own, those of a leader's teams, else all.

    Read only: plans are made and changed at the desk."""
    demand(calling.viewer, Right.PLANS)
    with desk_of(request).reading() as session:
        found = coaching.page(session, calling.viewer, state=asked.state, before=asked.after, size=asked.limit + 1)
    shown = found[: asked.limit]
    behind = shown[-1][0].id if len(found) > asked.limit else None
    return reply(
        request,
        {"plans": [_line(row, goals) for row, goals in shown], "next": behind},
        links={"next": next_page(request, after=behind)} if behind else None,
    )


@router.get("/coaching/{number}", response_model=PlanRead)
def plan(request: Request, calling: Calling, number: Annotated[str, Path(max_length=20)]) -> Response:
    """A plan with its progress, target by target, its clips and the notes that the caller may read. That somebody read
    it is noted."""
    demand(calling.viewer, Right.PLANS)
    found = plan_of(request, calling.viewer, number)
    stands = standing(request, calling.viewer, found, **calling.by)
    content = {
        "plan": _line(found.row, found.goals), "before": _days(stands.spans.before),
        "after": _days(stands.spans.after) if stands.spans.after else None,
        "progress": [_progress(one) for one in stands.results], "kept": stands.kept,
        "notes": [_note(note) for note in found.notes], "cases": [clipping(case) for case in stands.shown],
        "hidden": stands.hidden, "removed": stands.removed,
    }  # fmt: skip
    return reply(request, content)


def _line(row: PlanRow, goals: Sequence[GoalRow]) -> dict[str, Any]:
    closed = row.state == "closed"
    return {
        "number": row.id, "state": row.state, "agent": row.agent, "agent_name": row.agent_name, "team": row.team,
        "author": row.author_name, "coached_on": row.coached_on.isoformat() if row.coached_on else None,
        "due": row.due.isoformat(), "overdue": not closed and row.due < date.today(),
        "acknowledged_at": moment(row.acknowledged_at), "closed_at": moment(row.closed_at),
        "targets": [
            {
                "item": goal.item, "target": goal.target,
                "verdict": goal.outcome["verdict"] if closed and goal.outcome else None,
            }
            for goal in goals
        ],
    }  # fmt: skip


def _progress(found: Found) -> dict[str, Any]:
    seen = found.change
    return {
        "item": found.goal.item, "target": found.goal.target, "before": _side(seen.before), "after": _side(seen.after),
        "difference": seen.difference, "low": seen.low, "high": seen.high, "verdict": seen.verdict,
        "reached": seen.reached, "missing": seen.missing, "forms_differ": found.forms,
    }  # fmt: skip


def _side(share: Share) -> dict[str, Any]:
    low, high = share.interval or (None, None)
    return {"hits": share.hits, "n": share.n, "share": share.share, "low": low, "high": high}


def _days(span: tuple[date, date]) -> dict[str, str]:
    return {"since": span[0].isoformat(), "until": span[1].isoformat()}


def _note(note: PlanNoteRow) -> dict[str, Any]:
    return {"by": note.author_name, "at": moment(note.at), "shared": note.shared, "text": mask(note.text)}
