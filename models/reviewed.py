"""Reviewed lines: what people say of single sentences, and what of it can be learnt.

A reviewer mostly confirms or denies a label or two, and says nothing of the other thirty-five. So a lesson carries the
labels it is about: of the others it is neither an example nor a counter-example.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from models.examples import Example
from models.reader import REMEMBERED_CONTEXT
from scoring.errors import UsageError
from scoring.labels import LABELS, NAMES, known_labels

SHAPE = (
    'each line is {"text": "…", "role": "agent", "labels": ["apology"]} with all its labels, or with "yes" and "no" '
    "lists of those that were looked at"
)
LONGEST = 2000  # characters; a turn of a call has a few hundred
_ROLES = {"agent": "agent", "customer": "customer", "坐席": "agent", "客服": "agent", "客户": "customer"}
_NAMES = {label: label for label in LABELS} | {chinese: label for label, (chinese, _) in NAMES.items()}
# `callqa classify` spells out what holds when none of a group does; a reviewer may confirm that.
_ABSENT = {
    "empathy_none": ("empathy_formulaic", "empathy_specific"),
    "sentiment_neutral": ("sentiment_negative", "sentiment_positive"),
}
_MANDARIN = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence to learn from. `known`: the labels it says something about; of these, `example.labels` hold and the
    others do not. `place`: file and line, empty for the corpus."""

    example: Example
    known: frozenset[str]
    place: str = ""

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that tell this lesson from others, without its words."""
        e = self.example
        told = [e.text, e.role, e.context, sorted(e.labels), sorted(self.known - e.labels)]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


class Reviews(Protocol):
    """Where reviewed lines come from: rows as `SHAPE` has them, each with the place an error names.

    Files are one such place (models.reviewed_files). A ledger that keeps people's answers becomes another by giving
    the same rows: text, role and context from its turns, `yes` and `no` from the answers, `source` the call.
    """

    @property
    def name(self) -> str:
        """What messages and model cards call it."""

    @property
    def sha256(self) -> str:
        """Of all it holds."""

    def __iter__(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Places and rows. Raises UsageError naming the place."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """All lessons of some reviews, each sentence once. `files`: name, sha256 and number of lines of each;
    `contradictions`: places where a label was both confirmed and denied of one sentence: it is left out."""

    lessons: tuple[Lesson, ...]
    files: tuple[dict[str, Any], ...]
    contradictions: tuple[str, ...]


def gather(reviews: Sequence[Reviews]) -> Reviewed:
    """Read reviews; what they say of the same sentence is put together. Raises UsageError naming file and line."""
    found: dict[tuple[str, str, str | None], Lesson] = {}
    files, contradictions = [], []
    for review in reviews:
        count = 0
        for place, row in review:
            lesson, count = lesson_of(row, place, review.name), count + 1
            key = (lesson.example.text, lesson.example.role, lesson.example.context)
            if key in found:
                lesson, doubted = _together(found[key], lesson)
                contradictions += [f"{found[key].place} and {place}: {label}" for label in sorted(doubted)]
            found[key] = lesson
        files.append({"name": review.name, "sha256": review.sha256, "lines": count})
    lessons = tuple(lesson for lesson in found.values() if lesson.known)
    return Reviewed(lessons, tuple(files), tuple(contradictions))


def taught(examples: Iterable[Example]) -> list[Lesson]:
    """Lines of the corpus: each says of every label whether it holds."""
    everything = frozenset(LABELS)
    return [Lesson(example, everything) for example in examples]


def lesson_of(row: Mapping[str, Any], place: str, source: str) -> Lesson:
    """A row as a lesson. source: the group of lines it belongs to, unless it names one. Raises UsageError."""
    text, role, context = row.get("text"), row.get("role"), row.get("context") or None
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise UsageError(f"{place}: the text must be 1 to {LONGEST} characters", remedy=SHAPE)
    if not isinstance(role, str) or role.strip().lower() not in _ROLES:
        raise UsageError(f"{place}: role {role!r} is not known", remedy="use agent (坐席) or customer (客户)")
    if context is not None and not isinstance(context, str):
        raise UsageError(f"{place}: the context must be text: what the other party said before", remedy=SHAPE)
    group = row.get("source") or source
    if not isinstance(group, (str, int)):
        raise UsageError(f"{place}: the source must be text, such as the call's id", remedy=SHAPE)
    labels, known = _truth(row, place)
    language = "zh" if _MANDARIN.search(text) else "en"
    said = context[-REMEMBERED_CONTEXT:] if context else None
    example = Example(text.strip(), _ROLES[role.strip().lower()], language, labels, f"reviewed:{group}", said)
    return Lesson(example, known, place)


def _truth(row: Mapping[str, Any], place: str) -> tuple[frozenset[str], frozenset[str]]:
    """Labels that hold, and those that are known to hold or not. Raises UsageError."""
    full, yes, no = row.get("labels"), row.get("yes"), row.get("no")
    if full is not None and (yes is not None or no is not None):
        raise UsageError(f'{place}: "labels" says all, so "yes" and "no" must not stand beside it', remedy=SHAPE)
    if full is not None:
        held, _ = _named(full, "labels", place)
        return held, frozenset(LABELS)
    if yes is None and no is None:
        raise UsageError(f'{place}: neither "labels" nor "yes" or "no"', remedy=SHAPE)
    held, absent = _named(yes or [], "yes", place)
    denied, _ = _named(no or [], "no", place)
    if both := held & (denied | absent):
        raise UsageError(f"{place}: {', '.join(sorted(both))} both confirmed and denied", remedy="say one of them")
    return held, held | denied | absent


def _named(names: Any, key: str, place: str) -> tuple[frozenset[str], frozenset[str]]:
    """Labels named, in English or Chinese, and those that a name such as `sentiment_neutral` rules out."""
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise UsageError(f'{place}: "{key}" must be a list of labels', remedy=SHAPE)
    if key == "no" and (wrong := [name for name in names if name in _ABSENT]):
        remedy = f"confirm {' or '.join(_ABSENT[wrong[0]])} instead"
        raise UsageError(f"{place}: that {wrong[0]} does not hold leaves open which label does", remedy=remedy)
    absent = frozenset(label for name in names for label in _ABSENT.get(name, ()))
    given = tuple(_NAMES.get(name.strip(), name.strip()) for name in names if name not in _ABSENT)
    try:
        held = frozenset(known_labels(given))
    except ValueError as error:
        raise UsageError(f"{place}: {error}", remedy="labels are described in models/corpus/GUIDE.md") from None
    if both := held & absent:
        raise UsageError(f"{place}: {', '.join(sorted(both))} both confirmed and denied", remedy="say one of them")
    return held, absent


def _together(first: Lesson, second: Lesson) -> tuple[Lesson, frozenset[str]]:
    """What two reviews of one sentence say, without the labels on which they differ; and those labels."""
    doubted = (first.example.labels ^ second.example.labels) & first.known & second.known
    known = (first.known | second.known) - doubted
    held = (first.example.labels | second.example.labels) & known
    return Lesson(replace(first.example, labels=held), known, first.place), doubted
