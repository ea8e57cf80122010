"""What the transcriber can be told. Apart from it, so that a command can read its settings before the models load."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.vocabulary import Vocabulary
from models.weights import EMBEDDED
from scoring.errors import UsageError

BEAM = 5
VERSION = 7  # raise when the same settings begin to give other words


@dataclass(frozen=True, slots=True)
class Options:
    """How to transcribe. Everything here changes words, so everything here is part of a transcript's address."""

    model: str = "whisper-base"
    beam_on_doubt: int = BEAM
    batch: int = 6
    vocabulary: Vocabulary | None = None


def check_model(name: str) -> None:
    """See that a name can be a model before anything is started with it. Raises UsageError."""
    if name in EMBEDDED or "/" in name or Path(name).exists():
        return
    from faster_whisper import available_models

    if name not in available_models():
        remedy = f"use whisper-base, the folder of a faster-whisper model, or one of {', '.join(available_models())}"
        raise UsageError(f"there is no speech model {name!r}", remedy=remedy)
