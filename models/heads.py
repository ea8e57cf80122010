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

from models.weights import file_sha256
from scoring.call import Role
from scoring.errors import WeightsError

SHIPPED = Path(__file__).parent / "heads"


def features(vectors: np.ndarray, mean: np.ndarray, roles: Sequence[Role | None]) -> np.ndarray:
    """Centred vectors with the role beside them, float32 (n, width + 2).

    Raw e5 vectors all point the same way (cosines of .76 and more); without their mean they tell sentences apart.
    """
    role = np.zeros((len(roles), 2), np.float32)
    for i, who in enumerate(roles):
        role[i] = {Role.AGENT: (1, 0), Role.CUSTOMER: (0, 1)}.get(who, (0, 0)) if who else (0, 0)
    centred = vectors - mean
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
    return np.concatenate([centred, role * 0.25], axis=1)


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear heads with their calibration (Platt's sigmoid). `hash` is the sha256 of the parameters."""

    labels: tuple[str, ...]
    encoder: str
    encoder_hash: str
    mean: np.ndarray
    weights: np.ndarray  # (labels + 1, width + 2); the last row tells agent from customer
    bias: np.ndarray
    slope: np.ndarray
    offset: np.ndarray
    hash: str

    def probabilities(self, vectors: np.ndarray, roles: Sequence[Role | None]) -> np.ndarray:
        """Calibrated probabilities, (n, labels)."""
        raw = features(vectors, self.mean, roles) @ self.weights[:-1].T + self.bias[:-1]
        return _sigmoid(raw * self.slope[:-1] + self.offset[:-1])

    def agent_odds(self, vectors: np.ndarray) -> np.ndarray:
        """Log-odds that an agent and not a customer says this, (n,)."""
        raw = features(vectors, self.mean, [None] * len(vectors)) @ self.weights[-1] + self.bias[-1]
        return raw * self.slope[-1] + self.offset[-1]


def load_heads(folder: Path = SHIPPED) -> Heads:
    """Heads from a folder with heads.safetensors and heads.json. Raises WeightsError."""
    from safetensors.numpy import load_file

    binary = folder / "heads.safetensors"
    try:
        facts: dict[str, Any] = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
        hash_ = file_sha256(binary)
        if hash_ != facts["sha256"]:
            raise WeightsError(f"{binary} is not the file its heads.json describes", remedy="restore both or train again")
        tensors = load_file(binary)
        return Heads(tuple(facts["labels"]), facts["encoder"], facts["encoder_sha256"], **tensors, hash=hash_)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise WeightsError(f"cannot read the heads in {folder}: {error}", remedy="restore the folder or train again") from error


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30, 30)))
