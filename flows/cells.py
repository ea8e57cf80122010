"""What a cell of a metadata table means: a date, a number, one of a few words, or nothing that can be used."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from openpyxl.utils.datetime import from_excel

from flows.mapping import ColumnMapping, fold_value
from flows.sheets import Cell
from scoring.call import Metadata, Scenario

LONGEST_ID = 128
_LONGEST_TEXT = 200
_YEARS = range(1990, 2101)
_EXCEL_DAYS = (32_874, 73_415)  # those years as Excel counts days
_HIGHEST_CSAT = 100.0
_LONGEST_HOLD = 86_400.0  # s
_ROUNDED = re.compile(r"\d(\.\d+)?e\+\d{2,}", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
_SPOKEN = re.compile(r"(?:(\d{1,2})(?:小时|时|h))?(?:(\d{1,4})(?:分钟?|m))(?:(\d{1,2})(?:秒钟?|s))?")  # 1分30秒
_EXACT = 2**53  # the whole numbers a spreadsheet keeps


class Doubts:
    """Cells that could not be used, put together so that one bad column is one warning and not ten thousand."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)

    def add(self, column: str, problem: str, place: str, value: object) -> None:
        """`place` says where: a line of a table or a file."""
        self._found[column, problem].append((place, shown(value)))

    def warnings(self) -> tuple[str, ...]:
        """One sentence a column and problem, with the first three places."""
        return tuple(
            f"{column}: {len(cells)} unusable, left empty ({problem}): {first_three([f'{p} {v}' for p, v in cells])}"
            for (column, problem), cells in self._found.items()
        )


def first_three(items: list[str]) -> str:
    """The items, or the first three and how many more."""
    more = f" and {len(items) - 3} more" if len(items) > 3 else ""
    return ", ".join(items[:3]) + more


def shown(value: object, longest: int = 60) -> str:
    """Foreign text made safe for one line of a message: control characters and broken file names as escapes."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(value))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def as_text(cell: Cell) -> str:
    """Excel has no whole numbers: 8021 is stored as 8021.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def is_rounded(cell: Cell) -> bool:
    """Whether a spreadsheet has cut the digits of a long number: 1.23457E+17."""
    if isinstance(cell, (int, float)):
        return abs(cell) >= _EXACT
    return isinstance(cell, str) and _ROUNDED.fullmatch(cell) is not None


def id_problem(text: str) -> str | None:
    """Why `text` cannot be a call id, which names files and pages; None when it can."""
    if not text:
        return "is empty"
    if len(text) > LONGEST_ID:
        return f"has {len(text)} characters, at most {LONGEST_ID} are possible"
    if "/" in text or "\\" in text or ".." in text or text == ".":
        return "contains a path separator or dots"
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text):
        return "contains control characters or is not valid Unicode"
    return "begins or ends with a space" if text != text.strip() else None


def read_metadata(
    cells: Mapping[str, Cell], mapping: ColumnMapping, doubts: Doubts, place: str, names: Mapping[str, str]
) -> Metadata:
    """Metadata from cells by field. What cannot be used goes to `doubts` under the column's own name and stays None."""
    values: dict[str, Any] = {}
    for field, read in _READERS.items():
        cell = cells.get(field)
        if cell is None or fold_value(as_text(cell)) in mapping.empty or not as_text(cell).strip():
            continue
        try:
            values[field] = read(cell, mapping)
        except _UnusableError as problem:
            doubts.add(names.get(field, field), str(problem), place, cell)
    return Metadata(**values)


class _UnusableError(Exception):
    pass


def _text(cell: Cell, mapping: ColumnMapping) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in as_text(cell)).split())
    if is_rounded(cell):
        raise _UnusableError("digits were lost in a spreadsheet: format the column as text")
    if not text or len(text) > _LONGEST_TEXT:
        raise _UnusableError(f"expected 1 to {_LONGEST_TEXT} characters")
    return text


def _moment(cell: Cell, mapping: ColumnMapping) -> datetime:
    """The wall clock at the contact centre; an offset is dropped, so that all times of a table compare."""
    moment = _parsed(cell, mapping)
    if moment is None or moment.year not in _YEARS:
        raise _UnusableError("no possible date; add its format to `dates` of a mapping")
    return moment.replace(tzinfo=None)


def _parsed(cell: Cell, mapping: ColumnMapping) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, (int, float)) and _EXCEL_DAYS[0] < cell < _EXCEL_DAYS[1]:
        found = from_excel(cell)
        return found if isinstance(found, datetime) else None
    text = " ".join(unicodedata.normalize("NFKC", as_text(cell)).split())
    for parse in (datetime.fromisoformat, *(_with(form) for form in mapping.dates)):
        try:
            return parse(text)
        except ValueError:
            continue
    return None


def _with(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)


def _word(field: str, allowed: str) -> Callable[[Cell, ColumnMapping], str]:
    def read(cell: Cell, mapping: ColumnMapping) -> str:
        known, text = mapping.values[field], fold_value(as_text(cell))
        if text in known:
            return known[text]
        close = get_close_matches(text, known, n=1, cutoff=0.5)  # one of two characters
        meant = f"did you mean {close[0]}? " if close else ""
        raise _UnusableError(f"{meant}known are {allowed}; add it to `values` of a mapping")

    return read


def _csat(cell: Cell, mapping: ColumnMapping) -> float:
    text = fold_value(as_text(cell))
    known = mapping.values["csat"].get(text, text)
    return _number(re.sub(r"\s*(分|星|颗星|stars?)$", "", known), _HIGHEST_CSAT)


def _hold(cell: Cell, mapping: ColumnMapping) -> float:
    if isinstance(cell, timedelta):
        return _number(str(cell.total_seconds()), _LONGEST_HOLD)
    text = fold_value(as_text(cell))
    if clock := _CLOCK.fullmatch(text) or _SPOKEN.fullmatch(text):
        hours, minutes, seconds = (float(part or 0) for part in clock.groups())
        text = str(3600 * hours + 60 * minutes + seconds)
    return _number(text.removesuffix("seconds").removesuffix("秒").removesuffix("s").strip(), _LONGEST_HOLD)


def _number(text: str, highest: float) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) or float(text) > highest:
        raise _UnusableError(f"no number from 0 to {highest:g}")
    return float(text)


_direction = _word("direction", "inbound 呼入, outbound 呼出")
_scenario = _word("scenario", "consult 咨询, complaint 投诉, repair 报修, after_sales 售后, other 其他")
_transferred = _word("transferred", "yes 是, no 否")
_READERS: dict[str, Callable[[Cell, ColumnMapping], object]] = {
    "agent": _text,
    "agent_name": _text,
    "team": _text,
    "direction": _direction,
    "scenario": lambda cell, mapping: Scenario(_scenario(cell, mapping)),
    "started_at": _moment,
    "customer_phone": _text,
    "csat": _csat,
    "hold_seconds": _hold,
    "transferred": lambda cell, mapping: _transferred(cell, mapping) == "true",
    "ticket_id": _text,
}
