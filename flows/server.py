"""Prefect's API server for one run, shared by all its processes.

Left to itself, Prefect starts a temporary server in every process that runs a task, each at the cost of seconds of
processor time. One is started here, while the rest is still being imported, and shared by all.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from scoring.errors import UsageError

ADDRESS = "PREFECT_API_URL"
PATIENCE = 180  # s; a busy machine with a new home for Prefect's database needs a minute
LOOK = 0.1  # s between looks


class Server:
    """Where Prefect keeps the books of a run: `wait` before the flow begins."""

    def __init__(self, url: str, process: subprocess.Popen[bytes] | None = None) -> None:
        """process: the temporary server, or None for one that runs already."""
        self.url, self._process = url, process

    def wait(self) -> None:
        """Return once the server answers. Raises UsageError."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and (self._process is None or self._process.poll() is None):
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5):  # noqa: S310 - our own or the user's
                    return
            except urllib.error.HTTPError:
                return  # it may want a key, which is Prefect's business
            except OSError:
                if self._process is None:
                    break
            time.sleep(LOOK)
        if self._process is None:
            raise UsageError(f"Prefect's server at {self.url} does not answer", remedy=f"start it, or unset {ADDRESS}")
        raise UsageError(
            "Prefect's temporary server did not start", remedy="see that PREFECT_HOME (~/.prefect) can be written to"
        )


@contextmanager
def prefect_server() -> Iterator[Server]:
    """The server that the user has configured, or a temporary one that ends with the run."""
    from prefect.context import refresh_global_settings_context
    from prefect.settings import get_current_settings

    configured = get_current_settings().api.url
    if configured:
        yield Server(configured)
        return
    with temporary_server(os.environ) as server:
        os.environ[ADDRESS] = server.url  # the environment reaches threads and processes alike
        refresh_global_settings_context()
        try:
            yield server
        finally:
            del os.environ[ADDRESS]
            refresh_global_settings_context()


@contextmanager
def temporary_server(environment: Mapping[str, str]) -> Iterator[Server]:
    """A server of its own on a free port of this machine, from now to the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    app = ["--factory", "prefect.server.api.server:create_app", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", *app, "--log-level", "error", "--lifespan", "on"],
        env={**environment, "PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Server(f"http://127.0.0.1:{port}/api", process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def carry_out(flow: Any, *arguments: Any) -> Any:
    """What the flow returned, or the exception it raised: the caller raises it once its progress line is gone."""

    async def ended() -> Any:
        state = await flow(*arguments, return_state=True)
        return await state.aresult(raise_on_failure=False)

    return asyncio.run(ended())
