"""Decoding of recordings: any common container and codec to 16 kHz float, the parties' channels kept apart.

Recordings are untrusted: they are opened as plain local files (a playlist inside must not make the decoder open
another file or address), and length, channels and sample rate are limited while decoding, not by what a header says.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from models.buffer import Buffer, remove_offset
from models.containers import Promise, forged, mp4_cut_off, read_promise
from scoring.errors import UnfitAudio, UnreadableAudio

SAMPLE_RATE = 16_000  # Hz, what every model here hears
MAX_SECONDS = 4 * 3600.0
KEPT_SHARE = 0.9  # of the promised length; with less, a verdict on the call's ending would be about the missing part
_BLOCK = 16_384  # samples; telephone formats come in frames of 20 ms, at which Python would take most of the time
_RATES = range(4_000, 384_001)  # a resampling filter for a forged 2 GHz would need gigabytes
_FORMATS = "wav,w64,mp3,flac,mov,aac,amr,ogg,matroska,aiff,au,caf,asf"
_EXPORT_AGAIN = "export or copy the recording again"


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file says of itself: `duration` in seconds (None when it does not say), `sample_rate` in Hz."""

    duration: float | None
    channels: int
    sample_rate: int
    codec: str
    format: str


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A decoded call.

    `samples` is float32 in -1..1, shape (1 or 2, n), at `sample_rate` Hz; `duration` = n / sample_rate seconds.
    `dual_mono`: the file had two identical channels and one was kept. `cut_off`: the file's end is missing (at most
    a tenth of it where the file tells its length), so the call's ending may not be heard. `offset`: the constant that
    was removed from each channel, of full scale.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    duration: float
    source: AudioInfo
    dual_mono: bool = False
    cut_off: bool = False
    offset: tuple[float, ...] = ()


def probe(path: str | Path) -> AudioInfo:
    """Looks at the headers only. Raises UnreadableAudio, UnfitAudio (several sound tracks)."""
    with open_recording(path) as file, _container(file, path) as container:
        return _info(container, _sound_track(container, path))


def decode(path: str | Path, *, max_seconds: float = MAX_SECONDS) -> Recording:
    """The whole recording at 16 kHz; 3 hours of stereo take 1.4 GB.

    Raises UnreadableAudio (not audio, empty, not permitted, less than nine tenths of the promised length) and
    UnfitAudio (longer than `max_seconds`, more than two channels, several sound tracks).
    """
    with open_recording(path) as file, _container(file, path) as container:
        stream = _sound_track(container, path)
        source = _info(container, stream)
        if source.channels > 2:
            raise _too_many_channels(path, source.channels)
        position = file.tell()
        promise = read_promise(file, source.format, source.duration)
        file.seek(position)
        if promise.seconds and promise.seconds > max_seconds and not promise.cut_off:
            raise _too_long(path, max_seconds)
        try:
            buffer, damaged = _fill(container, stream, path, max_seconds, promise.seconds or source.duration)
        except av.FFmpegError as error:
            raise UnreadableAudio(f"{path} cannot be decoded: {error.strerror}", remedy=_EXPORT_AGAIN) from None
    return _checked(buffer, replace(promise, cut_off=promise.cut_off or damaged > 0), damaged, source, path)


def _checked(buffer: Buffer, promise: Promise, damaged: float, source: AudioInfo, path: str | Path) -> Recording:
    duration = buffer.length / SAMPLE_RATE
    promised = max(promise.seconds or 0.0, duration + damaged)
    if duration < KEPT_SHARE * promised:
        message = f"{path} is truncated or damaged: {duration:.1f} of {promised:.1f} seconds can be decoded"
        raise UnreadableAudio(message, remedy=_EXPORT_AGAIN)
    if not buffer.length:
        raise UnreadableAudio(f"{path} holds no sound: its audio track has no samples", remedy=_EXPORT_AGAIN)
    # Codecs pad the last frame and editors round: only a whole missing 50 ms is a missing end.
    cut_off = promise.cut_off or duration < promised - 0.05
    samples = buffer.samples[:1] if buffer.dual_mono else buffer.samples
    return Recording(samples, SAMPLE_RATE, duration, source, buffer.dual_mono, cut_off, remove_offset(samples))


