"""The announcement head: how a machine on the line speaks, told from one sentence (语音播报与真人的区分).

Trained by `models.announcement_training` on prompts written for callqa; stored beside the heads, safetensors and JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.features import features
from models.heads import SHIPPED
from models.weights import file_sha256
from scoring.errors import UsageError, WeightsError

PROMPTS = Path(__file__).parent / "corpus" / "announcements"
NAME = "announcement"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A written sentence: of a machine, or of a person who uses the same words. `kind` groups what is alike."""

    text: str
    machine: bool
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class AnnouncementHead:
    """One linear head. `hash` is the sha256 of the parameters."""

    encoder_hash: str
    mean: np.ndarray
    weights: np.ndarray  # (features,), float16
    line: np.ndarray  # bias, slope and offset of the log-odds, (3,)
    hash: str

    def odds(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """How much likelier a machine says each text than a person does, log, (n,); above 0 speaks for a machine.

        How common machines are is left out: that is for who knows the recording. vectors: of the texts, (n, width).
        """
        seen: Any = features(texts, vectors, self.mean, [None] * len(texts))
        bias, slope, offset = self.line
        return np.asarray((seen @ self.weights.astype(np.float32) + bias) * slope + offset)


def load_announcements(folder: Path = SHIPPED) -> AnnouncementHead:
    """The head from a folder with announcement.safetensors and announcement.json. Raises WeightsError."""
    from safetensors.numpy import load_file

    binary = folder / f"{NAME}.safetensors"
    remedy = "restore both files, or train again: python -m models.announcement_training"
    try:
        facts: dict[str, Any] = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
        hash_ = file_sha256(binary)
        if hash_ != facts["sha256"]:
            raise WeightsError(f"{binary} is not the file its {NAME}.json describes", remedy=remedy)
        return AnnouncementHead(facts["encoder_sha256"], **load_file(binary), hash=hash_)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise WeightsError(f"cannot read the announcement head in {folder}: {error}", remedy=remedy) from error


def read_prompts(folder: Path = PROMPTS) -> list[Prompt]:
    """The written prompts and their near misses. Raises UsageError naming file and line of what is wrong."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                found.append(Prompt(str(row["text"]), row["machine"] is True, str(row["kind"]), path.stem))
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(
                    f"{path.name}:{number}: not a prompt ({error!r})", remedy="see models/corpus/GUIDE.md"
                ) from None
    return found
