"""`all`, `any`, `not`: conditions of conditions, in three-valued logic (Kleene): unsure stays so unless outweighed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from scoring.call import Call
from scoring.detectors.base import MOST_EVIDENCE, Detector, Finding
from scoring.likeness import Ask

if TYPE_CHECKING:
    from scoring.detectors import Condition


class All(Detector):
    """Holds when every condition holds; fails when one fails."""

    all: tuple[Condition, ...] = Field(min_length=1, description="conditions that must all hold")

    def find(self, call: Call) -> Finding:
        found = [c.find(call) for c in self.all]
        failed = [f for f in found if f.truth is False]
        if failed:
            return max(failed, key=lambda f: f.confidence)
        return _open([f for f in found if f.truth is None]) or _joined(True, found)

    def asks(self, call: Call) -> Ask:
        return Ask.all(c.asks(call) for c in self.all)


class Any(Detector):
    """Holds when one condition holds; fails when all fail."""

    any: tuple[Condition, ...] = Field(min_length=1, description="conditions of which one must hold")

    def find(self, call: Call) -> Finding:
        found = [c.find(call) for c in self.any]
        held = [f for f in found if f.truth is True]
        if held:
            return max(held, key=lambda f: f.confidence)
        return _open([f for f in found if f.truth is None]) or _joined(False, found)

    def asks(self, call: Call) -> Ask:
        return Ask.all(c.asks(call) for c in self.any)


class Not(Detector):
    """Holds when the condition fails."""

    not_: Condition = Field(alias="not", description="a condition that must not hold")

    def find(self, call: Call) -> Finding:
        found = self.not_.find(call)
        truth = None if found.truth is None else not found.truth
        return Finding(truth, found.confidence, found.why, found.evidence)

    def asks(self, call: Call) -> Ask:
        return self.not_.asks(call)


def _open(unsure: list[Finding]) -> Finding | None:
    return unsure[0] if unsure else None


def _joined(truth: bool, found: list[Finding]) -> Finding:
    """The weakest link decides how sure a joint finding is; every part shows its evidence."""
    evidence = tuple(dict.fromkeys(e for f in found for e in f.evidence))[:MOST_EVIDENCE]
    why = "; ".join(dict.fromkeys(f.why for f in found))
    return Finding(truth, min(f.confidence for f in found), why, evidence)
