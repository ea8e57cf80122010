"""`all`, `any`, `not`, `at_least`: conditions of conditions, in three-valued logic (Kleene): unsure stays so unless
outweighed. All of them are one rule: at least so many must hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from scoring.call import Call
from scoring.detectors.base import MOST_EVIDENCE, Detector, Finding, Hits, in_order
from scoring.strict import Text

if TYPE_CHECKING:
    from scoring.detectors import Condition


class All(Detector):
    """Holds when every condition holds; fails when one fails."""

    ABOUT: ClassVar = Text(zh="全部条件成立", en="every condition holds")
    EXAMPLE: ClassVar = """
        all:
          - {detect: phrase, any: [工号, agent number]}
          - {detect: act, labels: [greeting]}
        """

    all: tuple[Condition, ...] = Field(min_length=1, description="conditions that must all hold / 须全部成立的条件")

    def find(self, call: Call) -> Finding:
        return _quorum([c.find(call) for c in self.all], len(self.all))

    def hits(self, call: Call) -> Hits:
        return _hits(call, self.find(call), self.all)


class Any(Detector):
    """Holds when one condition holds; fails when all fail."""

    ABOUT: ClassVar = Text(zh="任一条件成立", en="one of the conditions holds")
    EXAMPLE: ClassVar = """
        any:
          - {detect: phrase, any: [再见, goodbye]}
          - {detect: act, labels: [closing]}
        """

    any: tuple[Condition, ...] = Field(
        min_length=1, description="conditions of which one must hold / 任一成立即可的条件"
    )

    def find(self, call: Call) -> Finding:
        return _quorum([c.find(call) for c in self.any], 1)

    def hits(self, call: Call) -> Hits:
        heard = [c.hits(call) for c in self.any]
        doubt = next((h.doubt for h in heard if h.doubt is not None), None)
        return Hits(in_order(x for h in heard for x in h.found), doubt)


class AtLeast(Detector):
    """Holds when so many of the conditions hold; fails when too few can."""

    ABOUT: ClassVar = Text(zh="至少n个条件成立", en="at least n of the conditions hold")
    EXAMPLE: ClassVar = """
        at_least: 2
        of:
          - {detect: act, labels: [greeting]}
          - {detect: act, labels: [self_introduction]}
          - {detect: act, labels: [offer_of_help]}
        """

    at_least: int = Field(ge=1, description="how many must hold / 至少多少个成立")
    of: tuple[Condition, ...] = Field(min_length=1, description="the conditions / 条件")

    @model_validator(mode="after")
    def _possible(self) -> AtLeast:
        if self.at_least > len(self.of):
            raise ValueError(f"at_least: {self.at_least} of {len(self.of)} conditions can never hold")
        return self

    def find(self, call: Call) -> Finding:
        return _quorum([c.find(call) for c in self.of], self.at_least)

    def hits(self, call: Call) -> Hits:
        return _hits(call, self.find(call), self.of)


class Not(Detector):
    """Holds when the condition fails."""

    ABOUT: ClassVar = Text(zh="条件不成立", en="the condition fails")
    EXAMPLE: ClassVar = """
        not: {detect: act, labels: [rude]}
        """

    not_: Condition = Field(alias="not", description="a condition that must not hold / 不得成立的条件")

    def find(self, call: Call) -> Finding:
        found = self.not_.find(call)
        truth = None if found.truth is None else not found.truth
        return Finding(truth, found.confidence, found.why, found.evidence)


def _quorum(found: Sequence[Finding], least: int) -> Finding:
    """Whether `least` of them hold. The strongest that decide it make the finding, the weakest of them its confidence.

    Of all of them this is Kleene's and, of one his or: `least` fail to hold where too many fail.
    """
    for truth, wanted in ((True, least), (False, len(found) - least + 1)):
        deciding = [f for f in found if f.truth is truth]
        if len(deciding) >= wanted:
            if len(deciding) == wanted == 1:
                return deciding[0]
            strongest = sorted(range(len(deciding)), key=lambda k: (-deciding[k].confidence, k))[:wanted]
            return _joined(truth, [deciding[k] for k in sorted(strongest)])
    return next(f for f in found if f.truth is None)


def _joined(truth: bool, found: Sequence[Finding]) -> Finding:
    """The weakest link decides how sure a joint finding is; every part shows its evidence."""
    if len(found) == 1:
        return found[0]
    evidence = tuple(dict.fromkeys(e for f in found for e in f.evidence))[:MOST_EVIDENCE]
    why = "; ".join(dict.fromkeys(f.why for f in found))
    return Finding(truth, min(f.confidence for f in found), why, evidence)


def _hits(call: Call, found: Finding, parts: Sequence[Detector]) -> Hits:
    """The moments of a condition that only holds as a whole: those of its parts."""
    if found.truth is None:
        return Hits(doubt=found)
    if not found.truth:
        return Hits()
    return Hits(in_order(h for part in parts for h in part.hits(call).found))
