"""Detectors 质检算子, one file each; `Condition` is any of them as written in a rubric's YAML."""

from __future__ import annotations

from typing import Annotated
from typing import Any as AnyType

from pydantic import BaseModel, Discriminator, Tag

from scoring.detectors.act import Act
from scoring.detectors.amount import NamedAmount
from scoring.detectors.base import Anchor, Detector, Excuse, Finding, Hit, Hits, Where
from scoring.detectors.count import Count
from scoring.detectors.duration import Duration
from scoring.detectors.emotion import Emotion
from scoring.detectors.hang_up import HangUp
from scoring.detectors.hold import Hold
from scoring.detectors.interruption import TalksOver
from scoring.detectors.language import Language
from scoring.detectors.latency import AnswersIn
from scoring.detectors.logic import All, Any, AtLeast, Not
from scoring.detectors.loudness import Loudness
from scoring.detectors.meaning import Meaning
from scoring.detectors.metadata import Known
from scoring.detectors.order import Order
from scoring.detectors.pace import Pace
from scoring.detectors.pattern import Pattern
from scoring.detectors.phrase import Phrase
from scoring.detectors.proximity import Proximity
from scoring.detectors.repetition import Repetition
from scoring.detectors.script import ScriptKept
from scoring.detectors.silence import DeadAir
from scoring.detectors.talk_share import TalkShare
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
    "amount": NamedAmount,
    "count": Count,
    "duration": Duration,
    "emotion": Emotion,
    "hang_up": HangUp,
    "language": Language,
    "latency": AnswersIn,
    "loudness": Loudness,
    "meaning": Meaning,
    "order": Order,
    "proximity": Proximity,
    "repetition": Repetition,
    "talk_share": TalkShare,
}
COMBINATIONS: dict[str, type[Detector]] = {"all": All, "any": Any, "not": Not, "at_least": AtLeast}
NESTED: tuple[type[BaseModel], ...] = (Where, Anchor, Excuse)  # what lies inside detectors and has keys of its own
_NAMES = {model: name for name, model in COMBINATIONS.items()}


def _kind(value: AnyType) -> str | None:
    """Which model reads a condition: named by `detect`, or by being `all`, `any`, `not` or `at_least`.

    In brackets: the places of errors name it as well, where it must not be taken for a key of the same name.
    """
    if isinstance(value, dict):
        if "detect" in value:
            return f"<{value['detect']}>"
        return next((f"<{k}>" for k in COMBINATIONS if k in value), None)
    name = getattr(value, "detect", None) or _NAMES.get(type(value))
    return name and f"<{name}>"


_ANY_OF_THEM = (
    Annotated[Act, Tag("<act>")]
    | Annotated[Hold, Tag("<hold>")]
    | Annotated[TalksOver, Tag("<interruption>")]
    | Annotated[Known, Tag("<metadata>")]
    | Annotated[Pace, Tag("<pace>")]
    | Annotated[Pattern, Tag("<pattern>")]
    | Annotated[Phrase, Tag("<phrase>")]
    | Annotated[ScriptKept, Tag("<script>")]
    | Annotated[DeadAir, Tag("<silence>")]
    | Annotated[NamedAmount, Tag("<amount>")]
    | Annotated[Count, Tag("<count>")]
    | Annotated[Duration, Tag("<duration>")]
    | Annotated[Emotion, Tag("<emotion>")]
    | Annotated[HangUp, Tag("<hang_up>")]
    | Annotated[Language, Tag("<language>")]
    | Annotated[AnswersIn, Tag("<latency>")]
    | Annotated[Loudness, Tag("<loudness>")]
    | Annotated[Meaning, Tag("<meaning>")]
    | Annotated[Order, Tag("<order>")]
    | Annotated[Proximity, Tag("<proximity>")]
    | Annotated[Repetition, Tag("<repetition>")]
    | Annotated[TalkShare, Tag("<talk_share>")]
    | Annotated[All, Tag("<all>")]
    | Annotated[Any, Tag("<any>")]
    | Annotated[Not, Tag("<not>")]
    | Annotated[AtLeast, Tag("<at_least>")]
)
Condition = Annotated[_ANY_OF_THEM, Discriminator(_kind)]

_models: tuple[type[BaseModel], ...] = (*NESTED, *COMBINATIONS.values(), *DETECTORS.values(), Step, Script)
for _model in _models:
    _model.model_rebuild(_types_namespace={"Condition": Condition})
ScriptKept.model_rebuild(force=True, _types_namespace={"Condition": Condition})

__all__ = ["COMBINATIONS", "DETECTORS", "NESTED", "Condition", "Detector", "Finding", "Hit", "Hits", "Where"]
