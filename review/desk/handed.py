"""Whose hands calls are in, and whether they were drawn, for the pages that show calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from store import claims, queue, sampling, views
from store.access import Right, Viewer
from store.claims import Holder
from store.desk_tables import QueueRow, UserRow
from store.sampling_tables import DrawnRow, DrawRow, PlanRow, ViewRow


@dataclass(frozen=True, slots=True)
class Work:
    """What the queue's page shows of work on its calls. holders, drawn: by number of the call.

    batch, given, name: the assignment just made, of how many calls, to whom; left: those that others kept.
    draw: the draw that the list is of.
    """

    holders: Mapping[int, Holder]
    drawn: Mapping[int, frozenset[str]]
    reviewers: Sequence[UserRow]
    views: Sequence[ViewRow]
    may_review: bool
    may_assign: bool
    may_sample: bool
    batch: str
    given: int
    name: str
    draw: DrawRow | None


@dataclass(frozen=True, slots=True)
class Hand:
    """The same of one call. drawings: the draws that took it, for those who may see them."""

    holder: Holder | None
    drawn: frozenset[str]
    drawings: Sequence[tuple[DrawnRow, DrawRow, PlanRow]]
    may_claim: bool
    may_release: bool


NOTHING = Hand(None, frozenset(), (), False, False)


def at_work(session: Session, viewer: Viewer, rows: Sequence[QueueRow], asked: Mapping[str, str]) -> Work:
    """Of the calls on a page of the queue; nothing for an agent."""
    may_assign, seen = viewer.may(Right.ASSIGN), viewer.may(Right.AGREEMENT)
    batch = asked.get("batch", "")[:40] if may_assign else ""
    given, name = claims.in_batch(session, viewer, batch) if batch else (0, "")
    number = asked.get("draw", "")
    wanted = int(number) if viewer.may(Right.SAMPLES) and number.isascii() and number.isdecimal() else -1
    return Work(
        claims.holders(session, rows) if seen else {}, queue.drawn_of(session, rows) if seen else {},
        claims.reviewers(session) if may_assign else (), views.views(session, viewer), viewer.may(Right.REVIEW),
        may_assign, viewer.may(Right.SAMPLE), batch, given, name,
        session.get(DrawRow, wanted) if 0 <= wanted < 10**9 else None,
    )  # fmt: skip


def hand_of(session: Session, viewer: Viewer, row: QueueRow) -> Hand:
    """Of one call; nothing for an agent."""
    if not viewer.may(Right.AGREEMENT):
        return NOTHING
    holder = claims.holders(session, [row]).get(row.number)
    mine = holder is not None and holder.login == viewer.login
    return Hand(
        holder, queue.drawn_of(session, [row]).get(row.number, frozenset()),
        sampling.drawings(session, row.sha256) if viewer.may(Right.SAMPLES) else (),
        viewer.may(Right.REVIEW) and holder is None,
        viewer.may(Right.REVIEW) and (mine or (holder is not None and viewer.may(Right.ASSIGN))),
    )  # fmt: skip
