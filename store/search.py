"""Full text search in what was said, Chinese too: the index holds pairs of characters, and words of other scripts.

我的宽带 becomes 我的 的宽 宽带 带, the last alone so that every character begins one token. A searched word of one
character is the beginning of a token, a longer one its pairs in a row. SQLite keeps the tokens in FTS5, PostgreSQL in
a tsvector; both know rows in a row and beginnings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from operator import add

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    column,
    func,
    select,
    table,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from store.desk_tables import QueueRow

MOST_WORDS = 8  # of one search
MANY = 1000  # calls found: of 100,000, a page of 50 is then met in some thousands of steps of the list
MOST_POSITION = 16_383  # PostgreSQL counts no further: beyond, words are found but no longer in a row
ALL = 2**62
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>[^\W_{_HAN}]+)")
_BREAK = "\ue000"  # between turns, a letter to both databases' minds and in no text


def tokens(said: str) -> list[str]:
    """The tokens of a text, in order."""
    return _tokens(_plain(said), ends=True)


def prepared(turns: Iterable[str], dialect: str) -> str:
    """What was said in a call, turn by turn, as the index of a database keeps it."""
    # Together: half of the work of a turn alone would be the call of the function that folds it.
    folded = _plain("\n".join(turn.replace("\n", " ") for turn in turns))
    lists = [_tokens(turn, ends=True) for turn in folded.split("\n")]
    if dialect == "sqlite":
        return f" {_BREAK} ".join(" ".join(found) for found in lists)
    at, places = 0, []
    for found in lists:
        for token in found:
            at += 1
            places.append(f"'{token}':{min(at, MOST_POSITION)}")
        at += 1
    return " ".join(places)


def put(session: Session, calls: Sequence[tuple[int, str]], replaced: Sequence[int] = ()) -> None:
    """Put calls, as `prepared`, into the index by their numbers. replaced: those that may be there already."""
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    key = "rowid" if sqlite else "number"
    if replaced:
        gone = text(f"DELETE FROM queue_search WHERE {key} = :n")  # noqa: S608
        connection.execute(gone, [{"n": number} for number in replaced])
    value = ":said" if sqlite else "CAST(:said AS tsvector)"
    added = text(f"INSERT INTO queue_search ({key}, tokens) VALUES (:n, {value})")  # noqa: S608
    connection.execute(added, [{"n": number, "said": said} for number, said in calls])


def matching(session: Session, wanted: str) -> ColumnElement[bool] | None:
    """The calls in which all of the words were said; None where nothing was asked for.

    Calls that few words find are begun from. Where many are found, the list is walked in its own order until a page is
    full, each call looked up among those found: to fetch and sort all of them first would take longer than all else.
    """
    words = _asked(wanted)
    if not words:
        return None
    walk = many(session, wanted)
    if session.get_bind().dialect.name == "sqlite":
        # With a sum SQLite cannot begin from what was found.
        return (QueueRow.number + 0 if walk else QueueRow.number).in_(_fts_rows(words))
    if not walk:
        return QueueRow.number.in_(_said(_together(words), ALL))
    # Asked whether it is true, PostgreSQL does not begin from what was found. Whether tokens are in a row is told by a
    # call's text alone, which is long: the index tells who holds them all, the text of those that the list comes to.
    found = QueueRow.number.in_(_said(_together([[token] for word in words for token in word]), ALL)).is_(true())
    rows = [word for word in words if len(word) > 1]
    return and_(found, _text_holds(_together(rows))) if rows else found


def many(session: Session, wanted: str) -> bool:
    """Whether more than MANY calls hold the words; looked up once in a session."""
    known: dict[str, bool] = session.info.setdefault("many_hold", {})
    if wanted not in known:
        words = _asked(wanted)
        known[wanted] = bool(words) and _number_of(session, words, MANY + 1) > MANY
    return known[wanted]


def _number_of(session: Session, words: Sequence[list[str]], most: int) -> int:
    """How many calls hold the words, at most so many: by the index of words alone."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    found = _fts_rows(words).limit(most) if sqlite else _said(_together(words), most)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _fts_rows(words: Sequence[list[str]]) -> Select[int]:
    holds = text("queue_search MATCH :asked").bindparams(bindparam("asked", " AND ".join(map(_fts, words))))
    return select(column("rowid", Integer)).select_from(table("queue_search")).where(holds)


def _said(asked: str, most: int) -> Select[int]:
    """By the function of migration 0013. asked: a tsquery."""
    query = cast(asked, TSQUERY)
    return select(func.queue_said(query, cast(most, BigInteger), type_=BigInteger).column_valued("number"))


def _text_holds(asked: str) -> ColumnElement[bool]:
    """Whether the text of the call that a list has come to is as asked (a tsquery)."""
    number, tokens = column("number", BigInteger), column("tokens", TSVECTOR)
    holds = select(tokens.bool_op("@@")(cast(asked, TSQUERY))).select_from(table("queue_search", number, tokens))
    return holds.where(number == QueueRow.number).correlate(QueueRow).scalar_subquery()


def _together(words: Sequence[list[str]]) -> str:
    return " & ".join(map(_tsquery, words))


def _asked(wanted: str) -> list[list[str]]:
    """The words of a search as tokens, as many as are looked for."""
    return [word for word in _words(wanted) if word][:MOST_WORDS]


def _words(wanted: str) -> Iterator[list[str]]:
    """Each word of a search as its tokens in a row; a trailing * marks the beginning of a token."""
    for part in wanted.split():
        yield [token + "*" if len(token) == 1 and _RUN.match(token)["han"] else token  # type: ignore[index]
               for token in _tokens(_plain(part), ends=False)]  # fmt: skip


def _plain(said: str) -> str:
    """The text with differences dropped that nobody hears: wide forms, capitals."""
    return unicodedata.normalize("NFKC", said).casefold()


def _tokens(folded: str, *, ends: bool) -> list[str]:
    found: list[str] = []
    for run in _RUN.finditer(folded):
        text = run[0]
        if run.lastgroup == "word":
            found.append(text[:64])
            continue
        found += map(add, text, text[1:])
        if ends or len(text) == 1:
            found.append(text[-1])
    return found


def _fts(word: list[str]) -> str:
    # A phrase in quotes is never read as syntax; tokens hold letters and digits only.
    said = " ".join(token.rstrip("*") for token in word)
    return f'"{said}"' + ("*" if word[-1].endswith("*") else "")


def _tsquery(word: list[str]) -> str:
    return "(" + " <-> ".join(f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'" for token in word) + ")"
