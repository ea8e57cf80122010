"""From signals to a score: conditions -> answers -> points -> sections -> total, flags and the arithmetic.

evaluation = evaluate(call, load_rubric("service"))
print("\\n".join(evaluation.arithmetic))
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from scoring.answering import answer, is_for
from scoring.call import Call, Role
from scoring.detectors.base import say, whole_call
from scoring.evaluation import Answer, Evaluation, Evidence, Status
from scoring.flagging import flags_of
from scoring.item import Item
from scoring.measures import count_units
from scoring.points import tally
from scoring.rubric import Rubric, Section


def evaluate(call: Call, rubric: Rubric) -> Evaluation:
    """Judge one call by one rubric. Pure: the same call and rubric always give the same evaluation.

    A call that the form is not for gets no score and the answer "not applicable" throughout; one of which that cannot
    be told, for want of metadata, gets no score and the answer "cannot judge". Both say why.
    """
    meant = is_for(call, rubric)
    outside = meant is not None and meant.truth is not True
    unfit = _not_for(call, meant.why, meant.truth) if meant is not None and outside else _unfit(call, rubric)
    if unfit:
        status = Status.NOT_APPLICABLE if meant is not None and meant.truth is False else Status.CANNOT_JUDGE
        evidence = whole_call(call, "only" if outside else "minimum", unfit) if status is Status.CANNOT_JUDGE else ()
        answers = [_refused(s, i, unfit, status, evidence) for s, i in rubric.items()]
    else:
        answers = answer_all(call, rubric)
    points = tally(rubric, answers)
    why_unscored = unfit
    little = points.potential == 0 or points.judged < rubric.minimum.share_judged * points.applicable
    if not why_unscored and little and not points.fatal_form:
        why_unscored = say(
            call.language,
            f"仅能判定{points.judged:g}/{points.applicable:g}分",
            f"only {points.judged:g} of {points.applicable:g} points could be judged",
        )
    score = None if why_unscored else points.score
    return Evaluation(
        call_id=call.id,
        rubric_id=rubric.id,
        rubric_version=rubric.version,
        rubric_hash=rubric.hash,
        score=score,
        potential=round(points.potential, 2),
        grade=None if score is None else rubric.grade(score),
        fatal=any(a.fatal and a.status is Status.MISSED for a in answers),
        critical_missed=tuple(a.item for a in answers if a.critical and a.status is Status.MISSED),
        flags=() if unfit else flags_of(call, rubric, {a.item: a for a in answers}),
        answers=points.answers,
        sections=points.sections,
        arithmetic=points.arithmetic(rubric, why_unscored),
        why_unscored=why_unscored,
    )


def evaluate_all(call: Call, rubrics: Iterable[Rubric]) -> tuple[Evaluation, ...]:
    """Judge one call by every form that is for it, in their order.

    A form that is surely for other calls is left out. One of which that cannot be told is there, without a score, and
    says which metadata are missing: it never counts, nor disappears, unseen.
    """
    meant = ((rubric, is_for(call, rubric)) for rubric in rubrics)
    return tuple(evaluate(call, rubric) for rubric, found in meant if found is None or found.truth is not False)


def answer_all(call: Call, rubric: Rubric) -> list[Answer]:
    """The answers to all items in the order of the form, in the items' own points."""
    items = {item.id: item for _, item in rubric.items()}
    answers: dict[str, Answer] = {}
    for section, item in rubric.in_asking_order:
        answers[item.id] = answer(call, section, item, answers, items)
    return [answers[name] for name in items]


def _not_for(call: Call, why: str, truth: bool | None) -> str:
    if truth is False:
        return say(call.language, f"此表不适用于该通话（{why}）", f"the form is not for this call ({why})")
    return say(call.language, f"无法确定此表是否适用（{why}）", f"whether the form is for this call is open ({why})")


def _unfit(call: Call, rubric: Rubric) -> str | None:
    """Why the recording cannot be judged at all, or None."""
    least = rubric.minimum
    if call.duration < least.duration:
        return say(call.language, f"录音仅{call.duration:.0f}秒", f"only {call.duration:.0f} s of recording")
    if not _speaks(call, Role.AGENT, least.agent_units):
        return say(call.language, "没有足够的坐席语音", "too little speech by an agent")
    if not _speaks(call, Role.CUSTOMER, least.customer_units):
        return say(call.language, "没有足够的客户语音", "too little speech by a customer")
    return None


def _speaks(call: Call, role: Role, least: int) -> bool:
    """Whether a role says so many characters or words; counted no further than that."""
    so_far = accumulate((count_units(turn.text) for turn in call.turns if turn.role == role), initial=0)
    return any(units >= least for units in so_far)


def _refused(section: Section, item: Item, why: str, status: Status, evidence: tuple[Evidence, ...]) -> Answer:
    return Answer(item.id, section.id, status, 0.0, 0.0, 1.0, why, evidence, item.critical, item.fatal)
