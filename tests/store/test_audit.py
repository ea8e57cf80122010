"""The audit log shows whatever was done to it; users and sessions keep strangers out. On every database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.orm import Session

from scoring.errors import UsageError
from store import audit, sessions, users
from store.access import Role
from store.columns import now
from store.desk import Desk
from store.desk_tables import SessionRow

PASSWORD = "long enough 1"  # noqa: S105


@pytest.fixture
def desk(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(users, "_HASHER", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    with Desk.open(url) as opened:
        yield opened


def noted(desk: Desk, lines: int = 5) -> audit.Verdict:
    for i in range(lines):
        with desk.writing() as session:
            audit.note(session, "qa", "call.view", f"call-{i}", n=i, 名="王\0\ud800")
    with desk.reading() as session:
        return audit.verify(session)


def tamper(desk: Desk, *statements: str) -> None:
    """What somebody with the database's password can do: the guards are taken off first."""
    with desk.writing() as session:
        run = session.connection().exec_driver_sql
        if session.get_bind().dialect.name == "sqlite":
            run("DROP TRIGGER audit_no_update")
            run("DROP TRIGGER audit_no_delete")
        else:
            run("DROP TRIGGER audit_no_change ON audit")
        for statement in statements:
            run(statement)


def test_a_whole_chain(desk: Desk) -> None:
    verdict = noted(desk)
    assert (verdict.number, verdict.broken) == (5, None)
    with desk.reading() as session:
        assert audit.verify(session, number=5, hash=verdict.hash).broken is None
        assert audit.verify(session, number=3, hash=verdict.hash).broken == "line 3 is not the one noted"


@pytest.mark.parametrize(
    ("statement", "said", "whole_to"),
    [
        ("UPDATE audit SET actor = 'somebody' WHERE number = 3", "line 3 was changed", 2),
        ("UPDATE audit SET at = '2020-01-01' WHERE number = 1", "line 1 was changed", 0),
        ("UPDATE audit SET details = '{}' WHERE number = 5", "line 5 was changed", 4),
        ("DELETE FROM audit WHERE number = 2", "line 2 is missing", 1),
        ("DELETE FROM audit WHERE number = 1", "line 1 is missing", 0),
        ("UPDATE audit SET number = 9 WHERE number = 5", "line 5 is missing", 4),
    ],
)
def test_tampering_is_found(desk: Desk, statement: str, said: str, whole_to: int) -> None:
    noted(desk)
    tamper(desk, statement)
    with desk.reading() as session:
        verdict = audit.verify(session)
    assert (verdict.broken, verdict.number) == (said, whole_to)


def test_a_lost_end_is_found_by_who_noted_it(desk: Desk) -> None:
    before = noted(desk)
    tamper(desk, "DELETE FROM audit WHERE number > 3")
    with desk.reading() as session:
        assert audit.verify(session).broken is None
        assert "the end is missing" in str(audit.verify(session, number=before.number, hash=before.hash).broken)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_refuses(desk: Desk, statement: str) -> None:
    noted(desk, 1)
    with pytest.raises(Exception, match="only grows"), desk.writing() as session:
        session.execute(text(statement))


def test_a_change_that_is_not_kept_is_not_noted(desk: Desk) -> None:
    with desk.writing() as session:
        audit.note(session, "qa", "x")
        session.rollback()
    assert noted(desk, 1).number == 1


def user(session: Session, login: str = "Li", **more: object) -> None:
    users.add(session, login, PASSWORD, Role.QA, by="test", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("login", "password", "role"),
    [("li", PASSWORD, Role.QA), ("", PASSWORD, Role.QA), ("a b", PASSWORD, Role.QA), ("x", "short", Role.QA),
     ("longenough1", "LongEnough1", Role.QA), ("x", "a" * 300, Role.QA), ("x", PASSWORD, Role.AGENT),
     ("x", PASSWORD, Role.TEAM_LEADER)],
)  # fmt: skip
def test_users_that_cannot_be(desk: Desk, login: str, password: str, role: Role) -> None:
    with desk.writing() as session:
        user(session)
    with pytest.raises(UsageError) as refused, desk.writing() as session:
        users.add(session, login, password, role, by="test")
    assert refused.value.remedy


def test_who_is_recognised(desk: Desk) -> None:
    with desk.writing() as session:
        user(session, "Ｌｉ")
    with desk.reading() as session:
        assert users.recognised(session, " LI ", PASSWORD)
        assert not users.recognised(session, "li", PASSWORD + " ")
        assert not users.recognised(session, "nobody", PASSWORD)
        assert PASSWORD not in users.everybody(session)[0].password
    with desk.writing() as session:
        users.disable(session, "li", by="test")
    with desk.reading() as session:
        assert not users.recognised(session, "li", PASSWORD)


@pytest.mark.parametrize(("column", "age"), [("created_at", sessions.LONGEST), ("seen_at", sessions.IDLE)])
def test_sessions_end(desk: Desk, column: str, age: timedelta) -> None:
    with desk.writing() as session:
        user(session)
        cookie = sessions.begin(session, users.everybody(session)[0])
    with desk.reading() as session:
        visit = sessions.visit(session, cookie)
        assert visit
        assert cookie != visit.token, "the ledger does not hold what lets somebody in"
        assert sessions.visit(session, cookie + "x") is None
    with desk.writing() as session:
        setattr(session.get_one(SessionRow, visit.token), column, now() - age - timedelta(seconds=1))
    with desk.reading() as session:
        assert sessions.visit(session, cookie) is None
