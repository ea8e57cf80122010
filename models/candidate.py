"""A candidate: heads learnt anew from lessons, and their twin, which has not seen the frozen lines.

What is used should learn from every line there is; what is compared must not have seen the lines that decide. So every
label is learnt twice. The twin leaves the frozen lines out and is only ever compared with the twin of the version in
use, which left out the same. The shipped heads have learnt from the whole corpus: their twin is learnt here from its
other lines. Calibration is that of whole sources left out, of lines that are not frozen.

Labels of which no lesson says anything new keep their heads, bit for bit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.clauses import likeliest
from models.frozen import is_frozen
from models.heads import AGENT, Heads, Parameters, assembled
from models.reviewed import Lesson
from models.training import Reading, Split, alone, as_read, by_source, calibrated, figures, fit, out_of_fold, platt
from scoring.labels import LABELS

# Lines of the corpus that a reviewed line counts for. Macro F1 on lines not learnt from, with 150 of a foreign set
# learnt, for 1, 4 and 16: crosswoz .897 .921 .922 (.870 without any), multidogo .703 .707 .689 (.673).
REVIEWED_WEIGHT = 4.0
ENOUGH = 1000  # lines of trades that the encoder has not met; fewer calibrate worse than those it has
NEVER = -9.0  # log-odds of what is never said
Told = Callable[[str], None]  # is given each label when it is learnt


@dataclass(frozen=True)
class Material:
    """Lessons as one encoder reads them."""

    lessons: tuple[Lesson, ...]
    read: Reading
    met: frozenset[str]

    @classmethod
    def of(
        cls, lessons: Sequence[Lesson], encode: Callable[[Sequence[str]], np.ndarray], mean: np.ndarray | None = None,
        met: frozenset[str] = frozenset(),
    ) -> Material:  # fmt: skip
        """encode: texts to vectors. mean: that of heads whose other labels are kept. met: sources that the encoder
        has learnt from."""
        return cls(tuple(lessons), as_read([lesson.example for lesson in lessons], encode, mean), met)

    @cached_property
    def frozen(self) -> np.ndarray:
        """Lines that decide and are not learnt from by twins, (n,)."""
        return np.array([is_frozen(lesson.example.text) for lesson in self.lessons])

    @cached_property
    def reviewed(self) -> np.ndarray:
        """Lines that a person has reviewed, (n,)."""
        return np.array([bool(lesson.place) for lesson in self.lessons])

    @cached_property
    def folds(self) -> list[Split]:
        """Folds of the lines that are not frozen, whole sources left out."""
        return unfrozen_folds(self.lessons, self.met)

    def truth(self, label: str) -> np.ndarray:
        """Whether each line carries the label, (n,)."""
        return np.array([label in lesson.example.labels for lesson in self.lessons])

    def known(self, label: str) -> np.ndarray:
        """Whether each line says if it carries the label, (n,)."""
        return np.array([label in lesson.known for lesson in self.lessons])

    def weights(self, label: str) -> np.ndarray:
        """What each line counts for a label, (n,): nothing where it does not say."""
        return np.where(self.reviewed, REVIEWED_WEIGHT, 1.0) * self.known(label)

    def probabilities(self, heads: Heads, lines: np.ndarray) -> np.ndarray:
        """Of the heads' labels on some lines, read by pieces as the reader does, (lines, labels)."""
        line = np.repeat(np.arange(len(self.lessons)), self.read.sizes)
        found = heads.of_features(self.read.x[np.flatnonzero(np.isin(line, lines))])
        return likeliest(found, [self.read.parts[i] for i in lines], heads.labels)


@dataclass(frozen=True, slots=True)
class Candidate:
    """New heads, their twin (the labels learnt here and by earlier versions), out-of-fold figures by label."""

    heads: Heads
    twin: Heads
    learnt: tuple[str, ...]
    rows: tuple[dict[str, float | str], ...]


def unfrozen_folds(lessons: Sequence[Lesson], met: Collection[str] = ()) -> list[Split]:
    """Folds of the lines that are not frozen, whole sources left out: of those the encoder has not met, where they
    are enough to calibrate on."""
    lines = np.array([i for i, lesson in enumerate(lessons) if not is_frozen(lesson.example.text)])
    sources = np.array([lessons[i].example.source for i in lines])
    new = np.isin(sources, list(met), invert=True).sum() if met else 0
    return [(lines[seen], lines[unseen]) for seen, unseen in by_source(sources, met if new >= ENOUGH else ())]


def source_digest(lesson: Lesson) -> str:
    """16 hexadecimal digits for the source of a lesson: a call's id is nothing to hand on."""
    return hashlib.sha256(lesson.example.source.encode()).hexdigest()[:16]


def split_for(lessons: Sequence[Lesson], seen: Collection[str]) -> list[Split]:
    """The one fold that calibrates heads on a tuned encoder: learnt from the sources it has seen (digests), judged on
    the others. Frozen lines are in neither."""
    met = np.array([source_digest(lesson) in seen for lesson in lessons])
    open_ = np.array([not is_frozen(lesson.example.text) for lesson in lessons])
    return [(np.flatnonzero(open_ & met), np.flatnonzero(open_ & ~met))]


