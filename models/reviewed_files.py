"""Reviewed lines in files: JSON lines or CSV, as people and spreadsheets write them."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.reviewed import SHAPE
from models.text_rows import text_row
from scoring.errors import UsageError

COLUMNS = {
    "text": "text", "role": "role", "context": "context", "labels": "labels", "yes": "yes", "no": "no",
    "source": "source", "文本": "text", "角色": "role", "上文": "context", "标签": "labels", "是": "yes", "否": "no",
    "来源": "source", "通话编号": "source",
}  # fmt: skip
LISTS = ("labels", "yes", "no")
SEPARATORS = re.compile(r"[;；,，、|\s]+")
NOTHING = {"-", "—", "none", "无"}  # in the labels' cell: looked at, and no label holds
HEADER = (
    "columns are text, role, labels or yes and no, and if known context and source (文本 角色 标签 是 否 上文 来源)"
)


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """One file of reviewed lines, read once: what is hashed is what is learnt."""

    name: str
    sha256: str
    content: str
    path: Path

    def __iter__(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Places and rows. Raises UsageError."""
        return self._csv() if self.path.suffix.lower() == ".csv" else self._json()

    def _json(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for number, line in enumerate(self.content.split("\n"), 1):
            if line.strip():
                place = f"{self.path}:{number}"
                yield place, text_row(line, place, SHAPE)

    def _csv(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        # DictReader would keep a repeated column's last value and say nothing.
        reader = csv.reader(io.StringIO(self.content, newline=""), strict=True)
        try:
            names = [COLUMNS.get(name.strip().lower(), "") for name in next(reader, [])]
            given = [name for name in names if name]
            if not {"text", "role"} <= set(given) or not set(LISTS) & set(given) or len(set(given)) < len(given):
                raise UsageError(f"{self.path}:1: not the columns of reviewed lines, or one twice", remedy=HEADER)
            before = reader.line_num
            for cells in reader:
                place, before = f"{self.path}:{before + 1}", reader.line_num
                row = _row(dict(zip(names, cells, strict=False)))
                if row is not None:
                    yield place, row
        except csv.Error as error:
            raise UsageError(f"{self.path}:{reader.line_num}: {error}", remedy="save it as CSV again") from None


def _row(cells: Mapping[str, str]) -> dict[str, Any] | None:
    """A row of a spreadsheet; None where nobody has answered: an empty cell says nothing, `-` that no label holds."""
    row: dict[str, Any] = {name: cell for name, cell in cells.items() if name and name not in LISTS and cell.strip()}
    answers = {name: [x for x in SEPARATORS.split(cells.get(name, "")) if x] for name in LISTS}
    row |= {name: [] if set(found) <= NOTHING else found for name, found in answers.items() if found}
    return row if set(row) & set(LISTS) else None


def open_reviewed(path: Path) -> ReviewedFile:
    """Read a file of reviewed lines. Raises UsageError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror or error}", remedy="give a .jsonl or .csv file"
        ) from None
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise UsageError(f"{path} is neither .jsonl nor .csv", remedy="give a .jsonl or .csv file")
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in China writes the latter
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return ReviewedFile(path.name, hashlib.sha256(data).hexdigest(), content.replace("\0", ""), path)
    raise UsageError(f"{path} is neither UTF-8 nor GBK text", remedy="save it as UTF-8")
