"""What tests of several rooms share: the demo calls and the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Command

from flows.settings import cores

SAMPLES = Path(__file__).parent / "samples"
LONGEST = ("test_inspect_command", "test_demo", "test_evaluate_command", "test_evaluate_language")  # begin first


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests of whole commands wait for other processes much of their time."""
    return cores() + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take minutes come first, so that no core waits for one of them at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the demo calls: audio/, scripts/, facts.jsonl, calls.csv."""
    return SAMPLES


@pytest.fixture(scope="session")
def facts() -> dict[str, dict]:
    """Known facts of the demo calls by call id."""
    lines = (SAMPLES / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["call_id"]: row for row in map(json.loads, lines)}


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment of the real command: a Prefect home of its own, nothing of the caller's callqa settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CALLQA_", "PREFECT_")) or k == "CALLQA_CACHE"}
    home = tmp_path_factory.mktemp("prefect")
    return kept | {"PREFECT_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.fixture(scope="session")
def shared_server(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """Environment that has the commands share one Prefect server, where starting one is not what a test is about."""
    from flows.server import ADDRESS, temporary_server

    with temporary_server(environment) as server:
        server.wait()
        yield {ADDRESS: server.url}


@pytest.fixture(scope="session")
def callqa(environment: dict[str, str]) -> Command:
    """Run `callqa` as a user does; the finished process with its output."""

    def run(
        *arguments: str | Path, env: dict[str, str] | None = None, timeout: float = 600
    ) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("callqa")), *map(str, arguments)]
        return subprocess.run(
            command, env=environment | (env or {}), capture_output=True, text=True, timeout=timeout, check=False
        )

    return run
