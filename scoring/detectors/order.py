"""`order`: one thing before another, by the moments at which conditions hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from scoring.call import Call
from scoring.detectors.base import Finding, Hit, Operator, say, shown, whole_call
from scoring.strict import Text

if TYPE_CHECKING:
    from scoring.detectors import Condition


class Order(Operator):
    """Holds when the conditions hold one after another: a hit of the first, then one of the second, and so on.

    With `rule: always`, every hit of the last must have the others before it; if it never comes, that holds.
    """

    ABOUT: ClassVar = Text(zh="顺序：先A后B", en="order: A before B")
    EXAMPLE: ClassVar = """
        detect: order
        of:
          - {detect: act, labels: [apology]}
          - {detect: act, labels: [solution, follow_up_promise]}
        """

    detect: Literal["order"] = "order"
    of: tuple[Condition, ...] = Field(min_length=2, description="conditions in the order they should come / 应有的先后")
    rule: Literal["once", "always"] = Field(
        "once", description="in this order at least once, or whenever the last comes / 至少一次，或每次都须如此"
    )

    def look(self, call: Call) -> Finding:
        heard = [c.hits(call) for c in self.of]
        doubt = next((h.doubt for h in heard if h.doubt is not None), None)
        sure = [[x for x in h.found if x.sure and x.is_moment(call)] for h in heard]
        maybe = [[x for x in h.found if x.is_moment(call)] for h in heard]
        return self._once(call, sure, maybe, doubt) if self.rule == "once" else self._always(call, sure, maybe, doubt)

    def _once(
        self, call: Call, sure: Sequence[list[Hit]], maybe: Sequence[list[Hit]], doubt: Finding | None
    ) -> Finding:
        chain = _chain(sure)
        if chain is not None:
            why = say(call.language, "按顺序出现", "came in this order")
            return Finding(True, min(h.confidence for h in chain), why, shown(chain))
        open_ = _chain(maybe)
        if open_ is not None or doubt is not None:
            why = say(call.language, "顺序无法确定", "the order is not sure")
            return _unsure(call, why, open_ or [], doubt)
        lacking = sum(not hits for hits in maybe)
        why = say(call.language, f"{lacking}项没有出现" if lacking else "没有按顺序出现",
                  f"{lacking} of them never came" if lacking else "did not come in this order")  # fmt: skip
        evidence = shown(sorted((hits[0] for hits in maybe if hits), key=lambda h: h.start))
        return Finding(False, 0.8, why, evidence or whole_call(call, "order", why))

    def _always(
        self, call: Call, sure: Sequence[list[Hit]], maybe: Sequence[list[Hit]], doubt: Finding | None
    ) -> Finding:
        early = [h for h in sure[-1] if _chain((*maybe[:-1], [h])) is None]
        if early and doubt is None:
            why = say(call.language, f"{len(early)}次在前提之前出现", f"came {len(early)} times before it should")
            return Finding(False, min(h.confidence for h in early), why, shown(early))
        doubtful = [h for h in maybe[-1] if _chain((*sure[:-1], [h])) is None]
        if doubtful or doubt is not None:
            why = say(call.language, "顺序无法确定", "the order is not sure")
            return _unsure(call, why, doubtful, doubt)
        why = say(call.language, f"{len(sure[-1])}次均在前提之后", f"all {len(sure[-1])} came after what must precede")
        confidence = min((h.confidence for h in sure[-1]), default=0.8)
        return Finding(True, confidence, why, shown(sure[-1]) or whole_call(call, "order", why))


def _chain(heard: Sequence[Sequence[Hit]]) -> list[Hit] | None:
    """The earliest hits that come one after another, or None. heard: hits in time order, of each condition."""
    found: list[Hit] = []
    for hits in heard:
        after = next((h for h in hits if not found or h.start > found[-1].start), None)
        if after is None:
            return None
        found.append(after)
    return found


def _unsure(call: Call, why: str, hits: Sequence[Hit], doubt: Finding | None) -> Finding:
    evidence = shown(hits) or (doubt.evidence if doubt is not None else ())
    return Finding(None, 0.5, why, evidence or whole_call(call, "order", why))
