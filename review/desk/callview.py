"""What the call's page shows: sections and items with the machine's answer and the person's, turns with their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from markupsafe import Markup

from review.desk.said import Places, marked, pattern, places
from review.plain import plain
from scoring.call import Turn
from scoring.evaluation import Status
from scoring.rubric import Rubric
from scoring.strict import Text
from store.reviews import Decision, Review

UNSURE = 0.5  # confidence below which a word or turn is marked, as in the report
HUMAN = (Status.MET, Status.PARTLY_MET, Status.MISSED, Status.NOT_APPLICABLE, Status.CANNOT_JUDGE)
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Said:
    """A word, or a stretch that has no words of its own. sure: confidence."""

    start: float
    text: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A turn on the page."""

    number: int
    role: str
    start: float
    end: float
    confidence: float
    unsure: bool
    words: tuple[Said, ...]
    hits: Places = ()  # where in them the words that were searched for are

    @property
    def marked(self) -> Markup:
        """The words, each with the moment it is said. A call has a thousand: put together here they take a tenth of the
        template's time."""
        if self.hits:
            return self._searched()
        pieces = [
            f'<span class="{"w doubtful" if w.unsure else "w"}" data-at="{w.start:.2f}">{escape(plain(w.text))}</span>'
            for w in self.words
        ]
        return Markup("".join(pieces))  # noqa: S704 - what was said is escaped

    def _searched(self) -> Markup:
        """The same with the words in <mark> that were searched for; these may begin and end within others."""
        pieces, at = [], 0
        for w in self.words:
            within = [(first - at, last - at) for first, last in self.hits if first < at + len(w.text) and last > at]
            kind, at = "w doubtful" if w.unsure else "w", at + len(w.text)
            pieces.append(f'<span class="{kind}" data-at="{w.start:.2f}">{marked(w.text, within)}</span>')
        return Markup("".join(pieces))  # noqa: S704 - what was said is escaped


@dataclass(frozen=True, slots=True)
class Question:
    """An item on the page. decision: of the review that is edited; counted: of the one submitted last.

    choices: what a person may answer. open: shown unfolded.
    """

    id: str
    name: Text | None
    guide: Text | None
    source: str
    answer: Mapping[str, Any]
    most: float | None
    critical: bool
    fatal: str | None
    severity: str | None
    decision: Decision | None
    counted: Decision | None
    choices: tuple[Status, ...]

    @property
    def evidence(self) -> list[Mapping[str, Any]]:
        """What can be heard, each stretch once: two conditions may rest on the same words."""
        return list({(e["start"], e["end"], e["quote"]): e for e in self.answer["evidence"]}.values())

    @property
    def open(self) -> bool:
        decided = self.decision is not None and self.decision.human is not None
        return self.answer["status"] in ("missed", "partly_met", "cannot_judge") or decided


@dataclass(frozen=True, slots=True)
class Part:
    """A section on the page."""

    id: str
    name: Text | None
    points: float
    potential: float
    zeroed_by: str | None
    questions: tuple[Question, ...]


def parts(
    record: Mapping[str, Any], rubric: Rubric | None, edited: Review | None, counted: Review | None
) -> list[Part]:
    """The form, section by section, in its order."""
    items = {item.id: item for _, item in rubric.items()} if rubric else {}
    names = {section.id: section.name for section in rubric.sections} if rubric else {}
    sums = {section["section"]: section for section in record["sections"]}
    severities = {flag["item"]: flag["severity"] for flag in record["flags"]}
    found = []
    for section, answers in groupby(record["answers"], key=lambda answer: answer["section"]):
        questions = []
        for answer in answers:
            item = items.get(answer["item"])
            partly = item is None or item.partly is not None or answer["status"] == Status.PARTLY_MET
            questions.append(
                Question(
                    answer["item"], item.name if item else None, item.guide if item else None,
                    item.source if item else "", answer, item.points if item else None,
                    answer["item"] in record["critical_missed"] or bool(item and item.critical),
                    item.fatal if item else None, severities.get(answer["item"]),
                    edited.of(answer["item"]) if edited else None, counted.of(answer["item"]) if counted else None,
                    tuple(s for s in HUMAN if partly or s is not Status.PARTLY_MET),
                )
            )  # fmt: skip
        total = sums.get(section, {"points": 0.0, "potential": 0.0, "zeroed_by": None})
        found.append(
            Part(section, names.get(section), total["points"], total["potential"], total["zeroed_by"], tuple(questions))
        )
    return found


def lines(record: Mapping[str, Any], turns: Sequence[Turn], say: Say, searched: str = "") -> list[Line]:
    """The transcript. turns: with words, or empty where none were kept. say: masks, and keeps the length. searched:
    words to mark."""
    shown, sought = [], pattern(searched)
    for number, turn in enumerate(record["turns"]):
        words = turns[number].words if number < len(turns) else ()
        parts = tuple(_words(turn, words, say))
        shown.append(
            Line(
                number, turn["role"], turn["start"], turn["end"], turn["confidence"], turn["confidence"] < UNSURE,
                parts, places("".join(part.text for part in parts), sought) if sought else (),
            )
        )  # fmt: skip
    return shown


def _words(turn: Mapping[str, Any], words: Sequence[Any], say: Say) -> list[Said]:
    joined = "".join(word.text for word in words)
    if joined.strip() != turn["text"].strip():  # the words are of another text than the page's
        return [Said(turn["start"], say(turn["text"]), False)]
    masked, at, found = say(joined), 0, []
    for word in words:
        found.append(Said(word.start, masked[at : at + len(word.text)], word.confidence < UNSURE))
        at += len(word.text)
    return found
