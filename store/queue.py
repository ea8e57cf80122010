"""The queue 质检队列: every call once, by its last evaluation, flagged ones first; kept up to date from the ledger.

Triggers note each recording with news (table `queue_pending`); `catch_up` takes some of them up. So whoever evaluates
need not know of the desk, and nothing is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, text, tuple_
from sqlalchemy.orm import Session

from scoring.evaluation import Status
from scoring.masking import mask
from store import choices, reviews, search, tallies
from store.access import Viewer, sees_all, visible
from store.desk_tables import PendingRow, QueueMarkRow, QueueRow
from store.ledger import Ledger
from store.tables import CallRow, EvaluationRow, RubricRow

PAGE = 50
MOST_COUNTED = 1000
UNSCORED = 101.0  # behind every score
LOCK = 0x7175657565  # "queue"
_SEVERITY = {"high": 0, "medium": 1, "low": 3}
_CRITICAL_ONLY = 2
_NOTHING = 9
SEVERITIES = ("high", "medium", "low")
REVIEWS = ("open", "draft", "submitted")
Place = tuple[int, float, str]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked for; what is None or empty is not asked. since, until: days, both within."""

    since: date | None = None
    until: date | None = None
    team: str | None = None
    agent: str | None = None
    scenario: str | None = None
    least: float | None = None
    most: float | None = None
    missed: str | None = None
    flag: str | None = None
    review: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some calls in their order. more: there are others behind the last; total: at most MOST_COUNTED + 1."""

    rows: Sequence[QueueRow]
    more: bool
    total: int


def page(session: Session, viewer: Viewer, filters: Filters, after: Place | None = None, size: int = PAGE) -> Page:
    """Calls that a person may see and asked for, behind a place in the queue."""
    chosen = _chosen(session, viewer, filters)
    rows = session.scalars(_from(chosen, after).limit(size + 1)).all()
    counted = chosen.with_only_columns(QueueRow.number).limit(MOST_COUNTED + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    return Page(rows[:size], len(rows) > size, total)


def one(session: Session, viewer: Viewer, sha256: str) -> QueueRow | None:
    """A call, if it is there and the person may see it."""
    return session.scalar(select(QueueRow).where(QueueRow.sha256 == sha256, visible(viewer)))


def neighbours(session: Session, viewer: Viewer, filters: Filters, row: QueueRow) -> tuple[str | None, str | None]:
    """The calls before and behind one, among those asked for."""
    chosen, here = _chosen(session, viewer, filters), place(row)
    behind = session.scalar(_from(chosen, here).limit(1))
    order = (QueueRow.urgency.desc(), QueueRow.rank.desc(), QueueRow.sha256.desc())
    before = session.scalar(chosen.where(tuple_(*here) > _PLACE).order_by(*order).limit(1))
    return before.sha256 if before else None, behind.sha256 if behind else None


def place(row: QueueRow) -> Place:
    """Where a call stands in the queue."""
    return row.urgency, row.rank, row.sha256


def known(session: Session, viewer: Viewer, column: Any, most: int = 500) -> list[str]:
    """The values of a column among the calls that a person may see, for a choice."""
    if sees_all(viewer):
        return choices.distinct(session, "queue", column.key, most)
    values = select(column).where(visible(viewer), column.is_not(None)).distinct().order_by(column).limit(most)
    return list(session.scalars(values))


def pending(session: Session) -> int:
    """How many notes of news are waiting."""
    return session.scalar(select(func.count()).select_from(PendingRow)) or 0


def catch_up(session: Session, ledger: Ledger, most: int = 50) -> int:
    """Take up to `most` notes of news into the queue. How many were taken. Needs a writing session."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    notes = session.execute(select(PendingRow.id, PendingRow.sha256).order_by(PendingRow.id).limit(most)).all()
    if not notes:
        return 0
    newest = _newest(session, {note.sha256 for note in notes})
    for record in ledger.records(list(newest.values())):
        _take(session, newest[record["sha256"]], record)
    tallies.take(session, {note.sha256 for note in notes})
    session.execute(delete(PendingRow).where(PendingRow.id.in_([n.id for n in notes])))
    return len(notes)


