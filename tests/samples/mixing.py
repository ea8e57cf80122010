"""Lay spoken turns out on a clock, send them down a telephone line, check what the clock knows, and encode."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from scipy.signal import butter, resample_poly, sosfiltfilt

RATE = 8_000
BAND = (300.0, 3400.0)  # Hz, the telephone band
LEVEL = {"agent": -23.0, "customer": -25.0}  # dBFS of speech; a headset is a little louder than a mobile
NOISE = -70.0  # dBFS on each line
GAP = (0.3, 0.9)  # seconds between turns where the script names no pause
LEAD, TAIL = 0.5, 0.8  # seconds of line before the first and after the last word

# What counts, the same as the rubric items whose facts come from the clock and not from the words.
DEAD_AIR = 8.0  # seconds
INTERRUPTION = 1.5  # seconds of the customer's turn still to come when the agent begins
PACE = {"zh": (150.0, 330.0), "en": (100.0, 200.0)}  # characters or words a minute of own speaking time


class Format(NamedTuple):
    suffix: str
    container: str
    codec: str
    sample_format: str
    bit_rate: int | None = None
    options: tuple[tuple[str, str], ...] = ()


FORMATS = {
    "wav-mulaw": Format("wav", "wav", "pcm_mulaw", "s16"),
    "wav-alaw": Format("wav", "wav", "pcm_alaw", "s16"),
    "wav-adpcm": Format("wav", "wav", "adpcm_ima_wav", "s16p"),
    "flac": Format("flac", "flac", "flac", "s16"),
    # Joint stereo would let each party be heard on the other's channel.
    "mp3": Format("mp3", "mp3", "libmp3lame", "s16p", 32_000, (("joint_stereo", "0"),)),
    "m4a": Format("m4a", "ipod", "aac", "fltp", 32_000, (("aac_ms", "0"), ("aac_is", "0"))),
    "opus": Format("ogg", "ogg", "libopus", "s16", 32_000, (("application", "voip"),)),
    "amr": Format("amr", "amr", "libopencore_amrnb", "s16", 12_200),
}


@dataclass(frozen=True)
class Turn:
    """One turn in its place, in seconds from the start of the recording."""

    role: str
    text: str
    start: float
    end: float
    hold_request: bool = False


def trim(samples: np.ndarray, rate: int, floor: float = 0.01, pad: float = 0.02) -> np.ndarray:
    """Cut the silence at both ends, so that a turn's times are the times of its words."""
    loud = np.flatnonzero(np.abs(samples) > floor)
    margin = int(pad * rate)
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]


def telephone(samples: np.ndarray, rate: int) -> np.ndarray:
    """Bring speech to 8 kHz and the telephone band."""
    narrow = resample_poly(samples.astype(np.float64), RATE, rate)
    return sosfiltfilt(butter(4, BAND, "bandpass", fs=RATE, output="sos"), narrow)


def lay_out(call: dict[str, Any], durations: list[float]) -> list[Turn]:
    """Give every turn its start and end; gaps the script leaves open are drawn by the call's id, always the same."""
    draw = random.Random(call["id"])
    turns: list[Turn] = []
    for turn, duration in zip(call["turns"], durations, strict=True):
        gap = draw.uniform(*GAP)
        previous_end = turns[-1].end if turns else LEAD
        if "overlap_previous" in turn:
            start = previous_end - turn["overlap_previous"]
        elif turns:
            start = previous_end + turn.get("pause_before", gap)
        else:
            start = LEAD
        hold = turn.get("hold_request", False)
        turns.append(Turn(turn["role"], turn["text"], round(start, 3), round(start + duration, 3), hold))
    return turns


def check_clock_facts(call: dict[str, Any], turns: list[Turn]) -> float:
    """Stop when the script's facts on pace, listening and dead air are not what was laid out; returns the pace."""
    agent = [turn for turn in turns if turn.role == "agent"]
    unit = r"[\u4e00-\u9fff]" if call["language"] == "zh" else r"[A-Za-z'-]+"
    words = sum(len(re.findall(unit, turn.text)) for turn in agent)
    pace = 60.0 * words / sum(turn.end - turn.start for turn in agent)
    pairs = list(pairwise(turns))
    interrupted = any(
        late.role == "agent" and early.role == "customer" and early.end - late.start > INTERRUPTION
        for early, late in pairs
    )
    silent = any(late.start - early.end >= DEAD_AIR and not early.hold_request for early, late in pairs)
    low, high = PACE[call["language"]]
    laid_out = {"pace": low <= pace <= high, "listening": not interrupted, "dead_air": not silent}
    for item, kept in laid_out.items():
        if (call["facts"][item] == "met") is not kept:
            raise SystemExit(f"{call['id']}: facts say {item} {call['facts'][item]}, the clock does not ({pace=:.0f})")
    return pace


def mix(call: dict[str, Any], turns: list[Turn], spoken: list[np.ndarray]) -> np.ndarray:
    """Sum the turns into (channels, samples) float64: one line a party, or both on one line for a mono call."""
    length = int((max(turn.end for turn in turns) + TAIL) * RATE)
    mono = call["channels"] == ["mono"]
    lines = np.zeros((1 if mono else len(call["channels"]), length))
    for role, level in LEVEL.items():
        line = 0 if mono else call["channels"].index(role)
        own = [(turn, samples) for turn, samples in zip(turns, spoken, strict=True) if turn.role == role]
        gain = 10 ** (level / 20) / _speech_rms(np.concatenate([samples for _, samples in own]))
        for turn, samples in own:
            start = int(turn.start * RATE)
            lines[line, start : start + len(samples)] += gain * samples
    # Seeded by the id, so that making a call again gives the same file.
    noise = np.random.default_rng(list(call["id"].encode())).standard_normal(lines.shape)
    noise = sosfiltfilt(butter(2, BAND, "bandpass", fs=RATE, output="sos"), noise)
    lines += noise * (10 ** (NOISE / 20) / noise.std())
    return np.clip(lines, -0.99, 0.99)


def _speech_rms(samples: np.ndarray) -> float:
    """Root mean square of the 20 ms frames within 30 dB of the loudest: pauses must not lower the level."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    power = (frames**2).mean(axis=1)
    return float(np.sqrt(power[power > power.max() * 1e-3].mean()))


def encode(lines: np.ndarray, name: str, path: Path) -> None:
    """Write (channels, samples) to a file in one of FORMATS, without dates or version strings in it."""
    chosen = FORMATS[name]
    pcm = np.round(lines * 32767).astype(np.int16)
    layout = "stereo" if len(lines) == 2 else "mono"
    with av.open(str(path), "w", format=chosen.container, container_options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(chosen.codec, rate=RATE, options={"flags": "+bitexact", **dict(chosen.options)})
        stream.layout = layout
        stream.format = chosen.sample_format
        if chosen.bit_rate:
            stream.bit_rate = chosen.bit_rate
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm.T).reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = RATE
        frame.pts = 0
        stream.codec_context.open()
        size = stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(chosen.sample_format, layout, RATE, frame_size=size)
        for piece in [*resampler.resample(frame), *resampler.resample(None), None]:
            container.mux(stream.encode(piece))
