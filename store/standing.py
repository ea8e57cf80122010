"""What people made of calls, beside the machine's score: the score of the review that counts, after every appeal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import blind
from store.access import Viewer
from store.desk_tables import QueueRow, ReviewRow
from store.reviews import FIRST


@dataclass(frozen=True, slots=True)
class Standing:
    """The review that counts. score: None where it has none; appealed: an appeal made it."""

    score: float | None
    appealed: bool


def standing(session: Session, viewer: Viewer, rows: Sequence[QueueRow]) -> dict[int, Standing]:
    """By number of the call, of those on a page that were reviewed; without those that the person must not know of,
    as they could be the second reviewer or have a calibration session to answer."""
    keys = {row.evaluation_key: row.number for row in rows if row.review == "submitted"}
    if not keys:
        return {}
    chosen = select(ReviewRow.evaluation_key, ReviewRow.score, ReviewRow.origin).where(
        ReviewRow.evaluation_key.in_(keys), ReviewRow.round == FIRST, ReviewRow.state == "submitted"
    )
    found = {  # the newest of each is the last
        key: Standing(score, bool(origin)) for key, score, origin in session.execute(chosen.order_by(ReviewRow.version))
    }
    hidden = blind.hidden_of(session, viewer, list(keys))
    return {keys[key]: one for key, one in found.items() if key not in hidden}
