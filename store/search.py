"""Full text search in what was said, Chinese too: the index holds pairs of characters, and words of other scripts.

我的宽带 becomes 我的 的宽 宽带 带, the last alone so that every character begins one token. A searched word of one
character is the beginning of a token, a longer one its pairs in a row. SQLite keeps the tokens in FTS5, PostgreSQL in
a tsvector; both know rows in a row and beginnings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Integer, Select, bindparam, column, select, table, text
from sqlalchemy.orm import Session

from store.desk_tables import QueueRow

MOST_WORDS = 8  # of one search
MOST_POSITION = 16_383  # PostgreSQL counts no further: beyond, words are found but no longer in a row
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>[^\W_{_HAN}]+)")
_BREAK = "\ue000"  # between turns, a letter to both databases' minds and in no text


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order."""
    return list(_tokens(text, ends=True))


def index(session: Session, number: int, turns: Iterable[str]) -> None:
    """Put what was said in a call, turn by turn, into the index, in place of what was there."""
    lists = [tokens(turn) for turn in turns]
    if session.get_bind().dialect.name == "sqlite":
        said = f" {_BREAK} ".join(" ".join(found) for found in lists)
        session.execute(text("DELETE FROM queue_search WHERE rowid = :n"), {"n": number})
        session.execute(
            text("INSERT INTO queue_search (rowid, tokens) VALUES (:n, :said)"), {"n": number, "said": said}
        )
        return
    at, places = 0, []
    for found in lists:
        for token in found:
            at += 1
            places.append(f"'{token}':{min(at, MOST_POSITION)}")
        at += 1
    session.execute(
        text(
            "INSERT INTO queue_search (number, tokens) VALUES (:n, CAST(:said AS tsvector))"
            " ON CONFLICT (number) DO UPDATE SET tokens = excluded.tokens"
        ),
        {"n": number, "said": " ".join(places)},
    )


def matching(session: Session, wanted: str) -> ColumnElement[bool] | None:
    """The calls in which all of the words were said; None where nothing was asked for."""
    words = [run for run in map(list, _words(wanted)) if run][:MOST_WORDS]
    if not words:
        return None
    if session.get_bind().dialect.name == "sqlite":
        asked = " AND ".join(_fts(word) for word in words)
        number, holds = column("rowid", Integer), "queue_search MATCH :asked"
    else:
        asked = " & ".join(_tsquery(word) for word in words)
        number, holds = column("number", Integer), "tokens @@ CAST(:asked AS tsquery)"
    found: Select[int] = select(number).select_from(table("queue_search"))
    return QueueRow.number.in_(found.where(text(holds).bindparams(bindparam("asked", asked))))


def _words(wanted: str) -> Iterator[list[str]]:
    """Each word of a search as its tokens in a row; a trailing * marks the beginning of a token."""
    for part in wanted.split():
        yield [token + "*" if len(token) == 1 and _RUN.match(token)["han"] else token  # type: ignore[index]
               for token in _tokens(part, ends=False)]  # fmt: skip


def _tokens(said: str, *, ends: bool) -> Iterator[str]:
    for run in _RUN.finditer(unicodedata.normalize("NFKC", said).casefold()):
        if not run["han"]:
            yield run["word"][:64]
            continue
        han = run["han"]
        yield from (han[i : i + 2] for i in range(len(han) - 1))
        if ends or len(han) == 1:
            yield han[-1]


def _fts(word: list[str]) -> str:
    # A phrase in quotes is never read as syntax; tokens hold letters and digits only.
    said = " ".join(token.rstrip("*") for token in word)
    return f'"{said}"' + ("*" if word[-1].endswith("*") else "")


def _tsquery(word: list[str]) -> str:
    return "(" + " <-> ".join(f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'" for token in word) + ")"
