"""One item's answer: whether it is asked, which condition holds, and what a person should hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.call import Call
from scoring.detectors.base import MOST_EVIDENCE, Finding, say, whole_call
from scoring.evaluation import Answer, Evidence, Status
from scoring.item import AskWhen, Item
from scoring.rubric import Rubric, Section

_ANSWERS = {
    Status.MET: ("符合", "met"),
    Status.PARTLY_MET: ("部分符合", "partly met"),
    Status.MISSED: ("不符合", "missed"),
    Status.NOT_APPLICABLE: ("不适用", "not applicable"),
    Status.CANNOT_JUDGE: ("无法判定", "left open"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an item. share: how good, 0..1. occasion: what made the question arise."""

    status: Status
    share: float
    found: Finding
    occasion: Finding | None = None
    level: str | None = None


def is_for(call: Call, rubric: Rubric) -> Finding | None:
    """Whether the form is for this call; None where it is for all."""
    return _both(call, [found for _, found in gates(call, rubric)])


def gates(call: Call, scoped: Rubric | Section | Item) -> list[tuple[str, Finding]]:
    """What decides whether something is asked of a call, by key."""
    found = []
    if scoped.only is not None:
        found.append(("only", scoped.only.find(call)))
    if scoped.applies is not None:
        found.append(("applies", scoped.applies.find(call)))
    return found


def answered_so(call: Call, asked: AskWhen, answers: Mapping[str, Answer], names: Mapping[str, Item]) -> Finding:
    """Whether another item was answered as asked; open where that one was left open."""
    other = answers[asked.item]
    name, said = names[asked.item].name.in_(call.language), say(call.language, *_ANSWERS[other.status])
    why = say(call.language, f"“{name}”{said}", f'"{name}" was {said}')
    if other.status is Status.CANNOT_JUDGE:
        return Finding(None, other.confidence, why, other.evidence)
    held = other.status.value in asked.is_ or (other.level is not None and other.level in asked.level)
    return Finding(held, other.confidence, why, other.evidence)


def answer(
    call: Call, section: Section, item: Item, earlier: Mapping[str, Answer], names: Mapping[str, Item]
) -> Answer:
    """The answer to an item, in its own points; earlier: the answers it may wait for."""
    verdict = judge(call, section, item, earlier, names)
    judged = verdict.status.judged
    return Answer(
        item=item.id,
        section=section.id,
        status=verdict.status,
        points=item.worth(verdict.share) if judged else 0.0,
        potential=item.points if judged and item.points > 0 and not section.bonus else 0.0,
        confidence=round(verdict.found.confidence, 3),
        why=verdict.found.why,
        evidence=_evidence(call, verdict),
        critical=item.critical,
        fatal=item.fatal,
        level=verdict.level,
    )


def judge(
    call: Call, section: Section, item: Item, earlier: Mapping[str, Answer], names: Mapping[str, Item]
) -> Verdict:
    """The status, and the findings it rests on."""
    asked = gates(call, section) + gates(call, item)
    if item.ask_when is not None:
        asked.append(("ask_when", answered_so(call, item.ask_when, earlier, names)))
    occasion = _both(call, [found for _, found in asked])
    if occasion is not None and occasion.truth is not True:
        return Verdict(Status.NOT_APPLICABLE if occasion.truth is False else Status.CANNOT_JUDGE, 0.0, occasion)
    if item.levels:
        return _by_level(call, item, occasion)
    if item.number is not None:
        value, found = item.number.read(call)
        if value is None:
            return Verdict(Status.CANNOT_JUDGE, 0.0, found, occasion)
        return _graded(item.number.share(value), found, occasion)
    return _by_conditions(call, item, occasion)


def _by_conditions(call: Call, item: Item, occasion: Finding | None) -> Verdict:
    assert item.met is not None  # noqa: S101  an item without levels and number has it
    met = item.met.find(call)
    if met.truth is True:
        return Verdict(Status.MET, 1.0, met, occasion)
    if item.partly is not None and met.truth is False:
        # With the full condition open, at least part of it being sure does not settle the answer.
        partly = item.partly.find(call)
        if partly.truth is True:
            return Verdict(Status.PARTLY_MET, item.partly_share, partly, occasion)
        if partly.truth is None:
            return Verdict(Status.CANNOT_JUDGE, 0.0, partly, occasion)
    return Verdict(Status.MISSED if met.truth is False else Status.CANNOT_JUDGE, 0.0, met, occasion)


def _by_level(call: Call, item: Item, occasion: Finding | None) -> Verdict:
    """The first level that holds; open where one before it might."""
    last: Finding | None = None
    for level in item.levels:
        name = level.name.in_(call.language) if level.name else level.id
        otherwise = say(call.language, "其他情况", "otherwise")
        # The last level may stand for everything else; what shows it is what showed the one before not to hold.
        found = level.when.find(call) if level.when else last or Finding(True, 1.0, otherwise)
        if level.when is None or found.truth is True:
            told = Finding(True, found.confidence, f"{name}: {found.why}", found.evidence)
            return _graded(item.share_of(level), told, occasion, level.id)
        if found.truth is None:
            return Verdict(Status.CANNOT_JUDGE, 0.0, found, occasion)
        last = found
    assert last is not None  # noqa: S101  there is at least one level
    return Verdict(Status.MISSED, 0.0, last, occasion)


def _graded(share: float, found: Finding, occasion: Finding | None, level: str | None = None) -> Verdict:
    status = Status.MET if share >= 1 else Status.MISSED if share <= 0 else Status.PARTLY_MET
    return Verdict(status, share, found, occasion, level)


def _both(call: Call, asked: list[Finding]) -> Finding | None:
    """All of them in one, in three-valued logic; None where there is nothing to ask."""
    if not asked:
        return None
    for truth in (False, None):
        found = [f for f in asked if f.truth is truth]
        if found:
            return max(found, key=lambda f: f.confidence)
    evidence = tuple(dict.fromkeys(e for f in asked for e in f.evidence))[:MOST_EVIDENCE]
    why = "; ".join(dict.fromkeys(f.why for f in asked))
    return Finding(True, min(f.confidence for f in asked), why, evidence)


def _evidence(call: Call, verdict: Verdict) -> tuple[Evidence, ...]:
    """What a person should hear. Of something that never came, that is the moment which called for it."""
    found = verdict.found
    spoken = [e for e in found.evidence if e.turn is not None]
    if verdict.status is Status.MISSED and verdict.occasion:
        called_for = [e for e in verdict.occasion.evidence if e.turn is not None]
        if called_for:
            return tuple(dict.fromkeys((*called_for, *spoken)))[:MOST_EVIDENCE]
    if found.evidence or verdict.status is Status.NOT_APPLICABLE:
        return found.evidence
    return whole_call(call, "call", found.why)
