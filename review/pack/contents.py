"""What an evidence pack tells, gathered from the ledger and masked once, so that no file of it can forget to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from review.desk import stored
from review.pack.wanted import Wanted
from scoring.covered import covered
from scoring.masking import mask, mask_all, mask_name
from scoring.rubric import Rubric
from scoring.strict import Text
from store import cases, reviews
from store.columns import now
from store.compliance_tables import CaseRow, CaseVersionRow
from store.desk import Desk
from store.desk_tables import AuditRow, QueueRow, ReviewAnswerRow, ReviewRow
from store.reviews import Review
from store.tables import EvaluationRow, TranscriptRow

Say = Callable[[str], str]
_WORDS = ("reason", "comment")  # of an audit line's details: what people wrote


@dataclass(frozen=True, slots=True)
class Concern:
    """An item that the pack is about: the clause, the machine's answer, the person's where there is one.

    arithmetic: the item's line of the sum. evidence: each stretch once.
    """

    item: str
    name: Text | None
    guide: Text | None
    source: str
    section: str
    most: float | None
    critical: bool
    fatal: str | None
    severity: str | None
    answer: Mapping[str, Any]
    evidence: tuple[Mapping[str, Any], ...]
    human: str | None
    human_reason: str
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in the pack but sound. Texts are masked unless `wanted.unmasked`; covered: stretches, s, that are
    then silent."""

    wanted: Wanted
    made_at: datetime
    made_by: str
    row: QueueRow
    call_id: str
    phone: str | None
    record: dict[str, Any]
    rubric: Rubric | None
    concerns: tuple[Concern, ...]
    counted: Review | None
    case: CaseRow | None
    steps: tuple[dict[str, Any], ...]
    reviews: tuple[dict[str, Any], ...]
    audit: tuple[dict[str, Any], ...]
    chain_end: str
    versions: dict[str, Any]
    covered: tuple[tuple[float, float], ...]


def gather(desk: Desk, row: QueueRow, rubric: Rubric | None, wanted: Wanted, *, by: str) -> Contents:
    """The contents of a call's pack."""
    say: Say = str if wanted.unmasked else mask
    record = stored.record_of(desk, row)
    silent = () if wanted.unmasked else covered(record["turns"], stored.turns_of(desk, row))
    shown = record if wanted.unmasked else _masked(record)
    phone = stored.customer_phone(desk, row)
    with desk.reading() as session:
        counted = reviews.submitted(session, row.evaluation_key)
        case = session.scalar(select(CaseRow).where(CaseRow.sha256 == row.sha256))
        steps = tuple(_case_step(step, say) for step in cases.trail(session, case.number)) if case else ()
        told = tuple(_reviews(session, row.sha256, say))
        lines = tuple(_audit(session, row.sha256, say, wanted.unmasked))
        last = session.execute(select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)).first()
        versions = _versions(session, row)
    return Contents(
        wanted, now(), by, row, row.call_id if wanted.unmasked else mask_name(row.call_id), phone and say(phone), shown,
        rubric, tuple(_concerns(shown, rubric, counted, say)), counted, case, steps, told, lines,
        f"{last[0]}:{last[1]}" if last else "", versions, silent,
    )  # fmt: skip


def _masked(record: dict[str, Any]) -> dict[str, Any]:
    """The record with texts of people masked; hashes, ids of items and times as they are."""
    words = {key: mask_all(record[key]) for key in ("turns", "metadata", "why_unscored", "arithmetic") if key in record}
    flags = [
        f | {"why": mask(f["why"]), "key": mask_name(f["key"]), "evidence": mask_all(f.get("evidence", []))}
        for f in record["flags"]
    ]
    answers = [a | {"why": mask(a["why"]), "evidence": mask_all(a["evidence"])} for a in record["answers"]]
    names = {"call_id": mask_name(record["call_id"]), "audio": mask_name(record["audio"])}
    return record | words | names | {"flags": flags, "answers": answers}


