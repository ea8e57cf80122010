"""Which calls a report shows, chosen while records stream by: only the chosen ones stay in memory."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from review.figures import Record, agent_of, unfit
from review.plain import cut
from scoring.evaluation import Status
from scoring.measures import count_units
from scoring.rubric import Rubric

FLAGGED_DETAILS, DETAILS = 24, 40  # calls shown with evidence and transcript: flagged ones, all together
FLAGGED_LINES = 100
TABLE_ROWS = 2_000
UNSCORED_LINES = 100
MOMENTS = 3
PRAISED = ("empathy", "restate", "follow_up_commitment", "solution", "escalation", "apology")
_SEVERITY = {"high": 0, "medium": 1, "low": 3}
_CRITICAL_ONLY = 2
_NOTHING = 9

T = TypeVar("T")
Key = tuple[Any, ...]


class Top(Generic[T]):
    """The `limit` values with the smallest keys, in order."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.seen = 0
        self._kept: list[tuple[Key, int, T]] = []

    def wants(self, key: Key) -> bool:
        """Whether a value with this key would be kept."""
        return len(self._kept) < self.limit or key < self._kept[-1][0]

    def offer(self, key: Key, value: T) -> None:
        self.seen += 1
        if self.wants(key):
            insort(self._kept, (key, self.seen, value))
            del self._kept[self.limit :]

    def __iter__(self) -> Any:
        return (value for _, _, value in self._kept)

    def __len__(self) -> int:
        return len(self._kept)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of all calls. `number` tells calls of the same id apart."""

    number: int
    call_id: str
    audio: str
    started_at: str
    agent: str
    scenario: str
    duration: float
    score: float | None
    grade: str | None
    fatal: bool
    severity: str | None
    missed: int
    why_unscored: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a call is flagged: one missed item. fatal: what it set to zero."""

    item: str
    severity: str | None
    fatal: str | None
    critical: bool
    why: str
    evidence: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Moment:
    """Something said well."""

    item: str
    number: int
    call_id: str
    audio: str
    agent: str
    before: Mapping[str, Any] | None
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Detail:
    """A call to show whole. faults: what was not fully met, with the points lost, gravest first."""

    row: Row
    record: Record
    reasons: list[Reason]
    faults: list[tuple[Record, float]]


