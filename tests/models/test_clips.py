"""Packing speech into clips and finding the way back."""

from __future__ import annotations

import numpy as np
import pytest

from models.clips import GAP, WINDOW, pack
from models.voice import RATE
from scoring.call import Span

PIECES = [Span(1.0, 3.0), Span(10.0, 12.5), Span(40.0, 65.0), Span(70.0, 71.0)]


def test_no_clip_is_longer_than_a_window_and_no_piece_is_lost() -> None:
    clips = pack(0, 1, PIECES)
    assert [p for c in clips for p in c.pieces] == PIECES
    assert all(c.duration <= WINDOW for c in clips)
    assert len(clips) == 2


@pytest.mark.parametrize(("inside", "outside"), [(0.5, 1.5), (2.0 + GAP + 0.5, 10.5), (2.0 + GAP + 2.4, 12.4)])
def test_times_lead_back_to_the_recording(inside: float, outside: float) -> None:
    clip = pack(0, 0, PIECES)[0]
    assert clip.to_recording(inside, clip.piece_at(inside)) == pytest.approx(outside)


def test_a_time_never_leaves_its_piece() -> None:
    clip = pack(0, 0, PIECES)[0]
    assert clip.to_recording(99.0, 0) == 3.0
    assert clip.to_recording(0.0, 1) == 10.0
    assert clip.piece_at(99.0) == len(clip.pieces) - 1


def test_the_clip_holds_the_sound_of_its_pieces() -> None:
    channel = np.zeros(80 * RATE, np.float32)
    channel[10 * RATE : int(12.5 * RATE)] = 0.5
    clip = pack(0, 0, PIECES)[0]
    sound = clip.samples(channel)
    assert abs(sound.size / RATE - clip.duration) < 0.01
    assert sound[int((clip.starts[1] + 0.1) * RATE)] == 0.5
    assert sound[int(1.0 * RATE)] == 0


def test_silence_gives_no_clip() -> None:
    assert pack(0, 0, []) == []
