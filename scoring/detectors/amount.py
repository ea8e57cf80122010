"""`amount`: a limit of time, a sum, a percentage or a number that somebody names, held against limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scoring.call import Call
from scoring.detectors.amounts import HOURS, Amount, Kind, Unit, amounts
from scoring.detectors.base import Finding, Hit, Place, SpokenDetector, role_name, say, shown, turn_evidence
from scoring.detectors.hearing import hearing
from scoring.detectors.wording import locate_span
from scoring.strict import Text

_NAMES = {"time": ("时限", "a time limit"), "money": ("金额", "an amount"), "percent": ("百分比", "a percentage"),
          "number": ("数字", "a number")}  # fmt: skip


class NamedAmount(SpokenDetector):
    """Holds when an amount of this kind is named and, with `at_least` or `at_most`, lies within the limits.

    A range (三到五天) is held against `at_most` by its higher end and against `at_least` by its lower. What is vague
    (几天, 周五之前) or can only be bounded (working days in hours) stays open where its bounds lie on both sides.
    """

    ABOUT: ClassVar = Text(
        zh="数值：时限、金额、百分比、数字", en="a time limit, sum, percentage or number that is named"
    )
    EXAMPLE: ClassVar = """
        detect: amount
        kind: time
        unit: hour
        at_most: 72
        """

    detect: Literal["amount"] = "amount"
    kind: Kind = Field("time", description="time, money, percent or number / 时限、金额、百分比或数字")
    unit: Unit | None = Field(None, description="unit of the limits, for time and money / 上下限的单位")
    at_least: float | None = Field(None, ge=0, description="least value that holds / 下限（含）")
    at_most: float | None = Field(None, ge=0, description="greatest value that holds / 上限（含）")
    every: bool = Field(False, description="every amount named must lie within the limits / 所有数值均须在限内")
    count: int = Field(1, ge=1, description="how many amounts it takes / 至少几处")

    @model_validator(mode="after")
    def _units(self) -> NamedAmount:
        limited = self.at_least is not None or self.at_most is not None
        fitting = {"time": {*HOURS, "working_day"}, "money": {"yuan", "dollar"}}.get(self.kind, set())
        if self.unit is not None and self.unit not in fitting:
            allowed = f"one of {', '.join(sorted(fitting))}" if fitting else "left out"
            raise ValueError(f"the unit of {self.kind} is {allowed}, not {self.unit}")
        if limited and fitting and self.unit is None:
            raise ValueError(f"limits need `unit:`, one of {', '.join(sorted(fitting))}")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least ({self.at_least:g}) must not exceed at_most ({self.at_most:g})")
        return self

    def look_in(self, call: Call, place: Place) -> Finding:
        found = self.counted(call, place)
        sure = [h for h in found if h.sure]
        name = say(call.language, *_NAMES[self.kind])
        who, where = role_name(call.language, self.role), self.where.describe(call.language)
        outside = [h for h, held in self._named(call, place) if held is False] if self.every else []
        if outside:
            why = say(call.language, f"{who}说的{name}超出范围：{outside[0].what}",
                      f"{who} named {name} out of limits: {outside[0].what}")  # fmt: skip
            return Finding(False, outside[0].confidence, why, shown(outside))
        if len(found) >= self.count:
            open_ = len(sure) < self.count or (self.every and len(sure) < len(found))
            some = found if open_ else sure
            told = say(call.language, "、", ", ").join(dict.fromkeys(h.what for h in some))
            why = say(call.language, f"{who}说到{name}：{told}", f"{who} named {name}: {told}")
            return Finding(None if open_ else True, max(h.confidence for h in some), why, shown(some))
        others = [h for h, _ in self._named(call, place)]
        if others:
            why = say(call.language, f"{who}说的{name}不在范围内：{others[0].what}",
                      f"{who} named {name} out of limits: {others[0].what}")  # fmt: skip
            return Finding(False, others[0].confidence, why, shown(others))
        why = say(call.language, f"{who}{where}没有说到{name}", f"{who} did not name {name} {where}")
        return self.absent(call, place, "amount", why, 0.85)

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        return (h for h, held in self._named(call, place) if held is not False)

    def _named(self, call: Call, place: Place) -> Iterable[tuple[Hit, bool | None]]:
        """Every amount of the kind, and whether it lies within the limits."""
        texts = hearing(call).texts
        for i in self.heard(call, place):
            turn = call.turns[i]
            for amount in amounts(texts[i][0], call.language):
                if amount.kind != self.kind:
                    continue
                start, end = locate_span(turn, amount.start, amount.end)
                if place.holds(call, start, end, i):
                    held = self._within(amount)
                    evidence = turn_evidence(call, i, "amount", amount.text)
                    yield Hit(evidence, turn.confidence, start, end, held is True, amount.text), held

    def _within(self, amount: Amount) -> bool | None:
        if self.unit is None:
            low, high, loose = amount.low, amount.high, amount.vague
        else:
            value = amount.in_unit(self.unit)
            if value is None:
                return False
            (low, high), loose = value, amount.loose_in(self.unit)
        least, most = self.at_least or 0.0, float("inf") if self.at_most is None else self.at_most
        if low >= least and high <= most:
            return True
        surely_out = low > most or high < least
        return False if surely_out or not loose else None
