"""From probabilities of our labels to the classes of a set, and what is true there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.evaluation.label_map import SetMap
from models.evaluation.labelled import LabelledLine


@dataclass(frozen=True, slots=True)
class Truth:
    """What the set says of each line. `one`: index of its class, (n,), where `len(judged)` is `none`; None where some
    line has several classes without a first. `many`: whether it carries each judged class, (n, judged)."""

    one: np.ndarray | None
    many: np.ndarray


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the model says of each line: `one` and `many` as in Truth; `sure`: probability that `one` is right, (n,)."""

    one: np.ndarray
    sure: np.ndarray
    many: np.ndarray


def measured(lines: Sequence[LabelledLine], entry: SetMap) -> list[LabelledLine]:
    """Lines the entry does not leave out; where every line must have a judged class, those that have one."""
    judged = {c for j in entry.judged.values() for c in j.theirs}
    kept = []
    for line in lines:
        classes = {line.label} if line.label is not None else line.labels
        if classes & set(entry.left_out):
            continue
        if entry.none is not None or classes & judged:
            kept.append(line)
    return kept


def truth(lines: Sequence[LabelledLine], entry: SetMap) -> Truth:
    """What is true of lines that are measured."""
    index = {c: i for i, j in enumerate(entry.judged.values()) for c in j.theirs}
    none = len(entry.judged)
    many = np.zeros((len(lines), none), bool)
    for i, line in enumerate(lines):
        for c in line.labels:
            if c in index:
                many[i, index[c]] = True
    if any(line.label is None and len(line.labels) > 1 for line in lines):
        return Truth(None, many)
    return Truth(np.array([index.get(line.label or "", none) for line in lines], int), many)


def class_probabilities(probabilities: np.ndarray, labels: Sequence[str], entry: SetMap) -> np.ndarray:
    """Probability of each judged class, (n, judged): that of the likeliest of ours that mean it.

    probabilities: of `labels`, (n, labels). A label not among them counts as never said.
    """
    return np.stack([_likeliest(probabilities, labels, j.ours) for j in entry.judged.values()], axis=1)


def implied_probabilities(probabilities: np.ndarray, labels: Sequence[str], entry: SetMap) -> dict[str, np.ndarray]:
    """By class that carries ours too: the probability of that, (n,)."""
    return {name: _likeliest(probabilities, labels, ours) for name, ours in entry.implied.items()}


def decide(p: np.ndarray, entry: SetMap, threshold: float) -> Decisions:
    """Classes of lines by their probabilities, (n, judged)."""
    over = p >= threshold
    rows = np.arange(len(p))
    if entry.none is None:
        one = p.argmax(axis=1)
        total = np.maximum(p.sum(axis=1), 1e-9)  # one of them holds, so their probabilities share 1
        return Decisions(one, p[rows, one] / total, over)
    best = over.argmax(axis=1) if entry.choose == "first" else p.argmax(axis=1)
    one = np.where(over.any(axis=1), best, p.shape[1])
    sure = np.where(over.any(axis=1), p[rows, best], 1 - p.max(axis=1))
    return Decisions(one, sure, over)


def _likeliest(probabilities: np.ndarray, labels: Sequence[str], ours: Sequence[str]) -> np.ndarray:
    columns = [labels.index(o) for o in ours if o in labels]
    return probabilities[:, columns].max(axis=1) if columns else np.zeros(len(probabilities), np.float32)
