"""From the ledger into the queue: news is read and prepared while nobody waits, then written in one short go.

Triggers note each recording with news (table `queue_pending`). Two desks may prepare the same news: who deletes a note
writes, and what has lost all its notes meanwhile was written from news at least as late, so it is dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from scoring.evaluation import Status
from scoring.masking import mask
from store import cases, search, tallies
from store.codec import metadata_from_json
from store.desk_tables import PendingRow, QueueMarkRow, QueueRow, ReviewRow
from store.reviews import FIRST
from store.sampling_tables import DrawnRow
from store.tables import CallRow, EvaluationRow, RubricRow, TranscriptRow

TOGETHER = 100  # notes of one go: some 0.2 s of reading, and less than that of writing
AT_ONCE = 20  # memory: a record of a long call has hundreds of kB, and more as Python objects
UNSCORED = 101.0  # behind every score
LOCK = 0x7175657565  # "queue"
SEVERITIES = ("high", "medium", "low")
_SEVERITY = {"high": 0, "medium": 1, "low": 3}
_CRITICAL_ONLY = 2
_NOTHING = 9


@dataclass(frozen=True, slots=True)
class News:
    """What the queue shall hold of a call.

    values: of its row, but for number and review; said: for the index; critical: items that made it fatal.
    """

    values: Mapping[str, Any]
    marks: frozenset[str]
    said: str
    critical: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return str(self.values["sha256"])


@dataclass(frozen=True, slots=True)
class Prepared:
    """Some news. notes: that were read, of each recording; one without an evaluation has nothing else."""

    notes: Mapping[str, tuple[int, ...]]
    news: tuple[News, ...]


def prepare(session: Session, most: int = TOGETHER) -> Prepared:
    """Read the oldest notes and what the queue shall hold of their calls. Only reads."""
    rows = session.execute(select(PendingRow.id, PendingRow.sha256).order_by(PendingRow.id).limit(most)).all()
    notes: dict[str, list[int]] = defaultdict(list)
    for number, sha256 in rows:
        notes[sha256].append(number)
    keys = list(newest(session, notes).values())
    prepared: list[News] = []
    joined = (
        select(EvaluationRow.key, EvaluationRow.record, CallRow, TranscriptRow.turns)
        .join(CallRow, CallRow.sha256 == EvaluationRow.sha256)
        .outerjoin(TranscriptRow, TranscriptRow.key == EvaluationRow.transcript_key)
    )
    for start in range(0, len(keys), AT_ONCE):
        chosen = joined.where(EvaluationRow.key.in_(keys[start : start + AT_ONCE]))
        dialect = session.get_bind().dialect.name
        prepared += [_news(key, record, call, turns, dialect) for key, record, call, turns in session.execute(chosen)]
        session.expunge_all()
    return Prepared({sha256: tuple(ids) for sha256, ids in notes.items()}, tuple(prepared))


def newest(session: Session, recordings: Iterable[str]) -> dict[str, str]:
    """The evaluation of each recording that holds: the one made last, trials of draft forms behind all others."""
    drafts = set(session.scalars(select(RubricRow.hash).where(RubricRow.form["status"].as_string() == "draft")))
    made = select(EvaluationRow.sha256, EvaluationRow.key, EvaluationRow.rubric_hash)
    made = made.where(EvaluationRow.sha256.in_(recordings)).order_by(EvaluationRow.held_at, EvaluationRow.key)
    rows = session.execute(made).all()
    tried = {sha256: key for sha256, key, form in rows if form in drafts}
    return tried | {sha256: key for sha256, key, form in rows if form not in drafts}


def write(session: Session, prepared: Prepared) -> int:
    """Write what was prepared and is still waiting; how many notes of news were settled. Needs a writing session."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    asked = [number for ids in prepared.notes.values() for number in ids]
    gone = delete(PendingRow).where(PendingRow.id.in_(asked)).returning(PendingRow.id)
    settled = set(session.scalars(gone))
    news = [n for n in prepared.news if settled.intersection(prepared.notes[n.sha256])]
    if news:
        _write(session, news)
        cases.taken(session, {n.sha256: n.critical for n in news})
    tallies.take(session, [s for s, ids in prepared.notes.items() if settled.intersection(ids)])
    return len(settled)


