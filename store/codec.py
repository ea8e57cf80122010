"""Calls' parts to JSON and back: what is read equals what was written, to the last bit of every time."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from pathlib import PurePath
from typing import Any, cast

import orjson

from scoring.call import (
    Hold,
    Interruption,
    Latency,
    Measures,
    Metadata,
    Monologue,
    PaceAt,
    Role,
    Scenario,
    Signal,
    Silence,
    Turn,
    Word,
)
from store.words import LaterWords

_ROLES = {role.value: role for role in Role}


def to_json(value: Any) -> str:
    """Strict JSON on one line. NaN and infinity, which JSON does not have, become null: not known."""
    try:
        return orjson.dumps(value, default=_plain).decode()
    except TypeError:  # a lone surrogate, a number beyond 64 bits, a key that is a subclass of str
        return _slow_json(value)


def from_json(text: str | bytes) -> Any:
    """The reverse of `to_json`."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # an escaped lone surrogate, NaN in an early ledger
        return json.loads(text)


def _slow_json(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, default=_plain)
    # A lone surrogate (a stray byte of a file name) is no UTF-8; as \\udcXX it is still the same JSON.
    return text.encode("utf-8", "backslashreplace").decode()


def turns_to_json(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Turns without their words; `heard` where some are not as they were heard."""
    return [
        {"role": t.role.value, "start": t.start, "end": t.end, "text": t.text, "confidence": t.confidence}
        | ({} if (heard := t.heard) is None else {"heard": heard})
        for t in turns
    ]


def words_to_text(turns: Sequence[Turn]) -> str:
    """The words of each turn on a line: [start, end, text, confidence] and what was heard where it is otherwise."""
    return "\n".join(
        to_json([[w.start, w.end, w.text, w.confidence] + ([] if w.heard is None else [w.heard]) for w in t.words])
        for t in turns
    )


def turns_from_json(data: Sequence[Mapping[str, Any]], words: str | None) -> tuple[Turn, ...]:
    """The reverse of `turns_to_json` and `words_to_text`. words: None in early ledgers, which have them in the turns.

    Words are by far the most of a call, and judging it looks at those of a few turns: they are read when asked for.
    """
    said = (
        (LaterWords(t["words"], any(len(w) > 4 for w in t["words"])) for t in data)
        if words is None
        else (
            LaterWords(line, t.get("heard", t.get("rewritten")))
            for t, line in zip(data, words.split("\n"), strict=False)
        )
    )
    return tuple(
        Turn(_ROLES[t["role"]], t["start"], t["end"], t["text"], t["confidence"], cast("tuple[Word, ...]", w))
        for t, w in zip(data, said, strict=True)
    )


def signals_to_json(signals: Sequence[Signal]) -> list[dict[str, Any]]:
    """Signals, each with its label -> probability."""
    return [
        {"turn": s.turn, "start": s.start, "end": s.end, "quote": s.quote, "labels": dict(s.labels)} for s in signals
    ]


def signals_from_json(data: Sequence[Mapping[str, Any]]) -> tuple[Signal, ...]:
    """The reverse of `signals_to_json`."""
    return tuple(Signal(**s) for s in data)


def measures_to_json(m: Measures) -> dict[str, Any]:
    """Measures; `details` must be plain JSON already."""
    return {
        "speech": {role.value: s for role, s in m.speech.items()},
        "pace": {role.value: p for role, p in m.pace.items()},
        "silences": [[s.start, s.end, s.owed_by and s.owed_by.value] for s in m.silences],
        "overlaps": None if m.overlaps is None else [[o.start, o.end, o.by.value] for o in m.overlaps],
        "talk_share": m.talk_share,
        "role_confidence": m.role_confidence,
        "details": dict(m.details),
        "holds": [[h.start, h.end, h.music] for h in m.holds],
        "monologue": m.monologue and [m.monologue.start, m.monologue.end, m.monologue.role.value],
        "latency": {role.value: [x.median, x.ninth_decile, x.answers] for role, x in m.latency.items()},
        "pace_over_time": {
            role.value: [[p.start, p.end, p.pace] for p in paces] for role, paces in m.pace_over_time.items()
        },
    }


def measures_from_json(data: Mapping[str, Any]) -> Measures:
    """The reverse of `measures_to_json`; what older ledgers do not hold is empty."""
    overlaps, monologue = data["overlaps"], data.get("monologue")
    return Measures(
        speech={Role(r): s for r, s in data["speech"].items()},
        pace={Role(r): p for r, p in data["pace"].items()},
        silences=tuple(Silence(s[0], s[1], Role(s[2]) if s[2:] and s[2] else None) for s in data["silences"]),
        overlaps=None if overlaps is None else tuple(Interruption(start, end, Role(by)) for start, end, by in overlaps),
        talk_share=data["talk_share"],
        role_confidence=data["role_confidence"],
        details=data["details"],
        holds=tuple(Hold(*h) for h in data.get("holds", ())),
        monologue=Monologue(monologue[0], monologue[1], Role(monologue[2])) if monologue else None,
        latency={Role(r): Latency(*x) for r, x in data.get("latency", {}).items()},
        pace_over_time={Role(r): tuple(PaceAt(*p) for p in ps) for r, ps in data.get("pace_over_time", {}).items()},
    )


def metadata_to_json(metadata: Metadata) -> dict[str, Any]:
    """Metadata; started_at in ISO 8601 with its zone, if it has one."""
    started = metadata.started_at
    return asdict(metadata) | {"started_at": started.isoformat() if started else None}


def metadata_from_json(data: Mapping[str, Any]) -> Metadata:
    """The reverse of `metadata_to_json`."""
    started, scenario = data["started_at"], data["scenario"]
    return Metadata(
        **{
            **data,
            "started_at": datetime.fromisoformat(started) if started else None,
            "scenario": Scenario(scenario) if scenario else None,
        }
    )


def _plain(value: Any) -> Any:
    """What json does not know but settings, details and probabilities are made of."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if callable(getattr(value, "item", None)):  # a numpy number from a model
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    if isinstance(value, str | int | None):
        return value
    return _finite(_plain(value))
