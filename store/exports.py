"""What a run leaves for people and other systems: JSON lines, CSV, a workbook, transcripts.

write_outputs(ledger.records(keys), ledger.failures(run), Path("out"), [rubric])
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from scoring.rubric import Rubric
from store import sheets
from store.cells import csv_cell
from store.codec import to_json
from store.filenames import FileNames
from store.sheets import Form, Record
from store.staging import staged, writing_to
from store.workbook import write_workbook

TRANSCRIPT = (
    "record_version", "call_id", "audio", "sha256", "duration", "language", "scenario", "agent", "agent_name", "team",
    "started_at", "turns", "measures",
)  # fmt: skip
# Legal within JSON, but many a reader would end the line there.
_LINE_ENDS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def write_outputs(
    records: Iterable[Record], failures: Iterable[Record], folder: str | Path, rubrics: Iterable[Rubric] = ()
) -> int:
    """Write evaluations.jsonl, .csv and .xlsx, failures.jsonl and transcripts/ into `folder`. The number of records.

    Records are read once, one at a time. rubrics: for the order and the names of items; an item of none of them comes
    last, under its id. The four files take the place of earlier ones together, when all are written; a transcript as
    soon as it is. Raises OutputError, with a remedy, where the disk refuses.
    """
    folder, form, failed = Path(folder), Form.of(rubrics), list(failures)
    with writing_to(folder), ExitStack() as files:
        (folder / "transcripts").mkdir(parents=True, exist_ok=True)
        jsonl, table, book, lost = (
            files.enter_context(staged(folder / name))
            for name in ("evaluations.jsonl", "evaluations.csv", "evaluations.xlsx", "failures.jsonl")
        )
        count = _write_lines(_noting(records, form, folder / "transcripts"), jsonl)
        # All items are known only now; what was just written is read again, so that nothing is kept in memory.
        _write_table(_read_lines(jsonl), form, table)
        write_workbook(_read_lines(jsonl), failed, form, book)
        _write_lines(failed, lost)
    return count


def _noting(records: Iterable[Record], form: Form, folder: Path) -> Iterator[Record]:
    """The records as they pass by; their items are learnt, their transcripts written."""
    names = FileNames()
    for record in records:
        form.learn(record)
        name = names.of(record["call_id"], record["sha256"])
        with staged(folder / f"{name}.json", durable=False) as path:
            path.write_text(to_json({key: record[key] for key in TRANSCRIPT}) + "\n", encoding="utf-8")
        yield record


def _write_lines(records: Iterable[Record], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            line = to_json(record)
            for end, escape in _LINE_ENDS:
                line = line.replace(end, escape)
            file.write(line + "\n")
            count += 1
    return count


def _read_lines(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from map(json.loads, file)


def _write_table(records: Iterable[Record], form: Form, path: Path) -> None:
    """One row a call. The byte order mark tells Excel that this is UTF-8; names and codes are ids, for programs."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        known = (*sheets.CALLS, *form.section_columns())
        writer.writerow(map(csv_cell, [*(column.key for column in known), *form.items]))
        for record in records:
            values = [*sheets.call_row(record), *sheets.section_points(record, form), *sheets.statuses(record, form)]
            writer.writerow(map(csv_cell, values))
