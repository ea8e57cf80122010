"""How a call kept to a script: which steps were said and when, which out of order, which without what they must name.

Sentences are aligned to the steps so that both stay in order; a step that this leaves out but that was surely said
elsewhere is out of order, and says against which other step. Customers' sentences take no part.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from scoring.alignment import align
from scoring.call import Call, Signal
from scoring.script import Script, Step
from scoring.slots import find_slot
from scoring.steps import probability

DOUBTFUL_SPEECH = 0.4  # of a turn's recognition; as in scoring.detectors.base
SURE_GAIN = 1.0  # before the probability: one sure step outweighs two that are sure only in part and any unsure one
UNSURE_SHARE = 0.3  # of its probability is what an unsure step gains, so that it never displaces a sure one
OUTSIDE_SHARE = 0.6  # of the gain is left where a step breaks its own limit of time
JUDGED_BY = ("order", "limits", "slots")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A sentence that does a step, or may."""

    sentence: Signal
    probability: float
    sure: bool
    outside: str | None = None  # which of the step's limits of time it breaks

    @property
    def turn(self) -> int:
        """Steps of one turn are not out of order among themselves."""
        return self.sentence.turn


@dataclass(frozen=True, slots=True)
class Disorder:
    """A step said on the wrong side of another: `other` should have come after it if `too_late`, else before it."""

    other: Step
    other_at: Occurrence
    too_late: bool


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step in one call. `asked`: whether it is required here; `said`: whether it was; None is unsure.

    at: where it was said or may have been; repeats: all sure occurrences. missing: slots that were not named; slots:
    what was named. order_open: whether it is out of order is unsure: it may have been said in its place as well, or the
    other step, or this one, was not surely said.
    """

    step: Step
    asked: bool | None
    said: bool | None
    at: Occurrence | None = None
    repeats: tuple[Occurrence, ...] = ()
    disorder: Disorder | None = None
    order_open: bool = False
    slots: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()

    def kept(self, by: Collection[str]) -> bool | None:
        """Whether the step was done as it should; by: which of order, limits and slots count besides being said."""
        if not self.said or self.at is None:
            return self.said
        broken = (
            ("order" in by and self.disorder is not None and not self.order_open)
            or ("limits" in by and self.at.outside is not None)
            or ("slots" in by and bool(self.missing))
        )
        return False if broken else None if "order" in by and self.order_open else True


@dataclass(frozen=True, slots=True)
class Compliance:
    """A call against a script."""

    script: Script
    steps: tuple[StepResult, ...]

    def coverage(self, by: Collection[str] = JUDGED_BY) -> tuple[float, float] | None:
        """Least and greatest share of the required steps that were kept; None where no step is required."""
        kept = [(r.asked, r.kept(by)) for r in self.steps if r.asked is not False]
        if not kept:
            return None
        # A step that may not be required counts where that lowers the least share, or raises the greatest.
        least = [k is True for asked, k in kept if asked or k is not True]
        most = [k is not False for asked, k in kept if asked or k is not False]
        return _share(least, True), _share(most, True)

    @property
    def disorders(self) -> tuple[StepResult, ...]:
        """Steps that were said out of order."""
        return tuple(r for r in self.steps if r.disorder is not None and not r.order_open)


def _share(kept: Sequence[bool], empty: bool) -> float:
    return sum(kept) / len(kept) if kept else float(empty)


def comply(call: Call, script: Script, turns: Collection[int], machine: Collection[int] = ()) -> Compliance:
    """Hold a call against a script. turns: whose sentences count; machine: those of announcements."""
    sentences = [s for s in call.signals if s.turn in turns or s.turn in machine]
    seen = [
        [_occurrence(call, script, step, s) for s in sentences if s.turn in turns or step.machine]
        for step in script.steps
    ]
    found = [[o for o in occurrences if o is not None] for occurrences in seen]
    chosen = _aligned(script, found)
    return Compliance(script, tuple(_result(call, script, j, found, chosen) for j in range(len(script.steps))))


def _occurrence(call: Call, script: Script, step: Step, sentence: Signal) -> Occurrence | None:
    p = probability(script, step, sentence, call.likeness)
    if p < step.unsure:
        return None
    sure = p >= step.at and call.turns[sentence.turn].confidence >= DOUBTFUL_SPEECH
    return Occurrence(sentence, p, sure, _outside(call, step, sentence))


def _outside(call: Call, step: Step, sentence: Signal) -> str | None:
    if step.first_seconds is not None and sentence.start > call.opening + step.first_seconds:
        return "first_seconds"
    if step.last_seconds is not None and sentence.end < call.ending - step.last_seconds:
        return "last_seconds"
    return None


def _gain(occurrence: Occurrence) -> float:
    gain = SURE_GAIN + occurrence.probability if occurrence.sure else UNSURE_SHARE * occurrence.probability
    return gain * OUTSIDE_SHARE if occurrence.outside else gain


def _aligned(script: Script, found: Sequence[Sequence[Occurrence]]) -> list[Occurrence | None]:
    """The occurrence of each step that keeps the order; for steps without a place in it, the best one."""
    turns = sorted({o.turn for occurrences in found for o in occurrences})
    best = [{turn: max((o for o in os if o.turn == turn), key=_gain, default=None) for turn in turns} for os in found]
    gains = [
        [_gain(o) if (o := best[j][turn]) and not step.anywhere else 0.0 for j, step in enumerate(script.steps)]
        for turn in turns
    ]
    rows = align(gains) if gains else [None] * len(script.steps)
    return [
        max(found[j], key=_gain, default=None) if step.anywhere else best[j][turns[row]] if row is not None else None
        for j, (step, row) in enumerate(zip(script.steps, rows, strict=True))
    ]


def _result(
    call: Call, script: Script, j: int, found: Sequence[Sequence[Occurrence]], chosen: Sequence[Occurrence | None]
) -> StepResult:
    step, at = script.steps[j], chosen[j]
    sure = tuple(o for o in found[j] if o.sure)
    disorder, open_ = None, False
    if sure and not step.anywhere and (at is None or not at.sure):
        perhaps = at is not None
        at = max(sure, key=_gain)
        disorder = _disorder(script, j, at, chosen)
        open_ = perhaps and disorder is not None
    elif found[j] and not step.anywhere and at is None:
        disorder, open_ = _disorder(script, j, max(found[j], key=_gain), chosen), True
    if sure and disorder is None:
        disorder, open_ = _too_late(script, step, sure, found)
    said = True if sure else None if found[j] or _deaf(call, step) else False
    at = at or max(found[j], key=_gain, default=None)
    slots, missing = _slots(call, step, at, sure)
    return StepResult(
        step, _asked(call, step), said, at, sure, disorder, open_, slots, missing if said else ()
    )  # fmt: skip


def _deaf(call: Call, step: Step) -> bool:
    """Whether nothing but the samples' very words could be heard: no label of its own and nothing compared."""
    return not step.labels and not call.likeness


