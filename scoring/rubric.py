"""The rubric 评分表: sections, items, points and the conditions that answer them. Plain data, read from YAML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from scoring.call import Call
from scoring.detectors import Condition
from scoring.likeness import Ask
from scoring.strict import Strict, Text


class Item(Strict):
    """One question of the form. Answered by `met`, then `partly`; `applies` decides whether it is asked at all."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="stable identifier")
    name: Text
    guide: Text = Field(description="what a person should listen for")
    source: str = Field(description="clause of the standards it comes from")
    points: float = Field(gt=0, le=1000, description="what it is worth")
    applies: Condition | None = Field(None, description="asked only when this holds; absent: always")
    met: Condition = Field(description="full points when this holds")
    partly: Condition | None = Field(None, description="a share of the points when this holds instead")
    partly_share: float = Field(0.5, gt=0, lt=1, description="that share")
    critical: bool = Field(False, description="reported in a line of its own when missed")
    fatal: Literal["section", "form"] | None = Field(None, description="what a miss sets to zero")
    flag: Literal["low", "medium", "high"] | None = Field(None, description="severity of the flag a miss raises")


class Section(Strict):
    """A group of items."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    items: tuple[Item, ...] = Field(min_length=1)


class Grade(Strict):
    """A grade and the score from which it is given."""

    id: str = Field(min_length=1, max_length=8)
    at_least: float = Field(ge=0, le=100)
    name: Text


class Minimum(Strict):
    """What a recording must hold to be judged at all."""

    duration: float = Field(0, ge=0, description="seconds")
    agent_units: int = Field(0, ge=0, description="characters or words by the agent")
    customer_units: int = Field(0, ge=0, description="characters or words by the customer")
    share_judged: float = Field(
        0.5, ge=0, le=1, description="share of applicable points that must be judged for a score"
    )


class Rubric(Strict):
    """A whole form, one version of it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: str = Field(min_length=1, max_length=32)
    status: Literal["draft", "published", "retired"] = "draft"
    name: Text
    minimum: Minimum = Minimum()
    pass_mark: float = Field(60, ge=0, le=100, description="score from which the call passes")
    grades: tuple[Grade, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> Rubric:
        for kind, ids in (("section", [s.id for s in self.sections]), ("item", [i.id for _, i in self.items()])):
            twice = sorted({x for x in ids if ids.count(x) > 1})
            if twice:
                raise ValueError(f"{kind} ids must be unique: {', '.join(twice)}")
        return self

    def items(self) -> Iterator[tuple[Section, Item]]:
        """All items with their sections, in the order of the form."""
        return ((section, item) for section in self.sections for item in section.items)

    def item(self, id: str) -> Item:
        """The item with this id; KeyError when there is none."""
        for _, item in self.items():
            if item.id == id:
                return item
        raise KeyError(id)

    def asks(self, call: Call) -> Ask:
        """What its conditions want compared by meaning before the call can be judged in full (scoring.likeness)."""
        conditions = (c for _, i in self.items() for c in (i.applies, i.met, i.partly) if c is not None)
        return Ask.all(c.asks(call) for c in conditions)

    def grade(self, score: float) -> str | None:
        """The best grade a score reaches."""
        reached = [g for g in self.grades if score >= g.at_least]
        return max(reached, key=lambda g: g.at_least).id if reached else None

    @cached_property
    def hash(self) -> str:
        """sha256 of what the rubric means; layout and comments of the YAML do not matter."""
        content = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()
