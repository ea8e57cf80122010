"""Likeness in meaning, as plain data on the call.

`scoring` knows no encoder. A rubric says which of a call's words it wants compared with which wordings (`Ask`); whoever
has an encoder compares them (`Likens`) and the answer travels on the call (`Call.likeness`). So an evaluation stays a
function of call and rubric alone, and a stored call is judged anew from its sentences, without audio.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from scoring.units import count_units

if TYPE_CHECKING:
    from scoring.call import Call

Likeness = Mapping[str, Mapping[str, float]]  # words said -> wording -> cosine of their centred vectors, -1..1

SHORTEST_CLAUSE = 2  # characters; one word of Latin script will do: 您好 and "hello" say something, 好 does not
_CJK = re.compile(r"[一-鿿]")
_CUT = re.compile(r"[，,；;：:。！？!?…]+\s*|\.(?=\s|$)\s*| [–—-] ")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be compared with what."""

    said: frozenset[str] = frozenset()
    wordings: frozenset[str] = frozenset()

    def __or__(self, other: Ask) -> Ask:
        return Ask(self.said | other.said, self.wordings | other.wordings)

    @classmethod
    def all(cls, asks: Iterable[Ask]) -> Ask:
        """Everything that any of them wants."""
        asks = tuple(asks)
        return cls(frozenset().union(*(a.said for a in asks)), frozenset().union(*(a.wordings for a in asks)))


class Likens(Protocol):
    """Compares words with wordings by meaning (models.reader.Reader.likeness)."""

    def __call__(self, said: Sequence[str], wordings: Sequence[str]) -> Likeness: ...


def likened(call: Call, asks: Callable[[Call], Ask], likens: Likens) -> Call:
    """The call with the likeness that `asks` (of a rubric) wants to know; untouched where it wants none."""
    ask = asks(call)
    if not ask.said or not ask.wordings:
        return call
    return replace(call, likeness=likens(sorted(ask.said), sorted(ask.wordings)))


@lru_cache(maxsize=16384)
def pieces(text: str) -> tuple[str, ...]:
    """A sentence and its clauses: one clause may do what the whole hides."""
    clauses = [c.strip() for c in _CUT.split(text)]
    kept = [c for c in clauses if count_units(c) >= (SHORTEST_CLAUSE if _CJK.search(c) else 1)]
    return tuple(dict.fromkeys((text, *kept))) if len(clauses) > 1 else (text,)


def likest(likeness: Likeness, said: Iterable[str], wordings: Iterable[str]) -> float | None:
    """The greatest cosine between any of the words and any of the wordings; None where it was not computed."""
    wordings = tuple(wordings)
    found = [row[w] for s in said if (row := likeness.get(s)) for w in wordings if w in row]
    return max(found, default=None)
