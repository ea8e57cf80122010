"""`metadata`: what the contact centre's own systems say of the call."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scoring.call import Call
from scoring.detectors.base import Detector, Finding, say


class Known(Detector):
    """Holds when a field has one of the values; stays open when the field is not known."""

    detect: Literal["metadata"] = "metadata"
    field: Literal["scenario", "direction", "team", "transferred"] = Field(description="which field")
    any: tuple[str | bool, ...] = Field(min_length=1, description="any of these values")

    def find(self, call: Call) -> Finding:
        value = getattr(call.metadata, self.field)
        if value is None:
            return Finding(None, 0.5, say(call.language, f"缺少元数据 {self.field}", f"metadata has no {self.field}"))
        return Finding(value in self.any, 1.0, f"{self.field} = {value}")
