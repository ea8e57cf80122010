"""From signals to a score: conditions -> answers -> points -> sections -> total, flags and the arithmetic.

evaluation = evaluate(call, load_rubric("service"))
print("\\n".join(evaluation.arithmetic))
"""

from __future__ import annotations

from scoring.call import Call, Role
from scoring.detectors.base import MOST_EVIDENCE, Finding, say, whole_call
from scoring.evaluation import Answer, Evaluation, Evidence, Flag, SectionScore, Status
from scoring.measures import count_units
from scoring.rubric import Item, Rubric, Section


def evaluate(call: Call, rubric: Rubric) -> Evaluation:
    """Judge one call by one rubric. Pure: the same call and rubric always give the same evaluation."""
    unfit = _unfit(call, rubric)
    answers = tuple(_refused(call, s, i, unfit) if unfit else _answer(call, s, i) for s, i in rubric.items())
    fatal_form = any(a.fatal == "form" and a.status is Status.MISSED for a in answers)
    sections = tuple(_section(section, answers, fatal_form) for section in rubric.sections)
    earned, potential = sum(s.points for s in sections), sum(s.potential for s in sections)
    applicable = sum(
        item.points
        for (_, item), a in zip(rubric.items(), answers, strict=True)
        if a.status is not Status.NOT_APPLICABLE
    )
    why_unscored = unfit
    if not why_unscored and (potential == 0 or potential < rubric.minimum.share_judged * applicable) and not fatal_form:
        why_unscored = say(
            call.language,
            f"仅能判定{potential:g}/{applicable:g}分",
            f"only {potential:g} of {applicable:g} points could be judged",
        )
    score = None if why_unscored else round(100 * earned / potential, 1)
    return Evaluation(
        call_id=call.id,
        rubric_id=rubric.id,
        rubric_version=rubric.version,
        rubric_hash=rubric.hash,
        score=score,
        potential=round(potential, 2),
        grade=None if score is None else rubric.grade(score),
        fatal=any(a.fatal and a.status is Status.MISSED for a in answers),
        critical_missed=tuple(a.item for a in answers if a.critical and a.status is Status.MISSED),
        flags=_flags(call, rubric, answers),
        answers=answers,
        sections=sections,
        arithmetic=_arithmetic(answers, sections, earned, potential, score, why_unscored),
        why_unscored=why_unscored,
    )


def _unfit(call: Call, rubric: Rubric) -> str | None:
    """Why the recording cannot be judged at all, or None."""
    least = rubric.minimum
    if call.duration < least.duration:
        return say(call.language, f"录音仅{call.duration:.0f}秒", f"only {call.duration:.0f} s of recording")
    spoken = {
        role: sum(count_units(call.turns[i].text) for i in call.turns_of(role)) for role in (Role.AGENT, Role.CUSTOMER)
    }
    if spoken[Role.AGENT] < least.agent_units:
        return say(call.language, "没有足够的坐席语音", "too little speech by an agent")
    if spoken[Role.CUSTOMER] < least.customer_units:
        return say(call.language, "没有足够的客户语音", "too little speech by a customer")
    return None


def _refused(call: Call, section: Section, item: Item, why: str) -> Answer:
    evidence = whole_call(call, "minimum", why)
    return Answer(item.id, section.id, Status.CANNOT_JUDGE, 0.0, 0.0, 1.0, why, evidence, item.critical, item.fatal)


def _answer(call: Call, section: Section, item: Item) -> Answer:
    status, found, occasion = _judge(call, item)
    share = {Status.MET: 1.0, Status.PARTLY_MET: item.partly_share}.get(status, 0.0)
    potential = item.points if status.judged else 0.0
    return Answer(
        item=item.id,
        section=section.id,
        status=status,
        points=round(share * item.points, 4),
        potential=potential,
        confidence=round(found.confidence, 3),
        why=found.why,
        evidence=_evidence(call, status, found, occasion),
        critical=item.critical,
        fatal=item.fatal,
    )


def _judge(call: Call, item: Item) -> tuple[Status, Finding, Finding | None]:
    """The status, the finding it rests on, and what made the question arise."""
    asked = item.applies.find(call) if item.applies is not None else None
    if asked and asked.truth is not True:
        return (Status.NOT_APPLICABLE if asked.truth is False else Status.CANNOT_JUDGE), asked, None
    met = item.met.find(call)
    if met.truth is True:
        return Status.MET, met, asked
    if item.partly is not None:
        partly = item.partly.find(call)
        # With the full condition open, at least part of it being sure does not settle the answer.
        if partly.truth is True and met.truth is False:
            return Status.PARTLY_MET, partly, asked
        if partly.truth is None and met.truth is False:
            return Status.CANNOT_JUDGE, partly, asked
    return (Status.MISSED if met.truth is False else Status.CANNOT_JUDGE), met, asked


def _evidence(call: Call, status: Status, found: Finding, occasion: Finding | None) -> tuple[Evidence, ...]:
    """What a person should hear. Of something that never came, that is the moment which called for it."""
    spoken = [e for e in found.evidence if e.turn is not None]
    if status is Status.MISSED and occasion:
        called_for = [e for e in occasion.evidence if e.turn is not None]
        if called_for:
            return tuple(dict.fromkeys((*called_for, *spoken)))[:MOST_EVIDENCE]
    if found.evidence or status is Status.NOT_APPLICABLE:
        return found.evidence
    return whole_call(call, "call", found.why)


def _section(section: Section, answers: tuple[Answer, ...], fatal_form: bool) -> SectionScore:
    own = [a for a in answers if a.section == section.id]
    earned, potential = sum(a.points for a in own), sum(a.potential for a in own)
    killer = next((a.item for a in own if a.fatal and a.status is Status.MISSED), None)
    if killer is None and fatal_form:
        killer = next(a.item for a in answers if a.fatal == "form" and a.status is Status.MISSED)
    return SectionScore(section.id, 0.0 if killer else earned, potential, killer)


def _flags(call: Call, rubric: Rubric, answers: tuple[Answer, ...]) -> tuple[Flag, ...]:
    missed = {a.item: a for a in answers if a.status is Status.MISSED}
    raised = [
        Flag(item.id, item.flag, f"{item.name.in_(call.language)}: {missed[item.id].why}")
        for _, item in rubric.items()
        if item.flag and item.id in missed
    ]
    order = {"high": 0, "medium": 1, "low": 2}
    return tuple(sorted(raised, key=lambda f: order[f.severity]))


def _arithmetic(
    answers: tuple[Answer, ...],
    sections: tuple[SectionScore, ...],
    earned: float,
    potential: float,
    score: float | None,
    why_unscored: str | None,
) -> tuple[str, ...]:
    lines: list[str] = []
    for section in sections:
        for a in answers:
            if a.section == section.section:
                sum_ = f"{a.points:g}/{a.potential:g}" if a.status.judged else "-"
                lines.append(f"{a.section}.{a.item}: {a.status} {sum_}")
        zero = f" (zero: {section.zeroed_by})" if section.zeroed_by else ""
        lines.append(f"{section.section} = {section.points:g}/{section.potential:g}{zero}")
    if score is None:
        lines.append(f"total = not scored: {why_unscored}")
    else:
        lines.append(f"total = {earned:g}/{potential:g} x 100 = {score:g}")
    return tuple(lines)
