"""Metadata written into file names, such as 20260301-093000_8021_C0001.wav."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from string import Formatter

from flows.cells import Doubts, read_metadata, shown
from flows.mapping import FIELDS, ColumnMapping
from flows.metadata import stem_of
from flows.sheets import Cell
from scoring.call import Metadata
from scoring.errors import MetadataError

EXAMPLE = "{started_at:%Y%m%d-%H%M%S}_{agent}_{call_id}"
_IGNORED = "_"
_DIRECTIVES = {"Y": r"\d{4}", "y": r"\d{2}", "f": r"\d{1,6}"} | dict.fromkeys("mdHMS", r"\d{2}")


@dataclass(frozen=True, slots=True)
class FileNamePattern:
    """A pattern made by `parse_pattern`. `folders`: how many of the parent folders it speaks of."""

    text: str
    expression: re.Pattern[str]
    fields: tuple[str, ...]
    dates: str
    folders: int

    def read(self, path: Path, mapping: ColumnMapping, doubts: Doubts) -> tuple[str | None, Metadata] | None:
        """Call id and metadata in the name of `path`; None where the name does not fit."""
        parents = path.absolute().parts[:-1]
        name = "/".join((*parents[max(0, len(parents) - self.folders) :], stem_of(path.name)))
        match = self.expression.fullmatch(name)
        if match is None:
            return None
        cells: dict[str, Cell] = {f: match[f"f{i}"].strip() for i, f in enumerate(self.fields)}
        if self.dates and "started_at" in cells:
            try:
                cells["started_at"] = datetime.strptime(str(cells["started_at"]), self.dates)
            except ValueError:
                doubts.add("started_at in the file name", "no possible date", shown(path.name), cells.pop("started_at"))
        names = {field: f"{field} in the file name" for field in self.fields}
        metadata = read_metadata(cells, mapping, doubts, shown(path.name), names)
        return str(cells.get("call_id") or "") or None, metadata


def parse_pattern(text: str) -> FileNamePattern:
    """`text` has fields in braces and what stands between them; `{_}` is ignored. Raises MetadataError.

    A field reaches to the first occurrence of the character after it, the last one to the end of the name.
    """
    try:
        parts = [(literal, field, spec or "", changed) for literal, field, spec, changed in Formatter().parse(text)]
    except ValueError as error:
        raise _refused(text, f"braces do not fit ({error})") from None
    fields: list[str] = []
    expression, dates, open_field = "", "", False
    for index, (literal, field, spec, changed) in enumerate(parts):
        if open_field and not literal and field is not None:
            raise _refused(text, f"between {{{fields[-1]}}} and {{{field}}} stands nothing that tells them apart")
        expression += re.escape(literal)
        if field is None:
            continue
        if field not in (*FIELDS, _IGNORED) or field == "audio":
            close = get_close_matches(field, FIELDS, n=1)
            raise _refused(text, f"there is no field {field!r}" + (f", did you mean {close[0]}?" if close else ""))
        if changed or (spec and field != "started_at"):
            raise _refused(text, f"only started_at can have a format, {{{field}}} has one")
        if field in fields:
            raise _refused(text, f"{{{field}}} stands there twice")
        following = parts[index + 1][0][:1] if index + 1 < len(parts) else ""
        inner = _date_expression(text, spec) if spec else f"[^/{re.escape(following)}]+"
        dates = spec or dates
        name = f"?P<f{len(fields)}>" if field != _IGNORED else "?:"
        expression += f"({name}{inner})"
        fields += [field] if field != _IGNORED else []
        open_field = not spec
    if not fields:
        raise _refused(text, "it has no field")
    return FileNamePattern(text, re.compile(expression), tuple(fields), dates, text.count("/"))


def _date_expression(text: str, spec: str) -> str:
    expression = ""
    for piece in re.findall(r"%.|[^%]+|%", spec):
        if piece[0] != "%":
            expression += re.escape(piece)
        elif piece[1:] in _DIRECTIVES:
            expression += _DIRECTIVES[piece[1:]]
        else:
            raise _refused(text, f"{piece} cannot be read from a file name, use %{', %'.join(_DIRECTIVES)}")
    return expression


def _refused(text: str, why: str) -> MetadataError:
    known = ", ".join(field for field in FIELDS if field != "audio")
    return MetadataError(f"file-name pattern {text!r}: {why}", remedy=f"write it like {EXAMPLE}; fields: {known}")
