"""Whisper's encoder in torch bfloat16, for processors with matrix units: there it takes a third of the time.

The encoder is most of the work of a small Whisper model, and CTranslate2 has no bfloat16 on processors. Weights are
those of the CTranslate2 file; the states go into CTranslate2's decoder. Architecture: Radford et al. 2022, section 2.2.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from models.ct2_file import read_variables


class Hearing:
    """Log-mel features of one window (mels, frames) to its states (1, frames // 2, width), both float32."""

    def __init__(self, folder: str | Path) -> None:
        """folder: of a faster-whisper model in float16 or float32. Raises ValueError where it holds another format."""
        import torch

        torch.set_num_threads(1)  # the lanes of the transcriber use the cores
        found = read_variables(Path(folder) / "model.bin", "encoder/")
        if not found or any(v.dtype.kind == "i" and v.ndim == 2 for v in found.values()):
            raise ValueError(f"{folder} has no encoder in floating point")
        self._weights = {name: torch.from_numpy(v.astype(np.float32)).bfloat16() for name, v in found.items() if v.ndim}
        self._layers = sum(name.endswith("/ffn/linear_0/weight") for name in found)
        self._heads = int(found["num_heads"])

    def __call__(self, features: np.ndarray) -> np.ndarray:
        import torch
        from torch.nn import functional as F

        w = self._weights
        with torch.inference_mode():
            x = torch.from_numpy(np.ascontiguousarray(features[None], np.float32)).bfloat16()
            x = F.gelu(self._convolved(x.transpose(1, 2), "conv1", step=1))
            x = F.gelu(self._convolved(x, "conv2", step=2))
            x = x + w["position_encodings/encodings"][: x.shape[1]]
            for n in range(self._layers):
                x = x + self._attention(x, f"layer_{n}/self_attention/")
                inner = F.gelu(self._linear(self._norm(x, f"layer_{n}/ffn/"), f"layer_{n}/ffn/linear_0"))
                x = x + self._linear(inner, f"layer_{n}/ffn/linear_1")
            return self._norm(x, "").float().numpy()

    def _convolved(self, x: Any, name: str, *, step: int) -> Any:
        """A convolution over three frames as one product: (1, frames, width) to (1, frames // step, width)."""
        from torch.nn import functional as F

        three = F.pad(x, (0, 0, 1, 1)).unfold(1, 3, step).flatten(2)  # width before offset, as the weights have it
        return F.linear(three, self._weights[name + "/weight"].flatten(1), self._weights[name + "/bias"])

    def _attention(self, x: Any, name: str) -> Any:
        from torch.nn import functional as F

        n, frames, width = x.shape
        mixed = self._linear(self._norm(x, name), name + "linear_0")
        query, key, value = mixed.view(n, frames, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        heard = F.scaled_dot_product_attention(query, key, value)
        return self._linear(heard.transpose(1, 2).reshape(n, frames, width), name + "linear_1")

    def _linear(self, x: Any, name: str) -> Any:
        from torch.nn import functional as F

        return F.linear(x, self._weights[name + "/weight"], self._weights[name + "/bias"])

    def _norm(self, x: Any, name: str) -> Any:
        from torch.nn import functional as F

        w = self._weights
        return F.layer_norm(x, x.shape[-1:], w[name + "layer_norm/gamma"], w[name + "layer_norm/beta"])
