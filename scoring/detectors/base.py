"""What every detector 质检算子 shares: how it looks, and the keys that all of them take.

A detector is one pydantic model (its YAML keys) with one method, `find(call) -> Finding`. `truth` is True, False or
None: None means "could not tell" and is kept through every combination up to the answer. The keys common to all
(`negate`, `sure`, `excuse`; `where`; `role`) are declared and applied here and nowhere else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from pydantic import BaseModel, Field, model_validator

from scoring.call import Call, Role, Signal
from scoring.detectors.finding import (
    ANNOUNCED_WITHIN,
    MOST_EVIDENCE,
    Finding,
    Hit,
    Hits,
    announcement,
    hit,
    in_order,
    role_name,
    say,
    sentence_evidence,
    shown,
    stretch_evidence,
    turn_evidence,
    whole_call,
)
from scoring.detectors.hearing import hearing
from scoring.detectors.where import Anchor, Excuse, Place, Where
from scoring.likeness import Ask
from scoring.strict import Strict, Text

__all__ = [
    "ANNOUNCED_WITHIN",
    "DEEPEST",
    "DOUBTFUL_ROLE",
    "DOUBTFUL_SPEECH",
    "MOST_EVIDENCE",
    "Anchor",
    "Detector",
    "Excuse",
    "Finding",
    "Hit",
    "Hits",
    "Operator",
    "Place",
    "PlacedDetector",
    "SpokenDetector",
    "Where",
    "announcement",
    "hit",
    "in_order",
    "role_name",
    "say",
    "sentence_evidence",
    "shown",
    "stretch_evidence",
    "turn_evidence",
    "whole_call",
]

DOUBTFUL_ROLE = 0.8  # below this confidence, who said it is a guess
DOUBTFUL_SPEECH = 0.4  # below this confidence, what was said is a guess
DEEPEST = 12  # conditions within conditions; nobody reads further


class Detector(Strict, ABC):
    """One way of finding something out about a call."""

    ABOUT: ClassVar[Text]  # a line for people
    EXAMPLE: ClassVar[str]  # YAML

    @model_validator(mode="after")
    def _shallow(self) -> Detector:
        if self.depth > DEEPEST:
            raise ValueError(f"conditions lie more than {DEEPEST} deep; split the item")
        return self

    @abstractmethod
    def find(self, call: Call) -> Finding:
        """Look at the call and tell what was found, with evidence."""

    def hits(self, call: Call) -> Hits:
        """Every moment at which the condition holds, for conditions about its moments (count, order, where...)."""
        found = self.find(call)
        if found.truth is None:
            return Hits(doubt=found)
        return Hits(in_order(hit(e, found.confidence) for e in found.evidence)) if found.truth else Hits()

    def asks(self, call: Call) -> Ask:
        """Which words of the call it wants compared with which wordings by meaning, those of its parts included."""
        return Ask.all((self.wants(call), *(part.asks(call) for part in self.parts if part.compares)))

    def wants(self, call: Call) -> Ask:
        """The same, without its parts."""
        return Ask()

    @cached_property
    def parts(self) -> tuple[Detector, ...]:
        """The conditions written directly inside this one, be it as part, place or exception."""
        return tuple(part for name in type(self).model_fields for part in _parts(getattr(self, name)))

    @cached_property
    def compares(self) -> bool:
        """Whether it, or a part of it, may want anything compared."""
        return type(self).wants is not Detector.wants or any(part.compares for part in self.parts)

    @cached_property
    def depth(self) -> int:
        """How many conditions lie within one another, this one included."""
        return 1 + max((part.depth for part in self.parts), default=0)

    @cached_property
    def identity(self) -> str:
        """The same for conditions that say the same, wherever they are written."""
        return f"{type(self).__name__}{self.model_dump_json(by_alias=True, warnings=False)}"


def _parts(value: Any) -> Iterator[Detector]:
    if isinstance(value, Detector):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _parts(one)
    elif isinstance(value, BaseModel) and type(value) is not Text:
        for name in type(value).model_fields:
            yield from _parts(getattr(value, name))


class Operator(Detector):
    """A detector that is named by `detect`, with the keys that all of those take."""

    negate: bool = Field(False, description="holds when it would fail, fails when it would hold / 取反")
    sure: float = Field(0.0, ge=0, le=1, description="least confidence of a finding; below it stays open / 最低置信度")
    excuse: Excuse | None = Field(None, description="exception: what lies near this does not count / 例外情形")

    @abstractmethod
    def look(self, call: Call) -> Finding:
        """What is found before the common keys are applied."""

    def find(self, call: Call) -> Finding:
        notes = hearing(call).notes
        known = notes.get(self.identity)
        if known is None:
            known = notes[self.identity] = self._common(call, self.look(call))
        return known

    def _common(self, call: Call, found: Finding) -> Finding:
        if self.excuse is not None and found.truth is not None:
            found = self._pardoned(call, found, self.excuse)
        truth = found.truth
        if truth is not None and found.confidence < self.sure:
            why = say(call.language, f"{found.why}（置信度{found.confidence:.2f}不足）",
                      f"{found.why} (confidence of only {found.confidence:.2f})")  # fmt: skip
            return Finding(None, found.confidence, why, found.evidence)
        return (
            Finding(not truth, found.confidence, found.why, found.evidence)
            if self.negate and truth is not None
            else found
        )

    def _pardoned(self, call: Call, found: Finding, excuse: Excuse) -> Finding:
        """A finding that stands for the whole is excused where any of its evidence is."""
        if not found.truth:
            return found
        near = [excuse.excuses(call, e.start, e.end) for e in found.evidence]
        if any(near):
            why = say(call.language, f"{found.why}，属例外情形", f"{found.why}, but excused")
            return Finding(False, found.confidence, why, found.evidence)
        if None in near:
            why = say(call.language, f"{found.why}，是否例外无法确定", f"{found.why}, perhaps excused")
            return Finding(None, found.confidence, why, found.evidence)
        return found


class PlacedDetector(Operator):
    """A detector that looks at a part of the call."""

    where: Where = Field(default_factory=Where, description="the part of the call / 质检范围")

    @abstractmethod
    def look_in(self, call: Call, place: Place) -> Finding:
        """What is found in one part of the call."""

    def search(self, call: Call, place: Place) -> Iterable[Hit] | None:
        """The moments there, sure and unsure ones, exceptions not yet left out; None: it has none of its own."""
        return None

    def blind(self, call: Call, place: Place) -> Finding | None:
        """Why nothing can be told there, or None."""
        return None

    def look(self, call: Call) -> Finding:
        places, doubt = self.where.places(call)
        if doubt is not None:
            return Finding(None, doubt.confidence, doubt.why, doubt.evidence or whole_call(call, "where", doubt.why))
        found = [self._nowhere(call) if place is None else self._look_there(call, place) for place in places]
        if len(found) == 1 or all(f.truth is found[0].truth for f in found[1:]):
            return found[0]
        why = say(call.language, f"取决于不确定的情形：{found[0].why}", f"hangs on an unsure moment: {found[0].why}")
        return Finding(None, 0.5, why, shown(hit(e, 0.5) for f in found for e in f.evidence))

    def _look_there(self, call: Call, place: Place) -> Finding:
        found = self.blind(call, place) or self.look_in(call, place)
        if self.excuse is None or found.truth is not False:
            return found
        excused = [h for h in self.search(call, place) or () if self.excuse.excuses(call, h.start, h.end)]
        if not excused:
            return found
        why = say(call.language, f"{found.why}（{len(excused)}处属例外）", f"{found.why} ({len(excused)} excused)")
        return Finding(False, found.confidence, why, shown(excused))

    def _pardoned(self, call: Call, found: Finding, excuse: Excuse) -> Finding:
        # Where there are moments, each has been excused by itself.
        own = type(self).search is not PlacedDetector.search
        return found if own else super()._pardoned(call, found, excuse)

    def _nowhere(self, call: Call) -> Finding:
        name = str(getattr(self, "detect", "where"))
        why = say(call.language, "所指情形没有出现", "the moment to go by never came")
        return Finding(False, 0.8, why, whole_call(call, name, why))

    def counted(self, call: Call, place: Place) -> list[Hit]:
        """The hits that count: those excused are left out, those that may be are no longer sure."""
        found = self.search(call, place) or ()
        if self.excuse is None:
            return list(found)
        kept = []
        for h in found:
            excused = self.excuse.excuses(call, h.start, h.end)
            if excused is None:
                kept.append(_sure(h, False))
            elif not excused:
                kept.append(h)
        return kept

    def hits(self, call: Call) -> Hits:
        if self.negate or type(self).search is PlacedDetector.search:
            return super().hits(call)
        notes, key = hearing(call).notes, (self.identity, "hits")
        if key not in notes:
            notes[key] = self._hits(call)
        return notes[key]

    def _hits(self, call: Call) -> Hits:
        places, doubt = self.where.places(call)
        if doubt is not None:
            return Hits(doubt=doubt)
        found: list[list[Hit]] = []
        for place in places:
            blind = None if place is None else self.blind(call, place)
            if blind is not None:
                return Hits(doubt=blind)
            found.append([] if place is None else self.counted(call, place))
        if len(found) > 1 or not all(h.sure for h in found[0]):
            certain = set.intersection(*({h.evidence for h in some if h.sure} for some in found))
            found = [[_sure(h, h.evidence in certain) for h in some] for some in found]
        return Hits(in_order(_sure(h, h.sure and h.confidence >= self.sure) for some in found for h in some))

    def absent(self, call: Call, place: Place, detector: str, why: str, confidence: float) -> Finding:
        """A finding of absence: the evidence is what called for it, the stretch that was looked at, or the call."""
        called_for = [h.evidence for h in (place.after, place.before) if h is not None]
        return Finding(False, confidence, why, tuple(called_for) or whole_call(call, detector, why))


def _sure(hit: Hit, sure: bool) -> Hit:
    return hit if hit.sure == sure else replace(hit, sure=sure)


class SpokenDetector(PlacedDetector):
    """A detector that listens to the words of a role in a part of the call."""

    role: Role | None = Field(
        Role.AGENT, description="whose words count: agent, customer, system, or null for all / 听谁的话，null为所有人"
    )

    def heard(self, call: Call, place: Place) -> tuple[int, ...]:
        """Turns this detector listens to."""
        return place.turns(call, self.role)

    def sentences(self, call: Call, place: Place) -> Iterator[Signal]:
        """Sentences of those turns."""
        turns = frozenset(self.heard(call, place))
        return (s for s in call.signals if s.turn in turns and place.holds(call, s.start, s.end, s.turn))

    def blind(self, call: Call, place: Place) -> Finding | None:
        """A finding of doubt where the role could not be told apart or nothing was recognised; else None."""
        if self.role is not None and call.measures.role_confidence < DOUBTFUL_ROLE:
            why = say(call.language, "无法确定说话人角色", "who is the agent could not be told")
            return Finding(None, call.measures.role_confidence, why, whole_call(call, self._name, why))
        turns = self.heard(call, place)
        if not turns:
            return None
        sure = _recognition(call, turns)
        if sure < DOUBTFUL_SPEECH:
            why = say(call.language, f"识别置信度过低（{sure:.2f}）", f"recognition too unsure ({sure:.2f})")
            return Finding(None, sure, why, (turn_evidence(call, turns[0], self._name, why),))
        return None

    @property
    def _name(self) -> str:
        return str(getattr(self, "detect", ""))

    def absent(self, call: Call, place: Place, detector: str, why: str, confidence: float) -> Finding:
        if place.where.everywhere or place.after is not None or place.before is not None:
            return super().absent(call, place, detector, why, confidence)
        turns = self.heard(call, place)
        late = place.where.last_turns or place.where.last_seconds
        shown_turns = turns[-1:] if late else turns[:1]
        evidence = tuple(turn_evidence(call, i, detector, why) for i in shown_turns)
        return Finding(False, confidence, why, evidence or whole_call(call, detector, why))


def _recognition(call: Call, turns: tuple[int, ...]) -> float:
    """Mean confidence of turns, worked out once."""
    notes, key = hearing(call).notes, ("sure", turns)
    if key not in notes:
        notes[key] = sum(call.turns[i].confidence for i in turns) / len(turns)
    return notes[key]
