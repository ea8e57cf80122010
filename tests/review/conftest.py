"""Fixtures of the desk's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from desk_door import BASE, Door, Person
from made_ledger import made_desk
from starlette.testclient import TestClient

from review.desk.app import create_app
from review.desk.options import Options
from scoring.rubric_file import load_rubric
from store.desk import Desk


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A ledger that tests copy: making one takes seconds, most of them for eight passwords."""
    folder = tmp_path_factory.mktemp("made")
    return folder, made_desk(folder, load_rubric("service"))


@pytest.fixture
def door(made: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Door]:
    """A desk of one's own."""
    with opened(made, tmp_path / "desk") as own:
        yield own


@pytest.fixture(scope="session")
def reader(made: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """A reviewer at a desk that many tests read and none changes."""
    with opened(made, tmp_path_factory.mktemp("shared") / "desk") as shared:
        yield shared.enter("qa")


@contextmanager
def opened(made: tuple[Path, dict[str, str]], folder: Path) -> Iterator[Door]:
    source, calls = made
    shutil.copytree(source, folder)
    # One event loop for all requests: a test client that is not entered starts one, and threads, for each.
    with start_blocking_portal() as portal, Desk.open(folder / "callqa.sqlite") as desk:
        app = create_app(desk, Options(recordings=folder))
        clients: list[TestClient] = []

        def client() -> TestClient:
            clients.append(TestClient(app, base_url=BASE))
            clients[-1].portal = portal
            return clients[-1]

        try:
            yield Door(desk, folder, calls, client)
        finally:
            for each in clients:
                each.close()
            app.state.shelf.close()