class Shortlist:
    """The calls, rows and moments worth a person's time."""

    def __init__(self, rubric: Rubric) -> None:
        self._pass_mark = rubric.pass_mark
        self._items = {item.id: item for _, item in rubric.items()}
        self.flagged: Top[tuple[Row, list[Reason]]] = Top(FLAGGED_LINES)
        self.rows: Top[Row] = Top(TABLE_ROWS)
        self.unscored: Top[Row] = Top(UNSCORED_LINES)
        self._flagged: Top[tuple[Row, Record]] = Top(FLAGGED_DETAILS)
        self._lowest: Top[tuple[Row, Record]] = Top(DETAILS)
        self._moments: dict[str, Top[Moment]] = {item: Top(MOMENTS) for item in PRAISED}
        self._count = 0

    def add(self, record: Record) -> None:
        """Consider one call."""
        self._count += 1
        row = _row(record, self._count)
        score = 101.0 if row.score is None else row.score
        urgency = (*self._urgency(record), score)
        self.rows.offer(urgency, row)
        if urgency[1] < _NOTHING or record["fatal"]:
            self.flagged.offer(urgency, (row, self._reasons(record) if self.flagged.wants(urgency) else []))
            self._flagged.offer(urgency, (row, record))
        self._lowest.offer((score,), (row, record))
        if row.score is None:
            self.unscored.offer((not unfit(record), row.number), row)
        if urgency[1] == _NOTHING and row.score is not None and row.score >= self._pass_mark:
            self._praise(record, row)

    def details(self) -> list[Detail]:
        """Calls to show whole: flagged ones by severity, then the lowest scores."""
        chosen = {row.number: (row, record) for row, record in (*self._flagged, *self._lowest)}
        return [self._detail(row, record) for row, record in list(chosen.values())[:DETAILS]]

    def _detail(self, row: Row, record: Record) -> Detail:
        reasons = self._reasons(record)
        rank = {reason.item: place for place, reason in enumerate(reasons)}
        faults = [
            (answer, answer["potential"] - answer["points"])
            for answer in record["answers"]
            if answer["status"] in (Status.MISSED, Status.PARTLY_MET)
        ]
        return Detail(row, record, reasons, sorted(faults, key=lambda f: (rank.get(f[0]["item"], len(rank)), -f[1])))

    def moments(self) -> list[Moment]:
        """At most three, of different items and calls where possible."""
        best: list[Moment] = []
        for top in self._moments.values():
            taken = {moment.number for moment in best}
            best += [moment for moment in top if moment.number not in taken][:1]
        rest = [moment for top in self._moments.values() for moment in top if moment not in best]
        return (best + rest)[:MOMENTS]

    def _urgency(self, record: Record) -> tuple[bool, int]:
        ranks = [_SEVERITY.get(flag["severity"], _NOTHING - 1) for flag in record["flags"]]
        if record["critical_missed"]:
            ranks.append(_CRITICAL_ONLY)
        return not record["fatal"], min(ranks, default=_NOTHING)

    def _reasons(self, record: Record) -> list[Reason]:
        severities = {flag["item"]: flag["severity"] for flag in record["flags"]}
        found = []
        for answer in record["answers"]:
            item = self._items.get(answer["item"])
            critical = answer["item"] in record["critical_missed"]
            fatal = item.fatal if item else None
            if answer["status"] == Status.MISSED and (answer["item"] in severities or critical or fatal):
                first = next(iter(answer["evidence"]), None)
                severity = severities.get(answer["item"])
                found.append(Reason(answer["item"], severity, fatal, critical, answer["why"], first))
        for flag in record["flags"]:
            if flag.get("rule"):
                first = next(iter(flag["evidence"]), None)
                found.append(Reason(flag["item"], flag["severity"], None, False, flag["why"], first))
        return sorted(found, key=_gravity)

    def _praise(self, record: Record, row: Row) -> None:
        for answer in record["answers"]:
            top = self._moments.get(answer["item"])
            if top is None or answer["status"] != Status.MET:
                continue
            for said in answer["evidence"]:
                turn = said["turn"]
                if said["detector"] != "act" or said["role"] != "agent" or turn is None or len(said["quote"]) < 6:
                    continue
                sure = record["turns"][turn]["confidence"] if turn < len(record["turns"]) else 0.0
                before = record["turns"][turn - 1] if 0 < turn < len(record["turns"]) else None
                if before and before["role"] != "customer":
                    before = None
                # A word says about as much as two characters; more said is more to learn from.
                size = count_units(said["quote"]) * (1 if record["language"] == "zh" else 2)
                moment = Moment(answer["item"], row.number, row.call_id, row.audio, row.agent, before, said)
                top.offer((-round(min(answer["confidence"], sure), 2), -size), moment)


def _gravity(reason: Reason) -> Key:
    return reason.fatal != "form", reason.fatal is None, _SEVERITY.get(reason.severity or "", _NOTHING)


def _row(record: Record, number: int) -> Row:
    severities = {flag["severity"] for flag in record["flags"]}
    return Row(
        number=number,
        call_id=cut(record["call_id"], 120),
        audio=record["audio"],
        started_at=str(record["started_at"] or "")[:16].replace("T", " "),
        agent=cut(agent_of(record), 80),
        scenario=cut(record["scenario"], 40),
        duration=record["duration"],
        score=record["score"],
        grade=cut(record["grade"], 8) or None,
        fatal=bool(record["fatal"]),
        severity=next((s for s in ("high", "medium", "low") if s in severities), None),
        missed=sum(a["status"] == Status.MISSED for a in record["answers"]),
        why_unscored=record["why_unscored"],
    )
