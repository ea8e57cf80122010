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
from click.testing import Result
from typer.testing import CliRunner

from flows.main import app
from scoring.errors import UsageError
from store import tokens, users
from store.access import Role
from store.desk import Desk


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "callqa.sqlite"
    with Desk.open(path) as desk, desk.writing() as session:
        users.add(session, "boss", "long enough 1", Role.ADMIN, by="test")
    return path


def run(*arguments: str | Path, typed: str = "") -> Result:
    """The command line in this process, which is quicker; `main` prints what it raises."""
    return CliRunner().invoke(app, [str(a) for a in arguments], input=typed)


def test_users_are_added_listed_and_shut_out(tmp_path: Path) -> None:
    path = tmp_path / "callqa.sqlite"
    Desk.open(path).close()
    new, typed = ("--password-stdin", "--ledger", path), "long enough 1\n"
    assert run("user", "add", "Wang", "--role", "team_leader", "--team", "一组", *new, typed=typed).exit_code == 0
    refused = run("user", "add", "li", "--role", "agent", *new, typed=typed).exception
    assert isinstance(refused, UsageError)
    assert "--agent" in refused.message
    assert run("user", "passwd", "wang", *new, typed="another one 2\n").exit_code == 0
    assert run("user", "disable", "wang", "--ledger", path).exit_code == 0
    assert run("user", "list", "--ledger", path).stdout.strip() == "wang\tteam_leader\tWang\t一组\tdisabled 已停用"
    assert run("user", "add", "x", "--role", "king", *new, typed=typed).exit_code != 0


def test_tokens_are_made_listed_and_revoked(ledger: Path) -> None:
    at = ("--ledger", ledger)
    made = run("user", "token", "add", "boss", "daily report", "--days", "30", *at)
    secret = made.stdout.strip()
    with Desk.open(ledger) as desk, desk.reading() as session:
        found = tokens.visit(session, secret)
    assert found
    assert (found[1].login, found[1].scope) == ("boss", "read")
    assert isinstance(run("user", "token", "add", "boss", "daily report", *at).exception, UsageError)
    assert run("user", "token", "add", "boss", "x", "--scope", "all", *at).exit_code != 0
    listed = run("user", "token", "list", "boss", *at).stdout
    assert listed.startswith("boss\tdaily report\tread\t")
    assert secret not in listed
    assert run("user", "token", "revoke", "boss", "daily report", *at).exit_code == 0
    assert not run("user", "token", "list", *at).stdout
    assert isinstance(run("user", "token", "revoke", "boss", "daily report", *at).exception, UsageError)


def test_verify_tells_whole_from_broken(ledger: Path) -> None:
    whole = run("audit", "verify", "--ledger", ledger)
    assert whole.exit_code == 0
    noted = whole.stdout.split()[-1]
    assert run("audit", "verify", "--ledger", ledger, "--noted", noted).exit_code == 0
    with sqlite3.connect(ledger) as database:
        database.executescript("DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'x';")
    database.close()
    broken = run("audit", "verify", "--ledger", ledger)
    assert (broken.exit_code, "line 1 was changed" in broken.output) == (1, True)


def test_serve_says_what_is_missing(ledger: Path, tmp_path: Path) -> None:
    Desk.open(tmp_path / "empty.sqlite").close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments, said in (
            (("--ledger", tmp_path / "none.sqlite"), "no ledger"),
            (("--ledger", ledger, "--port", port), "cannot listen"),
            (("--ledger", tmp_path / "empty.sqlite", "--port", "0"), "nobody can log in"),
            (("--ledger", ledger, "--recordings", tmp_path / "none"), "no folder"),
        ):
            refused = run("serve", *arguments).exception
            assert isinstance(refused, UsageError)
            assert said in refused.message
            assert refused.remedy


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
