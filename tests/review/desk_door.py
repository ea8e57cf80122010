"""A desk that runs in a test, and people who are logged in at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from made_ledger import PASSWORD
from starlette.testclient import TestClient

from store.desk import Desk

BASE = "http://desk"


@dataclass
class Door:
    """A desk that runs: its ledger, where recordings lie, and calls by id. made: what `made_things` made, by kind and
    recording."""

    desk: Desk
    folder: Path
    calls: dict[str, str]
    client: Callable[[], TestClient]
    made: dict[tuple[str, str], int] = field(default_factory=dict)

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

    def get(self, path: str, **headers: str):
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, data: dict[str, str] | None = None):
        return self.client.post(path, data={"csrf": self.csrf} | (data or {}), follow_redirects=False)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return found[1]
