"""Which units of a reference were recognised, and which recognised pieces are right (jiwer's alignment).

A call is a stream a party. Where the streams' names are not at stake, they are matched as they fit best, whole stream
to whole stream (cpWER, Watanabe et al. 2020, "CHiME-6 challenge"); where they are, name to name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from models.evaluation.rates import Count
from models.normalise import Unit, units


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the reference that errors are counted on: an utterance, or a turn of a call. `number`: its place."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Stream:
    """What was recognised of one party or channel, in pieces (words with their spaces, or a whole text)."""

    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors by part number, their kinds, and for each stream whether each piece is right (None: nothing to judge)."""

    parts: dict[int, Count]
    substituted: int
    deleted: int
    inserted: int
    right: tuple[tuple[bool | None, ...], ...]

    @property
    def total(self) -> int:
        return self.substituted + self.deleted + self.inserted


def compare(reference: Sequence[Sequence[Part]], heard: Sequence[Stream], language: str, *, named: bool) -> Errors:
    """Errors of streams. named: the n-th stream heard is the n-th of the reference; else as they fit best."""
    size = max(len(reference), len(heard))
    wanted = [*reference, *[()] * (size - len(reference))]
    streams = [*heard, *[Stream(())] * (size - len(heard))]
    read = [units(stream.pieces, language) for stream in streams]
    said = [[(part.number, [u.text for u in units([part.text], language)]) for part in parts] for parts in wanted]
    pairs = {(r, h): _align(said[r], read[h], len(streams[h].pieces)) for r in range(size) for h in range(size)}
    orders = [tuple(range(size))] if named else permutations(range(size))
    best = min(orders, key=lambda order: sum(pairs[r, h].total for r, h in enumerate(order)))
    chosen = {h: pairs[r, h] for r, h in enumerate(best)}
    parts: dict[int, Count] = {}
    for errors in chosen.values():
        for number, count in errors.parts.items():
            before = parts.get(number, Count(0, 0))
            parts[number] = Count(before.hits + count.hits, before.total + count.total)
    return Errors(
        parts=dict(sorted(parts.items())),
        substituted=sum(e.substituted for e in chosen.values()),
        deleted=sum(e.deleted for e in chosen.values()),
        inserted=sum(e.inserted for e in chosen.values()),
        right=tuple(chosen[h].right[0] for h in range(len(heard))),
    )


def _align(said: Sequence[tuple[int, list[str]]], heard: Sequence[Unit], pieces: int) -> Errors:
    """One stream against one stream. An insertion counts on the part of the unit before it."""
    import jiwer

    owners = [number for number, texts in said for _ in texts]
    reference = " ".join(text for _, texts in said for text in texts)
    chunks = jiwer.process_words(reference, " ".join(u.text for u in heard)).alignments[0]
    wrong: dict[int, int] = dict.fromkeys((number for number, _ in said), 0)
    right: list[bool | None] = [None] * pieces
    kinds = {"substitute": 0, "delete": 0, "insert": 0}
    for chunk in chunks:
        for unit in heard[chunk.hyp_start_idx : chunk.hyp_end_idx]:
            for piece in range(unit.first, unit.last + 1):
                right[piece] = right[piece] is not False and chunk.type == "equal"
        if chunk.type == "equal":
            continue
        count = max(chunk.ref_end_idx - chunk.ref_start_idx, chunk.hyp_end_idx - chunk.hyp_start_idx)
        kinds[chunk.type] += count
        for i in range(count):
            at = chunk.ref_start_idx - 1 if chunk.type == "insert" else chunk.ref_start_idx + i
            number = owners[max(at, 0)] if owners else said[0][0] if said else -1
            wrong[number] = wrong.get(number, 0) + 1
    lengths = {number: len(texts) for number, texts in said}
    parts = {number: Count(count, lengths.get(number, 0)) for number, count in wrong.items()}
    return Errors(parts, kinds["substitute"], kinds["delete"], kinds["insert"], (tuple(right),))
