"""The adapter: what the sentence encoder has learnt of our trade, as low-rank additions to its matrices (LoRA).

Learnt by `models.adapter_training` on the written corpus (Hu et al. 2021, arXiv:2106.09685): each matrix W of the upper
layers becomes W + BA with B of (rows, rank) and A of (rank, columns). Beside the heads lie A and B as whole numbers,
with a power of two each, so that W + BA is exact before it is rounded to float16 and every machine gets the same file.
They are added when the encoder is assembled (models.weights): in use it is as large and as fast as without.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from scoring.errors import WeightsError

FOLDER = Path(__file__).parent / "heads"
NAME = "adapter"
BITS = 15  # of a whole number, beside its sign
REMEDY = "restore adapter.safetensors and adapter.json, or make them anew: python -m models.adapter_training"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of the adapter. `seen`: sources of the corpus it was learnt from; of these its vectors say more than
    of calls, so heads are calibrated on the others."""

    sha256: str
    encoder_sha256: str
    seen: frozenset[str]


def save_adapter(low: Mapping[str, tuple[np.ndarray, np.ndarray]], folder: Path = FOLDER, **facts: Any) -> None:
    """Write A and B of each matrix, by the matrix's name without `.weight`, and further facts."""
    from safetensors.numpy import save_file

    tensors: dict[str, np.ndarray] = {}
    for name, pair in low.items():
        for part, values in zip("AB", pair, strict=True):
            power = BITS - int(np.ceil(np.log2(np.abs(values).max() + 1e-12)))
            whole = np.clip(np.rint(values.astype(np.float64) * 2.0**power), -(2**BITS) + 1, 2**BITS - 1)
            tensors[f"{name}.{part}"] = whole.astype(np.int16)
            tensors[f"{name}.{part}.power"] = np.array([power], np.int32)
    folder.mkdir(parents=True, exist_ok=True)
    binary = folder / f"{NAME}.safetensors"
    save_file(tensors, binary)
    told = json.dumps(facts | {"sha256": hashlib.sha256(binary.read_bytes()).hexdigest()}, indent=1)
    (folder / f"{NAME}.json").write_text(told + "\n", encoding="utf-8")


@lru_cache
def adapter_facts(folder: Path = FOLDER) -> Facts:
    """What adapter.json says. Raises WeightsError."""
    path = folder / f"{NAME}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Facts(str(found["sha256"]), str(found["encoder_sha256"]), frozenset(map(str, found["seen"])))
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise WeightsError(f"cannot read {path}: {error}", remedy=REMEDY) from error


def add_adapter(model: Path, folder: Path = FOLDER) -> None:
    """Add the adapter to the matrices of an encoder's model.safetensors (float16). Raises WeightsError."""
    from safetensors.numpy import load, load_file, save_file

    facts, binary = adapter_facts(folder), folder / f"{NAME}.safetensors"
    try:
        data = binary.read_bytes()
        if hashlib.sha256(data).hexdigest() != facts.sha256:
            raise WeightsError(f"{binary} is not the file its adapter.json describes", remedy=REMEDY)
        low = load(data)
    except OSError as error:
        raise WeightsError(f"cannot read {binary}: {error}", remedy=REMEDY) from error
    weights = load_file(model)
    for name in sorted(key.removesuffix(".A") for key in low if key.endswith(".A")):
        product = low[f"{name}.B"].astype(np.float64) @ low[f"{name}.A"].astype(np.float64)  # whole numbers: exact
        power = int(low[f"{name}.A.power"][0]) + int(low[f"{name}.B.power"][0])
        added = weights[f"{name}.weight"].astype(np.float64) + product * 2.0**-power
        weights[f"{name}.weight"] = added.astype(np.float16)
    save_file(weights, model, metadata={"format": "pt"})
