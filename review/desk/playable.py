"""Recordings as a browser can play them, from where they lie; what it cannot play is decoded to WAV on the way.

Recordings are untrusted: opened as plain files, with the containers named that may be inside, and limits on what comes
out. One that is no longer the one that was inspected is not played: it may be another person's call.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import threading
import wave
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

MAX_SECONDS = 4 * 3600
MOST_DECODED = 2_000_000_000  # bytes of decoded copies kept at a time, in a folder that ends with the server
MOST_PEAKS = 200  # pictures kept in memory, some 30 kB each
COLUMNS = 1200  # of a picture
_FORMATS = "wav,w64,mp3,flac,mov,aac,amr,ogg,matroska,aiff,au,caf,asf"
_PCM = ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le", "pcm_mulaw", "pcm_alaw")
_NATIVE: dict[tuple[str, str], str] = {
    **{("wav", codec): "audio/wav" for codec in _PCM},
    ("mp3", "mp3float"): "audio/mpeg", ("mp3", "mp3"): "audio/mpeg",
    ("flac", "flac"): "audio/flac",
    ("ogg", "opus"): "audio/ogg", ("ogg", "libopus"): "audio/ogg", ("ogg", "vorbis"): "audio/ogg",
    ("ogg", "flac"): "audio/ogg",
    ("mov", "aac"): "audio/mp4", ("aac", "aac"): "audio/aac",
}  # fmt: skip
Span = tuple[float, float]  # s


class Unplayable(Exception):
    """A recording cannot be played. key: of the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Playable:
    """A file that browsers play."""

    path: Path
    media_type: str


@dataclass(frozen=True, slots=True)
class Picture:
    """How loud each channel is, in columns of the recording's time, 0..1."""

    seconds: float
    channels: tuple[tuple[float, ...], ...]


class Shelf:
    """Decoded copies and pictures of recordings, the ones used last."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="callqa-desk-"))  # only for this user
        self.clips = self._folder / "clips"  # stretches cut out of recordings: `review.desk.clips`
        self._lock = threading.Lock()
        self._copying = threading.Lock()  # an hour takes seconds, for which no picture waits
        self._checked: dict[tuple[str, int, int], str] = {}
        self._decoded: OrderedDict[str, Path] = OrderedDict()
        self._pictures: OrderedDict[str, Picture] = OrderedDict()

    def close(self) -> None:
        """Drop the decoded copies."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def find(self, path: str, sha256: str, folder: Path) -> Path:
        """The recording, proved by its content. Raises Unplayable."""
        try:
            found = folder / path
            state = os.stat(found)
        except (OSError, ValueError):
            raise Unplayable("recording_gone") from None
        if not stat.S_ISREG(state.st_mode):  # a pipe would never end
            raise Unplayable("recording_gone")
        key = (str(found), state.st_size, state.st_mtime_ns)
        if key not in self._checked:
            try:
                with open(found, "rb") as file:
                    self._checked[key] = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                raise Unplayable("recording_gone") from None
        if self._checked[key] != sha256:
            raise Unplayable("recording_changed")
        return found

    def playable(self, path: Path, sha256: str, silenced: Sequence[Span] = ()) -> Playable:
        """The recording, or a decoded copy of it. silenced: stretches, s, that are not to be heard. Raises
        Unplayable."""
        if not silenced:
            with _opened(path) as (container, stream):
                kind = _NATIVE.get((container.format.name.split(",")[0], stream.codec_context.name))
            if kind:
                return Playable(path, kind)
        name = f"{sha256} {list(silenced)}" if silenced else sha256
        with self._copying:  # one at a time: decoding is short, and two browsers ask for the same call
            if name not in self._decoded:
                file = hashlib.sha256(name.encode()).hexdigest() if silenced else sha256
                self._decoded[name] = to_wav(path, self._folder / f"{file}.wav", silenced)
                self._make_room(name)
            self._decoded.move_to_end(name)
            return Playable(self._decoded[name], "audio/wav")

    def picture(self, path: Path, sha256: str) -> Picture:
        """How the recording looks. Raises Unplayable."""
        with self._lock:
            if sha256 not in self._pictures:
                self._pictures[sha256] = _picture(path)
                if len(self._pictures) > MOST_PEAKS:
                    self._pictures.popitem(last=False)
            self._pictures.move_to_end(sha256)
            return self._pictures[sha256]

    def _make_room(self, newest: str) -> None:
        sizes = {name: copy.stat().st_size for name, copy in self._decoded.items() if copy.is_file()}
        while sum(sizes.values()) > MOST_DECODED and len(sizes) > 1:
            oldest = next(name for name in self._decoded if name != newest)
            self._decoded.pop(oldest).unlink(missing_ok=True)
            sizes.pop(oldest, None)


