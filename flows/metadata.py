"""The contact centre's own table of calls: one row a call, matched to recordings by file name or call id."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path, PurePath

from flows.cells import Doubts, as_text, first_three, id_problem, is_rounded, read_metadata, shown
from flows.mapping import FIELDS, ColumnMapping, load_mapping
from flows.sheets import GUESSED, Cell, Sheet, read_sheet
from scoring.call import Metadata
from scoring.errors import MetadataError

_TITLE_LINES = 5  # exports often put a title above the header
_ENOUGH = 10  # contradicting rows of one call; a column that is no id at all would give thousands
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,3}|\.3gp")  # not the .001 of 2026.03.01.001


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `problem`: why its call id cannot be used; the call it belongs to fails with that."""

    line: int
    call_id: str | None
    audio: str | None
    metadata: Metadata
    problem: str | None = None

    def differs_in(self, other: Row) -> list[str]:
        """Names of the fields in which two rows of one call contradict each other."""
        names = [f.name for f in fields(Metadata) if getattr(self.metadata, f.name) != getattr(other.metadata, f.name)]
        return names + [n for n in ("call_id", "audio") if getattr(self, n) != getattr(other, n)]


@dataclass(frozen=True, slots=True)
class Match:
    """`rows` fit a recording equally well; a better `fit` is larger. `same_call`: further rows with their call ids."""

    rows: tuple[Row, ...]
    same_call: tuple[Row, ...]
    fit: tuple[int, ...]


@dataclass(frozen=True)
class MetadataTable:
    """All rows of a table. `warnings` are complete sentences about what could not be used."""

    source: str
    rows: tuple[Row, ...]
    mapping: ColumnMapping
    warnings: tuple[str, ...] = ()

    @cached_property
    def _by_name(self) -> Mapping[str, list[Row]]:
        found = defaultdict(list)
        for row in self.rows:
            if row.audio:
                found[_fold(stem_of(_parts(row.audio)[-1]))].append(row)
        return found

    @cached_property
    def _by_id(self) -> Mapping[str, list[Row]]:
        found = defaultdict(list)
        for row in self.rows:
            if row.call_id:
                found[row.call_id].append(row)
        return found

    def match(self, path: Path, call_id: str | None = None) -> Match | None:
        """The rows of the recording `path`, or of `call_id` when its file name tells one.

        A row naming the file goes before one whose call id is the file's stem; the more folders agree the better.
        """
        fits: dict[tuple[int, ...], list[Row]] = defaultdict(list)
        for row in self._by_name.get(_fold(stem_of(path.name)), ()):
            fits[(2, _agreeing_folders(row, path), *_same_name(row, path))].append(row)
        if not fits:
            ids = dict.fromkeys((call_id or "", stem_of(path.name)))
            fits[(1,)] = next((self._by_id[key] for key in ids if key in self._by_id), [])
        fit = max(fits)
        rows = tuple(fits[fit])
        lines = {row.line for row in rows}
        same_call = (other for row in rows[:1] for other in self._by_id.get(row.call_id or "", ())[:_ENOUGH])
        return Match(rows, tuple(row for row in same_call if row.line not in lines), fit) if rows else None


def load_metadata(path: str | Path, mapping: str | Path | None = None) -> MetadataTable:
    """The table in `path`, its columns named as in `mapping` or by the usual names. Raises MetadataError."""
    path = Path(path)
    known = load_mapping(Path(mapping) if mapping else None)
    sheet = read_sheet(path)
    start, columns = _header(sheet, known, path)
    header = [as_text(cell) for cell in sheet.rows[start][1]]
    doubts = Doubts()
    warnings = [*_unknown_columns(header, columns, known, path)]
    warnings += [
        f"{path}: no column is named {' or '.join(map(shown, names))}, which the mapping gives for {field}"
        for field, names in known.absent(header).items()
    ]
    if sheet.read_as in GUESSED:
        warnings.append(f"{path}: read as {sheet.read_as}, which is a guess; if names look wrong, save it as UTF-8")
    rows: list[Row] = []
    nameless: list[int] = []
    for line, cells in sheet.rows[start + 1 :]:
        row = _row(line, cells, header, columns, known, doubts)
        if row.call_id or row.audio:
            rows.append(row)
        else:
            nameless.append(line)
    if not rows:
        raise MetadataError(f"{path} has a header but no calls", remedy="export the table again with its rows")
    if nameless:
        lines = first_three([f"line {line}" for line in nameless])
        warnings.append(f"{path}: rows that name neither a call nor a recording are ignored ({len(nameless)}): {lines}")
    rows, repeated = _without_repeats(rows)
    if repeated:
        warnings.append(f"{path}: rows that repeat another are ignored ({len(repeated)}): {first_three(repeated)}")
    warnings += [f"{path}, line {row.line}: {row.problem}" for row in rows if row.problem and not row.audio]
    warnings += [f"{path}, column {warning}" for warning in doubts.warnings()]
    return MetadataTable(str(path), tuple(rows), known, tuple(warnings))


