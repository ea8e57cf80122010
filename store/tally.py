"""What is counted of a call for the dashboards, as whole numbers that add up, and where each number stands."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.evaluation import Status

FACTS = ("calls", "seconds", "scored", "score", "score_squared", "passed", "fatal", "flagged")
TENTH = 10  # scores (points) and times (s) are kept in tenths: the form's arithmetic gives no more
KPIS = ("csat", "duration", "hold", "transferred")
PAIR = ("n", "x", "xx", "y", "yy", "xy")  # x: score, y: the KPI, of calls that have both
FIFTHS = 5  # of a call, for the course of the customer's feeling
COURSE = ("n", "sum", "squares")
THOUSAND = 1000
ANSWERS = (Status.MET, Status.PARTLY_MET, Status.MISSED, Status.NOT_APPLICABLE, Status.CANNOT_JUDGE)
_KPIS_AT = len(FACTS)
_COURSE_AT = _KPIS_AT + len(KPIS) * len(PAIR)
ITEMS_AT = _COURSE_AT + FIFTHS * len(COURSE)
ADDED_TO = (("agent", "day"), ("agent", "month"), ("team", "day"), ("team", "week"), ("team", "month"))
Vector = npt.NDArray[np.int64]


def first_day(day: date, span: str) -> date:
    """Of the day, week or month that a day lies in; weeks begin on Monday (ISO 8601)."""
    if span == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if span == "month" else day


@dataclass(frozen=True, slots=True)
class Cell:
    """What the calls that are added up have in common. agent: empty for the whole team."""

    rubric_hash: str
    whose: str
    span: str
    day: str
    team: str
    agent: str
    scenario: str

    @property
    def id(self) -> int:
        """63 bits of its sha256: among a million cells two are the same once in ten million ledgers."""
        name = json.dumps([getattr(self, part) for part in self.__slots__])
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


@dataclass(frozen=True, slots=True)
class Counted:
    """A call as the figures have it: its agent's cell of the day, and its numbers."""

    cell: Cell
    numbers: Vector

    @property
    def cells(self) -> list[Cell]:
        """Where it is added."""
        c, made = self.cell, []
        day = date.fromisoformat(c.day) if c.day else None
        for whose, span in ADDED_TO:
            first = first_day(day, span).isoformat() if day else ""
            made.append(
                Cell(c.rubric_hash, whose, span, first, c.team, c.agent if whose == "agent" else "", c.scenario)
            )
        return made


class Layout:
    """Where numbers stand in a vector: FACTS, then KPIS by PAIR, FIFTHS by COURSE, then items by ANSWERS.

    A vector may be shorter than another of the same form: items at its end were not known then.
    """

    @staticmethod
    def facts(rows: Vector) -> dict[str, Vector]:
        return {name: rows[..., i] for i, name in enumerate(FACTS)}

    @staticmethod
    def kpi(rows: Vector, name: str) -> Vector:
        """(..., 6): see PAIR. Units: points and s in tenths, CSAT in hundredths."""
        at = _KPIS_AT + KPIS.index(name) * len(PAIR)
        return rows[..., at : at + len(PAIR)]

    @staticmethod
    def course(rows: Vector) -> Vector:
        """(..., 5, 3): of each fifth of the call, calls in which the customer spoke, and the sum of their feeling."""
        part = rows[..., _COURSE_AT:ITEMS_AT]
        return part.reshape(*part.shape[:-1], FIFTHS, len(COURSE))

    @staticmethod
    def answers(rows: Vector) -> Vector:
        """(..., items, 5): see ANSWERS."""
        part = rows[..., ITEMS_AT:]
        return part.reshape(*part.shape[:-1], -1, len(ANSWERS))


def numbers(
    *,
    seconds: float,
    score: float | None,
    passed: bool,
    fatal: bool,
    flagged: bool,
    kpis: Mapping[str, float | None],
    feelings: Sequence[float | None],
    answers: Mapping[int, str],
    items: int,
) -> Vector:
    """A call's numbers. answers: place -> status; feelings: the customer's by fifth of the call, -1 to 1."""
    made = np.zeros(ITEMS_AT + items * len(ANSWERS), dtype=np.int64)
    tenths, points = round(seconds * TENTH), None if score is None else round(score * TENTH)
    made[: len(FACTS)] = (
        1, tenths, points is not None, points or 0, (points or 0) ** 2, passed, fatal, flagged,
    )  # fmt: skip
    for name in KPIS:
        value = kpis.get(name)
        if value is not None and points is not None:
            y = round(value * (THOUSAND // TENTH if name == "csat" else TENTH if name != "transferred" else 1))
            Layout.kpi(made, name)[:] = (1, points, points * points, y, y * y, points * y)
    for fifth, feeling in enumerate(feelings):
        if feeling is not None:
            felt = round(feeling * THOUSAND)
            Layout.course(made)[fifth] = (1, felt, felt * felt)
    for place, status in answers.items():
        made[ITEMS_AT + place * len(ANSWERS) + _ANSWER[status]] = 1
    return made


_ANSWER = {status.value: i for i, status in enumerate(ANSWERS)}


def feelings(
    signals: Sequence[Mapping[str, Any]], turns: Sequence[Mapping[str, Any]], seconds: float
) -> list[float | None]:
    """How the customer feels in each fifth of a call: the mean over the sentences that begin in it, None without any.

    A sentence's feeling is what the detector `emotion` takes it for: its probability of being positive less that of
    being negative. signals, turns: as the ledger keeps them.
    """
    sums, counts = [0.0] * FIFTHS, [0] * FIFTHS
    for signal in signals:
        turn = signal.get("turn")
        if turn is None or not 0 <= turn < len(turns) or turns[turn].get("role") != "customer":
            continue
        fifth = min(FIFTHS - 1, max(0, int(FIFTHS * signal["start"] / seconds))) if seconds > 0 else 0
        labels = signal["labels"]
        sums[fifth] += labels.get("sentiment_positive", 0.0) - labels.get("sentiment_negative", 0.0)
        counts[fifth] += 1
    return [total / n if n else None for total, n in zip(sums, counts, strict=True)]


def longer(vector: Vector, size: int) -> Vector:
    """The vector with zeros up to a size."""
    return vector if len(vector) >= size else np.pad(vector, (0, size - len(vector)))


def added(one: Vector, other: Vector) -> Vector:
    """The sum of two vectors of a form, as long as the longer."""
    size = max(len(one), len(other))
    summed: Vector = longer(one, size) + longer(other, size)
    return summed


def packed(vector: Vector) -> bytes:
    """As bytes, little-endian on every machine."""
    return vector.astype("<i8").tobytes()


def unpacked(data: bytes) -> Vector:
    """The reverse of `packed`."""
    return np.frombuffer(data, dtype="<i8").astype(np.int64)


def pressed(vector: Vector) -> bytes:
    """One call's numbers are mostly zeros: a tenth of `packed`."""
    return zlib.compress(packed(vector), 1)


def unpressed(data: bytes) -> Vector:
    """The reverse of `pressed`."""
    return unpacked(zlib.decompress(data))
