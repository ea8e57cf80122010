"""Turns the packaged speaker networks into safetensors: segmentation with its filters computed, and voiceprint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scoring.errors import WeightsError


def convert_segmentation(source: Path, folder: Path) -> None:
    """model.safetensors for models.pyannet; the sinc filters are written as one plain convolution."""
    from models.pyannet import sinc_filters

    tensors = _read(source)
    bank = "sincnet.conv1d.0.filterbank."
    low, band = tensors[bank + "low_hz_"], tensors[bank + "band_hz_"]
    kept = {k: v for k, v in tensors.items() if not k.startswith(bank)}
    _write(kept | {"sincnet.conv1d.0.weight": sinc_filters(low, band)}, folder)


def convert_voiceprint(source: Path, folder: Path) -> None:
    """model.safetensors for models.campplus."""
    tensors = {k.replace("xvector.dense.", "dense."): v for k, v in _read(source).items()}
    _write({k: v for k, v in tensors.items() if not k.endswith("num_batches_tracked")}, folder)


def _read(source: Path) -> dict[str, Any]:
    import torch

    try:
        held = torch.load(source, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise WeightsError(f"cannot read {source}: {error}", remedy="reinstall its package") from error
    return dict(held.get("state_dict", held))


def _write(tensors: dict[str, Any], folder: Path) -> None:
    from safetensors.torch import save_file

    save_file({k: v.float().contiguous() for k, v in sorted(tensors.items())}, folder / "model.safetensors")
