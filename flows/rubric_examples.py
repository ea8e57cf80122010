"""Example dialogues of a rubric: where they lie, and how they are read as `inspect` reads recordings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from models.clauses import pieces
from models.reader import Reader
from models.sentences import split
from models.written import write
from scoring.call import Call
from scoring.dialogue import Example, load_examples, spoken
from scoring.errors import UsageError
from scoring.likeness import likened
from scoring.rubric import Rubric
from scoring.rubric_file import SHIPPED

TOGETHER = 64  # dialogues; some 800 pieces of text


def examples_beside(name: str, rubric: str) -> Path:
    """Where the dialogues of a rubric are looked for: a folder of its own in examples/, else examples/ itself."""
    path = Path(name)
    folder = (path.parent if path.suffix in (".yaml", ".yml") else SHIPPED) / "examples"
    return folder / rubric if (folder / rubric).is_dir() else folder


def chosen_examples(rubric: Rubric, path: Path, item: str | None = None, language: str | None = None) -> list[Example]:
    """The rubric's dialogues for an item and in a language. Raises UsageError where there are none."""
    items = [i.id for _, i in rubric.items()]
    if item is not None and item not in items:
        raise UsageError(f"{rubric.id} has no item {item!r}", remedy=f"use one of {', '.join(items)}")
    found = [
        e
        for e in load_examples(path, rubric.id, items)
        if (item is None or item in e.dialogue.answers) and language in (None, e.language)
    ]
    if not found:
        raise UsageError(f"{path}: no dialogue is an example of that", remedy="leave out --item or --language")
    return found


def read_examples(examples: Sequence[Example], rubric: Rubric, reader: Reader) -> Iterator[Call]:
    """The dialogues as calls that have been read, as `inspect` reads recordings."""
    for first in range(0, len(examples), TOGETHER):
        calls = [spoken(example, write) for example in examples[first : first + TOGETHER]]
        # One large batch of the encoder; reading them one by one then finds the vectors remembered.
        sentences = [s.text for call in calls for turn in call.turns for s in split(turn.words)]
        reader.vectors([text for sentence in sentences for text in pieces(sentence).texts])
        for call in calls:
            yield likened(replace(call, signals=reader.signals(call.turns)), rubric.asks, reader.likeness)
