"""When personal data is said: the stretches of a recording that are not heard where its transcript is masked.

A masked passage is silent as a whole: from its first word to its last, what anybody says in between, and the last
digits, which the mask leaves to be read. What the mask does not know, this does not: see `scoring.masking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from scoring.call import Turn, Word
from scoring.masking import passages

AROUND = 0.15  # s before and after: recognised times of words are that far off
LOOSE = 1.0  # s before and after where the time is guessed; so far may words lie outside of their turn, too
SHARE = 0.1  # of the turn, the same: pauses are not known, and the longer a turn, the more of them
QUICK = 0.05  # s a syllable: twice as fast as people can speak; times closer together are no times
LETTER = 0.3  # syllables: English has some three letters in each
ALWAYS = 86_400.0  # s, longer than any recording
Span = tuple[float, float]


def covered(said: Sequence[Mapping[str, Any]], turns: Sequence[Turn]) -> tuple[Span, ...]:
    """Stretches in which masked text is said, s, in order and apart; they may reach beyond the recording's end.

    said: a record's turns. turns: the same with words, or empty where none were kept.
    """
    found: list[Span] = []
    for number, turn in enumerate(said):
        if passages(turn["text"]):
            found += _of_turn(turn, turns[number].words if number < len(turns) else ())
    return tuple(_joined(found))


def _of_turn(turn: Mapping[str, Any], words: Sequence[Word]) -> Iterator[Span]:
    start, end = _time(turn["start"]), _time(turn["end"])
    if start is None or end is None:  # it may be anywhere
        yield 0.0, ALWAYS
        return
    end, joined = max(start, end), "".join(word.text for word in words)
    timed = joined.strip() == turn["text"].strip()  # else the words are of another text than is shown
    text = joined if timed else turn["text"]
    for first, last in passages(text):
        by_words = _by_words(words, first, last, _syllables(text[first:last])) if timed else None
        if by_words and start - LOOSE <= by_words[0] and by_words[1] <= end + LOOSE:
            yield by_words
        else:
            yield _guessed(text, first, last, start, end)


def _by_words(words: Sequence[Word], first: int, last: int, syllables: float) -> Span | None:
    """From the first word to the last that have a part of the passage; None where their times cannot be so."""
    at, begins, ends = 0, [], []
    for word in words:
        if at < last and at + len(word.text) > first:
            begins.append(_time(word.start))
            ends.append(_time(word.end))
        at += len(word.text)
    known = [time for time in (*begins, *ends) if time is not None]
    if len(known) < len(begins) + len(ends) or max(known) - min(known) < QUICK * syllables:
        return None
    return min(known), max(known)


def _guessed(text: str, first: int, last: int, start: float, end: float) -> Span:
    """Where the passage would be if the turn were spoken evenly, with room before and after, within the turn."""
    whole, room = _syllables(text), max(LOOSE, SHARE * (end - start))
    pace = (end - start) / whole if whole else 0.0
    begins, ends = start + pace * _syllables(text[:first]), start + pace * _syllables(text[:last])
    return max(start, begins - room), min(end, ends + room)


def _syllables(text: str) -> float:
    """About how many: a digit and a Chinese character is one each; signs are not spoken."""
    return sum(LETTER if c.isascii() and c.isalpha() else 1.0 for c in text if c.isalnum())


def _time(value: Any) -> float | None:
    known = isinstance(value, int | float) and isfinite(value)  # in a ledger NaN is null
    return float(value) if known else None


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans in order, widened; those that then touch are one."""
    last: Span | None = None
    for begins, ends in sorted(spans):
        start, end = round(max(0.0, begins - AROUND), 2), round(max(0.0, ends + AROUND), 2)
        if last is not None and start <= last[1]:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last
