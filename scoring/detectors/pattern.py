"""`pattern`: a regular expression over what was said, with a time limit so that no pattern can stall a run."""

from __future__ import annotations

from typing import Literal

import regex
from pydantic import Field, field_validator

from scoring.call import Call, Turn
from scoring.detectors.base import MOST_EVIDENCE, Finding, SpokenDetector, role_name, say, turn_evidence
from scoring.strict import Text

TIME_LIMIT = 0.05  # s a turn; honest patterns take microseconds


class Pattern(SpokenDetector):
    """Holds when at least `count` turns match `regex`; turns that match `unless` are passed over."""

    detect: Literal["pattern"] = "pattern"
    regex: str = Field(min_length=1, max_length=1000, description="the expression, case ignored")
    what: Text = Field(Text(zh="规则所指的内容", en="what the rule names"), description="what it finds, for people")
    unless: str | None = Field(None, max_length=1000, description="turns matching this do not count")
    count: int = Field(1, ge=1, description="how many turns it takes")

    @field_validator("regex", "unless")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        try:
            regex.compile(value or "", regex.IGNORECASE)
        except regex.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value

    def find(self, call: Call) -> Finding:
        doubt = self.unheard(call, "pattern")
        if doubt:
            return doubt
        try:
            hits = [i for i in self.heard(call) if self._hits(call.turns[i])]
        except TimeoutError:
            why = say(call.language, "正则表达式超时", "the expression ran out of time")
            return Finding(None, 0.0, why, self.missing(call, "pattern", why, 0.0).evidence)
        who, place = role_name(call.language, self.role), self.where.describe(call.language)
        if len(hits) >= self.count:
            why = say(call.language, f"{who}说到{self.what.zh}", f"{who} said {self.what.en}")
            sure = max(call.turns[i].confidence for i in hits)
            shown = tuple(turn_evidence(call, i, "pattern", why) for i in hits[:MOST_EVIDENCE])
            return Finding(True, sure, why, shown)
        why = say(call.language, f"{who}{place}没有说到{self.what.zh}", f"{who} did not say {self.what.en} {place}")
        return self.missing(call, "pattern", why, 0.85)

    def _hits(self, turn: Turn) -> bool:
        # An expression may expect 三个工作日 or 3个工作日: the text as it reads and as it was heard both count.
        return self._matches(turn.text) or (turn.heard is not None and self._matches(turn.heard))

    def _matches(self, text: str) -> bool:
        if not regex.search(self.regex, text, regex.IGNORECASE, timeout=TIME_LIMIT):
            return False
        return self.unless is None or not regex.search(self.unless, text, regex.IGNORECASE, timeout=TIME_LIMIT)
