"""What was said in a stretch of a call, masked, and when numbers were said in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scoring.call import Turn
from scoring.covered import covered
from scoring.masking import mask
from store.casebook import Piece

LONGEST = 300.0  # s; what lasts longer is a call, not a case
SHORTEST = 0.5  # s


def excerpt(record: Mapping[str, Any], turns: Sequence[Turn], begins: float, ends: float) -> Piece:
    """The piece of a call between two moments, s. turns: with words, or empty where none were kept.

    Masked are whole turns before they are cut, so that no cut through a number uncovers it.
    """
    said: list[tuple[str, float, str]] = []
    for number, turn in enumerate(record["turns"]):
        if turn["end"] <= begins or turn["start"] >= ends:
            continue
        words = turns[number].words if number < len(turns) else ()
        parts = [part for part in _parts(turn, words) if part[1] > begins and part[0] < ends]
        text = "".join(part[2] for part in parts).strip()
        if text:
            said.append((turn["role"], round(max(begins, parts[0][0]), 2), text))
    silent = tuple(span for span in covered(record["turns"], turns) if span[1] > begins and span[0] < ends)
    return Piece(begins, ends, tuple(said), silent)


def around(record: Mapping[str, Any], begins: float, ends: float) -> tuple[float, float]:
    """Begin and end, s, of a case made from evidence: the turns it lies in, whole, where that is not too long."""
    within = [t for t in record["turns"] if t["end"] > begins and t["start"] < ends]
    first = min([begins, *(t["start"] for t in within)])
    last = max([ends, *(t["end"] for t in within)])
    if last - first > LONGEST / 4:
        first, last = begins, ends
    return fitted(first - 0.3, last + 0.3, float(record["duration"]))


def fitted(begins: float, ends: float, duration: float) -> tuple[float, float]:
    """Begin and end, s, moved into the recording and apart."""
    first = round(min(max(0.0, begins), max(0.0, duration - SHORTEST)), 1)
    last = round(min(max(ends, first + SHORTEST), first + LONGEST, max(duration, first + SHORTEST)), 1)
    return first, last


def _parts(turn: Mapping[str, Any], words: Sequence[Any]) -> Iterator[tuple[float, float, str]]:
    """Start, end, s, and masked text of each word; of the whole turn where its words are of another text."""
    joined = "".join(word.text for word in words)
    if not joined.strip() or joined.strip() != turn["text"].strip():
        yield turn["start"], turn["end"], mask(turn["text"])
        return
    masked, at = mask(joined), 0
    for word in words:
        yield word.start, word.end, masked[at : at + len(word.text)]
        at += len(word.text)
