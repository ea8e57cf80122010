"""The peer: plain faster-whisper as its own page shows it, one recording after the other, on the same weights."""

from __future__ import annotations

import numpy as np

from models.weights import resolve

TITLE = "faster-whisper transcribe(beam_size=5, vad_filter=True)"


class Plain:
    """Holds the model; `threads` cores. Raises WeightsError."""

    def __init__(self, model: str, threads: int) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        gpu = bool(ctranslate2.get_cuda_device_count())
        self._model = WhisperModel(
            resolve(model),
            device="cuda" if gpu else "cpu",
            compute_type="float16" if gpu else "int8",
            cpu_threads=threads,
        )

    def __call__(self, samples: np.ndarray, language: str | None = None) -> tuple[str, ...]:
        """The text of each channel. samples: float32 (channels, n) at 16 kHz. language: None to hear it."""
        texts = []
        for channel in samples:
            segments, _ = self._model.transcribe(channel, language=language, beam_size=5, vad_filter=True)
            texts.append("".join(segment.text for segment in segments))
        return tuple(texts)
