"""In which pieces a sentence is read: whole, and by its clauses.

Mandarin strings sentences together with commas, and recognisers and typists write whole English turns as one line. An
act in one clause of many weighs little in the vector of the whole: 抱歉没有找到，您要不换一家… hardly reads as an apology,
its first clause does. So every piece is read and the likeliest counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

_MANDARIN = re.compile(r"[一-鿿]")
_CLAUSE = re.compile(r"(?<=[，；;。！？!?…])\s*(?=\S)|(?<=,)\s*(?=[^\s\d])")
_SENTENCE = re.compile(r"(?<=[.!?…;])\s+")


def pieces(text: str) -> tuple[str, ...]:
    """The text itself, then its clauses where it is Mandarin, its sentences where it is English, if there are several."""
    parts = (_CLAUSE if _MANDARIN.search(text) else _SENTENCE).split(text)
    spoken = [part.strip() for part in parts if any(map(str.isalnum, part))]
    return tuple(dict.fromkeys([text, *spoken])) if len(spoken) > 1 else (text,)


def likeliest(found: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    """The largest value over the pieces of each text, (texts, ...). counts: pieces of each text; found: (pieces, ...) of
    all texts in turn."""
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(int)
    return np.maximum.reduceat(found, starts, axis=0)
