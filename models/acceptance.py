"""Whether a candidate takes the place of the version in use: judged on the frozen lines, twin against twin.

Two kinds of frozen lines ask two things. Those of the corpus: has it forgotten what it knew? Those that people
reviewed: does it do better what they want? It is adopted only when it is shown to be better and not shown to be worse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from models.evaluation.macro import Compared, Interval, compare
from models.frozen import folded

THRESHOLD = 0.5  # probability that counts as said
CHANCE = 0.05  # of repairing so many more lines than it breaks, were it no better
LOSS = 0.01  # macro-F1 on the corpus that may be lost at most, even where chance could explain more
FALL = 0.05  # F1 of a label: a fall larger than that, and larger than chance, is too much
FEW = 20  # reviewed lines that decide; fewer hardly ever show a difference


@dataclass(frozen=True, slots=True)
class Side:
    """What one twin makes of lines: probabilities of the labels compared, (lines, labels)."""

    name: str
    p: np.ndarray


@dataclass(frozen=True, slots=True)
class Truth:
    """Texts of frozen lines, and per line and label whether it holds and whether that is known, (lines, labels)."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    held: np.ndarray
    known: np.ndarray

    def part(self, lines: np.ndarray) -> Truth:
        """Some of the lines."""
        chosen = tuple(self.texts[i] for i in lines)
        return Truth(chosen, self.labels, self.held[lines], self.known[lines])


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of frozen lines. `macro`: own is after, floor before. Sentences that were wrong and are right
    (`repaired`), or the other way round (`broken`); `chance`: of so many repaired were it no better (sign test)."""

    lines: int
    macro: Compared | None
    repaired: int
    broken: int
    chance: float


@dataclass(frozen=True, slots=True)
class LabelChange:
    """A label before and after: F1 on the corpus' frozen lines with the change's paired interval, and wrong answers
    among the reviewed ones."""

    label: str
    positives: int
    before: float | None
    after: float | None
    change: Interval | None
    answers: int
    wrong_before: int
    wrong_after: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Adopt it or not, and why, in sentences."""

    adopt: bool
    reasons: tuple[str, ...]
    corpus: Part
    reviewed: Part | None
    labels: tuple[LabelChange, ...]


def judge(truth: Truth, before: Side, after: Side, reviewed: np.ndarray) -> Verdict:
    """Compare two twins on frozen lines. reviewed: which of the lines people reviewed, (lines,)."""
    said = [side.p >= THRESHOLD for side in (before, after)]
    corpus = _part(truth, said, np.flatnonzero(~reviewed))
    people = _part(truth, said, np.flatnonzero(reviewed)) if reviewed.any() else None
    labels = tuple(_change(truth, said, reviewed, k) for k in range(len(truth.labels)))
    worse = _worse(corpus, people, labels)
    better = _better(corpus, people)
    reasons = worse or better or _undecided(corpus, people)
    return Verdict(bool(better) and not worse, tuple(reasons), corpus, people, labels)


def _worse(corpus: Part, people: Part | None, labels: Sequence[LabelChange]) -> list[str]:
    found = []
    for part, where in ((corpus, "the corpus' frozen lines"), (people, "the frozen reviewed lines")):
        above = part.macro.above if part is not None and part.macro is not None else None
        if above is not None and above.high is not None and above.high < 0:
            found.append(f"macro F1 on {where} falls by {-above.value:.3f}, more than chance")
        elif part is corpus and above is not None and above.value < -LOSS:
            found.append(f"macro F1 on {where} falls by {-above.value:.3f}, more than the {LOSS} that may be lost")
    for row in labels:
        if row.change and row.change.value < -FALL and row.change.high is not None and row.change.high < 0:
            found.append(f"{row.label} falls from F1 {row.before:.2f} to {row.after:.2f} on the corpus' frozen lines")
    if people is not None and people.broken > people.repaired and _chance(people.broken, people.repaired) <= CHANCE:
        found.append(f"of the frozen reviewed sentences it breaks {people.broken} and repairs {people.repaired}")
    return found


def _better(corpus: Part, people: Part | None) -> list[str]:
    found = []
    if people is not None and people.repaired > people.broken and people.chance <= CHANCE:
        found.append(
            f"of {people.lines} frozen reviewed sentences it repairs {people.repaired} and breaks {people.broken} "
            f"(by chance {people.chance:.2%})"
        )
    above = corpus.macro.above if corpus.macro else None
    if above is not None and above.low is not None and above.low > 0:
        found.append(f"macro F1 on the corpus' frozen lines rises by {above.value:.3f}, more than chance")
    return found


def _undecided(corpus: Part, people: Part | None) -> list[str]:
    if people is None:
        return [f"nothing shows that it is better: of {corpus.lines} frozen lines it repairs {corpus.repaired} "
                f"and breaks {corpus.broken}"]  # fmt: skip
    found = [
        f"nothing shows that it is better: of {people.lines} frozen reviewed sentences it repairs {people.repaired} "
        f"and breaks {people.broken}, which may be chance ({people.chance:.0%})"
    ]
    if people.lines < FEW:
        found.append(f"only {people.lines} reviewed sentences decide (a quarter of all): review more")
    return found


def _part(truth: Truth, said: Sequence[np.ndarray], lines: np.ndarray) -> Part:
    part = truth.part(lines)
    before, after = (found[lines] for found in said)
    # What is not known of a line is neither right nor wrong.
    macro = compare(part.held & part.known, after & part.known, before & part.known)
    right = [((found == part.held) | ~part.known).all(axis=1).astype(int) for found in (before, after)]
    change: dict[str, int] = defaultdict(int)
    for text, moved in zip(part.texts, (right[1] - right[0]).tolist(), strict=True):
        change[folded(text)] += moved  # a sentence that comes ten times is one sentence
    repaired, broken = sum(x > 0 for x in change.values()), sum(x < 0 for x in change.values())
    return Part(len(change), macro, repaired, broken, _chance(repaired, broken))


def _chance(more: int, fewer: int) -> float:
    """Of at least `more` out of both, were each as likely: the sign test, which is McNemar's, exact."""
    both = more + fewer
    return sum(comb(both, k) for k in range(more, both + 1)) / 2**both


def _change(truth: Truth, said: Sequence[np.ndarray], reviewed: np.ndarray, k: int) -> LabelChange:
    held, known = truth.held[:, [k]], truth.known[:, [k]]
    corpus, people = ~reviewed & known[:, 0], reviewed & known[:, 0]
    before, after = (found[:, [k]] for found in said)
    found = compare(held[corpus], after[corpus], before[corpus])
    wrong = [int((side[people] != held[people]).sum()) for side in (before, after)]
    return LabelChange(
        label=truth.labels[k],
        positives=int(held[corpus].sum()),
        before=found.floor.value if found and found.floor else None,
        after=found.own.value if found else None,
        change=found.above if found else None,
        answers=int(people.sum()),
        wrong_before=wrong[0],
        wrong_after=wrong[1],
    )
