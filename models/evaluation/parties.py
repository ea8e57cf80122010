"""Who spoke: roles by word, and the diarization error rate of turns (pyannote.metrics)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.evaluation.manifest import TrueTurn
from models.evaluation.rates import Count
from scoring.call import Role, Turn
from scoring.measures import count_units

NEAR = 0.5  # s; word times and written times are each off by some tenths, farther than this nothing is known
COLLAR = 0.5  # s left out around each true boundary, a quarter on either side (NIST RT-09)


@dataclass(frozen=True, slots=True)
class RoleWords:
    """Words with the right role by true turn; `overlapped` and `outside` words are not judged."""

    parts: tuple[Count, ...]
    overlapped: int
    outside: int


@dataclass(frozen=True, slots=True)
class Diarization:
    """Seconds of reference speech and of mistakes."""

    total: float
    missed: float
    false_alarm: float
    confusion: float

    @property
    def rate(self) -> float:
        return (self.missed + self.false_alarm + self.confusion) / self.total

    def __add__(self, other: Diarization) -> Diarization:
        return Diarization(
            self.total + other.total, self.missed + other.missed, self.false_alarm + other.false_alarm,
            self.confusion + other.confusion,
        )  # fmt: skip


def role_words(turns: Sequence[Turn], truth: Sequence[TrueTurn]) -> RoleWords:
    """Compare the role of every word with who truly speaks at its middle, or nearest to it.

    Where both parties speak at that moment a word could be either's, and where nobody does nobody's: not judged.
    """
    right, total = [0] * len(truth), [0] * len(truth)
    overlapped = outside = 0
    for turn in turns:
        for word in turn.words:
            if not count_units(word.text):
                continue
            middle = (word.start + word.end) / 2
            near = _speaking(middle, truth)
            if not near:
                outside += 1
            elif len({truth[i].role for i in near}) > 1:
                overlapped += 1
            else:
                total[near[0]] += 1
                right[near[0]] += truth[near[0]].role == turn.role
    return RoleWords(tuple(Count(r, t) for r, t in zip(right, total, strict=True)), overlapped, outside)


def _speaking(at: float, truth: Sequence[TrueTurn]) -> list[int]:
    """True turns at a moment, else the nearest within reach."""
    during = [i for i, t in enumerate(truth) if t.start <= at <= t.end]
    if during:
        return during
    away = {i: max(t.start - at, at - t.end) for i, t in enumerate(truth)}
    closest = min(away.values(), default=NEAR + 1)
    return [i for i, distance in away.items() if distance == closest] if closest <= NEAR else []


def diarization(turns: Sequence[Turn], truth: Sequence[TrueTurn], duration: float, collar: float) -> Diarization:
    """Turns as a hypothesis labelled by role; overlapped speech counts. duration of the recording, s."""
    from pyannote.core import Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    end = max([duration, *(t.end for t in truth), *(t.end for t in turns)])
    found = DiarizationErrorRate(collar=collar)(
        _annotation(truth), _annotation(turns), uem=Timeline([Segment(0, end)]), detailed=True
    )
    return Diarization(
        float(found["total"]), float(found["missed detection"]), float(found["false alarm"]), float(found["confusion"])
    )


def _annotation(turns: Sequence[Turn] | Sequence[TrueTurn]) -> object:
    """Who speaks when; what one party says twice at once (overlapping written times) is one stretch."""
    from pyannote.core import Annotation, Segment

    annotation = Annotation()
    for role in Role:
        reach: list[list[float]] = []
        for turn in sorted((t for t in turns if t.role == role and t.end > t.start), key=lambda t: t.start):
            if reach and turn.start <= reach[-1][1]:
                reach[-1][1] = max(reach[-1][1], turn.end)
            else:
                reach.append([turn.start, turn.end])
        for start, stop in reach:
            annotation[Segment(start, stop), role.value] = role.value
    return annotation
