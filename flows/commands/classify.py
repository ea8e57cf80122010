"""`callqa classify`: labels for lines of text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from models.text_rows import text_row
from scoring.call import Role
from scoring.errors import OutputError, UsageError

BATCH = 256


def classify(
    input: Annotated[
        Path,
        typer.Option("--input", "-i", help='JSON lines {"text", "role", "context"}; role and context may be null.'),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The same lines with labels added.")],
    encoder: Annotated[str | None, typer.Option(help="e5-small, or a Hugging Face encoder by name or path.")] = None,
    heads: Annotated[str | None, typer.Option(help="Version of the language heads, shipped, or a folder.")] = None,
) -> None:
    """Add "labels": {name: probability} to every line of a file. 给文本打标签。"""
    from flows.commands.inspect import settings_from

    settings = settings_from(encoder=encoder, heads=heads)
    rows = _rows(input)
    first = list(islice(rows, BATCH))
    from models.reader import Line, Reader

    console = Console(stderr=True, highlight=False)
    with console.status("loading models 加载模型 …"):
        read = Reader(*settings.language_models(), lanes=settings.lanes)
    building, done, batch = output.with_name(output.name + ".part"), 0, first
    try:
        with building.open("w", encoding="utf-8") as out, console.status("classifying …") as status:
            while batch:
                labels = read(
                    [Line(r["text"], Role(r["role"]) if r.get("role") else None, r.get("context")) for r in batch]
                )
                for row, found in zip(batch, labels, strict=True):
                    out.write(json.dumps(row | {"labels": found}, ensure_ascii=False) + "\n")
                done += len(batch)
                status.update(f"classified {done} lines")
                batch = list(islice(rows, BATCH))
        building.replace(output)
    except OSError as error:
        raise OutputError(
            f"cannot write {output}: {error.strerror or error}", remedy="choose another --output"
        ) from None
    console.print(f"{done} lines -> {output}", soft_wrap=True)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Checked lines of the input. Raises UsageError naming the line."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _checked(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UsageError(f"cannot read {path}: {reason}", remedy="give a readable UTF-8 file of JSON lines") from None


def _checked(line: str, place: str) -> dict[str, Any]:
    row = text_row(line, place, 'each line is {"text": "...", "role": "agent", "context": null}')
    if row.get("role") not in (None, *Role):
        raise UsageError(f"{place}: role {row['role']!r} is not known", remedy="use agent, customer, system or null")
    return row
