"""Decoding: real files of every format, the parties kept apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from audio_files import RATE, encode, tones, wav

from models.audio import AudioInfo, decode, probe

FORMATS = [
    ("u8.wav", "pcm_u8"), ("s16.wav", "pcm_s16le"), ("s24.wav", "pcm_s24le"), ("s32.wav", "pcm_s32le"),
    ("float.wav", "pcm_f32le"), ("mulaw.wav", "pcm_mulaw"), ("alaw.wav", "pcm_alaw"), ("call.mp3", "libmp3lame"),
    ("call.flac", "flac"), ("call.m4a", "aac"), ("call.aac", "aac"), ("call.opus", "libopus"),
    ("call.ogg", "libopus"), ("call.webm", "libopus"),
]  # fmt: skip


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples))
    return float(spectrum.argmax() * 16_000 / len(samples))


@pytest.mark.parametrize(("name", "codec"), FORMATS)
def test_formats_keep_the_parties_apart(tmp_path: Path, name: str, codec: str) -> None:
    recording = decode(encode(tmp_path / name, codec, tones()))
    assert recording.sample_rate == 16_000
    assert recording.samples.dtype == np.float32
    assert recording.samples.shape[0] == 2
    assert recording.duration == pytest.approx(2.0, abs=0.2)
    assert recording.duration == recording.samples.shape[1] / 16_000
    assert [pitch(channel) for channel in recording.samples] == pytest.approx([400, 700], abs=3)
    assert 0.3 < np.abs(recording.samples).max() <= 1.0
    assert not recording.dual_mono
    assert not recording.cut_off


@pytest.mark.parametrize(("name", "codec"), [*FORMATS, ("call.amr", "libopencore_amrnb")])
def test_formats_mono(tmp_path: Path, name: str, codec: str) -> None:
    path = encode(tmp_path / name, codec, tones(1))
    recording = decode(path)
    assert recording.samples.shape[0] == 1
    assert pitch(recording.samples[0]) == pytest.approx(400, abs=3)
    assert recording.source == probe(path)
    assert recording.source.channels == 1


def test_probe_reads_the_header(tmp_path: Path) -> None:
    info = probe(encode(tmp_path / "a.wav", "pcm_mulaw", tones()))
    assert info == AudioInfo(2.0, 2, 8000, "pcm_mulaw", "wav")


def test_times_are_those_of_the_file(tmp_path: Path) -> None:
    click = np.zeros((1, 3 * RATE), np.float32)
    click[0, 2 * RATE] = 0.9
    samples = decode(encode(tmp_path / "a.wav", "pcm_s16le", click)).samples[0]
    assert np.abs(samples).argmax() == pytest.approx(2 * 16_000, abs=1)


@pytest.mark.parametrize(
    ("name", "codec", "wrong"),
    [
        ("a.wav", "pcm_s16le", "a.mp3"),
        ("a.mp3", "libmp3lame", "a.wav"),
        ("a.m4a", "aac", "a.amr"),
        ("a.opus", "libopus", "a"),
    ],
)
def test_content_decides_not_the_suffix(tmp_path: Path, name: str, codec: str, wrong: str) -> None:
    path = encode(tmp_path / name, codec, tones()).rename(tmp_path / wrong)
    assert decode(path).duration == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_mulaw"])
@pytest.mark.parametrize("size", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_streamed_wav_without_a_size(tmp_path: Path, codec: str, size: int) -> None:
    kind, bits = (1, 16) if codec == "pcm_s16le" else (7, 8)
    path = wav(tmp_path / "a.wav", bytes(2 * RATE * bits // 8), kind=kind, bits=bits, size=size)
    assert decode(path).duration == 2.0


@pytest.mark.parametrize(
    ("name", "codec"), [("a.wav", "pcm_mulaw"), ("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.opus", "libopus")]
)
def test_identical_channels_are_one(tmp_path: Path, name: str, codec: str) -> None:
    mono = tones(1) + np.random.default_rng(0).normal(0, 0.02, (1, 2 * RATE)).astype(np.float32)
    recording = decode(encode(tmp_path / name, codec, np.repeat(mono, 2, axis=0)))
    assert recording.dual_mono
    assert recording.samples.shape[0] == 1
    assert recording.source.channels == 2


def test_a_silent_party_stays_a_party(tmp_path: Path) -> None:
    recording = decode(encode(tmp_path / "a.wav", "pcm_s16le", tones() * np.array([[1], [0]], np.float32)))
    assert recording.samples.shape[0] == 2
    assert not recording.samples[1].any()
    assert not recording.dual_mono


def test_silence_is_no_error(tmp_path: Path) -> None:
    assert not decode(wav(tmp_path / "a.wav", bytes(2 * RATE))).samples.any()


@pytest.mark.parametrize(("rate", "count"), [(96_000, 96_000), (8_000, 80), (44_100, 44_100)])
def test_rates_and_lengths(tmp_path: Path, rate: int, count: int) -> None:
    recording = decode(wav(tmp_path / "a.wav", bytes(2 * count), rate=rate))
    assert recording.duration == pytest.approx(count / rate, abs=1e-4)


def test_float_wav_beyond_all_bounds(tmp_path: Path) -> None:
    data = np.array([np.nan, np.inf, -np.inf, 3e38, 0.5] * 2000, "<f4").tobytes()
    samples = decode(wav(tmp_path / "a.wav", data, bits=32, kind=3)).samples
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1.0
