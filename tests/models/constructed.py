"""Calls laid out on a clock from the demo calls' turns: every silence and every overlap is known to 10 ms.

Each call is one demo call's turns in their order on two channels, with pauses, early turn changes, nods and
interruptions drawn by a seed, and then what a telephone line does to it.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from scipy.signal import resample_poly

from models.audio import SAMPLE_RATE, AudioInfo, Recording, decode
from models.buffer import remove_offset
from scoring.call import Call
from scoring.measures import is_backchannel

SAMPLES = Path(__file__).parents[1] / "samples"
CHANNELS = ("customer", "agent")
DEAD_AIR = (8.8, 13.0)  # s
PAUSES = (4.0, 7.2)  # s; long, but no dead air
INTERRUPTION = (1.4, 3.2)  # s of the other's turn still to come
EARLY = (0.15, 0.6)  # s; how people change turns without interrupting
USUAL = (0.3, 1.6)  # s
_STARTS_WITH_A_NOD = ("好", "对", "嗯", "行", "是", "ok", "yes", "yeah", "right", "sure", "no", "uh", "哦", "啊")
_NODS = {"zh": ("zh-02-consult-middling", "好的，那先这样。"), "en": ("en-16-after-sales-middling", "Okay. Thank you.")}


@dataclass(frozen=True, slots=True)
class Damage:
    """What the line does: echo of each party in the other's channel in dB after a delay in s, noise in dBFS, codec."""

    name: str
    echo: float | None = None
    delay: float = 0.12
    noise: float | None = -70.0
    codec: str | None = None
    gain: float = 0.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Constructed:
    """A call, float32 (2, n) at 16 kHz, customer first; its turns (role, start, end, text) and what is to be found."""

    name: str
    language: str
    samples: np.ndarray
    turns: tuple[tuple[str, float, float, str], ...]
    dead_air: tuple[tuple[float, float], ...]
    interruptions: tuple[tuple[float, float, str], ...]

    @property
    def duration(self) -> float:
        return self.samples.shape[1] / SAMPLE_RATE


@dataclass(frozen=True, slots=True, eq=False)
class _Turn:
    role: str
    text: str
    sound: np.ndarray

    @property
    def duration(self) -> float:
        return self.sound.size / SAMPLE_RATE


def construct(source: str, damage: Damage, seed: int, *, turns: int = 12) -> Constructed:
    """A call from the first `turns` turns of a demo call; times drawn by the seed."""
    draw = random.Random(f"{source}{seed}")
    said = _demo(source)[:turns]
    language = source[:2]
    nod = _nod(language)
    placed: list[tuple[str, float, float, str, np.ndarray]] = []
    dead_air: list[tuple[float, float]] = []
    interruptions: list[tuple[float, float, str]] = []
    kinds = ["silence", "interrupt", "pause", "early", "nods", "usual"]
    draw.shuffle(kinds)
    reach, before, last = 0.5, None, ""
    for k, turn in enumerate(said):
        kind = kinds[k % len(kinds)] if before else "usual"
        changed = before is not None and before.role != turn.role
        can = before is not None and changed and before.duration > 2.8 and _can_interrupt(turn)
        if kind in {"usual", "early", "interrupt"} and before is not None:
            kind = draw.choice(["interrupt", "interrupt", "early"]) if can else "early" if changed else "usual"
        if last == "interrupt" and kind in {"interrupt", "early"}:
            kind = "usual"  # or the two overlaps would be one
        if kind == "early" and not (changed and before is not None and before.duration > 1.5):
            kind = "usual"
        if kind == "interrupt":
            most = min(INTERRUPTION[1], before.duration - 1.2, turn.duration - 0.5)
            start = reach - draw.uniform(INTERRUPTION[0], most)
            interruptions.append((start, reach, turn.role))
        elif kind == "early":
            start = reach - draw.uniform(*EARLY)
        else:
            bounds = {"silence": DEAD_AIR, "pause": PAUSES}.get(kind, USUAL)
            start = reach + (draw.uniform(*bounds) if before else 0.0)
        if kind == "silence":
            dead_air.append((reach, start))
        if kind == "nods" and turn.duration > 6:
            other = "agent" if turn.role == "customer" else "customer"
            at = start + draw.uniform(1.5, turn.duration - 3.5)
            placed.append((other, at, at + nod.size / SAMPLE_RATE, "", nod))
        placed.append((turn.role, start, start + turn.duration, turn.text, turn.sound))
        reach, before, last = start + turn.duration, turn, kind
    lines = np.zeros((2, round((reach + 1.0) * SAMPLE_RATE)), np.float32)
    for role, start, _, _, sound in placed:
        at = round(start * SAMPLE_RATE)
        lines[CHANNELS.index(role), at : at + sound.size] += sound
    times = tuple((r, round(s, 2), round(e, 2), text) for r, s, e, text, _ in placed if text)
    name = f"{source}-{seed}-{damage.name}"
    return Constructed(name, language, damaged(lines, damage, seed), times, tuple(dead_air), tuple(interruptions))


