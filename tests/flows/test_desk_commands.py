"""`callqa serve`, `user` and `audit` as people run them."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from command import Command

from store import users
from store.access import Role
from store.desk import Desk


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "callqa.sqlite"
    with Desk.open(path) as desk, desk.writing() as session:
        users.add(session, "boss", "long enough 1", Role.ADMIN, by="test")
    return path


def test_users_are_added_listed_and_shut_out(tmp_path: Path, environment: dict[str, str]) -> None:
    path = str(tmp_path / "callqa.sqlite")
    Desk.open(path).close()
    command = [str(Path(sys.executable).with_name("callqa")), "user"]

    def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments, "--ledger", path],
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    added = run("add", "Wang", "--role", "team_leader", "--team", "一组", "--password-stdin", typed="long enough 1\n")
    assert added.returncode == 0, added.stderr
    refused = run("add", "li", "--role", "agent", "--password-stdin", typed="long enough 1\n")
    assert (refused.returncode, "--agent" in refused.stderr) == (2, True)
    assert run("disable", "wang").returncode == 0
    assert run("list").stdout.strip() == "wang\tteam_leader\tWang\t一组\tdisabled 已停用"
    assert "--role" in run("add", "x", "--role", "king", "--password-stdin", typed="y\n").stderr


def test_verify_tells_whole_from_broken(callqa: Command, ledger: Path) -> None:
    whole = callqa("audit", "verify", "--ledger", ledger)
    assert whole.returncode == 0
    noted = whole.stdout.split()[-1]
    assert callqa("audit", "verify", "--ledger", ledger, "--noted", noted).returncode == 0
    with sqlite3.connect(ledger) as database:
        database.executescript("DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'x';")
    database.close()
    broken = callqa("audit", "verify", "--ledger", ledger)
    assert (broken.returncode, "line 1 was changed" in broken.stderr) == (1, True)


def test_serve_says_what_is_missing(callqa: Command, ledger: Path, tmp_path: Path) -> None:
    gone = callqa("serve", "--ledger", tmp_path / "none.sqlite")
    assert (gone.returncode, "there is no ledger" in gone.stderr, "remedy" in gone.stderr) == (2, True, True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = callqa("serve", "--ledger", ledger, "--port", str(taken.getsockname()[1]))
    assert (busy.returncode, "another --port" in busy.stderr) == (2, True)
    Desk.open(tmp_path / "empty.sqlite").close()
    nobody = callqa("serve", "--ledger", tmp_path / "empty.sqlite", "--port", "0")
    assert (nobody.returncode, "callqa user add" in nobody.stderr) == (2, True)


def test_serve_answers_and_ends(ledger: Path, environment: dict[str, str]) -> None:
    command = [str(Path(sys.executable).with_name("callqa")), "serve", "--ledger", str(ledger), "--port", "0"]
    with subprocess.Popen(
        command, env=environment | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as desk:
        try:
            assert desk.stdout
            address = next(word for word in desk.stdout.readline().split() if word.startswith("http://127.0.0.1:"))
            deadline = time.monotonic() + 20
            while True:
                try:
                    with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310
                        assert answer.read() == b"ok"
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
        finally:
            desk.send_signal(signal.SIGTERM)
        assert desk.wait(20) in (0, -signal.SIGTERM)
