"""The heads: from a sentence vector to the calibrated probability of every label, and to who is speaking.

Trained with scikit-learn (`models.training`), stored as safetensors and JSON beside their model card.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.features import features
from models.weights import file_sha256
from scoring.call import Role
from scoring.errors import WeightsError

SHIPPED = Path(__file__).parent / "heads"


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear heads with their calibration (Platt's sigmoid). `hash` is the sha256 of the parameters."""

    labels: tuple[str, ...]
    encoder: str
    encoder_hash: str
    mean: np.ndarray
    weights: np.ndarray  # (labels + 1, features), float16; the last row tells agent from customer
    bias: np.ndarray
    slope: np.ndarray
    offset: np.ndarray
    hash: str

    def probabilities(
        self, texts: Sequence[str], vectors: np.ndarray, roles: Sequence[Role | None], contexts: np.ndarray
    ) -> np.ndarray:
        """Calibrated probabilities, (n, labels). vectors: of the texts, (n, width of the encoder); contexts: of what
        was said before, zeros where nothing was."""
        return _sigmoid(self._margins(features(texts, vectors, self.mean, roles, contexts), slice(None, -1)))

    def agent_odds(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Log-odds that an agent and not a customer says each text, (n,)."""
        return self._margins(features(texts, vectors, self.mean, [None] * len(texts)), slice(-1, None))[:, 0]

    def _margins(self, seen: Any, rows: slice) -> np.ndarray:
        raw = seen @ self.weights[rows].T.astype(np.float32)
        return (np.asarray(raw) + self.bias[rows]) * self.slope[rows] + self.offset[rows]


def load_heads(folder: Path = SHIPPED) -> Heads:
    """Heads from a folder with heads.safetensors and heads.json. Raises WeightsError."""
    from safetensors.numpy import load_file

    binary = folder / "heads.safetensors"
    try:
        facts: dict[str, Any] = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
        hash_ = file_sha256(binary)
        if hash_ != facts["sha256"]:
            raise WeightsError(
                f"{binary} is not the file its heads.json describes", remedy="restore both or train again"
            )
        tensors = load_file(binary)
        return Heads(tuple(facts["labels"]), facts["encoder"], facts["encoder_sha256"], **tensors, hash=hash_)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise WeightsError(
            f"cannot read the heads in {folder}: {error}", remedy="restore the folder or train again"
        ) from error


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30, 30)))
