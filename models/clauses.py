"""In which pieces a sentence is read: whole, and by its clauses.

Mandarin strings sentences together with commas, and recognisers and typists write whole English turns as one line. An
act in one clause of many weighs little in the vector of the whole: 抱歉没有找到，您要不换一家… hardly reads as an
apology, its first clause does. So every piece is read, and for acts that one clause can do the likeliest counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

# What a clause can do by itself. Whether something is restated, solved or shirked only the whole tells.
ALONE = frozenset(
    [
        "greeting",
        "self_introduction",
        "offer_of_help",
        "anything_else",
        "satisfaction_invite",
        "closing",
        "thanks",
        "apology",
        "empathy_formulaic",
        "verification",
        "personal_data_request",
        "recording_notice",
        "hold_request",
        "transfer",
        "follow_up_promise",
        "escalation_request",
        "regulator_threat",
    ]
)
_MANDARIN = re.compile(r"[一-鿿]")
_CLAUSE = re.compile(r"(?<=[，；;。！？!?…])\s*(?=\S)|(?<=,)\s*(?=[^\s\d])")
_SENTENCE = re.compile(r"(?<=[.!?…;])\s+")


def pieces(text: str) -> tuple[str, ...]:
    """The text itself, then its clauses where it is Mandarin or its sentences where it is English, if several."""
    parts = (_CLAUSE if _MANDARIN.search(text) else _SENTENCE).split(text)
    spoken = [part.strip() for part in parts if any(map(str.isalnum, part))]
    return tuple(dict.fromkeys([text, *spoken])) if len(spoken) > 1 else (text,)


def likeliest(found: np.ndarray, counts: Sequence[int], labels: Sequence[str]) -> np.ndarray:
    """Of each text its own value, or the largest of its pieces for labels that a clause can carry, (texts, labels).
    found: (pieces, labels) of all texts in turn; counts: pieces of each text."""
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(int)
    alone = np.array([label in ALONE for label in labels])
    return np.where(alone, np.maximum.reduceat(found, starts, axis=0), found[starts])
