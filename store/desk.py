"""The desk's way to the ledger: short reads and writes, each one transaction, over one pool of connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session

from store import take_up
from store.connect import WRITES, connect, explained
from store.ledger import Ledger


class Desk:
    """Open it with `Desk.open`; close it, or use it as a context. `ledger` shares its connections."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.where = ledger.where
        self._engine = ledger._engine
        self._writer = self._engine.execution_options(**{WRITES: True})

    @classmethod
    def open(cls, url: str | Path) -> Self:
        """The desk of a ledger by path of an SQLite file or by URL. Raises OutputError."""
        return cls(Ledger(*connect(url)))

    def close(self) -> None:
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with explained(self.where), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes; kept when the block ends well."""
        with explained(self.where), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def catch_up(self, most: int | None = None) -> int:
        """Take news of the ledger into the queue, some calls at a time; how many notes of news were taken."""
        taken = 0
        while most is None or taken < most:
            with self.reading() as session:
                prepared = take_up.prepare(session)
            if not prepared.notes:
                break
            with self.writing() as session:
                taken += take_up.write(session, prepared)
        return taken
