"""One question of the form: what it is worth, when it is asked, and which condition gives which answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from scoring.detectors import Condition, Detector
from scoring.number import Number
from scoring.scope import Scope
from scoring.strict import Strict, Text

Answered = Literal["met", "partly_met", "missed", "not_applicable"]


class AskWhen(Strict):
    """How another item must have been answered. Where that one is left open, so is this."""

    item: str = Field(description="id of the other item")
    is_: tuple[Answered, ...] = Field(
        (), alias="is", description="any of these answers: met, partly_met, missed, not_applicable"
    )
    level: tuple[str, ...] = Field((), description="or any of these levels, where the other item has levels")

    @model_validator(mode="after")
    def _something(self) -> AskWhen:
        if not self.is_ and not self.level:
            raise ValueError("name the answers with `is: [met]`, or the levels with `level: [poor]`")
        return self


class Level(Strict):
    """One step of a scale of answers; the first whose condition holds is the answer."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="stable identifier")
    name: Text | None = None
    share: float | None = Field(None, ge=0, le=1, description="share of the item's points")
    points: float | None = Field(None, description="or the points themselves")
    when: Condition | None = Field(None, description="given when this holds; absent in the last one: otherwise")

    @model_validator(mode="after")
    def _worth(self) -> Level:
        if (self.share is None) == (self.points is None):
            raise ValueError("a level has either `share` or `points`")
        return self


def _schema(schema: dict[str, Any]) -> None:
    """`weight` may stand for `points`, and one of three keys answers."""
    schema["required"] = [key for key in schema["required"] if key != "points"]
    schema["allOf"] = [
        {"anyOf": [{"required": ["points"]}, {"required": ["weight"]}]},
        {"anyOf": [{"required": ["met"]}, {"required": ["levels"]}, {"required": ["number"]}]},
    ]


class Item(Strict):
    """One question of the form, answered by `met` then `partly`, by `levels`, or by a `number`."""

    model_config = ConfigDict(json_schema_extra=_schema)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="stable identifier")
    name: Text
    guide: Text = Field(description="what a person should listen for")
    source: str = Field(description="clause of the standards it comes from")
    points: float = Field(ge=-1000, le=1000, description="what it is worth; below 0: what a miss takes off")
    weight: float | None = Field(None, gt=0, le=1000, description="another word for points, in a section with a weight")
    required: bool = Field(True, description="false: leaving it open does not keep the call from being scored")
    only: Scope | None = Field(None, description="asked only of these calls")
    applies: Condition | None = Field(None, description="asked only when this holds; absent: always")
    ask_when: AskWhen | None = Field(None, description="asked only when another item was answered so")
    met: Condition | None = Field(None, description="full points when this holds")
    partly: Condition | None = Field(None, description="a share of the points when this holds instead")
    partly_share: float = Field(0.5, gt=0, lt=1, description="that share")
    levels: tuple[Level, ...] = Field((), max_length=20, description="a scale of answers in place of met and partly")
    number: Number | None = Field(None, description="a measured value in place of met and partly")
    critical: bool = Field(False, description="reported in a line of its own when missed")
    fatal: Literal["section", "form"] | None = Field(None, description="what a miss sets to zero")
    flag: Literal["low", "medium", "high"] | None = Field(None, description="severity of the flag a miss raises")

    @model_validator(mode="before")
    @classmethod
    def _weight_is_points(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("weight") is not None and isinstance(data["weight"], int | float):
            if data.get("points") not in (None, data["weight"]):
                raise ValueError("an item has `points` or `weight`, not both")
            return {**data, "points": data["weight"]}
        return data

    @model_validator(mode="after")
    def _answerable(self) -> Item:
        if self.points == 0:
            raise ValueError("points must not be 0: an item that counts for nothing goes unseen; use `required: false`")
        if sum((self.met is not None, bool(self.levels), self.number is not None)) != 1:
            raise ValueError("an item is answered by exactly one of `met`, `levels` and `number`")
        if self.partly is not None and self.met is None:
            raise ValueError("`partly` goes with `met`; a scale of more answers is written as `levels`")
        ids = [level.id for level in self.levels]
        if len(set(ids)) < len(ids):
            raise ValueError("ids of levels must be unique")
        for at, level in enumerate(self.levels):
            if level.when is None and at < len(self.levels) - 1:
                raise ValueError(f"level {level.id} has no `when`; only the last one may go without")
            low, high = sorted((0.0, self.points))
            if level.points is not None and not low <= level.points <= high:
                raise ValueError(f"level {level.id}: points lie between {low:g} and {high:g}")
        return self

    def share_of(self, level: Level) -> float:
        """How good a level is, 0..1."""
        if level.share is not None:
            return level.share
        assert level.points is not None  # noqa: S101  one of the two is given
        return level.points / self.points if self.points > 0 else 1 - level.points / self.points

    def worth(self, share: float) -> float:
        """Points for an answer that is this good: of a deduction, what is not good is taken off."""
        return share * self.points if self.points > 0 else (1 - share) * self.points or 0.0

    def conditions(self) -> Iterator[tuple[str, Detector]]:
        """Its conditions with their keys, in the order in which they are asked."""
        for key in ("applies", "met", "partly"):
            condition = getattr(self, key)
            if condition is not None:
                yield key, condition
        for level in self.levels:
            if level.when is not None:
                yield f"level {level.id}", level.when
