"""In which pieces a text is read: whole, by its sentences, and by its clauses.

Mandarin strings sentences together with commas, and recognisers and typists write whole English turns as one line. An
act in one clause of many weighs little in the vector of the whole: 抱歉没有找到，您要不换一家… hardly reads as an
apology, its first clause does. So every piece is read, and for acts that one clause can do the likeliest counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

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
_SENTENCE = re.compile(r"(?<=[。！？!?…])\s*(?=\S)|(?<=[.;])\s+")
_CLAUSE = re.compile(r"(?<=[，；;。！？!?…])\s*(?=\S)|(?<=,)\s*(?=[^\s\d])")
_MANDARIN = re.compile(r"[一-鿿]")


class Pieces(NamedTuple):
    """Pieces of a text: itself and its sentences, which can do anything, and Mandarin clauses, which cannot."""

    sentences: tuple[str, ...]
    clauses: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them, sentences first."""
        return self.sentences + self.clauses


def pieces(text: str) -> Pieces:
    """The text with its parts, each once; no part where it is the whole."""
    sentences = dict.fromkeys([text, *_spoken(_SENTENCE, text)])
    clauses = dict.fromkeys(_spoken(_CLAUSE, text) if _MANDARIN.search(text) else ())
    return Pieces(tuple(sentences), tuple(clause for clause in clauses if clause not in sentences))


def _spoken(border: re.Pattern[str], text: str) -> list[str]:
    parts = [part.strip() for part in border.split(text) if any(map(str.isalnum, part))]
    return parts if len(parts) > 1 else []


def likeliest(found: np.ndarray, parts: Sequence[Pieces], labels: Sequence[str]) -> np.ndarray:
    """Of each text the largest value over its sentences, or over all pieces for labels that a clause can carry,
    (texts, labels). found: (pieces, labels) of all texts in turn, sentences before clauses."""
    sizes = np.array([len(p.texts) for p in parts])
    starts = np.cumsum(sizes) - sizes
    alone = np.array([label in ALONE for label in labels])
    clause = np.concatenate([np.arange(len(p.texts)) >= len(p.sentences) for p in parts])
    kept = np.where(clause[:, None] & ~alone, -np.inf, found)
    return np.asarray(np.maximum.reduceat(kept, starts, axis=0))
