"""Recordings as browsers play them: most as they lie, the others decoded, and nothing but recordings."""

from __future__ import annotations

import hashlib
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from review.desk.playable import Picture, Shelf, Unplayable, by_role


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("zh-11-*.amr", "audio/wav"), ("zh-02-*.mp3", "audio/mpeg"), ("zh-01-*.m4a", "audio/mp4"),
     ("zh-04-*.ogg", "audio/ogg"), ("en-15-*.flac", "audio/flac")],
)  # fmt: skip
def test_what_browsers_play(samples: Path, shelf: Shelf, name: str, kind: str) -> None:
    (path,) = (samples / "audio").glob(name)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert shelf.find(path.name, sha256, path.parent) == path
    found = shelf.playable(path, sha256)
    assert found.media_type == kind
    assert (found.path == path) is (kind != "audio/wav")
    if kind == "audio/wav":
        picture = shelf.picture(path, sha256)
        with wave.open(str(found.path)) as decoded:
            assert decoded.getnframes() / decoded.getframerate() == pytest.approx(picture.seconds, abs=0.1)
        assert shelf.playable(path, sha256) == found
        assert found.path.stat().st_mode & 0o077 == 0 or found.path.parent.stat().st_mode & 0o077 == 0
        shelf.close()
        assert not found.path.exists()


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"#EXTM3U\n/etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n"]
)
def test_what_is_no_recording(tmp_path: Path, shelf: Shelf, content: bytes) -> None:
    (tmp_path / "x.wav").write_bytes(content)
    for look in (shelf.playable, shelf.picture):
        with pytest.raises(Unplayable, match="recording_unreadable"):
            look(tmp_path / "x.wav", "0")


@pytest.mark.parametrize("path", ["none.wav", "a\0b", ".", "x" * 5000])
def test_what_is_not_there(tmp_path: Path, shelf: Shelf, path: str) -> None:
    with pytest.raises(Unplayable, match="recording_gone"):
        shelf.find(path, "0", tmp_path)


@pytest.mark.parametrize(
    ("channels", "roles"),
    [
        (((1.0, 0.0), (0.0, 1.0)), ["agent", "customer"]),
        (((0.0, 1.0), (1.0, 0.0)), ["agent", "customer"]),
        (((1.0, 1.0),), ["both"]),
        ((), []),
    ],
)
def test_the_agents_channel_is_the_one_heard_in_the_agents_turns(
    channels: tuple[tuple[float, ...], ...], roles: list[str]
) -> None:
    turns = [{"role": "agent", "start": 0.0, "end": 0.9}, {"role": "customer", "start": 1.0, "end": 2.0}]
    lanes = by_role(Picture(2.0, channels), turns)
    assert [role for role, _ in lanes] == roles
    if len(lanes) == 2:
        assert lanes[0][1] == (1.0, 0.0)
