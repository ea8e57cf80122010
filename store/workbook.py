"""evaluations.xlsx, row by row: memory does not grow with the number of calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from store import sheets
from store.cells import Value, clean, is_formula_like
from store.sheets import Column, Form, Record

MOST_ROWS = 1_048_576  # of a sheet, header included: Excel specifications and limits
LONGEST = 32_767  # characters of a cell: the same
DATE = "yyyy-mm-dd hh:mm:ss"
HEADER = PatternFill("solid", fgColor="D9E1F2")
COLOURS = {
    "met": PatternFill("solid", fgColor="C6EFCE"),
    "partly_met": PatternFill("solid", fgColor="FFEB9C"),
    "missed": PatternFill("solid", fgColor="FFC7CE"),
    "not_applicable": PatternFill("solid", fgColor="EDEDED"),
    "cannot_judge": PatternFill("solid", fgColor="DDEBF7"),
}


def write_workbook(records: Iterable[Record], failures: Iterable[Record], form: Form, path: Path) -> None:
    """Write the sheets Calls, Answers and Failures. Raises OSError."""
    book = Workbook(write_only=True)
    book.properties.creator = "callqa"
    items = tuple(Column(item, title, 16) for item, title in form.items.items())
    calls = _Sheet(book, "Calls 通话", (*sheets.CALLS, *form.section_columns(), *items))
    answers = _Sheet(book, "Answers 答案", sheets.ANSWERS)
    failed = _Sheet(book, "Failures 失败", sheets.FAILURES)
    status = [column.key for column in sheets.ANSWERS].index("status")
    for record in records:
        known = sheets.in_words(sheets.call_row(record), sheets.CALLS)
        calls.append([*known, *sheets.section_points(record, form)], sheets.statuses(record, form))
        for row in sheets.answer_rows(record, form):
            answers.append(row[:status], [str(row[status])], row[status + 1 :])
    for failure in failures:
        failed.append(sheets.in_words(sheets.failure_row(failure), sheets.FAILURES))
    for sheet in (calls, answers, failed):
        sheet.finish()
    book.save(path)


class _Sheet:
    """A sheet that goes on in another one when it is full."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column]) -> None:
        self._book, self._title, self._columns = book, title, columns
        self._parts = 0
        self._coloured: dict[str, Cell] = {}
        self._begin()

    def append(self, before: Sequence[Value], statuses: Sequence[str] = (), after: Sequence[Value] = ()) -> None:
        """Write a row: values, statuses in their colours, values."""
        if self._rows == MOST_ROWS:
            self.finish()
            self._begin()
        self._sheet.append(
            [*map(self._value, before), *map(self._status, statuses), *map(self._value, after)],
        )
        self._rows += 1

    def finish(self) -> None:
        """Put filters on what was written."""
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._columns))}{self._rows}"

    def _begin(self) -> None:
        self._parts += 1
        title = self._title if self._parts == 1 else f"{self._title} {self._parts}"
        self._sheet = self._book.create_sheet(title)
        self._coloured.clear()
        self._sheet.freeze_panes = "B2"
        for number, column in enumerate(self._columns, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = column.width
        self._sheet.append([self._header(column.title) for column in self._columns])
        self._rows = 1

    def _header(self, title: str) -> Cell:
        cell = self._text(title)
        cell.font, cell.fill = Font(bold=True), HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell

    def _status(self, status: str) -> Cell | None:
        if not status:
            return None
        if status not in self._coloured:
            cell = self._text(sheets.STATUSES.get(status, status))
            if status in COLOURS:
                cell.fill = COLOURS[status]
            self._coloured[status] = cell
        # A row is written cell by cell as it is handed over: one object serves them all, and styling is slow.
        return self._coloured[status]

    def _value(self, value: Value) -> Value | Cell:
        if isinstance(value, datetime):
            cell = WriteOnlyCell(self._sheet, value)
            cell.number_format = DATE
            return cell
        if not isinstance(value, str):
            return value
        text = _fit(value)
        # A cell object costs ten times a bare value: only text that would be taken for something else gets one.
        return self._text(text) if text.startswith("#") or is_formula_like(text) else text

    def _text(self, text: str) -> Cell:
        """A cell that is text, whatever it begins with, and stays so when somebody edits it."""
        cell = WriteOnlyCell(self._sheet, _fit(text))
        cell.data_type = "s"
        cell.quotePrefix = is_formula_like(text)
        return cell


def _fit(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