def stem_of(name: str) -> str:
    """A file name without its suffix; dots inside a name stay."""
    suffix = PurePath(name).suffix
    return name.removesuffix(suffix) if _SUFFIX.fullmatch(suffix) else name


def _header(sheet: Sheet, mapping: ColumnMapping, path: Path) -> tuple[int, dict[str, int]]:
    for index, (_, cells) in enumerate(sheet.rows[:_TITLE_LINES]):
        columns = mapping.recognise([as_text(cell) for cell in cells])
        if "call_id" in columns or "audio" in columns:
            return index, columns
    found = ", ".join(shown(as_text(cell)) for cell in sheet.rows[0][1][:20])
    names = "; ".join(f"{key}: {', '.join(mapping.named[key][:4])}" for key in ("call_id", "audio"))
    message = f"{path} has no column with a call id or a recording (read as {sheet.read_as}, columns: {found})"
    raise MetadataError(message, remedy=f"name one as usual ({names}, ...), or give a mapping with your names")


def _unknown_columns(
    header: Sequence[str], columns: Mapping[str, int], mapping: ColumnMapping, path: Path
) -> Iterable[str]:
    unread = [(i, name) for i, name in enumerate(header) if name and i not in columns.values()]
    unknown = []
    for index, name in unread:
        if fields_of := [f for f, i in mapping.recognise([name]).items() if columns.get(f, index) != index]:
            used = shown(header[columns[fields_of[0]]])
            yield f"{path}: column {shown(name)} is not read, {used} already gives the {fields_of[0]}"
        else:
            close = mapping.closest(name)
            unknown.append(shown(name) + (f" (did you mean {close}?)" if close else ""))
    if unknown:
        names = "; ".join(f"{key}: {', '.join(mapping.named[key][:2])}" for key in FIELDS)
        yield f"{path}: unknown columns are ignored: {', '.join(unknown)}. Known are {names}"


def _row(
    line: int,
    cells: Sequence[Cell],
    header: Sequence[str],
    columns: Mapping[str, int],
    mapping: ColumnMapping,
    doubts: Doubts,
) -> Row:
    by_field = {name: cells[index] if index < len(cells) else None for name, index in columns.items()}
    names = {name: shown(header[index]) for name, index in columns.items()}
    call_id, problem = _call_id(by_field.get("call_id"), mapping)
    audio = as_text(by_field.get("audio")).strip()
    if any(cell is not None for cell in cells[len(header) :]):
        doubts.add("(beyond the last)", "more cells than the header has", f"line {line}", cells[len(header)])
    metadata = read_metadata(by_field, mapping, doubts, f"line {line}", names)
    return Row(line, call_id, audio if _parts(audio)[-1:] else None, metadata, problem)


def _call_id(cell: Cell, mapping: ColumnMapping) -> tuple[str | None, str | None]:
    text = as_text(cell).strip()
    if not text:
        return None, None
    if is_rounded(cell):
        return text, f"call id {shown(text)} has lost digits in a spreadsheet"
    problem = id_problem(text)
    return text, problem and f"call id {shown(text)} {problem}"


def _without_repeats(rows: Iterable[Row]) -> tuple[list[Row], list[str]]:
    first: dict[tuple[object, ...], Row] = {}
    repeated = []
    for row in rows:
        kept = first.setdefault((row.call_id, row.audio, row.metadata), row)
        if kept is not row:
            repeated.append(f"line {row.line} as line {kept.line}")
    return list(first.values()), repeated


def _fold(name: str) -> str:
    """File names that differ only in case or in how é is composed: Windows and Macs change that when they copy."""
    return unicodedata.normalize("NFC", name).casefold()


def _parts(audio: str) -> list[str]:
    return [part for part in re.split(r"[/\\]", audio) if part not in ("", ".")]


def _agreeing_folders(row: Row, path: Path) -> int:
    theirs = [_fold(part) for part in reversed(_parts(row.audio or "")[:-1])]
    ours = [_fold(part) for part in reversed(path.absolute().parts[:-1])]
    agree = [a == b for a, b in zip(theirs, ours, strict=False)]
    return agree.index(False) if False in agree else len(agree)


def _same_name(row: Row, path: Path) -> tuple[bool, bool]:
    """Whether the stem agrees in upper and lower case too, and whether the suffix does."""
    name = _parts(row.audio or "")[-1]
    return stem_of(name) == stem_of(path.name), _fold(PurePath(name).suffix) == _fold(path.suffix)
