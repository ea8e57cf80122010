"""Precision, recall, macro-F1 with bootstrap intervals, calibration and abstention on one labelled set.

Two readings of a set stand side by side. One class a line: the likeliest class over the threshold, else the set's class
for nothing; macro-F1 over its classes and that one, as published figures have it. Each label for itself: whether it
was told apart from its absence, several to a line; macro-F1 over the judged classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.evaluation.decisions import (
    Decisions,
    Truth,
    class_probabilities,
    decide,
    implied_probabilities,
    measured,
    truth,
)
from models.evaluation.label_map import SetMap
from models.evaluation.labelled import LabelledLine
from models.evaluation.macro import Compared, compare
from models.evaluation.reliability import reliability


@dataclass(frozen=True, slots=True)
class Hits:
    """Lines that carry a class, lines it was found in, and how many of these are the same."""

    n: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        """Share of those found that is right; None when nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of those there that was found; None when there are none."""
        return self.right / self.n if self.n else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None where the class is neither there nor found."""
        return 2 * self.right / (self.n + self.found) if self.n + self.found else None


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class. `ours`: labels that mean it, empty for the class of nothing. `one`, `many`: the two readings; `error`:
    expected calibration error of its probability."""

    name: str
    ours: tuple[str, ...]
    one: Hits | None
    floor_one: Hits | None
    many: Hits | None
    floor_many: Hits | None
    error: float | None


@dataclass(frozen=True, slots=True)
class Abstention:
    """Lines left open because a class lies within the band, and of the others those with a wrong class; the same for
    single answers, a class of a line each."""

    lines: int
    open_lines: int
    wrong_lines: int | None
    answers: int
    open_answers: int
    wrong_answers: int


@dataclass(frozen=True, slots=True)
class SetScore:
    """A set. `error`: expected calibration error of the one class said of each line. `implied`: class -> recall of
    ours on its lines (found of n)."""

    name: str
    lines: int
    whole: int
    one: Compared | None
    many: Compared | None
    classes: tuple[ClassScore, ...]
    implied: dict[str, Hits]
    error: float | None
    abstention: Abstention
    one_label: bool
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Of our labels on lines, (n, labels): the model's, and the floor's where it was measured."""

    labels: tuple[str, ...]
    own: np.ndarray
    floor: np.ndarray | None


def score(
    name: str,
    lines: Sequence[LabelledLine],
    entry: SetMap,
    given: Probabilities,
    *,
    threshold: float,
    band: tuple[float, float],
    whole: int,
    sources: tuple[str, ...] = (),
) -> SetScore:
    """Score lines that are all measured (see `measured`)."""
    if len(measured(lines, entry)) != len(lines) or not lines:
        raise ValueError("lines the map leaves out cannot be scored")
    true = truth(lines, entry)
    p = class_probabilities(given.own, given.labels, entry)
    own = decide(p, entry, threshold)
    low_p = None if given.floor is None else class_probabilities(given.floor, given.labels, entry)
    floor = None if low_p is None else decide(low_p, entry, threshold)
    return SetScore(
        name=name,
        lines=len(lines),
        whole=whole,
        one=None if true.one is None else compare(*(_one_hot(x, entry) for x in _ones(true, own, floor))),
        many=compare(true.many, own.many, floor.many if floor else None),
        classes=_classes(entry, true, own, floor, p),
        implied=_implied(lines, entry, given, threshold),
        error=_error(own.sure, own.one == true.one) if true.one is not None else None,
        abstention=_abstention(true, own, p, band),
        one_label=entry.one_label,
        note=entry.note,
        sources=sources,
    )


def _ones(true: Truth, own: Decisions, floor: Decisions | None) -> tuple[np.ndarray | None, ...]:
    return true.one, own.one, floor.one if floor else None


def _one_hot(classes: np.ndarray | None, entry: SetMap) -> np.ndarray | None:
    width = len(entry.judged) + (entry.none is not None)
    return None if classes is None else classes[:, None] == np.arange(width)


def _classes(
    entry: SetMap, true: Truth, own: Decisions, floor: Decisions | None, p: np.ndarray
) -> tuple[ClassScore, ...]:
    found = []
    for i, (name, judged) in enumerate(entry.judged.items()):
        there = true.many[:, i]
        found.append(
            ClassScore(
                name,
                judged.ours,
                _one(true, own, i),
                _one(true, floor, i),
                _hits(there, own.many[:, i]),
                _hits(there, floor.many[:, i]) if floor else None,
                _error(p[:, i], there),
            )
        )
    if entry.none is not None:
        none = len(entry.judged)
        found.append(ClassScore(entry.none, (), _one(true, own, none), _one(true, floor, none), None, None, None))
    return tuple(found)


def _one(true: Truth, side: Decisions | None, i: int) -> Hits | None:
    return None if side is None or true.one is None else _hits(true.one == i, side.one == i)


def _hits(there: np.ndarray, found: np.ndarray) -> Hits:
    return Hits(int(there.sum()), int(found.sum()), int((there & found).sum()))


def _implied(lines: Sequence[LabelledLine], entry: SetMap, given: Probabilities, threshold: float) -> dict[str, Hits]:
    found = {}
    for name, p in implied_probabilities(given.own, given.labels, entry).items():
        there = np.array([name in line.labels for line in lines])
        if there.any():
            right = int((p[there] >= threshold).sum())
            found[f"{name} -> {' or '.join(entry.implied[name])}"] = Hits(int(there.sum()), right, right)
    return found


def _error(p: np.ndarray, right: np.ndarray) -> float | None:
    curve = reliability(zip(p.tolist(), right.tolist(), strict=True))
    return curve.error if curve else None


def _abstention(true: Truth, own: Decisions, p: np.ndarray, band: tuple[float, float]) -> Abstention:
    unsure = (p >= band[0]) & (p < band[1])
    wrong = own.many != true.many
    open_lines = unsure.any(axis=1)
    wrong_lines = None if true.one is None else int(((own.one != true.one) & ~open_lines).sum())
    return Abstention(
        len(p), int(open_lines.sum()), wrong_lines, p.size, int(unsure.sum()), int((wrong & ~unsure).sum())
    )
