"""More calls of the queue by copying those that are there, in the database: 2,500 made, 100,000 to work with.

A copy is a call of its own (address, name, transcript, evaluation, answers, place in the queue and in the search
index) with its own day, some later; its words are those of the call it was copied from. Figures of the dashboards are
then counted by the product's own code.
"""

# ruff: noqa: S608 - names of tables and columns are our own
from __future__ import annotations

import time

from sqlalchemy import exists, select, text

from store import tallies
from store.desk import Desk
from store.desk_tables import QueueRow
from store.tally_tables import TalliedRow

DAYS = 9  # later, each time
COPIES = 39  # of every call: addresses are turned by that many characters, of 64
AT_ONCE = 500


def copy(url: str, made: int, until: float) -> bool:
    """Make 40 calls of each of the first so many of the queue, where that was not done yet; whether in time."""
    with Desk.open(url) as desk:
        lite = desk.ledger._engine.dialect.name == "sqlite"
        with desk.reading() as session:
            last = session.scalar(text(_LAST), {"n": made})
            names = {
                table: [row[0] for row in session.execute(text(_COLUMNS[lite]), {"of": table})]
                for table in ("calls", "transcripts", "signals", "evaluations", "answers", "queue")
            }
        for turn in range(1, COPIES + 1):
            if time.monotonic() > until:
                return False
            with desk.writing() as session:
                if session.scalar(text("SELECT count(*) FROM queue WHERE number > :n"), {"n": last * turn}):
                    continue
                for statement in _statements(turn, last, names, lite):
                    session.execute(text(statement))
        counted = exists().where(TalliedRow.sha256 == QueueRow.sha256)  # PostgreSQL is slow with NOT IN of many
        waiting = select(QueueRow.sha256).where(~counted).order_by(QueueRow.number)
        with desk.reading() as session:
            ids = session.scalars(waiting).all()
        for at in range(0, len(ids), AT_ONCE):
            if time.monotonic() > until:
                return False
            with desk.writing() as session:
                tallies.take(session, ids[at : at + AT_ONCE])
    return True


_LAST = "SELECT max(number) FROM (SELECT number FROM queue ORDER BY number LIMIT :n) AS made"
_COLUMNS = {
    True: "SELECT name FROM pragma_table_info(:of)",
    False: "SELECT column_name FROM information_schema.columns WHERE table_name = :of",
}


def _statements(turn: int, last: int, names: dict[str, list[str]], lite: bool) -> list[str]:
    def turned(column: str) -> str:
        return f"substr({column}, {turn + 1}) || substr({column}, 1, {turn})"

    days = DAYS * turn
    later = f"strftime('%Y-%m-%d %H:%M:%S.000000', started_at, '+{days} days')" if lite else (
        f"started_at + interval '{days} days'"
    )  # fmt: skip
    changed = {
        "calls": {"sha256": turned("sha256"), "call_id": f"call_id || '-{turn}'", "started_at": later},
        "transcripts": {"key": turned("key"), "sha256": turned("sha256")},
        "signals": {"key": turned("key"), "transcript_key": turned("transcript_key")},
        "evaluations": {
            "key": turned("key"), "sha256": turned("sha256"), "call_id": f"call_id || '-{turn}'",
            "transcript_key": turned("transcript_key"), "signals_key": turned("signals_key"),
        },
        "answers": {"evaluation_key": turned("evaluation_key")},
        "queue": {
            "number": f"number + {last * turn}", "sha256": turned("sha256"), "call_id": f"call_id || '-{turn}'",
            "evaluation_key": turned("evaluation_key"), "started_at": later,
        },
    }  # fmt: skip
    numbers = f"number <= {last}"
    first = f"SELECT sha256 FROM queue WHERE {numbers}"
    only = {
        "calls": f"sha256 IN ({first})", "transcripts": f"sha256 IN ({first})", "evaluations": f"sha256 IN ({first})",
        "signals": f"transcript_key IN (SELECT key FROM transcripts WHERE sha256 IN ({first}))",
        "answers": f"evaluation_key IN (SELECT evaluation_key FROM queue WHERE {numbers})", "queue": numbers,
    }  # fmt: skip
    made = []
    for table, change in changed.items():
        columns = [name for name in names[table] if not (table == "answers" and name == "id")]
        listed = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(change.get(name, f'"{name}"') for name in columns)
        made.append(f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} WHERE {only[table]}")
    key = "rowid" if lite else "number"
    made.append(
        f"INSERT INTO queue_marks (mark, number) SELECT mark, number + {last * turn} FROM queue_marks WHERE {numbers}"
    )
    moved = f"SELECT {key} + {last * turn}, tokens FROM queue_search WHERE {key} <= {last}"
    made.append(f"INSERT INTO queue_search ({key}, tokens) {moved}")
    return [*made, "DELETE FROM queue_pending"]
