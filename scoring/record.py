"""The published record of one inspected call: a line of `evaluations.jsonl` (schema: `scoring/record.schema.json`)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from scoring.call import Call, Metadata, Turn
from scoring.evaluation import Answer, Evaluation, Evidence, Flag, SectionScore

RECORD_VERSION = 1


def call_record(call: Call, evaluation: Evaluation, *, audio: str, sha256: str) -> dict[str, Any]:
    """What evaluations.jsonl says of a call. Times in seconds, rounded to 10 ms."""
    heard = {"turns": [turn_record(t) for t in call.turns], "measures": measures_record(call)}
    return judgement_record(call, evaluation, audio=audio, sha256=sha256) | heard


def judgement_record(call: Call, evaluation: Evaluation, *, audio: str, sha256: str) -> dict[str, Any]:
    """The same without turns and measures, which another form's judgement of the call shares."""
    return {
        "record_version": RECORD_VERSION,
        "call_id": call.id,
        "audio": audio,
        "sha256": sha256,
        "duration": round(call.duration, 2),
        "language": call.language,
        "scenario": call.metadata.scenario,
        "agent": call.metadata.agent,
        "agent_name": call.metadata.agent_name,
        "team": call.metadata.team,
        "started_at": call.metadata.started_at.isoformat() if call.metadata.started_at else None,
        "metadata": metadata_record(call.metadata),
        "rubric": {"id": evaluation.rubric_id, "version": evaluation.rubric_version, "hash": evaluation.rubric_hash},
        "score": evaluation.score,
        "potential": evaluation.potential,
        "grade": evaluation.grade,
        "fatal": evaluation.fatal,
        "critical_missed": list(evaluation.critical_missed),
        "why_unscored": evaluation.why_unscored,
        "flags": [_flag_record(flag) for flag in evaluation.flags],
        "answers": [_answer_record(a) for a in evaluation.answers],
        "sections": [_parts(section) for section in evaluation.sections],
        "arithmetic": list(evaluation.arithmetic),
    }


def metadata_record(metadata: Metadata) -> dict[str, Any]:
    """What else the contact centre knows of a call; not the customer's number, which nobody needs in a table."""
    return {
        "direction": metadata.direction,
        "csat": metadata.csat,
        "hold_seconds": metadata.hold_seconds,
        "transferred": metadata.transferred,
        "ticket_id": metadata.ticket_id,
    }


def _answer_record(answer: Answer) -> dict[str, Any]:
    return {
        "item": answer.item,
        "section": answer.section,
        "status": answer.status.value,
        "points": answer.points,
        "potential": answer.potential,
        "confidence": answer.confidence,
        "why": answer.why,
        "evidence": [_evidence_record(e) for e in answer.evidence],
    } | ({"level": answer.level} if answer.level else {})


def _flag_record(flag: Flag) -> dict[str, Any]:
    said = {"item": flag.item, "severity": flag.severity, "why": flag.why, "key": flag.key}
    return said | ({"rule": True, "evidence": [_evidence_record(e) for e in flag.evidence]} if flag.rule else {})


def _evidence_record(evidence: Evidence) -> dict[str, Any]:
    return _parts(evidence) | {"start": round(evidence.start, 2), "end": round(evidence.end, 2)}


def _parts(value: SectionScore | Evidence) -> dict[str, Any]:
    """As dataclasses.asdict, of plain values only: that copies each and takes ten times as long; a call has dozens."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def turn_record(turn: Turn) -> dict[str, Any]:
    """A turn without its words."""
    return {
        "role": turn.role.value,
        "start": round(turn.start, 2),
        "end": round(turn.end, 2),
        "text": turn.text,
        "confidence": round(turn.confidence, 3),
    }


def measures_record(call: Call) -> dict[str, Any]:
    """How the call sounds, as plain values."""
    m = call.measures
    return {
        "speech": {role.value: s for role, s in m.speech.items()},
        "pace": {role.value: p for role, p in m.pace.items()},
        "talk_share": m.talk_share,
        "silences": [asdict(s) for s in m.silences],
        "overlaps": None if m.overlaps is None else [asdict(o) for o in m.overlaps],
        "holds": [asdict(h) for h in m.holds],
        "monologue": None if m.monologue is None else asdict(m.monologue),
        "latency": {role.value: asdict(x) for role, x in m.latency.items()},
        "pace_over_time": {role.value: [asdict(p) for p in paces] for role, paces in m.pace_over_time.items()},
        "role_confidence": m.role_confidence,
        **m.details,
    }
