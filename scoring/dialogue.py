"""Example dialogues 示例对话 of a rubric: what was said, and how an item must be answered. Read from YAML.

A dialogue becomes a `Call` as a recording does: words with times, turns, measures by the same code. Times are made from
the length of the text; nothing here knows a model, the signals are added by whoever has one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from scoring.call import Call, Metadata, Role, Span, Turn, Word
from scoring.errors import RubricError
from scoring.evaluation import Status
from scoring.measures import measure
from scoring.strict import Strict
from scoring.units import count_units
from scoring.yaml_file import parse, read

PACE = {"zh": 240.0, "en": 150.0}  # characters, words a minute: what contact centres train for
CONFIDENCE = 0.9  # of every word, as a clear recording gives
_EDGE = 0.5  # s before the first and after the last word
_GAP = 0.4  # s between two lines
_HELD = 0.3  # s somebody has spoken at least before another cuts in; closer, both began at once (scoring.talk.HELD)
_BREATH = 1.2  # s; lines of one party that lie closer are one turn, as in models.turns
_EN = re.compile(r"\s*\S+")
_ZH = re.compile(r"(?<=.)(?=[一-鿿])|(?<=[一-鿿])(?=[A-Za-z0-9])", re.DOTALL)
_OF = re.compile(r"""^rubric:\s*["']?([\w-]+)""", re.MULTILINE)

Expected = Literal["met", "partly_met", "missed", "not_applicable"]
Write = Callable[[Sequence[Word], str], tuple[Word, ...]]  # what a transcript does to words (models.written.write)


class Line(Strict):
    """One line of a dialogue: somebody speaks, or nobody does."""

    agent: str | None = Field(None, min_length=1, description="what the agent says")
    customer: str | None = Field(None, min_length=1, description="what the customer says")
    system: str | None = Field(None, min_length=1, description="what a machine says: menu, announcement")
    silence: float | None = Field(None, gt=0, le=3600, description="seconds in which nobody speaks")
    hold: float | None = Field(None, gt=0, le=3600, description="seconds of hold music")
    over: float | None = Field(None, gt=0, le=60, description="starts this many seconds before the line above ends")
    pace: float | None = Field(None, ge=30, le=900, description="characters (words) a minute; usual: 240 (150)")

    @model_validator(mode="after")
    def _one_thing(self) -> Line:
        given = [k for k in ("agent", "customer", "system", "silence", "hold") if getattr(self, k) is not None]
        if len(given) != 1:
            raise ValueError("a line is one of agent, customer, system, silence, hold")
        if self.role is None and (self.over is not None or self.pace is not None):
            raise ValueError("over and pace belong to a line that somebody speaks")
        if self.role is not None and not count_units(self.text):
            raise ValueError("a line that somebody speaks has words")
        return self

    @property
    def role(self) -> Role | None:
        """Who speaks; None where nobody does."""
        return next((r for r in Role if getattr(self, r.value) is not None), None)

    @property
    def text(self) -> str:
        """What is said."""
        return (self.agent or self.customer or self.system or "").strip()