def _fill(
    container: InputContainer, stream: AudioStream, path: str | Path, max_seconds: float, expected: float | None
) -> tuple[Buffer, float]:
    """All samples, and the seconds in packets that could not be decoded."""
    buffer: Buffer | None = None
    resampler: av.AudioResampler | None = None
    setting: tuple[int, str, str] | None = None
    lost: list[float] = []
    for frame in _frames(container, stream, lost):
        if frame.sample_rate not in _RATES:
            message = f"{path} has a sample rate of {frame.sample_rate} Hz"
            raise UnfitAudio(message, remedy="export the call at 8000 to 48000 Hz")
        channels = frame.layout.nb_channels
        if channels > 2:
            raise _too_many_channels(path, channels)
        if buffer is None:
            buffer = Buffer(channels, int(min(expected or 60.0, max_seconds) * SAMPLE_RATE), SAMPLE_RATE)
        if channels != buffer.channels:
            message = f"{path} changes from {buffer.channels} to {channels} channels midway"
            raise UnfitAudio(message, remedy="split the file where the channels change, or export it again")
        if setting != (setting := (frame.sample_rate, frame.layout.name, frame.format.name)):
            buffer.extend(resampler, None)
            # The frame's own layout: any other would let the resampler mix the parties.
            resampler = av.AudioResampler(format="fltp", layout=frame.layout, rate=SAMPLE_RATE, frame_size=_BLOCK)
        buffer.extend(resampler, frame)
        if buffer.length > max_seconds * SAMPLE_RATE:
            raise _too_long(path, max_seconds)
    buffer = buffer or Buffer(1, 0, SAMPLE_RATE)
    buffer.extend(resampler, None)
    return buffer, sum(lost)


def _frames(container: InputContainer, stream: AudioStream, lost: list[float]) -> Iterator[AudioFrame]:
    """Frames in order. A damaged packet is left out and its seconds noted, as every player does."""
    try:
        for packet in container.demux(stream):
            try:
                yield from packet.decode()
            except av.FFmpegError:
                ticks, base = packet.duration, packet.time_base
                lost.append(float(ticks * base) if ticks and base else 0.02)
    except av.FFmpegError:
        lost.append(0.02)  # the container breaks off: how much is missing only its promise can tell


def open_recording(path: str | Path) -> BufferedReader:
    """The bytes of a recording. Raises UnreadableAudio: missing, a folder, a device, empty, not permitted."""
    try:
        found = os.stat(path)
        # A named pipe or device would block or never end.
        if stat.S_ISDIR(found.st_mode):
            raise UnreadableAudio(f"{path} is a folder", remedy="give the recordings in it")
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableAudio(f"{path} is not a regular file", remedy="copy the recording to a file first")
        if found.st_size == 0:
            raise UnreadableAudio(f"{path} is empty (0 bytes)", remedy=_EXPORT_AGAIN)
        return open(path, "rb")
    except PermissionError:
        message = f"{path} may not be read by this user"
        raise UnreadableAudio(message, remedy="give the user that runs callqa read permission") from None
    except FileNotFoundError:
        raise UnreadableAudio(f"{path} does not exist", remedy="check the path") from None
    except (OSError, ValueError) as error:
        raise UnreadableAudio(f"{path} cannot be opened: {error}", remedy="check the path and the disk") from None


class _Pieces:
    """A file handed out in small pieces: a forged tag of 900 MB would otherwise be allocated before it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        return self._file.read(min(size, 65_536))


def _container(file: BinaryIO, path: str | Path) -> InputContainer:
    if not forged(file):
        # Metadata in old Chinese encodings is common and of no interest here.
        with suppress(av.FFmpegError, ValueError):
            options = {"format_whitelist": _FORMATS}
            return av.open(_Pieces(file), mode="r", options=options, metadata_errors="replace")
    if mp4_cut_off(file):
        raise UnreadableAudio(f"{path} is truncated: the index at its end is missing", remedy=_EXPORT_AGAIN)
    remedy = "give a wav, mp3, flac, m4a, aac, amr, opus or ogg recording, or export this one again"
    raise UnreadableAudio(f"{path} is not audio, or too damaged to be recognised", remedy=remedy)


def _sound_track(container: InputContainer, path: str | Path) -> AudioStream:
    tracks = container.streams.audio
    if not tracks:
        raise UnreadableAudio(f"{path} has no sound track", remedy="give the recording that holds the call's sound")
    if len(tracks) > 1:
        # Often one party each: the first alone would be half a call.
        message = f"{path} has {len(tracks)} sound tracks"
        raise UnfitAudio(message, remedy="export the call as one track, agent and customer on its two channels")
    if tracks[0].codec_context is None:
        remedy = "export the recording as wav, mp3, flac, m4a, amr or opus"
        raise UnreadableAudio(f"{path} uses a codec that cannot be decoded", remedy=remedy)
    return tracks[0]


def _info(container: InputContainer, stream: AudioStream) -> AudioInfo:
    context = stream.codec_context
    duration = (container.duration or 0) / av.time_base
    return AudioInfo(
        duration=duration if duration > 0 else None,
        channels=context.layout.nb_channels,
        sample_rate=context.sample_rate or 0,
        codec=context.codec.canonical_name,
        format=container.format.name.split(",")[0],
    )


def _too_long(path: str | Path, max_seconds: float) -> UnfitAudio:
    limit = f"{max_seconds / 3600:g} hours" if max_seconds >= 3600 else f"{max_seconds:g} seconds"
    message = f"{path} is longer than {limit}"
    return UnfitAudio(message, remedy="cut it into single calls, or raise CALLQA_MAX_HOURS (at most 24)")


def _too_many_channels(path: str | Path, channels: int) -> UnfitAudio:
    message = f"{path} has {channels} channels, a call has one or two"
    return UnfitAudio(message, remedy="export only the agent's and the customer's channel")
