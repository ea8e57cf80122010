"""The audit log 审计日志: who looked at whose call, who changed what. It only grows; each line vouches for all before.

hash = sha256 of the line's fields as JSON, `previous` (the hash of the line before) among them. Whoever changes,
drops or inserts a line breaks the chain from there on. The end alone can be cut off unseen: note number and hash that
`callqa audit verify` prints somewhere else, and give them next time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from store.columns import now, plain
from store.desk_tables import AuditRow

BEFORE_ALL = "0" * 64
LOCK = 0x6175646974  # "audit": PostgreSQL's advisory locks are numbers
LINES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found. number, hash: of the last line; broken: what is wrong, None if nothing is."""

    number: int
    hash: str
    broken: str | None = None


def note(session: Session, actor: str, action: str, subject: str = "", **details: Any) -> None:
    """Add a line, in the transaction of what it tells of. Needs a writing session: lines come one after another."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    newest = select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)
    number, previous = session.execute(newest).one_or_none() or (0, BEFORE_ALL)
    line = {
        "number": number + 1,
        "at": now().isoformat(timespec="microseconds"),
        "actor": plain(actor),
        "action": action,
        "subject": plain(subject),
        "details": plain(json.dumps(details, ensure_ascii=False, sort_keys=True)),
        "previous": previous,
    }
    session.add(AuditRow(**line, hash=digest(line)))
    session.flush()


def verify(session: Session, *, number: int | None = None, hash: str | None = None) -> Verdict:
    """Walk the whole chain. number, hash: a line noted earlier, which must still be there as it was."""
    last, previous = 0, BEFORE_ALL
    noted = number is None
    while True:
        lines = session.scalars(
            select(AuditRow).where(AuditRow.number > last).order_by(AuditRow.number).limit(LINES_AT_ONCE)
        ).all()
        if not lines:
            break
        for line in lines:
            fields = {name: getattr(line, name) for name in _FIELDS}
            if line.number != last + 1:
                return Verdict(last, previous, f"line {last + 1} is missing")
            if line.previous != previous or line.hash != digest(fields):
                return Verdict(last, previous, f"line {line.number} was changed")
            if line.number == number:
                noted = True
                if line.hash != hash:
                    return Verdict(line.number, line.hash, f"line {line.number} is not the one noted")
            last, previous = line.number, line.hash
        session.expunge_all()
    return Verdict(
        last, previous, None if noted else f"the end is missing: line {number} was noted, {last} is the last"
    )


_FIELDS = ("number", "at", "actor", "action", "subject", "details", "previous")


def digest(line: Mapping[str, Any]) -> str:
    """sha256 of a line's fields."""
    return hashlib.sha256(json.dumps([line[name] for name in _FIELDS], ensure_ascii=False).encode()).hexdigest()
