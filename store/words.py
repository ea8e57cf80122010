"""Words of a stored turn, made when somebody asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, overload

import orjson

from scoring.call import Word


class LaterWords(Sequence[Word]):
    """Stands where a turn has its tuple of words, and equals it.

    rewritten: whether some of them may not be as they were heard (see `scoring.call.Turn.heard`), which is known
    without making them.
    """

    __slots__ = ("_made", "_stored", "rewritten")

    def __init__(self, stored: str | Sequence[Sequence[Any]], rewritten: bool) -> None:
        """stored: [start, end, text, confidence, heard?] of each word, or that as JSON."""
        self._stored = stored
        self._made: tuple[Word, ...] | None = None
        self.rewritten = rewritten

    def as_heard(self) -> str | None:
        """As `scoring.call.Turn.heard`, without making the words."""
        if not self.rewritten:
            return None
        stored = self._read()
        if max(map(len, stored), default=0) < 5:
            return None
        return "".join([word[2] if len(word) < 5 or word[4] is None else word[4] for word in stored]).strip()

    def _words(self) -> tuple[Word, ...]:
        if self._made is None:
            self._made = tuple(Word(*word) for word in self._read())
        return self._made

    def _read(self) -> Sequence[Sequence[Any]]:
        if isinstance(self._stored, str):
            self._stored = _parsed(self._stored)
        return self._stored

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, at: int | slice) -> Word | tuple[Word, ...]:
        return self._words()[at]

    def __iter__(self) -> Iterator[Word]:
        return iter(self._words())

    def __len__(self) -> int:
        return len(self._words())

    def __eq__(self, other: object) -> bool:
        return self._words() == (other._words() if isinstance(other, LaterWords) else other)

    def __hash__(self) -> int:
        return hash(self._words())

    def __repr__(self) -> str:
        return repr(self._words())


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # an escaped lone surrogate
        return json.loads(text)
