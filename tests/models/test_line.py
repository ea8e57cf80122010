"""What a line is like, and what on it is a party's own voice. No models: pieces are what a detector would find."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from constructed import CHANNELS, Constructed, Damage, construct, damaged

from models.audio import SAMPLE_RATE, decode
from models.buffer import remove_offset
from models.frames import frames
from models.line import Line, examine
from models.music import find_music
from scoring.call import Span

SHARED = Path(__file__).parents[3] / "shared" / "data" / "audio"
ECHOES = [
    Damage("usual", echo=-20),
    Damage("loud", echo=-6, delay=0.05),
    Damage("at-once", echo=-12, delay=0.0),
    Damage("faint-late", echo=-32, delay=0.38),
    Damage("mu-law", echo=-20, noise=-60, codec="pcm_mulaw"),
    Damage("a-law", echo=-20, noise=-60, codec="pcm_alaw"),
    Damage("amr", echo=-20, codec="libopencore_amrnb"),
]


def own(call: Constructed, channel: int) -> list[Span]:
    turns = sorted((s, e) for role, s, e, _ in call.turns if CHANNELS[channel] == role)
    return [Span(max(0.0, s - 0.3), e + 0.3) for s, e in turns]


def everything(call: Constructed) -> list[Span]:
    """What a detector finds on a channel with echo: everybody's turns."""
    found: list[Span] = []
    for start, end in sorted((s - 0.3, e + 0.3) for _, s, e, _ in call.turns):
        if found and start < found[-1].end:
            found[-1] = Span(found[-1].start, max(end, found[-1].end))
        else:
            found.append(Span(max(0.0, start), end))
    return found


def share(of: list[Span], within: tuple[Span, ...]) -> float:
    shared = sum(max(0.0, min(a.end, b.end) - max(a.start, b.start)) for a in of for b in within)
    return shared / sum(s.duration for s in of)


