"""How far each item's machine answers can be trusted 可信度, kept while nobody reviews: counting takes a while in a
ledger of many reviews, and every call's page asks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock, Thread

from fastapi import Request
from sqlalchemy.orm import Session

from review.desk.entry import desk_of, options_of
from scoring.agreement import Agreement, Alpha, alpha, counted_agreement, same_pairs, wilson
from scoring.evaluation import Status
from scoring.trust import Bar, Standing
from store import judged
from store.access import Role, Viewer
from store.desk import Desk
from store.judged import Pairs
from store.reviews import SECOND

OLDEST = 60.0  # s: evaluations may have been made anew, which no review's number tells
SLOW = 0.1  # s of counting above which nobody waits for it
MOST_KEPT = 200
EVERYBODY = Viewer("", "", Role.ADMIN)  # what an item is worth does not depend on who asks
_NONE = counted_agreement({})
_Scope = tuple[tuple[str, ...] | None, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of an item. seen: machine with first reviews, which see its answers; blind: with second ones, which do not; left:
    answers that the machine left to a person. people: first with second reviewers; many: participants of calibration
    sessions, with the share of equal pairs among them and its interval.
    """

    seen: Agreement
    left: int
    blind: Agreement
    people: Agreement
    many: Alpha
    many_same: tuple[float, float, float] | None

    def standing(self, bar: Bar) -> Standing:
        """By the blind answers where there are enough of them: they are not flattered by having seen the machine's."""
        blind = bar.standing(self.blind)
        return bar.standing(self.seen) if blind is Standing.UNPROVEN else blind


@dataclass(frozen=True, slots=True)
class _Held:
    """Figures with the stamp and moment they were counted at, and the seconds that took."""

    stamp: int
    at: float
    cost: float
    figures: dict[str, Figures]


class Kept:
    """Figures by who may see which calls, and form. In a small ledger they are never older than the newest review; in
    one where counting takes long, a person sees the last ones while others are counted behind."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[_Scope, _Held] = {}
        self._counting: set[_Scope] = set()

    def of(self, desk: Desk, viewer: Viewer, rubric_hash: str) -> dict[str, Figures]:
        """Figures by item."""
        scope = (viewer.teams if viewer.role is Role.TEAM_LEADER else None, rubric_hash)
        with desk.reading() as session:
            stamp = judged.stamp(session)
        held = self._known.get(scope)
        if held and held.stamp == stamp and time.monotonic() - held.at < OLDEST:
            return held.figures
        if held is None or held.cost < SLOW:
            return self._count(desk, viewer, scope)
        with self._lock:
            begin = scope not in self._counting
            self._counting.add(scope)
        if begin:
            Thread(target=self._count, args=(desk, viewer, scope), daemon=True).start()
        return held.figures

    def _count(self, desk: Desk, viewer: Viewer, scope: _Scope) -> dict[str, Figures]:
        begun = time.monotonic()
        try:
            with desk.reading() as session:
                stamp = judged.stamp(session)
                found = count(session, viewer, scope[1])
        finally:
            with self._lock:
                self._counting.discard(scope)
        with self._lock:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[scope] = _Held(stamp, begun, time.monotonic() - begun, found)
        return found


def count(session: Session, viewer: Viewer, rubric_hash: str) -> dict[str, Figures]:
    """Figures of every item that somebody answered."""
    seen = judged.machine_and_people(session, viewer, rubric_hash)
    blind = judged.machine_and_people(session, viewer, rubric_hash, SECOND)
    people = judged.two_people(session, viewer, rubric_hash)
    many = judged.many_people(session, viewer, rubric_hash)
    found = {}
    for item in dict.fromkeys((*seen, *blind, *people, *many)):
        given, left = _given(seen.get(item))
        same, pairs = same_pairs(many.get(item, ()))
        found[item] = Figures(
            given, left, _given(blind.get(item))[0],
            counted_agreement(people[item]) if item in people else _NONE, alpha(many.get(item, ())),
            (same / pairs, *wilson(same, pairs)) if pairs else None,
        )  # fmt: skip
    return found


def figures(request: Request, viewer: Viewer, rubric_hash: str) -> dict[str, Figures]:
    """Figures by item over the calls that the person may see."""
    kept: Kept = request.app.state.trust
    return kept.of(desk_of(request), viewer, rubric_hash)


def advisory(request: Request, rubric_hash: str) -> Mapping[str, Agreement]:
    """Items whose machine answers are for information only, with the agreement that says so; over all calls."""
    bar = options_of(request).bar
    found = figures(request, EVERYBODY, rubric_hash)
    under = {item: one for item, one in found.items() if one.standing(bar) is Standing.ADVISORY}
    return {
        item: one.seen if bar.standing(one.blind) is Standing.UNPROVEN else one.blind for item, one in under.items()
    }


def _given(pairs: Pairs | None) -> tuple[Agreement, int]:
    """Agreement where the machine answered, and how often it did not."""
    if not pairs:
        return _NONE, 0
    given = {both: times for both, times in pairs.items() if both[0] is not Status.CANNOT_JUDGE}
    return counted_agreement(given), sum(pairs.values()) - sum(given.values())
