"""The score of a call by a person's answers: the same points and the same arithmetic as the machine's."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.evaluation import Status
from scoring.rubric import Item, Rubric


def points(item: Item, status: Status) -> tuple[float, float]:
    """Earned and potential points of an answer to an item."""
    share = {Status.MET: 1.0, Status.PARTLY_MET: item.partly_share}.get(status, 0.0)
    return round(share * item.points, 4), item.points if status.judged else 0.0


def human_score(rubric: Rubric, answers: Mapping[str, Status]) -> float | None:
    """0..100 by answers to items; None where too little could be judged, or an item of the form has no answer.

    A missed fatal item sets its section, or the whole form, to zero, as in `scoring.engine`.
    """
    if any(item.id not in answers for _, item in rubric.items()):
        return None
    missed = {item.id for _, item in rubric.items() if answers[item.id] is Status.MISSED}
    if any(item.fatal == "form" and item.id in missed for _, item in rubric.items()):
        return 0.0
    earned = potential = applicable = 0.0
    for section in rubric.sections:
        of_section = [points(item, answers[item.id]) for item in section.items]
        potential += sum(most for _, most in of_section)
        applicable += sum(item.points for item in section.items if answers[item.id] is not Status.NOT_APPLICABLE)
        if not any(item.fatal and item.id in missed for item in section.items):
            earned += sum(got for got, _ in of_section)
    if not potential or potential < rubric.minimum.share_judged * applicable:
        return None
    return round(100 * earned / potential, 1)
