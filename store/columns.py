"""Column types that keep what they are given, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

# SQLite numbers rows by itself only in a column that is called exactly INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")


class Plain(TypeDecorator[str]):
    """Text of any origin. What databases refuse becomes visible: NUL as U+FFFD, a stray byte of a path as \\udcXX.

    Recordings may be named in GBK on a UTF-8 disk; such a call is inspected like every other.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else plain(value)


class Instant(TypeDecorator[datetime]):
    """A moment, aware, in UTC. SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def plain(text: str) -> str:
    """The text without what databases and UTF-8 refuse."""
    text = str(text).replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)
