"""Content addresses: what was done once for the same audio, settings, weights and rubric is not done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from flows.recordings import Intake
from scoring.call import Metadata

_KNOWN = tuple(field.name for field in fields(Metadata))


@dataclass(frozen=True, slots=True)
class Work:
    """One call to inspect and the addresses of its stages. `path` as text: it travels to worker processes."""

    intake: Intake
    transcript: str
    signals: str
    evaluation: str


def address(*parts: Any) -> str:
    """sha256 of a few plain values."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def work_for(intake: Intake, models: Mapping[str, str], settings: Mapping[str, Any], rubric_hash: str) -> Work:
    """Addresses of a call's stages. Each builds on the one before, so a change redoes what follows and no more."""
    # Roles may be told by words, hence the language models take part in the transcript.
    transcript = address("transcript", intake.sha256, dict(models), dict(settings))
    signals = address("signals", transcript)
    evaluation = evaluation_address(signals, rubric_hash, intake.call_id, intake.metadata)
    return Work(intake, transcript, signals, evaluation)


def evaluation_address(signals: str, rubric_hash: str, call_id: str, metadata: Metadata) -> str:
    """Address of an evaluation, whether it is made after listening or from what is stored."""
    return address("evaluation", signals, rubric_hash, call_id, {name: getattr(metadata, name) for name in _KNOWN})
