"""Labelled text to measure the language models on: JSON lines, plain or gzipped, one object a line.

    {"text": "您好，请问有什么可以帮您", "label": "greeting", "labels": ["greeting"], "role": "agent",
     "context": "previous turn, or null", "source": "…", "set": "gold"}

`label` is the one class the line was given, `labels` all acts it carries; either will do. A set is named after its file
and `set` (`act.zh:gold` in act.zh.jsonl.gz), after the file alone where lines name none. Unknown keys are passed over.
"""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.text_rows import text_row
from scoring.call import Role
from scoring.errors import UsageError

SEED = 20  # fixed: the same sample each time
SHAPE = 'each line is {"text": "…", "label": "greeting"} or {"text": "…", "labels": ["greeting", "thanks"]}'


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A text and its set's labels. `label`: its one class, None where it has none or several without saying which."""

    text: str
    role: Role | None
    context: str | None
    label: str | None
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Lines of one set. `whole`: how many the set has, of which these may be a sample. `unlabelled`: lines without
    any label key, which are not among them."""

    name: str
    lines: tuple[LabelledLine, ...]
    whole: int
    unlabelled: int
    sources: tuple[str, ...]

    def sample(self, limit: int | None) -> LabelledSet:
        """At most so many lines, drawn by chance and kept in order."""
        if limit is None or limit >= len(self.lines):
            return self
        # Seeded by the set: neither other sets nor their order change what is drawn.
        drawn = sorted(random.Random(f"{SEED}:{self.name}").sample(range(len(self.lines)), limit))  # noqa: S311
        return replace(self, lines=tuple(self.lines[i] for i in drawn))


def read_labelled(paths: Sequence[Path]) -> list[LabelledSet]:
    """Sets of the files, in their order. Raises UsageError naming file and line of what is wrong."""
    lines: dict[str, list[LabelledLine]] = {}
    unlabelled: dict[str, int] = {}
    sources: dict[str, dict[str, None]] = {}
    for path in paths:
        stem = path.name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".json")
        for number, row in _rows(path):
            name = f"{stem}:{row['set']}" if row.get("set") else stem
            lines.setdefault(name, [])
            source = str(row.get("source") or "not stated").split(":")[0]
            sources.setdefault(name, {})[source] = None
            if "label" not in row and "labels" not in row:
                unlabelled[name] = unlabelled.get(name, 0) + 1
            else:
                lines[name].append(_line(row, f"{path}:{number}"))
    return [
        LabelledSet(name, tuple(found), len(found), unlabelled.get(name, 0), tuple(sources[name])[:5])
        for name, found in lines.items()
    ]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rt", encoding="utf-8") if zipped else path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield number, text_row(line, f"{path}:{number}", SHAPE)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text, or a damaged gzip file"
        raise UsageError(f"cannot read {path}: {reason}", remedy="give a .jsonl or .jsonl.gz file") from None


def _line(row: dict[str, Any], place: str) -> LabelledLine:
    if row.get("role") not in (None, *Role):
        raise UsageError(f"{place}: role {row['role']!r} is not known", remedy="use agent, customer, system or null")
    label, labels = row.get("label"), row.get("labels")
    names = [] if labels is None else labels
    if not isinstance(names, list) or not all(isinstance(n, str | int) for n in [*names, label or ""]):
        raise UsageError(f"{place}: label and labels hold names or numbers", remedy=SHAPE)
    every = frozenset(map(str, names)) | ({str(label)} if label is not None else frozenset())
    one = str(label) if label is not None else next(iter(every)) if len(every) == 1 else None
    context = row.get("context")
    role = Role(row["role"]) if row.get("role") else None
    return LabelledLine(row["text"], role, context if isinstance(context, str) else None, one, every)
