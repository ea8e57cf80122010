"""Recordings that are refused, each with a reason and a remedy, and those of which only the end is missing."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest
from audio_files import RATE, encode, tones, wav

from models.audio import decode
from scoring.errors import UnfitAudio, UnreadableAudio


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.wav", "pcm_s16le"),
        ("a.wav", "pcm_mulaw"),
        ("a.mp3", "libmp3lame"),
        ("a.flac", "flac"),
        ("a.webm", "libopus"),
    ],
)
def test_truncated(tmp_path: Path, name: str, codec: str) -> None:
    path = encode(tmp_path / name, codec, tones(seconds=4.0))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableAudio, match=r"truncated or damaged: [0-9.]+ of 4\.0 seconds"):
        decode(path)
    path.write_bytes(whole[: int(len(whole) * 0.95)])
    kept = decode(path)
    assert kept.cut_off
    assert 3.6 <= kept.duration < 4.0


def test_truncated_mp4_lacks_its_index(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", "aac", tones(seconds=4.0))
    whole = path.read_bytes()
    for share in (0.5, 0.97):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(UnreadableAudio, match="truncated"):
            decode(path)
    front = encode(tmp_path / "b.m4a", "aac", tones(seconds=4.0), movflags="faststart")
    front.write_bytes(front.read_bytes()[:-20_000])
    with pytest.raises(UnreadableAudio, match="truncated"):
        decode(front)


@pytest.mark.parametrize(("name", "codec"), [("a.opus", "libopus"), ("a.amr", "libopencore_amrnb")])
def test_formats_that_promise_no_length_say_that_the_end_is_missing(tmp_path: Path, name: str, codec: str) -> None:
    path = encode(tmp_path / name, codec, tones(1, seconds=4.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert decode(path).cut_off


@pytest.mark.parametrize(
    "content",
    [
        "你好,这不是录音。\n".encode() * 50,
        bytes(5000),
        np.random.default_rng(1).bytes(50_000),
        b"1\n00:00:00,000 --> 00:00:01,000\nhello\n",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"RIFF\x00\x00\x00\x00WAVE",
    ],
    ids=["text", "zeros", "noise", "subtitles", "png", "stub"],
)
def test_not_audio(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(UnreadableAudio, match="not audio") as caught:
        decode(path)
    assert str(path) in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("playlist", ["#EXTM3U\n#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile '{}'\n"])
def test_a_playlist_opens_no_other_file(tmp_path: Path, playlist: str) -> None:
    other = encode(tmp_path / "secret.wav", "pcm_s16le", tones())
    path = tmp_path / "a.wav"
    path.write_text(playlist.format(other))
    with pytest.raises(UnreadableAudio, match="not audio"):
        decode(path)


def test_empty_missing_folder_pipe(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    os.mkfifo(tmp_path / "pipe.wav")
    bad = {"empty.wav": "empty", "no.wav": "does not exist", ".": "is a folder", "pipe.wav": "not a regular file"}
    for name, message in bad.items():
        with pytest.raises(UnreadableAudio, match=message):
            decode(tmp_path / name)
    with pytest.raises(UnreadableAudio, match="cannot be opened"):
        decode(tmp_path / "a\0b.wav")


def test_no_samples(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAudio, match="holds no sound"):
        decode(wav(tmp_path / "a.wav", b""))


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything, so the test is somebody else for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_no_permission(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.wav", "pcm_s16le", tones())
    path.chmod(0)
    with as_nobody(), pytest.raises(UnreadableAudio, match="may not be read"):
        decode(path)


def test_video_without_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for _ in range(3):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))))
        output.mux(stream.encode(None))
    with pytest.raises(UnreadableAudio, match="no sound track"):
        decode(path)


def test_six_channels(tmp_path: Path) -> None:
    with pytest.raises(UnfitAudio, match="6 channels") as caught:
        decode(encode(tmp_path / "a.wav", "pcm_s16le", tones(6)))
    assert "channel" in caught.value.remedy


def test_two_tracks_would_lose_a_party(tmp_path: Path) -> None:
    path = tmp_path / "a.mka"
    with av.open(str(path), "w") as output:
        for stream in [output.add_stream("pcm_s16le", rate=RATE, layout="mono") for _ in range(2)]:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, RATE), np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, 0
            output.mux(stream.encode(frame))
    with pytest.raises(UnfitAudio, match="2 sound tracks"):
        decode(path)


def test_channels_that_change_midway(tmp_path: Path) -> None:
    one = encode(tmp_path / "1.mp3", "libmp3lame", tones(1)).read_bytes()
    two = encode(tmp_path / "2.mp3", "libmp3lame", tones(2)).read_bytes()
    (tmp_path / "3.mp3").write_bytes(one + two)
    with pytest.raises(UnfitAudio, match="1 to 2 channels"):
        decode(tmp_path / "3.mp3")


@pytest.mark.parametrize("told", ["yes", "no"])
def test_too_long(tmp_path: Path, told: str) -> None:
    options = {} if told == "yes" else {"write_xing": "0"}
    path = encode(tmp_path / "a.mp3", "libmp3lame", tones(seconds=4.0), **options)
    assert decode(path, max_seconds=5.0).duration == pytest.approx(4.0, abs=0.2)
    with pytest.raises(UnfitAudio, match="longer than 3 seconds"):
        decode(path, max_seconds=3.0)


def test_a_small_file_of_great_length_stops_at_the_limit(tmp_path: Path) -> None:
    long_call = encode(tmp_path / "a.opus", "libopus", np.zeros((1, 48_000 * 30), np.float32), rate=48_000)
    assert long_call.stat().st_size < 200_000
    with pytest.raises(UnfitAudio, match="longer than 10 seconds"):
        decode(long_call, max_seconds=10)


def test_forged_headers(tmp_path: Path) -> None:
    with pytest.raises(UnfitAudio, match="2147483647 Hz"):
        decode(wav(tmp_path / "a.wav", bytes(20_000), rate=2**31 - 1))
    with pytest.raises(UnreadableAudio, match=r"3\.0 of 18000\.0 seconds"):
        decode(wav(tmp_path / "b.wav", bytes(6 * RATE), size=5 * 3600 * 2 * RATE))
    forged = wav(tmp_path / "c.wav", bytes(RATE)).read_bytes()
    tag = b"LIST" + struct.pack("<I", 0xF0000000) + b"INFOISFT" + struct.pack("<I", 0x37000000)
    (tmp_path / "c.wav").write_bytes(forged[:36] + tag + forged[36:])
    with pytest.raises(UnreadableAudio, match="not audio"):
        decode(tmp_path / "c.wav")
