"""The rubric 评分表: sections, items, points and the conditions that answer them. Plain data, read from YAML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scoring.call import Call
from scoring.detectors import Condition, Detector
from scoring.flag_rule import FlagRule
from scoring.item import AskWhen, Item, Level
from scoring.likeness import Ask
from scoring.scope import Scope
from scoring.strict import Strict, Text, wrong

__all__ = ["AskWhen", "FlagRule", "Grade", "Item", "Level", "Minimum", "Publication", "Rubric", "Scope", "Section"]


class Section(Strict):
    """A group of items."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    guide: Text | None = Field(None, description="what the section is about, for people")
    weight: float | None = Field(
        None, ge=0, le=1000, description="what the section is worth, shared out among its items by their points"
    )
    bonus: bool = Field(False, description="adds to the score, up to 100, and is not missed where it is not earned")
    only: Scope | None = Field(None, description="asked only of these calls")
    applies: Condition | None = Field(None, description="asked only when this holds")
    items: tuple[Item, ...] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _consistent(self) -> Section:
        if self.bonus and self.weight is not None:
            raise ValueError("a bonus section has no weight: its points come on top")
        if self.bonus and any(item.points < 0 for item in self.items):
            raise ValueError("a bonus section takes nothing off; put deductions into a section of their own")
        return self


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


class Publication(Strict):
    """Who released a version, when and why; kept beside the file by `callqa rubric publish`."""

    approver: str = Field(min_length=1, max_length=200)
    on: date
    reason: str = Field(min_length=1, max_length=2000)


class Rubric(Strict):
    """A whole form, one version of it."""

    beside: ClassVar[frozenset[str]] = frozenset({"status", "publication", "extends", "drop"})

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: str = Field(min_length=1, max_length=32)
    status: Literal["draft", "published", "retired"] = "draft"
    publication: Publication | None = Field(None, description="kept by `callqa rubric publish`; not for the file")
    extends: str | None = Field(None, max_length=200, description="form this one changes: shipped id or relative path")
    drop: tuple[str, ...] = Field((), max_length=500, description="ids of items, sections and flags to leave out of it")
    name: Text
    guide: Text | None = Field(None, description="what the form is for, for people")
    only: Scope | None = Field(None, description="for these calls only")
    applies: Condition | None = Field(None, description="for calls only in which this holds")
    minimum: Minimum = Minimum()
    base: float = Field(0, ge=0, le=1000, description="points every call begins with; deductions come off them")
    pass_mark: float = Field(60, ge=0, le=100, description="score from which the call passes")
    grades: tuple[Grade, ...] = Field((), max_length=20)
    flags: tuple[FlagRule, ...] = Field((), max_length=200, description="early warnings over the whole call")
    sections: tuple[Section, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _consistent(self) -> Rubric:
        items = [(("sections", n, "items", k), i) for n, s in enumerate(self.sections) for k, i in enumerate(s.items)]
        rules = [(("flags", n), rule) for n, rule in enumerate(self.flags)]
        _unique("section", [(("sections", n), s.id) for n, s in enumerate(self.sections)])
        _unique("item and flag", [*((at, i.id) for at, i in items), *((at, rule.id) for at, rule in rules)])
        weighted = [(n, s.weight is not None) for n, s in enumerate(self.sections) if not s.bonus]
        for n, has in weighted:
            if has != weighted[0][1]:
                raise wrong("give every section a weight, or none of them", "sections", n)
        worth = any(i.points > 0 and not s.bonus and s.weight != 0 for s, i in self.items())
        if not worth and not self.base:
            raise wrong("the form has no points to earn; a form of deductions begins with `base: 100`", "sections")
        known = {item.id: item for _, item in items}
        for at, item in items:
            if item.ask_when is not None:
                _can_ask(item.ask_when, known, (*at, "ask_when"))
        for at_rule, rule in rules:
            for n, asked in enumerate(rule.answers):
                _can_ask(asked, known, (*at_rule, "answers", n))
        _ = self.in_asking_order
        return self

    def items(self) -> Iterator[tuple[Section, Item]]:
        """All items with their sections, in the order of the form."""
        return ((section, item) for section in self.sections for item in section.items)

    @cached_property
    def in_asking_order(self) -> tuple[tuple[Section, Item], ...]:
        """All items, each after the one it waits for. An error where they wait for each other."""
        waiting, ordered, done = list(self.items()), [], set[str]()
        while waiting:
            ready = [(s, i) for s, i in waiting if i.ask_when is None or i.ask_when.item in done]
            if not ready:
                raise wrong(f"ask_when runs in a circle: {', '.join(i.id for _, i in waiting)}", "sections")
            ordered += ready
            done.update(i.id for _, i in ready)
            waiting = [(s, i) for s, i in waiting if i.id not in done]
        return tuple(ordered)

    def item(self, id: str) -> Item:
        """The item with this id; KeyError when there is none."""
        for _, item in self.items():
            if item.id == id:
                return item
        raise KeyError(id)

    def conditions(self) -> Iterator[Detector]:
        """Every condition of the form."""
        of_scopes = (self.applies, *(s.applies for s in self.sections), *(f.when for f in self.flags))
        yield from (c for c in of_scopes if c is not None)
        for _, item in self.items():
            yield from (condition for _, condition in item.conditions())

    def asks(self, call: Call) -> Ask:
        """What its conditions want compared by meaning before the call can be judged in full (scoring.likeness)."""
        return Ask.all(c.asks(call) for c in self._comparing)

    @cached_property
    def _comparing(self) -> tuple[Detector, ...]:
        return tuple(c for c in self.conditions() if c.compares)

    def grade(self, score: float) -> str | None:
        """The best grade a score reaches."""
        reached = [g for g in self.grades if score >= g.at_least]
        return max(reached, key=lambda g: g.at_least).id if reached else None

    @cached_property
    def hash(self) -> str:
        """sha256 of what the rubric means: neither layout and comments of the YAML nor its status matter, nor whether
        a form was written out or extends another."""
        content = json.dumps(self.meaning(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode("utf-8", "backslashreplace")).hexdigest()


def _unique(kind: str, ids: Iterable[tuple[tuple[str | int, ...], str]]) -> None:
    seen = set[str]()
    for at, given in ids:
        if given in seen:
            raise wrong(f"{kind} ids must be unique: {given}", *at)
        seen.add(given)


def _can_ask(asked: AskWhen, items: Mapping[str, Item], at: tuple[str | int, ...]) -> None:
    """Whether what is asked of another item can be answered so."""
    other = items.get(asked.item)
    if other is None:
        near = get_close_matches(asked.item, items, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"items: {', '.join(items)}"
        raise wrong(f"no item {asked.item!r}; {hint}", *at, "item")
    levels = [level.id for level in other.levels]
    for level in asked.level:
        if level not in levels:
            named = ", ".join(levels) or "none"
            raise wrong(f"item {asked.item} has no level {level!r}; levels: {named}", *at, "level")
