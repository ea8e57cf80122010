"""Reading tables people export: CSV in whatever encoding and with whatever separator, or an Excel workbook."""

from __future__ import annotations

import csv
import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from charset_normalizer import from_bytes
from openpyxl import load_workbook

from scoring.errors import MetadataError

Cell = str | int | float | date | time | timedelta | None  # a datetime is a date; empty text is None
_LARGEST = 200_000_000  # bytes; a row of metadata has 200, so about a million calls
_UNPACKED = 1_000_000_000
_SEPARATORS = ",;\t"
GUESSED = ("big5", "cp1252")
_SAVE_AS = "save the table as .xlsx, or as CSV in UTF-8"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows with their line number in the file, blank ones left out, and how the file was read."""

    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    read_as: str


def read_sheet(path: Path) -> Sheet:
    """The table in `path`; the content decides what it is. Raises MetadataError."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise MetadataError(f"metadata table {path} {what}", remedy="give a .csv or .xlsx file")
        if path.stat().st_size > _LARGEST:
            message = f"{path} is larger than {_LARGEST // 1_000_000} MB"
            raise MetadataError(message, remedy="split it, or keep only the columns callqa knows")
        data = path.read_bytes()
    except OSError as error:
        message = f"metadata table {path} cannot be read: {error.strerror}"
        raise MetadataError(message, remedy="check the path and its permissions") from None
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        message = f"{path} is an Excel file of the old kind (.xls) or protected by a password"
        raise MetadataError(message, remedy=_SAVE_AS)
    sheet = _workbook(path, data) if data.startswith(b"PK\x03\x04") else _csv(path, data)
    if not sheet.rows:
        raise MetadataError(f"{path} is empty", remedy="export the table again, with its header line")
    return sheet


def decode_text(path: Path, data: bytes) -> tuple[str, str]:
    """Text and encoding of `data`. Raises MetadataError where no encoding fits."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Bytes of another encoding often come out as characters that nobody has assigned.
        if "\0" not in text and (encoding == "utf-8" or not _unassigned(text)):
            return text.removeprefix("\ufeff"), encoding
    # Of the hundred encodings it knows these two are met here; free to choose, it takes French for Baltic.
    guess = from_bytes(data, cp_isolation=list(GUESSED)).best() if b"\0" not in data else None
    if guess is None:
        raise MetadataError(f"{path} is not a text table: its encoding cannot be determined", remedy=_SAVE_AS)
    return data.decode(guess.encoding, "replace"), guess.encoding


def _unassigned(text: str) -> bool:
    return any(unicodedata.category(character) in ("Co", "Cn") for character in set(text))


def _candidates(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    sample = data[:65_536]
    if b"\0" in sample:
        little = sample[1::2].count(0) > sample[0::2].count(0)
        return ("utf-16-le",) if little else ("utf-16-be",)
    # GB18030 contains GBK and GB2312. It fits nearly any bytes, so it comes after UTF-8, which fits hardly any.
    return ("utf-8", "gb18030")


def _csv(path: Path, data: bytes) -> Sheet:
    text, encoding = decode_text(path, data)
    head = text[:65_536]
    separator = max(_SEPARATORS, key=lambda s: _width(head, s))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append((line, [_unquoted(cell) for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"{path}, line {line}: {error}"
        raise MetadataError(message, remedy="is a quotation mark open there? " + _SAVE_AS) from None
    return Sheet(_filled(rows), encoding)


def _width(head: str, separator: str) -> int:
    """The most cells any of the first lines has: a title line above the header has one."""
    try:
        lines = zip(range(10), csv.reader(io.StringIO(head, newline=""), delimiter=separator), strict=False)
        return max((len(cells) for _, cells in lines), default=0)
    except csv.Error:
        return 0


def _unquoted(cell: str) -> str:
    """Exports write ="0012" to keep Excel from making a number of it."""
    cell = cell.strip()
    return cell[2:-1] if len(cell) > 3 and cell.startswith('="') and cell.endswith('"') else cell


def _workbook(path: Path, data: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _UNPACKED:
                message = f"{path} unpacks to more than {_UNPACKED // 1_000_000} MB"
                raise MetadataError(message, remedy="split the table")
        with warnings.catch_warnings(action="ignore"):  # about styles and extensions, nothing about values
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some exporters write a wrong size, and all rows beyond it would be lost
            rows = [(number, list(cells)) for number, cells in enumerate(sheet.iter_rows(values_only=True), 1)]
            book.close()
    except MetadataError:
        raise
    except Exception as error:  # openpyxl lets through whatever a broken part makes it stumble over
        message = f"{path} is not a readable Excel workbook ({type(error).__name__})"
        raise MetadataError(message, remedy="open it in Excel and save it again as .xlsx") from None
    return Sheet(_filled(rows), "xlsx")


def _filled(rows: Iterable[tuple[int, Iterable[object]]]) -> tuple[tuple[int, tuple[Cell, ...]], ...]:
    kept = ((line, tuple(_cell(cell) for cell in cells)) for line, cells in rows)
    return tuple((line, cells) for line, cells in kept if any(cell is not None for cell in cells))


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, date, time, timedelta)):
        return value
    return str(value).strip() or None if value is not None else None