def _newest(session: Session, recordings: Iterable[str]) -> dict[str, str]:
    """The evaluation of each recording that holds: the one made last, trials of draft forms behind all others."""
    drafts = {row.hash for row in session.scalars(select(RubricRow)) if row.form.get("status") == "draft"}
    made = select(EvaluationRow.sha256, EvaluationRow.key, EvaluationRow.rubric_hash)
    made = made.where(EvaluationRow.sha256.in_(recordings)).order_by(EvaluationRow.created_at, EvaluationRow.key)
    rows = session.execute(made).all()
    tried = {sha256: key for sha256, key, form in rows if form in drafts}
    return tried | {sha256: key for sha256, key, form in rows if form not in drafts}


def _take(session: Session, key: str, record: Mapping[str, Any]) -> None:
    call = session.get_one(CallRow, record["sha256"])
    row = session.scalar(select(QueueRow).where(QueueRow.sha256 == call.sha256)) or QueueRow(sha256=call.sha256)
    missed = [a["item"] for a in record["answers"] if a["status"] == Status.MISSED]
    severities = {flag["severity"] for flag in record["flags"]}
    row.evaluation_key, row.call_id, row.rubric_hash = key, call.call_id, record["rubric"]["hash"]
    row.score, row.grade, row.fatal = record["score"], record["grade"], bool(record["fatal"])
    row.urgency, row.rank = urgency(record), UNSCORED if record["score"] is None else record["score"]
    row.severity = next((s for s in SEVERITIES if s in severities), None)
    row.missed, row.flags = len(missed), [[flag["item"], flag["severity"]] for flag in record["flags"]]
    row.agent, row.agent_name, row.team = call.agent, record.get("agent_name"), call.team
    row.scenario, row.started_at, row.duration = call.scenario, call.started_at, call.duration
    row.language, row.review = record["language"], reviews.state_of(session, key)
    session.add(row)
    session.flush()
    session.execute(delete(QueueMarkRow).where(QueueMarkRow.number == row.number))
    found = {f"missed:{item}" for item in missed} | {f"flag:{flag['item']}" for flag in record["flags"]}
    session.add_all(QueueMarkRow(mark=mark, number=row.number) for mark in found)
    # Masked: a search must not answer whether somebody's number was said in a call.
    search.index(session, row.number, (mask(turn["text"]) for turn in record["turns"]))


def urgency(record: Mapping[str, Any]) -> int:
    """0 is looked at first: fatal calls before others, in either by the gravest flag, a critical item between."""
    ranks = [_SEVERITY.get(flag["severity"], _NOTHING - 1) for flag in record["flags"]]
    if record["critical_missed"]:
        ranks.append(_CRITICAL_ONLY)
    return min(ranks, default=_NOTHING) + (0 if record["fatal"] else _NOTHING + 1)


_PLACE = tuple_(QueueRow.urgency, QueueRow.rank, QueueRow.sha256)


def _from(chosen: Select[QueueRow], after: Place | None) -> Select[QueueRow]:
    if after is not None:
        chosen = chosen.where(tuple_(*after) < _PLACE)
    return chosen.order_by(QueueRow.urgency, QueueRow.rank, QueueRow.sha256)


def _chosen(session: Session, viewer: Viewer, f: Filters) -> Select[QueueRow]:
    clauses: list[ColumnElement[bool]] = [visible(viewer)]
    for column, value in (
        (QueueRow.team, f.team), (QueueRow.agent, f.agent), (QueueRow.scenario, f.scenario),
        (QueueRow.review, f.review),
    ):  # fmt: skip
        if value:
            clauses.append(column == value)
    if f.since:
        clauses.append(QueueRow.started_at >= datetime.combine(f.since, time.min))
    if f.until:
        clauses.append(QueueRow.started_at < datetime.combine(f.until, time.min) + timedelta(days=1))
    if f.least is not None:
        clauses.append(QueueRow.score >= f.least)
    if f.most is not None:
        clauses.append(QueueRow.score <= f.most)
    if f.missed:
        clauses.append(_marked(f"missed:{f.missed}"))
    if f.flag == "fatal":
        clauses.append(QueueRow.fatal.is_(True))
    elif f.flag == "any":
        clauses.append(QueueRow.severity.is_not(None))
    elif f.flag in SEVERITIES:
        clauses.append(QueueRow.severity == f.flag)
    elif f.flag:
        clauses.append(_marked(f"flag:{f.flag}"))
    said = search.matching(session, f.words)
    if said is not None:
        clauses.append(said)
    return select(QueueRow).where(*clauses)


def _marked(mark: str) -> ColumnElement[bool]:
    return QueueRow.number.in_(select(QueueMarkRow.number).where(QueueMarkRow.mark == mark))