def touched(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """Labels of which reviewed lines say something."""
    said = frozenset().union(*(lesson.known for lesson in lessons if lesson.place))
    return tuple(label for label in LABELS if label in said)


def learn(
    material: Material,
    encoder: tuple[str, str],
    base: Heads | None = None,
    base_twin: Heads | None = None,
    *,
    splits: Sequence[Split] | None = None,
    lanes: int = 1,
    told: Told = lambda label: None,
) -> Candidate:
    """Learn the labels that lessons say something new about, or all where there is no base.

    encoder: its name and hash. base: the heads in use, on the same encoder, whose other labels are kept. splits: folds
    for calibration, where the encoder itself has learnt from some lines.
    """
    everything = base is None or base.labels != LABELS
    labels = LABELS if everything else touched(material.lessons)
    splits = material.folds if splits is None else splits

    def one(label: str) -> _Learnt:
        found = _learn(label, material, splits)
        told(label)
        return found

    with ThreadPoolExecutor(lanes) as pool:
        learnt = dict(zip(labels, pool.map(one, labels), strict=True))
    # Roles of turns hang on this head; what reviewers say of labels is no reason to move it.
    speaker = _speaker(material, splits) if base is None else base.parameters(AGENT)
    kept = [learnt[x].released if x in learnt else base.parameters(x) for x in LABELS if x in learnt or base]  # type: ignore[union-attr]
    twins = {x: found.twin for x, found in learnt.items()}
    if base_twin is not None and not everything:
        twins = {x: base_twin.parameters(x) for x in base_twin.labels} | twins
    mean = material.read.mean
    return Candidate(
        assembled(LABELS, [*kept, speaker], mean, *encoder),
        assembled(tuple(twins), [*twins.values(), speaker], mean, *encoder),
        tuple(labels),
        tuple(found.row for found in learnt.values()),
    )


def twin_of(heads: Heads, twin: Heads | None, material: Material, labels: Sequence[str], *, lanes: int = 1) -> Heads:
    """Heads of these labels that stand for a version in comparisons: its twin's, and for labels that it has from the
    shipped heads what the corpus without its frozen lines teaches. material: as its encoder reads it."""
    there = twin.labels if twin is not None else ()

    def one(label: str) -> Parameters:
        if twin is not None and label in there:
            return twin.parameters(label)
        # Calibrated as the candidate's twin is, or it would be beaten for the scale of its margins.
        counted = (material.known(label) & ~material.reviewed & ~material.frozen).astype(float)
        return _calibrated(label, material, material.folds, counted, counted)[0][1]

    with ThreadPoolExecutor(lanes) as pool:
        found = list(pool.map(one, labels))
    return assembled(tuple(labels), [*found, heads.parameters(AGENT)], heads.mean, heads.encoder, heads.encoder_hash)


@dataclass(frozen=True, slots=True)
class _Learnt:
    released: Parameters
    twin: Parameters
    row: dict[str, float | str]


def _learn(label: str, material: Material, splits: Sequence[Split]) -> _Learnt:
    counted = material.weights(label)
    (released, twin), row = _calibrated(label, material, splits, counted, counted * ~material.frozen)
    return _Learnt(released, twin, row)


def _calibrated(
    label: str, material: Material, splits: Sequence[Split], counted: np.ndarray, unfrozen: np.ndarray
) -> tuple[tuple[Parameters, Parameters], dict[str, float | str]]:
    """Heads learnt from lines by two weights, with the calibration of the second; its figures out of fold."""
    y = material.truth(label)
    if len(np.unique(y[unfrozen > 0])) < 2:
        return _never(label, material)
    for folds in (splits, material.folds):
        margin = out_of_fold(label, material.read, y, folds, weights=unfrozen)
        judged = np.isfinite(margin) & (unfrozen > 0)
        if len(np.unique(y[judged])) == 2:  # else the sources left out have no line with the label, or none without
            break
    else:
        return _never(label, material)
    slope, offset = platt(margin[judged], y[judged])
    twin = (*_fitted(label, material, unfrozen), slope, offset)
    released = twin if counted is unfrozen else (*_fitted(label, material, counted), slope, offset)
    return (released, twin), figures(label, y[judged], calibrated(margin[judged], slope, offset))


def _never(label: str, material: Material) -> tuple[tuple[Parameters, Parameters], dict[str, float | str]]:
    """The head of a label that the lines to learn from cannot teach: it is never said."""
    nothing = np.zeros(material.read.x.shape[1], np.float32), 0.0, 1.0, NEVER
    row = dict.fromkeys(("precision", "recall", "f1", "average_precision", "ece"), 0.0)
    return (nothing, nothing), {"label": label, "positives": int(material.truth(label).sum()), **row}


def _fitted(label: str, material: Material, weights: np.ndarray) -> tuple[np.ndarray, float]:
    lines = np.flatnonzero(weights > 0)
    model = fit(material.read.x[material.read.whole[lines]], material.truth(label)[lines], weights[lines])
    return model.coef_[0], float(model.intercept_[0])


def _speaker(material: Material, splits: Sequence[Split]) -> Parameters:
    """The head that tells agent from customer, of all lines."""
    examples = [lesson.example for lesson in material.lessons]
    read, y = alone(material.read, examples), np.array([e.role == "agent" for e in examples])
    margin = out_of_fold(AGENT, read, y, splits)
    judged = np.isfinite(margin)
    model = fit(read.x, y)
    told_apart = len(np.unique(y[judged])) == 2
    return model.coef_[0], float(model.intercept_[0]), *(platt(margin[judged], y[judged]) if told_apart else (1.0, 0.0))
