"""The real command `callqa serve`, for tests of what only processes do."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 30  # s


@contextmanager
def serving(
    url: str, folder: Path, environment: dict[str, str], *more: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The real command, answering; its process and host:port. Killed at the end, if it was not before."""
    command = [str(Path(sys.executable).with_name("callqa")), "serve", "--ledger", url, "--port", "0"]
    command += ["--recordings", str(folder), *more]
    with subprocess.Popen(
        command, env=environment | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as desk:
        try:
            assert desk.stdout
            place = urlsplit(next(word for word in desk.stdout.readline().split() if "://" in word)).netloc
            deadline = time.monotonic() + PATIENCE
            while not answers(place, 5):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield desk, place
        finally:
            desk.kill()


def answers(place: str, seconds: float) -> bool:
    """Whether somebody there says that all is well, on a connection of its own."""
    connection = http.client.HTTPConnection(place, timeout=seconds)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().read() == b"ok"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
