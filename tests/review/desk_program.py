"""A program that asks the API, and what the audit log says of it."""

from __future__ import annotations

from typing import Any

from desk_door import Door
from sqlalchemy import select

from store import audit, tokens
from store.desk_tables import AuditRow
from store.tokens import Scope


class Program:
    """A program with somebody's token, or none."""

    def __init__(self, door: Door, login: str = "", scope: Scope = Scope.READ, secret: str = "") -> None:
        if login:
            with door.desk.writing() as session:
                secret = tokens.issue(session, login, f"{scope} of a program", scope, by="test")
        self.secret, self._client = secret, door.client()

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Any:
        shown = {"Authorization": f"Bearer {self.secret}"} | headers
        return self._client.request(method, f"/api/v1{path}", json=body, headers=shown, follow_redirects=False)


def lines(door: Door, action: str) -> list[AuditRow]:
    with door.desk.reading() as session:
        assert audit.verify(session).broken is None
        return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))
