"""`pattern`: a regular expression over what was said, with a time limit so that no pattern can stall a run."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from scoring.call import Call
from scoring.detectors.base import (
    MOST_EVIDENCE,
    Finding,
    Hit,
    Hits,
    Place,
    SpokenDetector,
    role_name,
    say,
    shown,
    turn_evidence,
    whole_call,
)
from scoring.detectors.exclusion import CALL_LIMIT, compiles, several
from scoring.detectors.expression import Expression
from scoring.detectors.hearing import hearing
from scoring.detectors.wording import locate_span
from scoring.strict import Text


class Pattern(SpokenDetector):
    """Holds when at least `count` turns match `regex`; turns that match one of `unless` are passed over."""

    ABOUT: ClassVar = Text(
        zh="正则表达式，可排除，限时执行", en="a regular expression, with exclusions and a time limit"
    )
    EXAMPLE: ClassVar = r"""
        detect: pattern
        regex: '工号\s*\d{4}|agent (number )?\d{4}'
        what: {zh: 工号, en: an agent number}
        unless: ['前一位|previous']
        """

    detect: Literal["pattern"] = "pattern"
    regex: str = Field(min_length=1, max_length=1000, description="the expression, case ignored / 正则表达式")
    what: Text = Field(
        Text(zh="规则所指的内容", en="what the rule names"), description="what it finds, for people / 所找内容的名称"
    )
    unless: str | tuple[str, ...] | None = Field(
        None, max_length=1000, description="turns matching this, or one of these, do not count / 排除的表达式"
    )
    count: int = Field(1, ge=1, description="how many turns it takes / 至少多少个话轮")

    @field_validator("regex", "unless")
    @classmethod
    def _compiles(cls, value: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        return compiles(value)

    def _look_there(self, call: Call, place: Place) -> Finding:
        try:
            return super()._look_there(call, place)
        except TimeoutError:
            return self._out_of_time(call)

    def _hits(self, call: Call) -> Hits:
        try:
            return super()._hits(call)
        except TimeoutError:
            return Hits(doubt=self._out_of_time(call))

    def _out_of_time(self, call: Call) -> Finding:
        why = say(call.language, "正则表达式超时", "the expression ran out of time")
        return Finding(None, 0.0, why, whole_call(call, "pattern", why))

    def look_in(self, call: Call, place: Place) -> Finding:
        if self.excuse is None and place.coarse:
            # Nothing hangs on the moment: only what will be shown is made evidence.
            turns = [i for i, _ in self._matching(call, place)]
            if len(turns) >= self.count:
                why = self._said(call.language)
                evidence = tuple(turn_evidence(call, i, "pattern", why) for i in turns[:MOST_EVIDENCE])
                return Finding(True, max(call.turns[i].confidence for i in turns), why, evidence)
        else:
            hits = self.counted(call, place)
            sure = [h for h in hits if h.sure]
            if len(hits) >= self.count:
                counted, truth = (sure, True) if len(sure) >= self.count else (hits, None)
                return Finding(truth, max(h.confidence for h in counted), self._said(call.language), shown(counted))
        who, where = role_name(call.language, self.role), self.where.describe(call.language)
        why = say(call.language, f"{who}{where}没有说到{self.what.zh}", f"{who} did not say {self.what.en} {where}")
        return self.absent(call, place, "pattern", why, 0.85)

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        """One hit a turn. Raises TimeoutError."""
        why, whole = self._said(call.language), self.excuse is None and place.coarse
        for i, span in self._matching(call, place):
            turn = call.turns[i]
            start, end = (turn.start, turn.end) if whole else locate_span(turn, *span)
            if place.holds(call, start, end, i):
                yield Hit(turn_evidence(call, i, "pattern", why), turn.confidence, start, end)

    def _said(self, language: str) -> str:
        who = role_name(language, self.role)
        return say(language, f"{who}说到{self.what.zh}", f"{who} said {self.what.en}")

    def _matching(self, call: Call, place: Place) -> Iterator[tuple[int, tuple[int, int]]]:
        """Turns that match, and where in the text. Raises TimeoutError."""
        until, last = time.monotonic() + CALL_LIMIT, -1
        # An expression may expect 三个工作日 or 3个工作日: the text as it reads and as it was heard both count.
        for i, text in hearing(call).said(self.heard(call, place)).that_may(self._compiled[0].must):
            span = self._match(text) if i != last else None
            if time.monotonic() > until:
                raise TimeoutError
            if span is not None:
                last = i
                yield i, span

    def _match(self, text: str) -> tuple[int, int] | None:
        """Where it matches, unless something excludes the text."""
        expression, *excluding = self._compiled
        found = expression.search(text)
        if not found or any(e.matches(text) for e in excluding):
            return None
        span: tuple[int, int] = found.span()
        return span

    @cached_property
    def _compiled(self) -> tuple[Expression, ...]:
        return tuple(Expression(e) for e in (self.regex, *several(self.unless)))