def chords(seconds: float, level: float = 0.1) -> np.ndarray:
    """Slow chords with soft attacks, as hold music has them."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound = np.zeros_like(time)
    for k, root in enumerate((220.0, 174.6, 196.0, 164.8)):
        part = (time // 1.5 % 4) == k
        for ratio in (1, 1.25, 1.5, 2, 3):
            sound[part] += np.sin(2 * np.pi * root * ratio * time[part]) / ratio
    return (level * sound / np.abs(sound).max()).astype(np.float32)


@pytest.mark.parametrize("damage", ECHOES, ids=lambda d: d.name)
@pytest.mark.parametrize("source", ["zh-04-complaint-good", "en-14-complaint-bad"])
def test_echo_is_measured_and_is_nobodys_voice(source: str, damage: Damage) -> None:
    call = construct(source, damage, 3)
    kept, line = examine(call.samples, [everything(call)] * 2)
    for c, channel in enumerate(line.channels):
        assert channel.echo is not None
        assert channel.echo.level == pytest.approx(damage.echo, abs=3)
        assert channel.echo.delay == pytest.approx(damage.delay, abs=0.025)
        # At -6 dB the faint ends of words drown in the echo.
        assert share(own(call, c), kept[c]) > (0.9 if damage.echo < -10 else 0.85)
        alone = [Span(v.start, v.end) for v in channel.voices]
        assert share(alone, tuple(own(call, c))) > 0.93


@pytest.mark.parametrize("source", ["zh-05-complaint-middling", "zh-06-complaint-bad", "en-16-after-sales-middling"])
@pytest.mark.parametrize(
    "damage", [Damage("clean"), Damage("mu-law", noise=-50, codec="pcm_mulaw"), Damage("low", gain=-20)]
)
def test_no_echo_is_made_up_and_nothing_is_lost(source: str, damage: Damage) -> None:
    call = construct(source, damage, 4)
    pieces = [own(call, 0), own(call, 1)]
    kept, line = examine(call.samples, pieces)
    assert [c.echo for c in line.channels] == [None, None]
    assert all(share(p, k) > 0.999 for p, k in zip(pieces, kept, strict=True))
    assert not line.music
    assert not line.dead


def test_one_sound_on_two_channels_is_no_echo() -> None:
    call = construct("zh-06-complaint-bad", Damage("clean"), 1)
    both = np.stack([call.samples.sum(axis=0), 0.9 * call.samples.sum(axis=0)])
    kept, line = examine(both, [everything(call)] * 2)
    assert [c.echo for c in line.channels] == [None, None]
    assert all(share(everything(call), k) > 0.999 for k in kept)


@pytest.mark.parametrize("on_it", ["nothing", "noise", "echo"])
def test_a_dead_channel(on_it: str) -> None:
    call = construct("zh-07-repair-good", Damage("clean"), 1)
    samples, pieces = call.samples.copy(), [own(call, 0), own(call, 1)]
    samples[0] = 0
    if on_it == "noise":
        samples[0] = 0.003 * np.random.default_rng(1).standard_normal(samples.shape[1])
    if on_it == "echo":
        samples[0] = damaged(samples, Damage("echo", echo=-15))[0]
    if on_it == "nothing":
        pieces[0] = []
    _, line = examine(samples, pieces if on_it != "echo" else [everything(call), pieces[1]])
    assert [c.dead for c in line.channels] == [True, False]
    assert line.dead
    assert line.record()["channels"][0]["level"] is None


def test_level_noise_and_clipping() -> None:
    call = construct("zh-01-consult-good", Damage("noisy", noise=-50), 1)
    pieces = [own(call, 0), own(call, 1)]

    def told(samples: np.ndarray) -> dict:
        return examine(samples, pieces)[1].record()["channels"][0]

    usual, quiet, loud = told(call.samples), told(call.samples * 0.1), told(np.clip(call.samples * 10, -1, 1))
    assert usual["noise"] == pytest.approx(-50, abs=1.5)
    assert usual["level"] == pytest.approx(-24, abs=2)
    assert usual["snr"] == pytest.approx(usual["level"] - usual["noise"], abs=0.11)
    assert (usual["clipped"], usual["low"]) == (0, False)
    assert quiet["level"] == pytest.approx(usual["level"] - 20, abs=0.2)
    assert quiet["low"]
    assert loud["clipped"] > 0.02


def test_an_offset_is_removed_and_told() -> None:
    samples = np.stack([np.full(16000, 0.02, np.float32), np.full(16000, 1e-4, np.float32)])
    assert remove_offset(samples) == (0.02, 0.0)
    assert samples[0].mean() == pytest.approx(0, abs=1e-6)
    assert Line((), ()).record((0.02,)) == {"channels": [], "hold_music": []}


@pytest.mark.parametrize(("seconds", "found"), [(20, True), (5, False)])
def test_hold_music_inside_a_call(seconds: float, found: bool) -> None:
    call = construct("zh-08-repair-middling", Damage("clean"), 1)
    music, half = chords(seconds), call.samples.shape[1] // 2
    samples = np.insert(call.samples, half, np.stack([np.zeros_like(music), music]).T, axis=1)
    begin = half / SAMPLE_RATE
    song = Span(begin + 2, begin + seconds - 2)
    kept, line = examine(samples, [[], [song]])
    assert bool(line.music) is found
    assert (share([song], kept[1]) < 0.1) is found
    for tune in line.music:
        assert (tune.start, tune.end) == pytest.approx((begin, begin + seconds), abs=3.0)


def test_real_hold_music_is_found_and_real_speech_is_not() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/data is not there")
    (music,) = decode(next((SHARED / "hold_music").glob("*"))).samples
    assert sum(s.duration for s in find_music(frames(music))) > 0.6 * music.size / SAMPLE_RATE
    for folder in ("en_calls_2ch", "zh_conv"):
        for path in sorted((SHARED / folder).glob("*"))[:2]:
            assert not [s for row in decode(path).samples for s in find_music(frames(row))], path.name


def test_an_empty_and_a_very_short_recording() -> None:
    for size in (0, 100, 8000):
        kept, line = examine(np.zeros((2, size), np.float32), [[], []])
        assert kept == ((), ())
        assert [c.dead for c in line.channels] == [True, True]
