"""For which calls a form, a section or an item is meant: by what the contact centre's systems know of the call."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from scoring.call import Call, Scenario
from scoring.detectors import Finding
from scoring.detectors.base import say
from scoring.strict import Strict


class Scope(Strict):
    """Only calls for which every key given holds. What is not known of a call leaves it open, never guessed."""

    scenario: tuple[Scenario, ...] = Field((), description="consult, complaint, repair, after_sales, other")
    direction: tuple[Literal["inbound", "outbound"], ...] = Field((), description="inbound, outbound")
    team: tuple[str, ...] = Field((), description="teams, spelt as in the metadata")
    language: tuple[Literal["zh", "en"], ...] = Field((), description="zh, en")
    from_: date | None = Field(None, alias="from", description="calls of this day and later, YYYY-MM-DD")
    until: date | None = Field(None, description="calls up to this day, it included, YYYY-MM-DD")

    @field_validator("from_", "until", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        # A number would be read as seconds since 1970.
        if value is not None and not isinstance(value, str | date):
            raise ValueError("a day is written YYYY-MM-DD")
        return value

    @model_validator(mode="after")
    def _possible(self) -> Scope:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError(f"from ({self.from_}) is after until ({self.until}): no call is meant")
        return self

    def find(self, call: Call) -> Finding:
        """Whether the call is meant; open, with what is missing, where its metadata do not tell."""
        known = call.metadata
        day = known.started_at.date() if known.started_at else None
        asked: list[tuple[str, bool | None, object]] = []
        for field, allowed in (("scenario", self.scenario), ("direction", self.direction), ("team", self.team)):
            if allowed:
                value = getattr(known, field)
                asked.append((field, None if value is None else value in allowed, value))
        if self.language:
            asked.append(("language", call.language in self.language, call.language))
        if self.from_:
            asked.append(("started_at", None if day is None else day >= self.from_, day))
        if self.until:
            asked.append(("started_at", None if day is None else day <= self.until, day))
        outside = [f"{field} = {value}" for field, holds, value in asked if holds is False]
        if outside:
            return Finding(False, 1.0, ", ".join(dict.fromkeys(outside)))
        unknown = ", ".join(dict.fromkeys(field for field, holds, _ in asked if holds is None))
        if unknown:
            return Finding(None, 0.5, say(call.language, f"缺少元数据 {unknown}", f"metadata has no {unknown}"))
        return Finding(True, 1.0, ", ".join(dict.fromkeys(f"{field} = {value}" for field, _, value in asked)))
