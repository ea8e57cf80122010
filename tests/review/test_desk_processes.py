"""`callqa serve --workers 2`: two processes answer at one address, and none is left when the first has ended."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from served_desk import PATIENCE, answers, serving

from store import users
from store.access import Role
from store.desk import Desk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="who is whose child is read from /proc")


def beside(first: int) -> list[int]:
    """The processes that answer beside the first."""
    found = []
    for listed in Path(f"/proc/{first}/task").glob("*/children"):
        for child in map(int, listed.read_text().split()):
            command = Path(f"/proc/{child}/cmdline")
            if command.exists() and b"spawn_main" in command.read_bytes():
                found.append(child)
    return found


@contextmanager
def paused(process: int) -> Iterator[None]:
    """It does nothing meanwhile."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def until(so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 2 * PATIENCE
    while not so():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name)
def test_two_processes_answer_and_end_together(
    ended_by: signal.Signals, tmp_path: Path, environment: dict[str, str]
) -> None:
    url = str(tmp_path / "callqa.sqlite")
    with Desk.open(url) as desk, desk.writing() as session:
        users.add(session, "boss", "correct horse 9", Role.ADMIN, by="test")
    with serving(url, tmp_path, environment, "--workers", "2") as (first, place):
        until(lambda: len(beside(first.pid)) == 1, "there is one beside")
        (second,) = beside(first.pid)

        def second_answers() -> bool:
            with paused(first.pid):
                return answers(place, 0.5)

        until(second_answers, "the second answers while the first does nothing")
        with paused(second):
            assert answers(place, 5), "and the first while the second does nothing"
        first.send_signal(ended_by)
        assert first.wait(PATIENCE) in ((0, -ended_by) if ended_by == signal.SIGTERM else (-ended_by,))
        until(lambda: not Path(f"/proc/{second}").exists(), "the second ends, too")
        assert not answers(place, 0.5)
