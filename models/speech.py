"""What the transcriber can be told. Apart from it, so that a command can read its settings before the models load."""

from __future__ import annotations

from dataclasses import dataclass

from models.vocabulary import Vocabulary

BEAM = 5
VERSION = 7  # raise when the same settings begin to give other words


@dataclass(frozen=True, slots=True)
class Options:
    """How to transcribe. Everything here changes words, so everything here is part of a transcript's address."""

    model: str = "whisper-base"
    beam_on_doubt: int = BEAM
    batch: int = 6
    vocabulary: Vocabulary | None = None
