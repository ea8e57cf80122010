"""The speech model: faster-whisper's, with the encoder that is fastest on this machine and each window heard once."""

from __future__ import annotations

from typing import Any

import numpy as np
from ctranslate2 import StorageView, get_cuda_device_count
from faster_whisper import WhisperModel

from models.hearing import Hearing
from models.processor import has_matrix_units


class Listener(WhisperModel):  # type: ignore[misc]  # the library has no types
    """A `WhisperModel` for several threads at once. `hears_with` says what runs the encoder."""

    def __init__(self, folder: str, *, lanes: int) -> None:
        """folder: what faster-whisper takes. lanes: threads that will call. Raises what faster-whisper raises."""
        gpu = get_cuda_device_count() > 0
        super().__init__(
            folder,
            device="cuda" if gpu else "cpu",
            compute_type="float16" if gpu else "int8",
            cpu_threads=1,
            num_workers=lanes,
        )
        self._one_by_one = not gpu
        self._hearing = None if gpu else _hearing(folder)
        self.hears_with = "torch bfloat16" if self._hearing else f"CTranslate2 {self.model.compute_type}"

    def encode(self, features: np.ndarray | StorageView) -> StorageView:
        """States of windows (n, mels, frames); states themselves are handed through, so that none is heard twice."""
        if isinstance(features, StorageView):
            return features
        windows = features if features.ndim == 3 else features[None]
        if self._hearing is None:
            return self.model.encode(StorageView.from_array(np.ascontiguousarray(windows)), to_cpu=True)
        # One window at a time fits the processor's cache; a batch does not.
        return StorageView.from_array(np.concatenate([self._hearing(window) for window in windows]))

    def find_alignment(
        self, tokenizer: Any, text_tokens: Any, encoder_output: StorageView, num_frames: Any, *rest: Any
    ) -> list[Any]:
        """Word times. On a processor window by window: a batch is padded to its longest text and costs double."""
        if not self._one_by_one:
            return super().find_alignment(tokenizer, text_tokens, encoder_output, num_frames, *rest)
        states = np.asarray(encoder_output)
        found = []
        for k, tokens in enumerate(text_tokens):
            own = StorageView.from_array(np.ascontiguousarray(states[k : k + 1]))
            frames = num_frames[k] if isinstance(num_frames, list) else num_frames
            found += super().find_alignment(tokenizer, [tokens], own, [frames], *rest)
        return found


def _hearing(folder: str) -> Hearing | None:
    """The torch encoder where it pays and the weights allow it."""
    if not has_matrix_units():
        return None
    try:
        return Hearing(folder)
    except (OSError, ValueError):
        return None  # a name that the library downloads, or weights of another format: CTranslate2 hears
