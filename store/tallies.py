"""Figures kept up to date: what the queue takes up is counted, what was counted before of the same call taken away.

Nothing here is found out by adding up all calls, and nothing needs to be: `recount` does so to prove it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from scoring.rubric_file import load_rubric, shipped_rubrics
from store.desk_tables import QueueRow
from store.tables import AnswerRow, CallRow, EvaluationRow, RubricRow, SignalsRow, TranscriptRow
from store.tally import FACTS, Cell, Counted, Vector, added, feelings, numbers, packed, pressed, unpacked, unpressed
from store.tally_tables import TalliedRow, TallyItemRow, TallyRow, TallyStateRow

AT_ONCE = 500  # keys in a statement
ONLY = 1  # the one row of `tally_state`


def take(session: Session, recordings: Collection[str]) -> None:
    """Bring the figures in line with the queue for these recordings (sha256). Needs a writing session, one at a time.

    Call it when their rows of the queue are written; a recording that is no longer there is taken away.
    """
    session.flush()
    for some in _chunks(sorted(set(recordings)), AT_ONCE):
        new = counted(session, some)
        changes: dict[Cell, Vector] = {}
        before = {row.sha256: row for row in session.scalars(select(TalliedRow).where(TalliedRow.sha256.in_(some)))}
        old = {sha256: _counted(row) for sha256, row in before.items()}
        changed = [s for s in some if not _same(old.get(s), new.get(s))]
        for sha256 in changed:
            for each, sign in ((old.get(sha256), -1), (new.get(sha256), 1)):
                for cell in each.cells if each else ():
                    step = sign * each.numbers  # type: ignore[union-attr]
                    changes[cell] = added(changes[cell], step) if cell in changes else step
        _apply(session, changes)
        _note(session, [s for s in changed if s in old], [(s, new[s]) for s in changed if s in new])
        if changed:
            _touch(session)


def counted(session: Session, recordings: Sequence[str]) -> dict[str, Counted]:
    """What the queue, the calls and their answers say of recordings, by sha256."""
    rows = session.execute(
        select(
            QueueRow.sha256, QueueRow.evaluation_key, QueueRow.rubric_hash, QueueRow.started_at, QueueRow.team,
            QueueRow.agent, QueueRow.scenario, QueueRow.duration, QueueRow.score, QueueRow.fatal, QueueRow.severity,
            CallRow.csat, CallRow.hold_seconds, CallRow.transferred,
        )
        .join(CallRow, CallRow.sha256 == QueueRow.sha256)
        .where(QueueRow.sha256.in_(recordings))
    ).all()  # fmt: skip
    keys = [row.evaluation_key for row in rows]
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    given = select(AnswerRow.evaluation_key, AnswerRow.item, AnswerRow.status)
    given = given.where(AnswerRow.evaluation_key.in_(keys)).order_by(AnswerRow.evaluation_key, AnswerRow.position)
    for key, item, status in session.execute(given):
        answers[key][item] = status
    felt = _feelings(session, keys, {row.evaluation_key: row.duration for row in rows})
    places = {digest: _places(session, digest) for digest in {row.rubric_hash for row in rows}}
    found = {}
    for row in rows:
        where, said = places[row.rubric_hash], answers[row.evaluation_key]
        for item in said:
            if item not in where:
                where[item] = len(where)
                session.add(TallyItemRow(rubric_hash=row.rubric_hash, item=item, place=where[item]))
        mark = _pass_mark(session, row.rubric_hash)
        day = row.started_at.date().isoformat() if row.started_at else ""
        cell = Cell(row.rubric_hash, "agent", "day", day, row.team or "", row.agent or "", row.scenario or "")
        kpis = {"csat": row.csat, "duration": row.duration, "hold": row.hold_seconds, "transferred": row.transferred}
        found[row.sha256] = Counted(
            cell,
            numbers(
                seconds=row.duration, score=row.score, fatal=row.fatal, flagged=row.fatal or row.severity is not None,
                passed=row.score is not None and mark is not None and row.score >= mark,
                kpis=kpis, feelings=felt.get(row.evaluation_key, ()),
                answers={where[item]: status for item, status in said.items()}, items=len(where),
            ),
        )  # fmt: skip
    return found


def version(session: Session) -> int:
    """Grows with every change of the figures."""
    return session.scalar(select(TallyStateRow.version).where(TallyStateRow.id == ONLY)) or 0


def places(session: Session, rubric_hash: str) -> list[str]:
    """The items of a form in the order in which their answers are counted."""
    return list(
        session.scalars(
            select(TallyItemRow.item).where(TallyItemRow.rubric_hash == rubric_hash).order_by(TallyItemRow.place)
        )
    )


def recount(session: Session) -> list[str]:
    """Count every call of the queue anew and tell what of the figures is otherwise; nothing where all is right."""
    summed: dict[Cell, Vector] = {}
    ids = session.scalars(select(QueueRow.sha256).order_by(QueueRow.sha256)).all()
    for some in _chunks(ids, AT_ONCE):
        for each in counted(session, some).values():
            for cell in each.cells:
                summed[cell] = added(summed[cell], each.numbers) if cell in summed else each.numbers
    wrong = []
    for row in session.scalars(select(TallyRow)).yield_per(AT_ONCE):
        cell = _cell(row)
        right = summed.pop(cell, None)
        if right is None:
            wrong.append(f"{cell}: there are no such calls")
        elif row.cell != cell.id or not np.array_equal(*_alike(_numbers(row), right)):
            wrong.append(f"{cell}: counted otherwise")
    return wrong + [f"{cell}: not counted" for cell in summed]


def _apply(session: Session, changes: dict[Cell, Vector]) -> None:
    """Add to the cells; one that holds no call is dropped."""
    steps = {cell.id: (cell, step) for cell, step in changes.items()}
    there: dict[int, TallyRow] = {}
    for some in _chunks(steps, AT_ONCE):
        there.update({row.cell: row for row in session.scalars(select(TallyRow).where(TallyRow.cell.in_(some)))})
    made, moved, gone = [], [], []
    for key, (cell, step) in steps.items():
        now = added(_numbers(there[key]), step) if key in there else step
        values: dict[str, Any] = {"sums": packed(now[len(FACTS) :])}
        values |= {name: int(now[i]) for i, name in enumerate(FACTS)}
        if not now[0]:
            gone.append(key)
        elif key in there:
            moved.append(values | {"id": there[key].id})
        else:
            made.append(values | {"cell": key} | {name: getattr(cell, name) for name in Cell.__slots__})
    for row in there.values():
        session.expunge(row)
    if made:
        session.execute(insert(TallyRow), made)
    if moved:
        session.execute(update(TallyRow), moved)
    for some in _chunks([key for key in gone if key in there], AT_ONCE):
        session.execute(delete(TallyRow).where(TallyRow.cell.in_(some)))


def _note(session: Session, gone: Sequence[str], new: Sequence[tuple[str, Counted]]) -> None:
    """Keep what calls were counted as."""
    if gone:
        session.execute(
            delete(TalliedRow).where(TalliedRow.sha256.in_(gone)), execution_options={"synchronize_session": "evaluate"}
        )
    values = [
        {
            "sha256": sha256, "counted": pressed(each.numbers),
            **{name: getattr(each.cell, name) for name in ("rubric_hash", "day", "team", "agent", "scenario")},
        }
        for sha256, each in new
    ]  # fmt: skip
    if values:
        session.execute(insert(TalliedRow), values)


def _touch(session: Session) -> None:
    row = session.get(TallyStateRow, ONLY)
    if row is None:
        session.add(TallyStateRow(id=ONLY, version=1))
    else:
        row.version += 1
    session.flush()


def _cell(row: TallyRow) -> Cell:
    return Cell(*(getattr(row, name) for name in Cell.__slots__))


def _counted(row: TalliedRow) -> Counted:
    return Counted(
        Cell(row.rubric_hash, "agent", "day", row.day, row.team, row.agent, row.scenario), unpressed(row.counted)
    )


def _same(one: Counted | None, other: Counted | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.cell == other.cell and np.array_equal(*_alike(one.numbers, other.numbers))


def _alike(one: Vector, other: Vector) -> tuple[Vector, Vector]:
    """Both as long as the longer."""
    return added(one, np.zeros_like(other)), added(other, np.zeros_like(one))


def _numbers(row: TallyRow) -> Vector:
    facts = np.array([getattr(row, name) for name in FACTS], dtype=np.int64)
    return np.concatenate([facts, unpacked(row.sums)])


def _feelings(session: Session, keys: Sequence[str], seconds: dict[str, float]) -> dict[str, list[float | None]]:
    """The customer's feeling by fifth of the call, of evaluations whose signals and turns are kept."""
    rows = session.execute(
        select(EvaluationRow.key, SignalsRow.signals, TranscriptRow.turns)
        .join(SignalsRow, SignalsRow.key == EvaluationRow.signals_key)
        .join(TranscriptRow, TranscriptRow.key == SignalsRow.transcript_key)
        .where(EvaluationRow.key.in_(keys)),
        execution_options={"yield_per": 50},
    )
    return {key: feelings(signals, turns, seconds[key]) for key, signals, turns in rows}


def _places(session: Session, rubric_hash: str) -> dict[str, int]:
    return {item: n for n, item in enumerate(places(session, rubric_hash))}


def _pass_mark(session: Session, rubric_hash: str) -> float | None:
    """From which score on a call passes by a form; None where nobody knows the form."""
    if rubric_hash in _shipped():
        return _shipped()[rubric_hash]
    kept: dict[str, float | None] = session.info.setdefault("pass_marks", {})
    if rubric_hash not in kept:
        row = session.get(RubricRow, rubric_hash)
        kept[rubric_hash] = None if row is None else float(row.form.get("pass_mark", 60))
    return kept[rubric_hash]


@cache
def _shipped() -> dict[str, float]:
    return {form.hash: form.pass_mark for form in map(load_rubric, shipped_rubrics())}


def _chunks(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
