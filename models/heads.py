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

from models.features import WIDTH, features
from models.weights import file_sha256
from scoring.call import Role
from scoring.errors import WeightsError

Parameters = tuple[np.ndarray, float, float, float]  # weights, bias; slope and offset of the calibration
SHIPPED = Path(__file__).parent / "heads"
AGENT = "agent"  # the head behind the labels: tells agent from customer
INSIDE = "./"  # an encoder named so lies in the folder of its heads
TENSORS = {"mean": np.float32, "weights": np.float16, "bias": np.float32, "slope": np.float32, "offset": np.float32}


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
        return self.of_features(features(texts, vectors, self.mean, roles, contexts))

    def agent_odds(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Log-odds that an agent and not a customer says each text, (n,)."""
        return self._margins(features(texts, vectors, self.mean, [None] * len(texts)), slice(-1, None))[:, 0]

    def of_features(self, seen: Any) -> np.ndarray:
        """Calibrated probabilities, (n, labels), of features made with this mean (models.features)."""
        return _sigmoid(self._margins(seen, slice(None, -1)))

    def parameters(self, label: str) -> Parameters:
        """What one label, or `AGENT`, is told by. Raises ValueError for a label these heads lack."""
        row = -1 if label == AGENT else self.labels.index(label)
        return self.weights[row], float(self.bias[row]), float(self.slope[row]), float(self.offset[row])

    def _margins(self, seen: Any, rows: slice) -> np.ndarray:
        raw = seen @ self.weights[rows].T.astype(np.float32)
        return (np.asarray(raw) + self.bias[rows]) * self.slope[rows] + self.offset[rows]


def assembled(
    labels: Sequence[str], parameters: Sequence[Parameters], mean: np.ndarray, encoder: str, encoder_hash: str
) -> Heads:
    """Heads of a label each and, last, of `AGENT`; not yet saved, hence without a hash."""
    weights, bias, slope, offset = (np.array(column, np.float32) for column in zip(*parameters, strict=True))
    if len(parameters) != len(labels) + 1:
        raise ValueError(f"{len(labels)} labels and {AGENT} need as many parameters, not {len(parameters)}")
    kept = {"mean": mean, "weights": weights, "bias": bias, "slope": slope, "offset": offset}
    tensors = {name: np.ascontiguousarray(value, TENSORS[name]) for name, value in kept.items()}
    return Heads(tuple(labels), encoder, encoder_hash, **tensors, hash="")


def save_heads(heads: Heads, folder: Path, **facts: Any) -> str:
    """Write heads.safetensors and heads.json with further facts into a folder; the sha256 of the parameters."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    binary = folder / "heads.safetensors"
    save_file({name: np.ascontiguousarray(getattr(heads, name)) for name in TENSORS}, binary)
    told = {"labels": list(heads.labels), "encoder": heads.encoder, "encoder_sha256": heads.encoder_hash}
    told |= facts | {"sha256": file_sha256(binary)}
    (folder / "heads.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return str(told["sha256"])


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
        labels, tensors = tuple(map(str, facts["labels"])), load_file(binary)
        _check_shapes(labels, tensors)
        name = str(facts["encoder"])
        encoder = str(folder / name.removeprefix(INSIDE)) if name.startswith(INSIDE) else name
        return Heads(labels, encoder, str(facts["encoder_sha256"]), **tensors, hash=hash_)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise WeightsError(
            f"cannot read the heads in {folder}: {error}", remedy="restore the folder or train again"
        ) from error


def _check_shapes(labels: Sequence[str], tensors: dict[str, np.ndarray]) -> None:
    """Raises ValueError for tensors of another number of labels, or for other features than today's."""
    rows, width = len(labels) + 1, 2 * len(tensors["mean"]) + 2 + 2 * WIDTH
    expected = {"mean": (len(tensors["mean"]),), "weights": (rows, width)}
    for name in TENSORS:
        shape = expected.get(name, (rows,))
        if tensors[name].shape != shape:
            raise ValueError(f"{name} has the shape {tensors[name].shape}, not {shape}")


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30, 30)))
