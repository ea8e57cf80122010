"""From paths to calls: finding recordings, giving them ids and metadata, and accounting for each of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from recording_files import recording

from flows.metadata import load_metadata
from flows.recordings import Intakes, find_recordings, sha256_of, take_in
from scoring.call import Metadata
from scoring.errors import MetadataError, UnreadableAudio


def taken(root: Path, rows: str | None = None, pattern: str | None = None) -> Intakes:
    """What becomes of the recordings in `root` with a table of `rows`."""
    table = None
    if rows is not None:
        (root.parent / "t.csv").write_text(rows, "utf-8")
        table = load_metadata(root.parent / "t.csv")
    return take_in(find_recordings([root]), table, pattern)


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls"


def test_sha256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a").startswith("ba7816bf8f01cfea")
    with pytest.raises(UnreadableAudio, match="folder"):
        sha256_of(tmp_path)


def test_duplicates_and_failures_are_accounted_for(calls: Path) -> None:
    first = recording(calls / "1.wav")
    (calls / "2.wav").write_bytes(first.read_bytes())
    for name in ["3.wav", "4.wav"]:
        (calls / name).touch()
    intakes = taken(calls, "文件名,通话编号,工号\n1,C1,7\n2,C2,8\n3,C3,9\n")
    assert [(c.path.name, c.call_id, c.metadata.agent) for c in intakes.calls] == [("1.wav", "C1", "7")]
    assert intakes.calls[0].sha256 == sha256_of(first)
    assert [(d.path.name, d.of.name) for d in intakes.duplicates] == [("2.wav", "1.wav")]
    assert [(f.path.name, f.call_id) for f in intakes.failures] == [("3.wav", "C3"), ("4.wav", None)]
    assert all("empty" in f.reason and f.remedy for f in intakes.failures)
    (warning,) = intakes.warnings
    assert "2.wav is " in warning
    assert "1.wav again" in warning


def test_the_table_may_name_any_copy(calls: Path) -> None:
    first = recording(calls / "copy of b.wav")
    (calls / "x.wav").write_bytes(first.read_bytes())
    intakes = taken(calls, "文件名,通话编号,工号\nx,C1,7\n")
    assert [(c.path.name, c.call_id, c.metadata.agent) for c in intakes.calls] == [("copy of b.wav", "C1", "7")]


@pytest.mark.parametrize(
    "cell", ["a.wav", "a", "A.WAV", "calls/a.wav", r"D:\rec\2026\a.wav", "/other/place/a.wav", "a.mp3"]
)
def test_rows_name_recordings_with_or_without_folder_and_suffix(calls: Path, cell: str) -> None:
    recording(calls / "a.wav")
    intakes = taken(calls, f"录音文件,通话编号\n{cell},C1\n")
    assert [c.call_id for c in intakes.calls] == ["C1"]
    assert intakes.warnings == ()


def test_rows_name_calls_by_the_stem(calls: Path) -> None:
    recording(calls / "2026.03.01-7.wav")
    assert taken(calls, "通话编号,工号\n2026.03.01-7,21\n").calls[0].metadata == Metadata(agent="21")


def test_recordings_without_rows_and_rows_without_recordings(calls: Path) -> None:
    for name in "abcde":
        recording(calls / f"{name}.wav")
    intakes = taken(calls, "call_id,agent\na,1\nv,2\nw,2\nx,2\ny,2\n")
    assert [c.call_id for c in intakes.calls] == ["a", "b", "c", "d", "e"]
    without, unused = intakes.warnings
    assert without.startswith("recordings without a row")
    assert "(4)" in without
    assert "rows without a recording (4): line 3, line 4, line 5 and 1 more" in unused


def test_rows_that_disagree_fail_their_call(calls: Path) -> None:
    for name in "ab":
        recording(calls / f"{name}.wav")
    intakes = taken(calls, "call_id,agent,team\na,1,x\nb,1,x\na,2,x\n")
    assert [c.call_id for c in intakes.calls] == ["b"]
    (failure,) = intakes.failures
    assert "lines 2, 4 disagree about this call (agent)" in failure.reason
    assert failure.call_id == "a"


def test_the_folder_decides_between_recordings_of_one_name(calls: Path) -> None:
    for folder in ["mon", "tue", "wed"]:
        recording(calls / folder / "1.wav")
    intakes = taken(calls, "audio,call_id\nmon/1.wav,M\ntue/1.wav,T\n")
    assert {c.path.parent.name: c.call_id for c in intakes.calls} == {"mon": "M", "tue": "T", "wed": "1"}
    assert "recordings without a row" in intakes.warnings[0]
    single = taken(calls, "audio,call_id\nmon/1.wav,M\n")
    assert {c.path.parent.name: c.call_id for c in single.calls} == {"mon": "M", "tue": "tue-1", "wed": "wed-1"}


def test_one_id_for_two_recordings(calls: Path) -> None:
    for name in ["a.wav", "b.wav", "c.wav"]:
        recording(calls / name)
    intakes = taken(calls, "audio,call_id\na,C1\nb,C1\nc,C2\n")
    assert [c.call_id for c in intakes.calls] == ["C2"]
    assert [f.path.name for f in intakes.failures] == ["a.wav", "b.wav"]
    same_row = taken(calls, "audio,call_id,agent\na,C1,7\n")
    assert [c.call_id for c in same_row.calls] == ["C1", "b", "c"]


def test_one_row_that_fits_two_recordings(calls: Path) -> None:
    for name in ["x/a.wav", "y/a.wav"]:
        recording(calls / name)
    intakes = taken(calls, "audio,call_id\na.wav,C1\n")
    assert not intakes.calls
    assert all("also that of" in f.reason and f.call_id == "C1" for f in intakes.failures)


def test_equal_stems_get_their_folders(calls: Path) -> None:
    for name in ["x/1.wav", "y/1.wav", "p/z/2.wav", "q/z/2.wav", "3.wav", "4.wav", "4.mp3"]:
        recording(calls / name)
    intakes = taken(calls)
    assert [c.call_id for c in intakes.calls] == ["3", "p-z-2", "q-z-2", "x-1", "y-1"]
    assert [f.path.name for f in intakes.failures] == ["4.mp3", "4.wav"]


@pytest.mark.parametrize(
    "call_id", ["a/b", "..", r"a\b", "a..b", "../../etc/passwd", "a\x07b", "a\u200bb", "x" * 129, "1.23457E+17"]
)
def test_impossible_call_ids(calls: Path, call_id: str) -> None:
    for name in "ab":
        recording(calls / f"{name}.wav")
    intakes = taken(calls, f"audio,call_id\na.wav,{call_id}\nb.wav,C2\n")
    assert [c.call_id for c in intakes.calls] == ["C2"]
    (failure,) = intakes.failures
    assert "line 2: call id" in failure.reason
    assert failure.remedy
    assert failure.reason.isprintable()


@pytest.mark.parametrize(
    ("name", "kept"), [("a\nb.wav", "a-b"), ("x" * 130 + ".wav", "x" * 60), ("a..b.wav", "a--b"), (" a.wav", "a")]
)
def test_a_file_name_that_cannot_be_an_id_is_made_into_one(calls: Path, name: str, kept: str) -> None:
    path = recording(calls / name)
    (call,) = taken(calls).calls
    assert call.call_id == f"{kept}-{sha256_of(path)[:10]}"


def test_a_file_name_that_is_no_text(calls: Path) -> None:
    recording(calls / (os.fsdecode("录音".encode("gbk")) + ".wav"))
    (failure,) = taken(calls).failures
    assert "rename" in failure.remedy
    assert (failure.reason + failure.remedy + str(failure.path)).encode()


def test_metadata_in_file_names(calls: Path) -> None:
    for name in ["hotline/20260301-093000_8021_C1.wav", "hotline/20261301-093000_8021_C2_x.wav", "hotline/else.wav"]:
        recording(calls / name)
    intakes = taken(calls, pattern="{team}/{started_at:%Y%m%d-%H%M%S}_{agent}_{call_id}")
    one, two, other = intakes.calls
    assert (one.call_id, one.metadata.agent, one.metadata.team) == ("C1", "8021", "hotline")
    assert one.metadata.started_at is not None
    assert one.metadata.started_at.isoformat() == "2026-03-01T09:30:00"
    assert (two.call_id, two.metadata.started_at) == ("C2_x", None)
    assert (other.call_id, other.metadata) == ("else", Metadata())
    unfit, date = intakes.warnings
    assert "(1)" in unfit
    assert "no possible date" in date


def test_a_table_goes_before_file_names(calls: Path) -> None:
    recording(calls / "8021_C1.wav")
    intakes = taken(calls, "call_id,agent,team\nC1,7,x\n", "{agent}_{call_id}")
    assert [(c.call_id, c.metadata) for c in intakes.calls] == [("C1", Metadata(agent="7", team="x"))]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{agnet}_{call_id}", "did you mean agent"),
        ("{agent}{call_id}", "nothing that tells them apart"),
        ("{agent:%d}_{call_id}", "only started_at can have a format"),
        ("{started_at:%A}", "%A cannot be read"),
        ("{agent", "braces do not fit"),
        ("{agent}_{agent}", "stands there twice"),
        ("calls", "it has no field"),
        ("{agent!r}", "only started_at"),
        ("{0}", "no field '0'"),
    ],
)
def test_wrong_patterns(calls: Path, pattern: str, message: str) -> None:
    recording(calls / "a.wav")
    with pytest.raises(MetadataError, match=message):
        taken(calls, pattern=pattern)


def test_awkward_names_do_not_slow_patterns_down(calls: Path) -> None:
    recording(calls / ("_" * 250 + ".wav"))
    assert taken(calls, pattern="{agent}_{team}_{direction}_{ticket_id}_{csat}_{call_id}!").calls
