"""Flags 预警 of a call: items that were missed and rules that hold, each matter once, the gravest first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from scoring.answering import answered_so
from scoring.call import Call
from scoring.detectors.base import MOST_EVIDENCE, Finding
from scoring.evaluation import Answer, Flag, Status
from scoring.flag_rule import FlagRule
from scoring.item import Item
from scoring.rubric import Rubric

_ORDER = {"high": 0, "medium": 1, "low": 2}


def flags_of(call: Call, rubric: Rubric, answers: Mapping[str, Answer]) -> tuple[Flag, ...]:
    """The flags an evaluated call raises."""
    items = {item.id: item for _, item in rubric.items()}
    raised = [_missed(call, item, answers[item.id]) for item in items.values() if _raises(item, answers[item.id])]
    for rule in rubric.flags:
        found = rule_holds(call, rule, answers, items)
        if found.truth is True:
            why = f"{rule.name.in_(call.language)}: {found.why}"
            raised.append(Flag(rule.id, rule.severity, why, True, _key(call, rule), found.evidence))
    raised.sort(key=lambda f: _ORDER[f.severity])
    return tuple({flag.key: flag for flag in reversed(raised)}[key] for key in dict.fromkeys(f.key for f in raised))


def rule_holds(call: Call, rule: FlagRule, answers: Mapping[str, Answer], items: Mapping[str, Item]) -> Finding:
    """Whether a rule holds: its condition and its answers, in three-valued logic."""
    found = [answered_so(call, asked, answers, items) for asked in rule.answers]
    if rule.when is not None:
        found.append(rule.when.find(call))
    failed = [f for f in found if f.truth is False] or [f for f in found if f.truth is None]
    if failed:
        return failed[0]
    evidence = tuple(dict.fromkeys(e for f in reversed(found) for e in f.evidence))[:MOST_EVIDENCE]
    return Finding(True, min(f.confidence for f in found), "; ".join(f.why for f in found), evidence)


def _raises(item: Item, answer: Answer) -> bool:
    return item.flag is not None and answer.status is Status.MISSED


def _missed(call: Call, item: Item, answer: Answer) -> Flag:
    return Flag(
        item.id, item.flag or "low", f"{item.name.in_(call.language)}: {answer.why}", key=f"{item.id}/call:{call.id}"
    )


def _key(call: Call, rule: FlagRule) -> str:
    """What makes two flags one matter. A customer's number is not to be read in it."""
    m = call.metadata
    known = {"customer": m.customer_phone, "ticket": m.ticket_id, "agent": m.agent, "team": m.team}.get(rule.per)
    if known is None:
        return f"{rule.key or rule.id}/call:{call.id}"
    shown = hashlib.sha256(known.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return f"{rule.key or rule.id}/{rule.per}:{shown if rule.per == 'customer' else known}"
