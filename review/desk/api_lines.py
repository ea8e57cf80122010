"""Calls and reviews as the API shows them."""

from __future__ import annotations

from typing import Any

from scoring.masking import mask, mask_name
from store.desk_tables import QueueRow
from store.reviews import Review


def line(row: QueueRow) -> dict[str, Any]:
    """A call of the queue (`api_models.Line`)."""
    return {
        "sha256": row.sha256, "call_id": mask_name(row.call_id), "score": row.score, "grade": row.grade,
        "fatal": row.fatal, "severity": row.severity, "flags": row.flags, "missed": row.missed, "agent": row.agent,
        "agent_name": row.agent_name, "team": row.team, "scenario": row.scenario, "language": row.language,
        "started_at": row.started_at.isoformat() if row.started_at else None, "duration": row.duration,
        "review": row.review, "rubric": row.rubric_hash,
    }  # fmt: skip


def shown_review(review: Review | None) -> dict[str, Any] | None:
    """A version of a review (`api_models.Reviewed`), masked; None where there is none."""
    if review is None:
        return None
    return {
        "version": review.version, "state": review.state, "reviewer": review.reviewer_name,
        "comment": mask(review.comment), "score": review.score, "at": review.at.isoformat(timespec="seconds"),
        "decisions": [
            {"item": d.item, "machine": d.machine, "human": d.human, "looked": d.looked, "reason": mask(d.reason)}
            for d in review.decisions
        ],
    }  # fmt: skip