class Dialogue(Strict):
    """A made call and the right answer to one item, or to several."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="unique among the rubric's dialogues")
    item: str | None = Field(None, description="the item it is an example of")
    expect: Expected | dict[str, Expected] = Field(description="the right answer; or item: answer for several items")
    why: str | None = Field(None, description="what makes it right or near, for people")
    metadata: Metadata = Field(default_factory=Metadata, description="what the contact centre knows of the call")
    lines: tuple[Line, ...] = Field(min_length=1, description="what is said, in time order")

    @field_validator("item", "expect")
    @classmethod
    def _known(cls, value: str | dict[str, Expected] | None, info: ValidationInfo) -> object:
        items = (info.context or {}).get("items")
        for item in value if isinstance(value, dict) else [value] if info.field_name == "item" else []:
            if items is not None and item is not None and item not in items:
                near = get_close_matches(item, items, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(items)}"
                raise ValueError(f"the rubric has no item {item!r}; {hint}")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Dialogue:
        if isinstance(self.expect, dict) == (self.item is not None):
            raise ValueError("give `item:` and one answer, or no `item:` and `expect: {item: answer, ...}`")
        if not self.answers:
            raise ValueError("expect at least one answer")
        for before, line in zip((None, *self.lines), self.lines, strict=False):
            if line.over is not None and (before is None or before.role is None):
                raise ValueError("over needs a line above it that somebody speaks")
        return self

    @property
    def answers(self) -> Mapping[str, Status]:
        """The right answer by item."""
        given = self.expect if isinstance(self.expect, dict) else {self.item or "": self.expect}
        return {item: Status(answer) for item, answer in given.items()}


class Dialogues(Strict):
    """A file of dialogues in one language."""

    rubric: str = Field(description="id of the rubric they are examples of")
    language: Literal["zh", "en"]
    dialogues: tuple[Dialogue, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Example:
    """A dialogue with its language and the file it comes from."""

    dialogue: Dialogue
    language: str
    origin: str


def load_examples(path: Path, rubric: str, items: Sequence[str]) -> list[Example]:
    """All dialogues of a rubric in a file, or in the .yaml files of a folder. Raises RubricError.

    Files of a folder that name another rubric are passed over: several rubrics may share a folder.
    """
    files = sorted(p for p in path.glob("*.y*ml") if p.suffix in (".yaml", ".yml")) if path.is_dir() else [path]
    found: list[Example] = []
    for file in files:
        text = read(file, "a file of dialogues")
        named = _OF.search(text)
        if path.is_dir() and named and named[1] != rubric:
            continue
        found += parse_examples(text, str(file), rubric, items)
    origins: dict[str, str] = {}
    for example in found:
        id_, first = example.dialogue.id, origins.setdefault(example.dialogue.id, example.origin)
        if first != example.origin:
            raise RubricError(f"{example.origin}: dialogue {id_!r} is in {first} too", remedy="give each its own id")
    if not found:
        raise RubricError(
            f"{path}: no example dialogues of rubric {rubric!r}",
            remedy=f"put .yaml files beginning with `rubric: {rubric}` there, or give --examples",
        )
    return found


def parse_examples(text: str, origin: str, rubric: str, items: Sequence[str]) -> list[Example]:
    """Dialogues from YAML text. Raises RubricError.

    origin: names the text in errors. items: ids that the rubric has.
    """
    keys = sorted({key for model in (Line, Dialogue, Dialogues) for key in model.model_fields})
    found = parse(
        Dialogues, text, origin, what="a file of dialogues",
        begin="begin with `rubric:`, `language:` and `dialogues:`", more="the README shows an example", keys=keys,
        context={"items": list(items)},
    )  # fmt: skip
    if found.rubric != rubric:
        raise RubricError(f"{origin}: dialogues of rubric {found.rubric!r}", remedy=f"give those of {rubric!r}")
    ids = [d.id for d in found.dialogues]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise RubricError(f"{origin}: dialogue ids given twice: {', '.join(twice)}", remedy="give each its own id")
    return [Example(d, found.language, origin) for d in found.dialogues]


def spoken(example: Example, write: Write | None = None) -> Call:
    """The dialogue as a call without signals. Raises RubricError where an overlap is longer than the line before it.

    write: what is done to recognised words before they become a transcript, such as numbers in digits.
    """
    language, lines = example.language, list(_timed(example))
    turns = tuple(_turns([line for line in lines if isinstance(line, Turn)]))
    if write:
        turns = tuple(_written(turn, write(turn.words, language)) for turn in turns)
    duration = max(line.end for line in lines) + _EDGE
    music = [line for line in lines if isinstance(line, Span)]
    measures = measure(turns, duration, separate=True, music=music)
    return Call(example.dialogue.id, round(duration, 2), language, turns, (), measures, example.dialogue.metadata)


def _timed(example: Example) -> Iterator[Turn | Span]:
    """Every spoken line with its times, and every stretch of hold music."""
    clock, before, rest = _EDGE, Span(_EDGE, _EDGE), 0.0
    for number, line in enumerate(example.dialogue.lines, 1):
        if line.silence is not None:
            clock, rest = clock + line.silence, 0.0
            continue
        if line.hold is not None:
            yield Span(clock, clock + line.hold)
            clock, rest = clock + line.hold, 0.0
            continue
        start = clock + rest
        if line.over is not None:
            start = before.end - line.over
            if start < before.start + _HELD:
                raise RubricError(
                    f"{example.origin}: dialogue {example.dialogue.id!r}, line {number}: over: {line.over:g} s, "
                    f"but the line above lasts {before.duration:.1f} s",
                    remedy="make that line longer or the overlap shorter",
                )
        words = tuple(_words(line.text, example.language, start, line.pace or PACE[example.language]))
        before = Span(start, words[-1].end)
        yield Turn(line.role or Role.SYSTEM, start, before.end, line.text, CONFIDENCE, words)
        clock, rest = max(clock, before.end), _GAP


def _words(text: str, language: str, start: float, pace: float) -> Iterator[Word]:
    """Words one after the other; each takes as long as it has characters, or words of Latin script."""
    for piece in _EN.findall(text) if language == "en" else [p for p in _ZH.split(text) if p]:
        end = start + 60 * max(1, count_units(piece)) / pace
        yield Word(round(start, 3), round(end, 3), piece, CONFIDENCE)
        start = end


def _turns(lines: Sequence[Turn]) -> Iterator[Turn]:
    """Lines of one party that follow without a pause are one turn."""
    current: Turn | None = None
    for line in sorted(lines, key=lambda t: t.start):
        if current and current.role == line.role and line.start - current.end <= _BREATH:
            space = " " if current.text[-1:].isascii() and line.text[:1].isascii() else ""
            first = replace(line.words[0], text=space + line.words[0].text)
            words = (*current.words, first, *line.words[1:])
            current = replace(current, end=line.end, text=current.text + space + line.text, words=words)
            continue
        if current:
            yield current
        current = line
    if current:
        yield current


def _written(turn: Turn, words: tuple[Word, ...]) -> Turn:
    return replace(turn, text=re.sub(r"\s+", " ", "".join(w.text for w in words)).strip(), words=words)