def _write(session: Session, news: Sequence[News]) -> None:
    connection = session.connection()
    ids = [n.sha256 for n in news]
    states = _reviews(session, [str(n.values["evaluation_key"]) for n in news])
    values = {n.sha256: {**n.values, "review": states.get(str(n.values["evaluation_key"]), "open")} for n in news}
    known = select(QueueRow.sha256, QueueRow.number).where(QueueRow.sha256.in_(ids))
    numbers: dict[str, int] = dict(connection.execute(known).all())
    if numbers:
        changed = update(QueueRow).where(QueueRow.number == bindparam("of"))
        connection.execute(changed, [{**values[s], "of": number} for s, number in numbers.items()])
        ours = or_(QueueMarkRow.mark.startswith("missed:"), QueueMarkRow.mark.startswith("flag:"))
        connection.execute(delete(QueueMarkRow).where(QueueMarkRow.number.in_(numbers.values()), ours))
    replaced = list(numbers.values())
    new = [values[s] for s in ids if s not in numbers]
    if new:
        added = insert(QueueRow).returning(QueueRow.sha256, QueueRow.number)
        numbers |= dict(connection.execute(added, new).all())
    marks = {(numbers[n.sha256], mark) for n in news for mark in n.marks}
    drawn = select(DrawnRow.sha256, DrawnRow.mode).where(DrawnRow.sha256.in_([v["sha256"] for v in new]))
    marks |= {(numbers[sha256], f"drawn:{mode}") for sha256, mode in connection.execute(drawn)}
    if marks:
        connection.execute(insert(QueueMarkRow), [{"number": number, "mark": mark} for number, mark in sorted(marks)])
    search.put(session, [(numbers[n.sha256], n.said) for n in news], replaced)


def _reviews(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """`draft` or `submitted`, of the evaluations that somebody reviewed."""
    submitted = func.max(case((ReviewRow.state == "submitted", 1), else_=0))
    chosen = select(ReviewRow.evaluation_key, submitted).where(
        ReviewRow.evaluation_key.in_(keys), ReviewRow.round == FIRST
    )
    rows = session.execute(chosen.group_by(ReviewRow.evaluation_key))
    return {key: "submitted" if done else "draft" for key, done in rows}


def _news(key: str, record: Mapping[str, Any], call: CallRow, turns: list[Any] | None, dialect: str) -> News:
    missed = [a["item"] for a in record["answers"] if a["status"] == Status.MISSED]
    severities = {flag["severity"] for flag in record["flags"]}
    name = record["agent_name"] if "metadata" in record else metadata_from_json(call.known).agent_name
    score = record["score"]
    values = {
        "sha256": call.sha256, "evaluation_key": key, "call_id": call.call_id, "rubric_hash": record["rubric"]["hash"],
        "urgency": urgency(record), "rank": UNSCORED if score is None else score, "score": score,
        "grade": record["grade"], "fatal": bool(record["fatal"]),
        "severity": next((s for s in SEVERITIES if s in severities), None), "missed": len(missed),
        "flags": [[flag["item"], flag["severity"]] for flag in record["flags"]], "agent": call.agent,
        "agent_name": name, "team": call.team, "scenario": call.scenario, "language": record["language"],
        "started_at": call.started_at, "duration": call.duration, "unjudged": unjudged(record),
        "moment": moment(call.started_at),
    }  # fmt: skip
    marks = {f"missed:{item}" for item in missed} | {f"flag:{flag['item']}" for flag in record["flags"]}
    said = record.get("turns") or turns or ()
    # Masked: a search must not answer whether somebody's number was said in a call.
    index = search.prepared((mask(turn["text"]) for turn in said), dialect)
    return News(values, frozenset(marks), index, tuple(record["critical_missed"]))


def urgency(record: Mapping[str, Any]) -> int:
    """0 is looked at first: fatal calls before others, in either by the gravest flag, a critical item between."""
    ranks = [_SEVERITY.get(flag["severity"], _NOTHING - 1) for flag in record["flags"]]
    if record["critical_missed"]:
        ranks.append(_CRITICAL_ONLY)
    return min(ranks, default=_NOTHING) + (0 if record["fatal"] else _NOTHING + 1)


def unjudged(record: Mapping[str, Any]) -> float:
    """Share of the applicable items that the machine left to a person; 0 where none applies."""
    applicable = [a["status"] for a in record["answers"] if a["status"] != Status.NOT_APPLICABLE]
    return applicable.count(Status.CANNOT_JUDGE) / len(applicable) if applicable else 0.0


def moment(at: datetime | None) -> float:
    """A wall clock time as a number that orders: s since 1970 of that clock, 0 where it is not known."""
    return (at - datetime(1970, 1, 1)).total_seconds() if at else 0.0
