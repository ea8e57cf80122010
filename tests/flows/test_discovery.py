"""Finding recordings: files, folders, patterns and lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from recording_files import recording

from flows.recordings import find_recordings, take_in
from scoring.errors import UsageError


def names(paths: list[Path], root: Path) -> list[str]:
    return [str(path.relative_to(root)) for path in paths]


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls"


def test_folders_in_natural_order(calls: Path) -> None:
    for name in ["call10.wav", "call2.WAV", "b/1.mp3", ".hidden.wav", ".git/x.wav", "notes.txt", "B.m4a"]:
        recording(calls / name)
    assert names(find_recordings([calls]), calls) == ["B.m4a", "b/1.mp3", "call2.WAV", "call10.wav"]


def test_explicit_files_whatever_their_suffix_and_in_the_order_given(calls: Path) -> None:
    paths = [recording(calls / name) for name in ["z.dat", "a", ".hidden.wav", "a[1].wav"]]
    assert find_recordings([*map(str, paths), str(paths[0])]) == paths


def test_patterns(calls: Path) -> None:
    for name in ["a1.wav", "a2.dat", "x/a3.wav", "x/.h.wav", "table.csv"]:
        recording(calls / name)
    assert names(find_recordings([f"{calls}/*"]), calls) == ["a1.wav", "x/a3.wav"]
    assert names(find_recordings([f"{calls}/*.dat"]), calls) == ["a2.dat"]
    assert names(find_recordings([f"{calls}/**/a?.wav"]), calls) == ["a1.wav", "x/a3.wav"]


def test_links_back_up(calls: Path) -> None:
    recording(calls / "a/1.wav")
    for name in ["loop", "again"]:
        (calls / "a" / name).symlink_to(calls)
    (calls / "same.wav").symlink_to(calls / "a/1.wav")
    assert len(find_recordings([calls])) == 1
    assert len(find_recordings([f"{calls}/**/*.wav"])) == 1


def test_the_output_folder_is_left_out(calls: Path) -> None:
    recording(calls / "1.wav")
    recording(calls / "results/clip.wav")
    assert names(find_recordings([calls], exclude=calls / "results"), calls) == ["1.wav"]
    assert names(find_recordings([f"{calls}/**/*.wav"], exclude=calls / "results"), calls) == ["1.wav"]
    assert len(find_recordings([calls / "results"], exclude=calls)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.txt", "# March\ncalls/2.wav\n\ncalls/1.wav\ncalls/gone.wav\n"),
        ("list.jsonl", '{"audio": "calls/2.wav"}\n{"path": "calls/1.wav"}\n{"audio": "calls/gone.wav"}\n'),
        ("list.csv", "agent,audio\n7,calls/2.wav\n8,calls/1.wav\n9,calls/gone.wav\n"),
        ("list.csv", "路径;录音文件\nx;calls/2.wav\nx;calls/1.wav\nx;calls/gone.wav\n"),
    ],
)
def test_lists(tmp_path: Path, calls: Path, name: str, text: str) -> None:
    for stem in "12":
        recording(calls / f"{stem}.wav")
    (tmp_path / name).write_text(text, "utf-8-sig")
    found = find_recordings([tmp_path / name])
    assert names(found, calls) == ["2.wav", "1.wav", "gone.wav"]
    (failure,) = take_in(found).failures
    assert failure.path == calls / "gone.wav"
    assert "does not exist" in failure.reason


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("l.jsonl", "{oops", "entry 1 is not JSON"),
        ("l.jsonl", '{"file": "a.wav"}', "entry 1 names no recording"),
        ("l.jsonl", '["a.wav"]', "entry 1 names no recording"),
        ("l.csv", "agent\n7\n", "no column audio or path"),
        ("l.csv", "", "is empty"),
        ("l.txt", "# nothing\n", "no recordings in"),
        ("l.txt", "https://example.org/a.wav\n", "names an address"),
    ],
)
def test_wrong_lists(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(UsageError, match=message):
        find_recordings([tmp_path / name])


def test_a_pattern_inside_the_excluded_folder_means_it(calls: Path) -> None:
    recording(calls / "1.wav")
    assert names(find_recordings([f"{calls}/*.wav"], exclude=calls), calls) == ["1.wav"]
    with pytest.raises(UsageError, match="no recordings in"):
        find_recordings([f"{calls.parent}/*/*.wav"], exclude=calls)


def test_nothing_found(tmp_path: Path) -> None:
    bad = {"": "no recordings in", "gone": "does not exist", "*.wav": "no recordings in", "x" * 300: "cannot be read"}
    for name, message in bad.items():
        with pytest.raises(UsageError, match=message) as caught:
            find_recordings([f"{tmp_path}/{name}"])
        assert caught.value.remedy
    with pytest.raises(UsageError, match="no recordings given"):
        find_recordings([])
