"""In which pieces a line is read: whole, by sentences as calls are, or by clauses too.

Sets hold whole turns, calls are read sentence by sentence. An act in one clause of a long turn weighs little in its
vector: "Sorry, no hotel there has both, but …" hardly reads as an apology, "Sorry" does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from models.sentences import split
from scoring.call import Word

HOW = ("whole", "sentences", "clauses")
_WORD = re.compile(r"[一-鿿][^\w\s]*\s*|\S[^\s一-鿿]*\s*")
_CLAUSE = re.compile(r"(?<=[，,；;、。！？!?…])\s*(?=\S)|(?<=\.)\s+")


def pieces(text: str, how: str) -> tuple[str, ...]:
    """The pieces of a text, itself among them where it is read by clauses. how: one of HOW."""
    if how == "sentences":
        words = tuple(Word(0.0, 0.0, w, 1.0) for w in _WORD.findall(text))
        return tuple(s.text for s in split(words)) or (text,)
    if how == "clauses":
        return tuple(dict.fromkeys([text, *(c.strip() for c in _CLAUSE.split(text) if any(map(str.isalnum, c)))]))
    return (text,)


def likeliest(probabilities: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    """Of each label the probability in the piece where it is likeliest, (lines, labels). counts: pieces of each line;
    probabilities: of all pieces in turn."""
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(int)
    return np.maximum.reduceat(probabilities, starts, axis=0)