def _concerns(record: Mapping[str, Any], rubric: Rubric | None, counted: Review | None, say: Say) -> list[Concern]:
    """Items that lost points, raised a flag or were changed by a person, the gravest first; every item where there is
    none of these."""
    items = {item.id: item for _, item in rubric.items()} if rubric else {}
    severities = {flag["item"]: flag["severity"] for flag in record["flags"]}
    decided = {d.item: d for d in counted.decisions} if counted else {}
    sums = {line.split(":", 1)[0].split(".")[-1]: line for line in record["arithmetic"] if ":" in line}
    found: list[Concern] = []
    others: list[Concern] = []
    for answer in record["answers"]:
        item, decision = items.get(answer["item"]), decided.get(answer["item"])
        changed = decision is not None and decision.human is not None and decision.human != decision.machine
        concern = Concern(
            answer["item"], item.name if item else None, item.guide if item else None, item.source if item else "",
            answer["section"], item.points if item else None,
            answer["item"] in record["critical_missed"] or bool(item and item.critical), item.fatal if item else None,
            severities.get(answer["item"]), answer, _distinct(answer["evidence"]),
            decision.human.value if decision and decision.human else None, say(decision.reason) if decision else "",
            sums.get(answer["item"], ""),
        )  # fmt: skip
        bad = answer["status"] in ("missed", "partly_met") or answer["item"] in severities or changed
        (found if bad else others).append(concern)
    rules = {rule.id: rule for rule in rubric.flags} if rubric else {}
    for flag in record["flags"]:
        if flag.get("rule"):
            rule = rules.get(flag["item"])
            found.append(
                Concern(
                    flag["item"], rule.name if rule else None, None, "", "", None, False, None, flag["severity"],
                    {"status": "", "points": 0.0, "potential": 0.0, "why": flag["why"], "confidence": None},
                    _distinct(flag.get("evidence", [])), None, "", "",
                )
            )  # fmt: skip
    gravity = {"high": 0, "medium": 1, "low": 2}
    found.sort(key=lambda c: (not (c.fatal and c.answer["status"] == "missed"), gravity.get(c.severity or "", 3)))
    return found or others


def _distinct(evidence: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple({(e["start"], e["end"], e["quote"]): e for e in evidence}.values())


def _case_step(step: CaseVersionRow, say: Say) -> dict[str, Any]:
    return {
        "version": step.version, "at": step.at.isoformat(timespec="seconds"), "by": step.actor_name,
        "action": step.action, "kind": step.kind, "status": step.status, "responsible": step.owner_name,
        "disposition": step.disposition, "reason": say(step.reason),
        "due_at": step.due_at.isoformat(timespec="seconds"), "evaluation": step.evaluation_key,
    }  # fmt: skip


def _reviews(session: Session, sha256: str, say: Say) -> list[dict[str, Any]]:
    """Submitted reviews of the recording in every round, oldest first, with what they changed."""
    rows = session.scalars(
        select(ReviewRow).where(ReviewRow.sha256 == sha256, ReviewRow.state == "submitted").order_by(ReviewRow.id)
    ).all()
    answers = select(ReviewAnswerRow).where(ReviewAnswerRow.review_id.in_([row.id for row in rows]))
    changed: dict[int, list[dict[str, Any]]] = {}
    for a in session.scalars(answers.order_by(ReviewAnswerRow.review_id, ReviewAnswerRow.position)):
        if a.human is not None and a.human != a.machine:
            one = {"item": a.item, "machine": a.machine, "person": a.human, "reason": say(a.reason)}
            changed.setdefault(a.review_id, []).append(one)
    return [
        {
            "at": row.at.isoformat(timespec="seconds"), "round": row.round, "version": row.version,
            "by": row.reviewer_name, "score": row.score, "comment": say(row.comment),
            "evaluation": row.evaluation_key, "changed": changed.get(row.id, []),
        }
        for row in rows
    ]  # fmt: skip


def _audit(session: Session, sha256: str, say: Say, unmasked: bool) -> list[dict[str, Any]]:
    lines = session.scalars(select(AuditRow).where(AuditRow.subject == sha256).order_by(AuditRow.number))
    return [
        {
            "number": line.number, "at": line.at, "actor": line.actor, "action": line.action,
            "details": line.details if unmasked else _details(line.details, say), "previous": line.previous,
            "hash": line.hash,
        }
        for line in lines
    ]  # fmt: skip


def _details(text: str, say: Say) -> str:
    details = json.loads(text)
    for key in details:
        if isinstance(details[key], str) and (key in _WORDS or key == "call"):
            details[key] = mask_name(details[key]) if key == "call" else say(details[key])
    return json.dumps(details, ensure_ascii=False, sort_keys=True)


def _versions(session: Session, row: QueueRow) -> dict[str, Any]:
    """What made the evaluation and the transcript: models by the sha256 of their weights, settings."""
    made = session.get_one(EvaluationRow, row.evaluation_key)
    heard = session.get(TranscriptRow, made.transcript_key) if made.transcript_key else None
    return {
        "evaluation": {
            "key": made.key, "made_at": made.created_at.isoformat(timespec="seconds"), "run": made.run_id,
            "rubric": {"id": made.rubric_id, "version": made.rubric_version, "hash": made.rubric_hash},
            "models": made.models, "settings": made.settings,
        },
        "transcript": heard and {"key": heard.key, "models": heard.models, "settings": heard.settings},
    }  # fmt: skip
