"""Words written anew: edits of an utterance's text laid back on its words, so that every quote keeps its times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from scoring.call import Word


class Edit(NamedTuple):
    """Characters `start` to `end` of the joined text become `text`."""

    start: int
    end: int
    text: str


def joined(words: Sequence[Word]) -> str:
    """The text edits count their characters in."""
    return "".join(w.text for w in words)


def heard(words: Sequence[Word]) -> str:
    """The text as it was recognised."""
    return "".join(w.text if w.heard is None else w.heard for w in words)


def rewrite(words: Sequence[Word], edits: Iterable[Edit]) -> tuple[Word, ...]:
    """Words with the edits made. Edits must not overlap.

    Words an edit touches become one: first start, last end, confidence weighted by length, the original in `heard`.
    """
    text = joined(words)
    real = sorted(e for e in edits if e.start < e.end and text[e.start : e.end] != e.text)
    if not real:
        return tuple(words)
    ends = list(accumulate(len(w.text) for w in words))
    result: list[Word] = []
    k = at = 0  # first word not yet written, first edit not yet made
    while k < len(words):
        begin, last, inside = ends[k] - len(words[k].text), k, []
        while at < len(real) and real[at].start < ends[last]:
            inside.append(real[at])
            while ends[last] < real[at].end:
                last += 1
            at += 1
        result.append(_merged(words[k : last + 1], begin, inside) if inside else words[k])
        k = last + 1
    return tuple(result)


def _merged(words: Sequence[Word], begin: int, edits: Sequence[Edit]) -> Word:
    text = joined(words)
    for edit in reversed(edits):
        text = text[: edit.start - begin] + edit.text + text[edit.end - begin :]
    lengths = [max(1, len(w.text.strip())) for w in words]
    sure = sum(w.confidence * n for w, n in zip(words, lengths, strict=True)) / sum(lengths)
    sure = words[0].confidence if len(words) == 1 else round(sure, 4)
    return Word(words[0].start, words[-1].end, text, sure, heard(words))
