"""`metadata`: what the contact centre's own systems say of the call."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scoring.call import Call
from scoring.detectors.base import Finding, Operator, say, whole_call
from scoring.strict import Text

_NUMBERS = ("csat", "hold_seconds")


class Known(Operator):
    """Holds when a field has one of the values, or a number within the limits; stays open when it is not known."""

    ABOUT: ClassVar = Text(zh="随路数据：场景、方向、团队、满意度等", en="what is known beside the recording")
    EXAMPLE: ClassVar = """
        detect: metadata
        field: csat
        at_most: 2
        """

    detect: Literal["metadata"] = "metadata"
    field: Literal["scenario", "direction", "team", "agent", "transferred", "csat", "hold_seconds", "ticket_id"] = (
        Field(description="which field / 字段")
    )
    any: tuple[str | bool, ...] = Field((), description="any of these values / 任一取值")
    at_least: float | None = Field(None, description="least number, of csat and hold_seconds / 数值下限（含）")
    at_most: float | None = Field(None, description="greatest number, of the same / 数值上限（含）")
    known: bool = Field(False, description="holds when the field is known at all / 只要有值即成立")

    @model_validator(mode="after")
    def _one_question(self) -> Known:
        limited = self.at_least is not None or self.at_most is not None
        if [bool(self.any), limited, self.known].count(True) != 1:
            raise ValueError("give one of `any:` with values, `at_least:`/`at_most:`, or `known: true`")
        if limited and self.field not in _NUMBERS:
            raise ValueError(f"{self.field} is no number; limits are for {' and '.join(_NUMBERS)}, use `any:`")
        return self

    def look(self, call: Call) -> Finding:
        value = getattr(call.metadata, self.field)
        if self.known:
            why = f"{self.field}: {value if value is not None else '-'}"
            return Finding(value is not None, 1.0, why, whole_call(call, "metadata", why))
        if value is None:
            why = say(call.language, f"缺少元数据 {self.field}", f"metadata has no {self.field}")
            return Finding(None, 0.5, why, whole_call(call, "metadata", why))
        why = f"{self.field} = {value}"
        if self.any:
            held = value in self.any
        else:
            low, high = self.at_least, self.at_most
            held = (low is None or value >= low) and (high is None or value <= high)
        return Finding(held, 1.0, why, whole_call(call, "metadata", why))
