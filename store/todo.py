"""How much waits for a person: the number beside 待办 in the navigation. Asked on every page: one statement, by indexes."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from store import appeal_trail, calibrations, second
from store.access import Viewer
from store.columns import Instant, now

MOST = 99  # more are not counted
PEOPLE = 500  # whose statement is kept


def count(session: Session, viewer: Viewer) -> int:
    """Appeals whose next step is theirs, second reviews they may do, calls of calibration sessions; at most MOST."""
    return min(session.scalar(_asked(viewer), {"at": now()}) or 0, MOST)


@lru_cache(maxsize=PEOPLE)
def _asked(viewer: Viewer) -> Select[int]:
    """The statement; to put it together takes longer than the database needs to answer it."""
    at = bindparam("at", type_=Instant())
    return select(appeal_trail.counted(viewer, at, MOST) + second.counted(viewer, MOST) + calibrations.counted(viewer))
