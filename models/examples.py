"""Labelled sentences: reading the written corpus (`models/corpus/*.jsonl`, described in its GUIDE.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scoring.errors import UsageError
from scoring.labels import LABELS

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled sentence. `source` groups lines that must not be split between training and test; `context` is what
    the other party said before."""

    text: str
    role: str
    language: str
    labels: frozenset[str]
    source: str
    context: str | None = None


def read_corpus(folder: Path = CORPUS) -> list[Example]:
    """All lines of the corpus. Raises UsageError naming file and line of what is wrong."""
    return [example for path in sorted(folder.glob("*.jsonl")) for example in _read(path)]


def _read(path: Path) -> Iterator[Example]:
    language = path.name.partition("-")[0]
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                labels = frozenset(row["labels"])
                source = f"{language}:{row['industry']}"
                example = Example(row["text"], row["role"], language, labels, source, row["context"])
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(
                    f"{path.name}:{number}: not a corpus line ({error!r})", remedy="see models/corpus/GUIDE.md"
                ) from None
            unknown = labels - set(LABELS)
            if unknown or example.role not in ("agent", "customer"):
                wrong = ", ".join(sorted(unknown)) or example.role
                raise UsageError(
                    f"{path.name}:{number}: unknown label or role {wrong}", remedy="see models/corpus/GUIDE.md"
                )
            yield example
