"""The desk is killed while people submit reviews: what was answered with success is there, and the books are whole."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from empty_database import empty_database
from made_ledger import made_desk
from served_desk import PATIENCE, serving
from sqlalchemy import func, select

from scoring.rubric_file import load_rubric
from store import audit, tokens
from store.desk import Desk
from store.desk_tables import AuditRow, QueueRow, ReviewAnswerRow, ReviewRow
from store.tokens import Scope

ENOUGH = 15  # reviews before it is killed


class Reviewer(threading.Thread):
    """Somebody who submits review upon review until nobody answers. kept: (recording, version, comment) of each 200."""

    def __init__(self, place: str, secret: str, recordings: list[str], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._connection = http.client.HTTPConnection(place, timeout=10)
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self._recordings = recordings
        self._known: dict[str, list[tuple[str, str]]] = {}
        self.kept: list[tuple[str, int, str]] = []
        self.overtaken = 0

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        sent = json.dumps(body) if body else None
        self._connection.request(method, f"/api/v1{path}", sent, self._headers | headers)
        answer = self._connection.getresponse()
        return answer.status, dict(answer.getheaders()), json.loads(answer.read())

    def _answers(self, sha256: str) -> list[tuple[str, str]]:
        """What the machine answered, with which this person agrees."""
        if sha256 not in self._known:
            answers = self.ask("GET", f"/calls/{sha256}/answers")[2]["answers"]
            self._known[sha256] = [(answer["item"], answer["status"]) for answer in answers]
        return self._known[sha256]

    def run(self) -> None:
        number = 0
        try:
            while True:
                sha256, number = self._recordings[number % len(self._recordings)], number + 1
                path, comment = f"/calls/{sha256}/review", f"{self.name} {number}"
                _, headers, _ = self.ask("GET", path)
                decisions = [{"item": item, "human": status} for item, status in self._answers(sha256)]
                body = {"state": "submitted", "comment": comment, "decisions": decisions}
                status, _, said = self.ask("PUT", path, body, **{"If-Match": headers["etag"]})
                if status == 200:
                    self.kept.append((sha256, said["version"], comment))
                else:
                    assert status == 412, said
                    self.overtaken += 1
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            pass  # nobody answers any more
        finally:
            self.close()

    def close(self) -> None:
        self._connection.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_submitted_review_is_lost(kind: str, tmp_path: Path, environment: dict[str, str]) -> None:
    with empty_database(kind, tmp_path) as url:
        calls = list(made_desk(tmp_path, load_rubric("service"), url).values())[:3]
        with Desk.open(url) as desk, desk.writing() as session:
            secrets = [tokens.issue(session, who, "test", Scope.REVIEW, by="test") for who in ("qa", "qa2", "boss")]
        with serving(url, tmp_path, environment) as (process, place):
            people = [Reviewer(place, secret, calls, f"reviewer {n}") for n, secret in enumerate(secrets)]
            for person in people:
                person.start()
            deadline = time.monotonic() + PATIENCE
            while sum(len(person.kept) for person in people) < ENOUGH:
                assert time.monotonic() < deadline, [(p.kept, p.is_alive()) for p in people]
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            for person in people:
                person.join(PATIENCE)
            assert process.wait(PATIENCE) == -signal.SIGKILL
        kept = [one for person in people for one in person.kept]
        check(url, kept)


def check(url: str, kept: list[tuple[str, int, str]]) -> None:
    """All that was answered with success is there once, nothing is half there, and the audit log tells of each."""
    with Desk.open(url) as desk, desk.reading() as session:
        found = session.execute(
            select(ReviewRow.sha256, ReviewRow.version, ReviewRow.comment, func.count())
            .join(ReviewAnswerRow, ReviewAnswerRow.review_id == ReviewRow.id)
            .group_by(ReviewRow.sha256, ReviewRow.version, ReviewRow.comment)
        ).all()
        assert set(kept) <= {(row[0], row[1], row[2]) for row in found}
        assert len(kept) == len({(sha256, version) for sha256, version, _ in kept})
        assert {row[3] for row in found} == {len(list(load_rubric("service").items()))}
        for sha256 in {row[0] for row in found}:
            versions = sorted(row[1] for row in found if row[0] == sha256)
            assert versions == list(range(1, len(versions) + 1))
            assert session.scalar(select(QueueRow.review).where(QueueRow.sha256 == sha256)) == "submitted"
        noted = select(func.count()).select_from(AuditRow).where(AuditRow.action == "review.submitted")
        assert session.scalar(noted) == len(found) == session.scalar(select(func.count()).select_from(ReviewRow))
        assert audit.verify(session).broken is None
        if session.get_bind().dialect.name == "sqlite":
            assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
