"""Recordings as they should not be, made for the tests of the real command."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np


def write_wav(path: Path, samples: np.ndarray, rate: int = 8000) -> Path:
    """Samples (n,) or (n, channels) in -1..1 as a 16-bit PCM file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shaped = samples.reshape(len(samples), 1) if samples.ndim == 1 else samples
    with wave.open(str(path), "wb") as out:
        out.setnchannels(shaped.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.clip(shaped, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def music(seconds: float, rate: int = 8000) -> np.ndarray:
    """Slow chords with a beat: hold music that no rights holder minds."""
    t = np.arange(int(seconds * rate)) / rate
    chords = [(220.0, 277.2, 329.6), (196.0, 246.9, 293.7), (174.6, 220.0, 261.6), (164.8, 207.7, 246.9)]
    sound = np.zeros_like(t)
    for k, tones in enumerate(chords):
        now = (t // 2 % len(chords)) == k
        sound[now] = sum(np.sin(2 * np.pi * f * t[now]) + 0.4 * np.sin(4 * np.pi * f * t[now]) for f in tones)
    return 0.12 * sound * (0.6 + 0.4 * np.exp(-6 * (t % 0.5)))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def not_audio(path: Path) -> None:
    path.write_text("date,amount\n2026-10-01,12\n" * 40)


def zero_length(path: Path) -> None:
    write_wav(path, np.zeros(0))


def silent(path: Path) -> None:
    write_wav(path, np.zeros(8000 * 20))


def only_music(path: Path) -> None:
    write_wav(path, music(20))


def ten_milliseconds(path: Path) -> None:
    write_wav(path, music(0.01))


def six_channels(path: Path) -> None:
    write_wav(path, np.stack([music(3)] * 6, axis=1))


def truncated(path: Path) -> None:
    write_wav(path, music(30))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def unreadable(path: Path) -> None:
    path.symlink_to(path.with_name("gone-with-the-share.wav"))


FAILING: dict[str, tuple[Callable[[Path], None], str]] = {
    "empty.wav": (empty, "empty"),
    "notes.wav": (not_audio, "not"),
    "zero.wav": (zero_length, ""),
    "six.wav": (six_channels, "6"),
    "cut.wav": (truncated, "truncated"),
}
UNSCORED: dict[str, Callable[[Path], None]] = {
    "silent.wav": silent,
    "music.wav": only_music,
    "blip.wav": ten_milliseconds,
}
