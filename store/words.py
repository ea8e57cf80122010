"""Words of a stored turn, made when somebody asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, overload

import orjson

from scoring.call import Word, heard_in


class LaterWords(Sequence[Word]):
    """Stands where a turn has its tuple of words, and equals it.

    What was heard of them (see `scoring.call.Turn.heard`) is known without making them.
    """

    __slots__ = ("_heard", "_made", "_stored")

    def __init__(self, stored: str | Sequence[Sequence[Any]], heard: str | bool | None) -> None:
        """stored: [start, end, text, confidence, heard?] of each word, or that as JSON. heard: of the turn, None where
        it reads so; True where only its words know."""
        self._stored = stored
        self._made: tuple[Word, ...] | None = None
        self._heard = heard

    def as_heard(self) -> str | None:
        """What was heard of the whole turn, None where it reads so."""
        if self._heard is True:
            self._heard = heard_in(self._words())
        return self._heard if isinstance(self._heard, str) else None

    def _words(self) -> tuple[Word, ...]:
        if self._made is None:
            stored = _parsed(self._stored) if isinstance(self._stored, str) else self._stored
            self._made = tuple(Word(*word) for word in stored)
            self._stored = ()
        return self._made

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
