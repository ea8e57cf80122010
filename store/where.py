"""Which calls: conditions like `agent=A017`, `score<60`, `from=2026-03-01`, of which all must hold.

A value only ever reaches the database as a bound parameter; names and comparisons come from the tables below.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from sqlalchemy import JSON, ColumnElement, column, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from scoring.errors import UsageError
from store.tables import CallRow, EvaluationRow, TranscriptRow

Value = str | float | bool | datetime

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_FORM = re.compile(r"\s*([a-z_0-9]+)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*", re.DOTALL)
_TEXTS = ("agent", "call", "direction", "language", "scenario", "team", "ticket")
_NUMBERS = ("csat", "duration", "score")
_TRUTHS = ("fatal", "transferred")
_DATES = ("from", "until")
FIELDS = (*_TEXTS, *_NUMBERS, *_TRUTHS, *_DATES, "flag", "grade")
_COLUMNS = {
    "agent": CallRow.agent,
    "call": CallRow.call_id,
    "direction": CallRow.direction,
    "scenario": CallRow.scenario,
    "team": CallRow.team,
    "ticket": CallRow.ticket_id,
    "csat": CallRow.csat,
    "duration": CallRow.duration,
    "transferred": CallRow.transferred,
}
EXAMPLES = "for example agent=A017,A018 or score<60 or from=2026-03-01 or flag=high"
_YES, _NO = ("yes", "true", "1", "是"), ("no", "false", "0", "否")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. values: any of them may hold; of `!=` none may."""

    field: str
    operator: str
    values: tuple[Value, ...]


def parse(text: str) -> Condition:
    """A condition from what a person wrote. Raises UsageError."""
    found = _FORM.fullmatch(text)
    if not found:
        raise UsageError(f"--where {text!r} is not NAME=VALUE", remedy=EXAMPLES)
    name, sign, given = found.groups()
    if name not in FIELDS:
        near = get_close_matches(name, FIELDS, n=1)
        raise UsageError(
            f"--where {text!r}: {name!r} is not known" + (f"; did you mean {near[0]!r}?" if near else ""),
            remedy=f"use one of {', '.join(sorted(FIELDS))}; {EXAMPLES}",
        )
    allowed = ("=", "!=", *_OPERATORS) if name in _NUMBERS else ("=",) if name in (*_DATES, *_TRUTHS) else ("=", "!=")
    if sign not in allowed:
        raise UsageError(f"--where {text!r}: {name} takes {' '.join(allowed)}", remedy=EXAMPLES)
    parts = [part.strip() for part in given.split(",")] if sign in ("=", "!=") else [given]
    if not all(parts):
        raise UsageError(f"--where {text!r}: a value is missing", remedy=EXAMPLES)
    if name in _DATES and len(parts) > 1:
        raise UsageError(f"--where {text!r}: {name} takes one day", remedy=EXAMPLES)
    return Condition(name, sign, tuple(_value(name, part, text) for part in parts))


def clauses(
    conditions: Iterable[Condition], dialect: str, *, under: str | None = None, except_under: Sequence[str] = ()
) -> list[ColumnElement[bool]]:
    """The conditions on rows of `CallRow`.

    Score, grade, fatal and flag are those of the call's last evaluation under the rubric hash `under`; without it, of
    the last one under another than `except_under`, or else of its first: what is judged now never changes the choice.
    """
    return [_clause(c, dialect, under, except_under) for c in conditions]


def _clause(c: Condition, dialect: str, under: str | None, except_under: Sequence[str]) -> ColumnElement[bool]:
    if c.field == "from":
        return CallRow.started_at >= c.values[0]
    if c.field == "until":
        return CallRow.started_at < c.values[0]
    if c.field == "language":
        spoken = exists().where(TranscriptRow.sha256 == CallRow.sha256, TranscriptRow.language.in_(c.values))
        return ~spoken if c.operator == "!=" else spoken
    if c.field in _COLUMNS:
        return _compared(_COLUMNS[c.field], c)
    row = aliased(EvaluationRow)
    if c.field == "flag":
        asked = _flagged(row, c.values, dialect)
    else:
        asked = _compared({"score": row.score, "grade": row.grade, "fatal": row.fatal}[c.field], c)
    judged = exists().where(row.key == _last(under, except_under), asked)
    return ~judged if c.field == "flag" and c.operator == "!=" else judged


def _compared(value: Any, c: Condition) -> ColumnElement[bool]:
    if c.operator == "!=":
        return or_(value.is_(None), value.not_in(c.values))
    if c.operator == "=":
        return value.in_(c.values)
    return _OPERATORS[c.operator](value, c.values[0])


def _last(under: str | None, except_under: Sequence[str]) -> Any:
    """Key of the evaluation that conditions on a call's result mean."""
    made = select(EvaluationRow.key).where(EvaluationRow.sha256 == CallRow.sha256).limit(1).correlate(CallRow)
    newest = made.order_by(EvaluationRow.held_at.desc(), EvaluationRow.key.desc())
    if under:
        return newest.where(EvaluationRow.rubric_hash == under).scalar_subquery()
    other = newest.where(EvaluationRow.rubric_hash.not_in(except_under)).scalar_subquery()
    return func.coalesce(other, made.order_by(EvaluationRow.held_at, EvaluationRow.key).scalar_subquery())


def _flagged(row: Any, values: Sequence[Value], dialect: str) -> ColumnElement[bool]:
    """Whether a record holds a flag of one of these severities or items; `any`: one at all."""
    if dialect == "sqlite":
        flags = func.json_each(row.record, "$.flags").table_valued("value")
        severity, item = (func.json_extract(flags.c.value, f"$.{key}") for key in ("severity", "item"))
    else:
        flags = func.json_array_elements(row.record["flags"]).table_valued(column("value", JSON))
        severity, item = (flags.c.value[key].as_string() for key in ("severity", "item"))
    wanted = literal(True) if "any" in values else or_(severity.in_(values), item.in_(values))
    return select(literal(1)).select_from(flags).where(wanted).exists()


def _value(name: str, given: str, text: str) -> Value:
    if name in _NUMBERS:
        try:
            number = float(given)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise UsageError(f"--where {text!r}: {given!r} is not a number", remedy=EXAMPLES)
        return number
    if name in _TRUTHS:
        if given.lower() not in (*_YES, *_NO):
            raise UsageError(f"--where {text!r}: {name} is yes or no", remedy=f"write {name}=yes or {name}=no")
        return given.lower() in _YES
    if name in _DATES:
        return _moment(name, given, text)
    return given


def _moment(name: str, given: str, text: str) -> datetime:
    """Where a day begins (`from`) or the next one (`until`: that day is within), by the contact centre's clock."""
    try:
        day = date.fromisoformat(given)
        return datetime.combine(day, datetime.min.time()) + timedelta(days=name == "until")
    except (ValueError, OverflowError):
        pass
    try:
        return datetime.fromisoformat(given).replace(tzinfo=None)
    except ValueError:
        raise UsageError(
            f"--where {text!r}: {given!r} is not a date", remedy=f"write {name}=2026-03-01 or {name}=2026-03-01T09:30"
        ) from None