def _asked(call: Call, step: Step) -> bool | None:
    if step.optional:
        return False
    return True if step.if_ is None else step.if_.find(call).truth


def _disorder(script: Script, j: int, at: Occurrence, chosen: Sequence[Occurrence | None]) -> Disorder | None:
    """The first step in time that has the place where `at` would be in order."""
    for k, other in chain(enumerate(chosen[:j]), enumerate(chosen[j + 1 :], j + 1)):
        if other is None or not other.sure or script.steps[k].anywhere:
            continue
        if (k > j and other.turn < at.turn) or (k < j and other.turn > at.turn):
            return Disorder(script.steps[k], other, too_late=k > j)
    return None


def _too_late(
    script: Script, step: Step, sure: Sequence[Occurrence], found: Sequence[Sequence[Occurrence]]
) -> tuple[Disorder | None, bool]:
    """Whether the first words of a step that must wait for this one came before it, and whether that is open."""
    first = min(o.sentence.start for o in sure)
    early = [
        (o, other)
        for other, occurrences in zip(script.steps, found, strict=True)
        for o in occurrences
        if other.id in step.before and o.sentence.start < first
    ]
    if not early:
        return None, False
    o, other = max(early, key=lambda pair: (pair[0].sure, -pair[0].sentence.start))
    return Disorder(other, o, too_late=True), not o.sure


def _slots(
    call: Call, step: Step, at: Occurrence | None, sure: Sequence[Occurrence]
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """What was named, and what was not, in the turns that do the step: a name may follow in the next sentence."""
    if at is None or not step.slots:
        return (), ()
    turns = sorted({at.sentence.turn, *(o.sentence.turn for o in sure)})
    texts = [t for i in turns for t in (call.turns[i].text, call.turns[i].heard) if t]
    named = {
        s.kind.value: next(filter(None, (find_slot(t, s.kind, call.language, s.any) for t in texts)), None)
        for s in step.slots
    }
    return tuple((k, v) for k, v in named.items() if v), tuple(k for k, v in named.items() if not v)
