"""Real recordings for tests: encoded with the codecs PyAV has, or written byte by byte."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np

RATE = 8000


def tones(channels: int = 2, seconds: float = 2.0, rate: int = RATE) -> np.ndarray:
    """Agent 400 Hz, customer 700 Hz, each with a slow swell. Shape (channels, n)."""
    t = np.arange(int(seconds * rate)) / rate
    return np.stack([0.4 * np.sin(2 * np.pi * (400 + 300 * c) * t) for c in range(channels)]).astype(np.float32)


def encode(path: Path, codec: str, samples: np.ndarray, rate: int = RATE, **options: str) -> Path:
    """Writes samples (channels, n) at 8 kHz with a real encoder."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(samples)]
    with av.open(str(path), "w", options=options) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        context = stream.codec_context
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
        frame.sample_rate = rate
        context.open()
        resampler = av.AudioResampler(format=context.format, layout=layout, rate=context.sample_rate)
        fifo, pts = av.AudioFifo(), 0
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            fifo.write(part)
        while (part := fifo.read(context.frame_size or 1024, partial=True)) is not None:
            part.pts, pts = pts, pts + part.samples
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return path


def wav(path: Path, data: bytes, *, rate: int = RATE, bits: int = 16, kind: int = 1, size: int | None = None) -> Path:
    """A mono WAV file byte by byte, for headers no encoder writes. `size`: the promised bytes."""
    form = struct.pack("<IHHIIHH", 16, kind, 1, rate, rate * bits // 8 & 0xFFFFFFFF, bits // 8, bits)
    length = struct.pack("<I", len(data) if size is None else size)
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + form + b"data" + length + data)
    return path
