"""A desk on the made-up calls, and people who are logged in at it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from made_ledger import PASSWORD, made_desk
from starlette.testclient import TestClient

from review.desk.app import create_app
from review.desk.options import Options
from scoring.rubric_file import load_rubric
from store.desk import Desk

BASE = "http://desk"


@dataclass
class Door:
    """A desk that runs: its ledger, where recordings lie, and calls by id."""

    desk: Desk
    folder: Path
    calls: dict[str, str]
    client: Callable[[], TestClient]

    def enter(self, login: str) -> Person:
        """Log in as one of `made_ledger.USERS`."""
        client = self.client()
        page = client.get("/login")
        sent = {"login": login, "password": PASSWORD, "csrf": token_of(page.text), "next": "/"}
        answer = client.post("/login", data=sent, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return Person(client, client.get("/api/v1/me").json()["csrf"])


@dataclass
class Person:
    """Somebody who is logged in."""

    client: TestClient
    csrf: str

    def get(self, path: str, **headers: str):  # noqa: ANN201 - httpx's answer
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, data: dict[str, str] | None = None):  # noqa: ANN201
        return self.client.post(path, data={"csrf": self.csrf} | (data or {}), follow_redirects=False)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return found[1]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A ledger that tests copy: making one takes seconds, most of them for eight passwords."""
    folder = tmp_path_factory.mktemp("made")
    return folder, made_desk(folder, load_rubric("service"))


@pytest.fixture
def door(made: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Door]:
    source, calls = made
    folder = tmp_path / "desk"
    shutil.copytree(source, folder)
    with Desk.open(folder / "callqa.sqlite") as desk:
        app = create_app(desk, Options(recordings=folder))
        clients: list[TestClient] = []

        def client() -> TestClient:
            clients.append(TestClient(app, base_url=BASE))
            return clients[-1]

        try:
            yield Door(desk, folder, calls, client)
        finally:
            for each in clients:
                each.close()
            app.state.shelf.close()
