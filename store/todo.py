"""How much waits for a person: the number beside 待办 in the navigation. Asked on every page: index look-ups only."""

from __future__ import annotations

from sqlalchemy.orm import Session

from store import appeal_trail, calibrations, second
from store.access import Viewer

MOST = 99  # more are not counted


def count(session: Session, viewer: Viewer) -> int:
    """Appeals whose next step is theirs, second reviews they may do, calls of calibration sessions; at most MOST."""
    found = appeal_trail.count_waiting(session, viewer, MOST)
    if found < MOST:
        found += second.count_waiting(session, viewer, MOST)
    if found < MOST:
        found += calibrations.outstanding(session, viewer)
    return min(found, MOST)
