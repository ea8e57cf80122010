"""The different values of a column that an index begins with, each found by one step in the index.

SELECT DISTINCT reads every row of it: of 100,000 calls some tens of milliseconds for a handful of teams.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session


def distinct(session: Session, table: str, column: str, most: int, **equal: str) -> list[str]:
    """Values in order, without NULL and empty ones. equal: columns before it in the index, and their values."""
    known: Mapping[str, object] = {**equal, "most": most}
    only = "".join(f"{name} = :{name} AND " for name in equal)
    step = f"SELECT min({column}) FROM {table} WHERE {only}{column} >"  # noqa: S608 - names are our own
    walk = text(
        f"WITH RECURSIVE found(value) AS ({step} '' UNION ALL"  # noqa: S608
        f" SELECT ({step} found.value) FROM found WHERE found.value IS NOT NULL)"
        " SELECT value FROM found WHERE value IS NOT NULL LIMIT :most"
    )
    return list(session.scalars(walk, known))


def beside(session: Session, table: str, column: str, other: str, most: int) -> dict[str, str]:
    """Of each value of a column what one of its rows has in another column; those that have nothing there are left
    out, and those that have the same."""
    step = f"SELECT min({column}) FROM {table} WHERE {column} >"  # noqa: S608 - names are our own
    walk = text(
        f"WITH RECURSIVE found(value) AS ({step} '' UNION ALL"  # noqa: S608
        f" SELECT ({step} found.value) FROM found WHERE found.value IS NOT NULL)"
        f" SELECT value, (SELECT {other} FROM {table} WHERE {column} = found.value LIMIT 1)"
        " FROM found WHERE value IS NOT NULL LIMIT :most"
    )
    return {value: name for value, name in session.execute(walk, {"most": most}) if name and name != value}