def by_role(picture: Picture, turns: Sequence[dict[str, Any]]) -> list[tuple[str, tuple[float, ...]]]:
    """The channels with the role each belongs to, the agent's first; one channel is both parties': `both`.

    A channel is the agent's where it is louder in the agent's turns.
    """
    if len(picture.channels) != 2 or not picture.seconds:
        return [("both", channel) for channel in picture.channels[:1]]
    lead = []
    for channel in picture.channels:
        levels = {"agent": [0.0], "customer": [0.0]}
        for turn in turns:
            if turn["role"] in levels:
                first, last = (int(turn[at] / picture.seconds * len(channel)) for at in ("start", "end"))
                levels[turn["role"]].extend(channel[first : last + 1])
        lead.append(float(np.mean(levels["agent"]) - np.mean(levels["customer"])))
    agent, customer = picture.channels if lead[0] >= lead[1] else reversed(picture.channels)
    return [("agent", agent), ("customer", customer)]


class _Pieces:
    """A file handed out in small pieces: a forged tag of 900 MB would otherwise be allocated before it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        return self._file.read(min(size, 65_536))


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, AudioStream]]:
    try:
        with (
            open(path, "rb") as file,
            av.open(
                _Pieces(file), mode="r", options={"format_whitelist": _FORMATS}, metadata_errors="replace"
            ) as container,
        ):
            stream = container.streams.audio[0]
            if stream.codec_context is None or not 1 <= stream.codec_context.channels <= 2:
                raise Unplayable("recording_unreadable")
            yield container, stream
    except (av.FFmpegError, OSError, IndexError, ValueError):
        raise Unplayable("recording_unreadable") from None


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    for packet in container.demux(stream):
        with suppress(av.FFmpegError):  # a damaged packet is left out, as every player does
            yield from packet.decode()


def to_wav(path: Path, target: Path, silenced: Sequence[Span] = ()) -> Path:
    """Decode a recording to 16-bit WAV, its channels apart, at its own rate (8 to 48 kHz). Raises Unplayable.

    silenced: stretches, s, in order, that are zero on every channel; every other sample is as it was. Counted in
    samples from the beginning, as the recording was when it was transcribed.
    """
    try:
        with _opened(path) as (container, stream), wave.open(str(target), "wb") as out:
            rate = min(max(stream.codec_context.sample_rate, 8000), 48_000)
            channels = stream.codec_context.channels
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(rate)
            resampler = av.AudioResampler(format="s16", layout="stereo" if channels == 2 else "mono", rate=rate)
            left = MAX_SECONDS * rate
            quiet = deque((max(0, int(start * rate)), int(end * rate) + 1) for start, end in silenced)
            for frame in chain(_frames(container, stream), (None,)):
                for made in resampler.resample(frame):
                    at, left = MAX_SECONDS * rate - left, left - made.samples
                    if left < 0:
                        raise Unplayable("recording_unreadable")
                    out.writeframesraw(_hushed(made.to_ndarray().tobytes(), at, made.samples, 2 * channels, quiet))
    except (Unplayable, wave.Error, OSError) as error:
        target.unlink(missing_ok=True)
        raise error if isinstance(error, Unplayable) else Unplayable("recording_unreadable") from None
    return target


def _hushed(sound: bytes, at: int, length: int, width: int, quiet: deque[tuple[int, int]]) -> bytes:
    """`length` samples of `width` bytes that begin with the sample `at`, zero where it is quiet. What of `quiet` lies
    behind them is taken off it."""
    while quiet and quiet[0][1] <= at:
        quiet.popleft()
    if not quiet or quiet[0][0] >= at + length:
        return sound
    hushed = bytearray(sound)
    for start, end in quiet:
        low, high = max(start, at) - at, min(end, at + length) - at
        if low >= length:
            break
        hushed[low * width : high * width] = bytes((high - low) * width)
    return bytes(hushed)


def _picture(path: Path) -> Picture:
    rate = 8000
    with _opened(path) as (container, stream):
        channels = stream.codec_context.channels
        block = rate // 50  # 20 ms
        layout = "stereo" if channels == 2 else "mono"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate, frame_size=block)
        columns: list[np.ndarray[Any, Any]] = []
        for frame in _frames(container, stream):
            columns.extend(np.abs(made.to_ndarray()).max(axis=1) for made in resampler.resample(frame))
            if len(columns) * block > MAX_SECONDS * rate:
                raise Unplayable("recording_unreadable")
        columns.extend(np.abs(made.to_ndarray()).max(axis=1) for made in resampler.resample(None))
    if not columns:
        raise Unplayable("recording_unreadable")
    levels = np.minimum(np.stack(columns, axis=1), 1.0)
    step = max(1, -(-levels.shape[1] // COLUMNS))
    fine = np.maximum.reduceat(levels, np.arange(0, levels.shape[1], step), axis=1)
    return Picture(
        levels.shape[1] * block / rate, tuple(tuple(round(float(v), 3) for v in channel) for channel in fine)
    )
