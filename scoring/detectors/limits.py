"""Keys of detectors that hold a measured value against limits."""

from __future__ import annotations

from pydantic import Field, model_validator

from scoring.strict import Strict


class Limited(Strict):
    """`at_least`, `at_most` or both."""

    at_least: float | None = Field(None, description="least value that holds / 下限（含）")
    at_most: float | None = Field(None, description="greatest value that holds / 上限（含）")

    @model_validator(mode="after")
    def _some_limit(self) -> Limited:
        if self.at_least is None and self.at_most is None:
            raise ValueError("give `at_least:`, `at_most:` or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least ({self.at_least:g}) must not exceed at_most ({self.at_most:g})")
        return self

    def within(self, low: float, high: float | None = None) -> bool | None:
        """Whether a value lies in the limits; of one known only to lie between `low` and `high`, None if it may."""
        high = low if high is None else high
        least = -float("inf") if self.at_least is None else self.at_least
        most = float("inf") if self.at_most is None else self.at_most
        if least <= low and high <= most:
            return True
        return False if high < least or low > most else None

    def limits_told(self) -> str:
        """The limits in signs, for reasons."""
        least = "" if self.at_least is None else f"≥ {self.at_least:g}"
        most = "" if self.at_most is None else f"≤ {self.at_most:g}"
        return ", ".join(filter(None, (least, most)))