def damaged(lines: np.ndarray, damage: Damage, seed: int = 0) -> np.ndarray:
    """The lines (2, n) after echo, noise, gain, offset and codec."""
    out = lines.copy()
    if damage.echo is not None:
        late = round(damage.delay * SAMPLE_RATE)
        out[:, late:] += 10 ** (damage.echo / 20) * lines[::-1, : lines.shape[1] - late]
    if damage.noise is not None:
        hiss = np.random.default_rng(seed).standard_normal(lines.shape)
        out += (10 ** (damage.noise / 20) * hiss).astype(np.float32)
    out = np.clip(out * 10 ** (damage.gain / 20) + damage.offset, -1, 1)
    return np.stack([coded(row, damage.codec) for row in out]) if damage.codec else out


def coded(row: np.ndarray, codec: str) -> np.ndarray:
    """One channel by way of a telephone codec at 8 kHz: pcm_mulaw, pcm_alaw or libopencore_amrnb."""
    narrow = np.round(np.clip(resample_poly(row, 1, 2), -1, 1) * 32767).astype(np.int16)
    container = "amr" if "amr" in codec else "wav"
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=8000, layout="mono")
        if container == "amr":
            stream.bit_rate = 12_200
        frame = av.AudioFrame.from_ndarray(narrow[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 8000, 0
        resampler = av.AudioResampler("s16", "mono", 8000, frame_size=160)
        for piece in [*resampler.resample(frame), *resampler.resample(None), None]:
            out.mux(stream.encode(piece))
    file.seek(0)
    with av.open(file) as read:
        back = np.concatenate([f.to_ndarray().reshape(-1).astype(np.float32) for f in read.decode(audio=0)])
    back = back / 32768 if np.abs(back).max() > 2 else back
    wide = resample_poly(back, 2, 1).astype(np.float32)
    return np.pad(wide, (0, max(0, row.size - wide.size)))[: row.size]


def matched(found: list[tuple], known: list[tuple], tolerance: float = 0.5) -> int:
    """How many of `found` are one of `known`: same start and end within the tolerance in s, same rest."""
    left, hits = list(known), 0
    for one in found:
        same = next(
            (
                k
                for k in left
                if all(abs(a - b) <= tolerance for a, b in zip(one[:2], k[:2], strict=True)) and one[2:] == k[2:]
            ),
            None,
        )
        if same is not None:
            left.remove(same)
            hits += 1
    return hits


def hear(calls: Sequence[Constructed]) -> list[Call]:
    """The calls as the whole pipeline hears them; who is on which channel is told."""
    from flows.settings import Settings
    from flows.shard import listen

    info = AudioInfo(None, 2, 8000, "pcm_s16le", "wav")
    recordings = [Recording(c.samples, SAMPLE_RATE, c.duration, info, offset=remove_offset(c.samples)) for c in calls]
    return listen(recordings, Settings(channels="customer,agent"))


def found_in(call: Call) -> tuple[list[tuple], list[tuple]]:
    """Dead air of 8 s and more as (start, end), interruptions over 1 s as (start, end, by): the shipped rubric's."""
    air = [(s.start, s.end) for s in call.measures.silences if s.duration >= 8.0]
    return air, [(o.start, o.end, o.by.value) for o in call.measures.overlaps or () if o.duration > 1.0]


@lru_cache(maxsize=20)
def _demo(source: str) -> tuple[_Turn, ...]:
    """The turns of a demo call, each cut from its own party's channel."""
    lines = (SAMPLES / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    facts = next(f for f in map(json.loads, lines) if f["call_id"] == source)
    sound = decode(SAMPLES / facts["file"]).samples
    cut = []
    for t in facts["turns"]:
        row = sound[facts["channels"].index(t["role"])]
        cut.append(_Turn(t["role"], t["text"], row[round(t["start"] * SAMPLE_RATE) : round(t["end"] * SAMPLE_RATE)]))
    return tuple(cut)


def _can_interrupt(turn: _Turn) -> bool:
    return (
        turn.duration > 2.2 and not turn.text.lower().startswith(_STARTS_WITH_A_NOD) and not is_backchannel(turn.text)
    )


@lru_cache(maxsize=2)
def _nod(language: str) -> np.ndarray:
    """Three times 好 or okay, over a second in all."""
    source, text = _NODS[language]
    sound = next(t.sound for t in _demo(source) if t.text == text)
    level = np.sqrt(np.convolve(sound**2, np.ones(480) / 480, "same"))
    first, last = round(0.25 * SAMPLE_RATE), round(0.38 * SAMPLE_RATE)
    one = sound[: first + int(level[first:last].argmin())]
    gap = np.zeros(round(0.12 * SAMPLE_RATE), np.float32)
    return np.concatenate([one, gap, one, gap, one])
