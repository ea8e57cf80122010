"""Detectors 质检算子, one file each; `Condition` is any of them as written in a rubric's YAML."""

from __future__ import annotations

from typing import Annotated
from typing import Any as AnyType

from pydantic import Discriminator, Tag

from scoring.detectors.act import Act
from scoring.detectors.base import Detector, Finding, Where
from scoring.detectors.hold import Hold
from scoring.detectors.interruption import TalksOver
from scoring.detectors.logic import All, Any, Not
from scoring.detectors.metadata import Known
from scoring.detectors.pace import Pace
from scoring.detectors.pattern import Pattern
from scoring.detectors.phrase import Phrase
from scoring.detectors.script import ScriptKept
from scoring.detectors.silence import DeadAir
from scoring.script import Script, Step

DETECTORS: dict[str, type[Detector]] = {
    "act": Act,
    "hold": Hold,
    "interruption": TalksOver,
    "metadata": Known,
    "pace": Pace,
    "pattern": Pattern,
    "phrase": Phrase,
    "script": ScriptKept,
    "silence": DeadAir,
}


def _kind(value: AnyType) -> str | None:
    """Which model reads a condition: named by `detect`, or by being `all`, `any` or `not`."""
    if isinstance(value, dict):
        if "detect" in value:
            return str(value["detect"])
        return next((k for k in ("all", "any", "not") if k in value), None)
    return getattr(value, "detect", None) or _COMBINATIONS.get(type(value))


_COMBINATIONS: dict[type, str] = {All: "all", Any: "any", Not: "not"}


_ANY_OF_THEM = (
    Annotated[Act, Tag("act")]
    | Annotated[Hold, Tag("hold")]
    | Annotated[TalksOver, Tag("interruption")]
    | Annotated[Known, Tag("metadata")]
    | Annotated[Pace, Tag("pace")]
    | Annotated[Pattern, Tag("pattern")]
    | Annotated[Phrase, Tag("phrase")]
    | Annotated[ScriptKept, Tag("script")]
    | Annotated[DeadAir, Tag("silence")]
    | Annotated[All, Tag("all")]
    | Annotated[Any, Tag("any")]
    | Annotated[Not, Tag("not")]
)
Condition = Annotated[_ANY_OF_THEM, Discriminator(_kind)]

for _combination in (All, Any, Not, Step, Script, ScriptKept):
    _combination.model_rebuild(_types_namespace={"Condition": Condition})

__all__ = ["DETECTORS", "Condition", "Detector", "Finding", "Where"]
