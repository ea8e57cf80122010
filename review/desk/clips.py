"""A stretch of a recording as a file of its own: whoever may hear a case hears it, and nothing of the call around it.

Decoded from the beginning and counted in samples, as the recording was when it was transcribed: to seek by time is not
exact in compressed files. A clip is kept until others take its room or the server ends.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame

from review.desk.playable import Unplayable, _frames, _opened

MOST_KEPT = 500_000_000  # bytes
EDGE = 0.01  # s that a clip fades in and out: a cut through a wave is heard as a click
RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)  # Hz that MP3 knows (ISO 11172-3, 13818-3)
_KINDS = {"flac": ("flac", "audio/flac"), "mp3": ("libmp3lame", "audio/mpeg")}
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip on disk."""

    path: Path
    media_type: str


class Clips:
    """Clips of recordings, the ones used last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Path] = OrderedDict()

    def cut(
        self, path: Path, sha256: str, begins: float, ends: float, kind: str = "flac", silenced: Sequence[Span] = ()
    ) -> Clip:
        """The stretch from `begins` to `ends`, s of the recording, as `flac` or `mp3`. Raises Unplayable.

        silenced: stretches, s of the recording, that are not to be heard.
        """
        codec, media_type = _KINDS[kind]
        wanted = f"{sha256} {begins:.3f} {ends:.3f} {kind} {list(silenced)}"
        name = hashlib.sha256(wanted.encode()).hexdigest()
        with self._lock:
            if name not in self._kept:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                samples, rate = _samples(path, begins, ends)
                for start, end in silenced:
                    samples[max(0, int((start - begins) * rate)) : max(0, int((end - begins) * rate))] = 0
                self._kept[name] = _written(samples, rate, codec, self._folder / f"{name}.{kind}")
                self._make_room(name)
            self._kept.move_to_end(name)
            return Clip(self._kept[name], media_type)

    def _make_room(self, newest: str) -> None:
        sizes = {name: clip.stat().st_size for name, clip in self._kept.items() if clip.is_file()}
        while sum(sizes.values()) > MOST_KEPT and len(sizes) > 1:
            oldest = next(name for name in self._kept if name != newest)
            self._kept.pop(oldest).unlink(missing_ok=True)
            sizes.pop(oldest, None)


def _samples(path: Path, begins: float, ends: float) -> tuple[np.ndarray[Any, Any], int]:
    """Samples of the stretch, 16 bit, shape (n, channels), and their rate, Hz."""
    with _opened(path) as (container, stream):
        own = min(max(stream.codec_context.sample_rate, RATES[0]), RATES[-1])
        rate = min(RATES, key=lambda known: (known < own, abs(known - own)))
        channels = stream.codec_context.channels
        resampler = av.AudioResampler(format="s16", layout="stereo" if channels == 2 else "mono", rate=rate)
        first, last, at = int(begins * rate), int(ends * rate), 0
        pieces: list[np.ndarray[Any, Any]] = []
        for frame in chain(_frames(container, stream), (None,)):
            for made in resampler.resample(frame):
                if at + made.samples > first and at < last:
                    block = made.to_ndarray().reshape(-1, channels)
                    pieces.append(block[max(0, first - at) : last - at])
                at += made.samples
            if at >= last:
                break
    if not pieces or not sum(map(len, pieces)):
        raise Unplayable("recording_unreadable")
    samples = np.concatenate(pieces)
    edge = min(int(EDGE * rate), len(samples) // 2)
    ramp = np.linspace(0.0, 1.0, edge, endpoint=False)[:, None]
    samples[:edge] = samples[:edge] * ramp
    samples[len(samples) - edge :] = samples[len(samples) - edge :] * ramp[::-1]
    return samples, rate


def _written(samples: np.ndarray[Any, Any], rate: int, codec: str, target: Path) -> Path:
    layout = "stereo" if samples.shape[1] == 2 else "mono"
    try:
        with av.open(str(target), mode="w") as out:
            stream: Any = out.add_stream(codec, rate=rate, layout=layout)
            if codec != "flac":
                stream.bit_rate = 64_000 * samples.shape[1]
            for start in range(0, len(samples), rate):
                block = np.ascontiguousarray(samples[start : start + rate]).reshape(1, -1)
                frame = AudioFrame.from_ndarray(block, format="s16", layout=layout)
                frame.sample_rate, frame.pts = rate, start
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
    except (av.FFmpegError, OSError):
        with suppress(OSError):
            target.unlink()
        raise Unplayable("recording_unreadable") from None
    return target
