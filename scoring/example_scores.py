"""How well a rubric's items answer its own example dialogues: precision, recall, and every wrong answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scoring.call import Call
from scoring.detectors.logic import Not
from scoring.dialogue import Example
from scoring.engine import evaluate
from scoring.evaluation import Answer, Status
from scoring.rubric import Item, Minimum, Rubric

DONE = (Status.MET, Status.PARTLY_MET)  # the agent did it, at least in part


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one item answered to one dialogue, beside what it should have."""

    example: Example
    expected: Status
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the answers agree, met and partly met taken as one."""
        came = self.answer.status
        return came == self.expected or (came in DONE and self.expected in DONE)

    @property
    def quote(self) -> str:
        """The words the answer rests on."""
        return next((e.quote for e in self.answer.evidence if e.quote), "")


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision and recall of one kind of answer; None where nothing was counted."""

    precision: float | None
    recall: float | None

    @property
    def worse(self) -> float | None:
        """The lower of the two; an answer that was due and never came has no precision and a recall of 0."""
        return min((r for r in (self.precision, self.recall) if r is not None), default=None)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """All verdicts on one item.

    `by_absence`: the item is met when something bad does not happen (no dead air), so what it must find is the miss.
    """

    item: str
    by_absence: bool
    verdicts: tuple[Verdict, ...]

    def count(self, *expected: Status) -> int:
        """Dialogues that expect one of these answers."""
        return sum(v.expected in expected for v in self.verdicts)

    def rates(self, *kind: Status) -> Rates:
        """Of answers of this kind. An answer left open (cannot_judge) is none of them: it costs recall."""
        came = [v for v in self.verdicts if v.answer.status in kind]
        due = [v for v in self.verdicts if v.expected in kind]
        right = sum(v.expected in kind for v in came)
        return Rates(right / len(came) if came else None, right / len(due) if due else None)

    @property
    def met(self) -> Rates:
        """Of met or partly met."""
        return self.rates(*DONE)

    @property
    def missed(self) -> Rates:
        """Of missed."""
        return self.rates(Status.MISSED)

    @property
    def level(self) -> float | None:
        """What decides: the worse rate of `met`, and of `missed` too where the miss is what the item must find."""
        rates = [self.met.worse, self.missed.worse] if self.by_absence else [self.met.worse]
        return min((r for r in rates if r is not None), default=None)

    @property
    def wrong(self) -> tuple[Verdict, ...]:
        """Verdicts that differ from what was expected."""
        return tuple(v for v in self.verdicts if not v.right)

    def record(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "item": self.item,
            "by_absence": self.by_absence,
            "expected_met": self.count(*DONE),
            "expected_missed": self.count(Status.MISSED),
            "expected_not_applicable": self.count(Status.NOT_APPLICABLE),
            "met": {"precision": self.met.precision, "recall": self.met.recall},
            "missed": {"precision": self.missed.precision, "recall": self.missed.recall},
            "level": self.level,
            "left_open": sum(v.answer.status is Status.CANNOT_JUDGE for v in self.verdicts),
            "wrong": [_record(v) for v in self.wrong],
        }


def score(rubric: Rubric, read: Sequence[tuple[Example, Call]], only: str | None = None) -> list[ItemScore]:
    """Every item with examples, in the order of the form.

    read: the dialogues as calls with signals (and likeness where the rubric asks). only: one item.
    What a recording must at least hold to be judged is set aside: an example shows an item, not a whole call.
    """
    form = rubric.model_copy(update={"minimum": Minimum(duration=0, agent_units=0, customer_units=0, share_judged=0)})
    verdicts: dict[str, list[Verdict]] = {item.id: [] for _, item in rubric.items()}
    for example, call in read:
        came = {answer.item: answer for answer in evaluate(call, form).answers}
        for item, expected in example.dialogue.answers.items():
            verdicts[item].append(Verdict(example, expected, came[item]))
    return [
        ItemScore(item.id, _by_absence(item), tuple(verdicts[item.id]))
        for _, item in rubric.items()
        if verdicts[item.id] and only in (None, item.id)
    ]


def _by_absence(item: Item) -> bool:
    return isinstance(item.met, Not)


def _record(verdict: Verdict) -> dict[str, Any]:
    return {
        "dialogue": verdict.example.dialogue.id,
        "language": verdict.example.language,
        "expected": verdict.expected.value,
        "came": verdict.answer.status.value,
        "why": verdict.answer.why,
        "quote": verdict.quote,
        "note": verdict.example.dialogue.why,
    }
