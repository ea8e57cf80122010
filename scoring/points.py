"""From answers to points: weights shared out over what applies, sections, the total, and the lines that print it.

A section with a weight is worth that weight as long as one of its items could be judged; the judged items share it by
their points. Deductions and bonuses stay out of the denominator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scoring.evaluation import Answer, SectionScore, Status
from scoring.item import Item
from scoring.rubric import Rubric, Section

EXACT = 4  # decimals of points


@dataclass(frozen=True, slots=True)
class Tally:
    """The points of a call. judged and applicable: what tells whether enough could be judged."""

    answers: tuple[Answer, ...]
    sections: tuple[SectionScore, ...]
    scales: tuple[float, ...]
    base: float
    judged: float
    applicable: float
    fatal_form: bool

    @property
    def earned(self) -> float:
        return self.base + sum(s.points for s in self.sections)

    @property
    def potential(self) -> float:
        return self.base + sum(s.potential for s in self.sections)

    @property
    def score(self) -> float:
        """0..100; ZeroDivisionError where nothing could be earned."""
        if self.fatal_form:
            return 0.0
        return round(max(0.0, min(100.0, 100 * self.earned / self.potential)), 1)

    def arithmetic(self, rubric: Rubric, why_unscored: str | None) -> tuple[str, ...]:
        """The lines that lead from points to the score."""
        lines = [f"base = {self.base:g}/{self.base:g}"] if self.base else []
        for section, score, scale in zip(rubric.sections, self.sections, self.scales, strict=True):
            items = {item.id: item for item in section.items}
            lines += [_line(a, items[a.item], section, scale) for a in self.answers if a.section == section.id]
            zero = f" (zero: {score.zeroed_by})" if score.zeroed_by else ""
            worth = f" (weight {section.weight:g})" if section.weight is not None else ""
            sum_ = f"{score.points:+g}" if section.bonus else f"{score.points:g}/{score.potential:g}"
            lines.append(f"{section.id} = {sum_}{worth}{zero}")
        if why_unscored:
            return (*lines, f"total = not scored: {why_unscored}")
        if self.fatal_form:
            return (*lines, f"total = 0/{self.potential:g} x 100 = 0")
        exact = 100 * self.earned / self.potential
        bound = f"{exact:.1f}, kept within 0..100 = " if not -0.05 < exact < 100.05 else ""
        return (*lines, f"total = {self.earned:g}/{self.potential:g} x 100 = {bound}{self.score:g}")


def tally(rubric: Rubric, answers: Sequence[Answer]) -> Tally:
    """Points of all sections; answers: in the order of the form, in their items' own points."""
    scaled: list[Answer] = []
    sections, scales = [], []
    judged = applicable = 0.0
    fatal_form = any(_fatal(a, "form") for a in answers)
    form_killer = next((a.item for a in answers if _fatal(a, "form")), None)
    rest = iter(answers)
    for section in rubric.sections:
        raw = [next(rest) for _ in section.items]
        scale = _scale(section, [a.status.judged for a in raw])
        of_all = _scale(section, [a.status is not Status.NOT_APPLICABLE for a in raw])
        own = [_scaled(a, scale) for a in raw]
        for item, a in zip(section.items, own, strict=True):
            if item.required and not section.bonus and a.status is not Status.NOT_APPLICABLE:
                applicable += abs(item.points) * of_all
                judged += abs(item.points) * of_all * a.status.judged
        earned, potential = sum(a.points for a in own), sum(a.potential for a in own)
        killer = next((a.item for a in own if a.fatal and a.status is Status.MISSED), None) or form_killer
        # Deductions of a section that is set to zero still come off: a fatal miss never helps.
        sections.append(SectionScore(section.id, min(0.0, earned) if killer else earned, potential, killer))
        scaled += own
        scales.append(scale)
    return Tally(tuple(scaled), tuple(sections), tuple(scales), rubric.base, judged, applicable, fatal_form)


def _scaled(answer: Answer, scale: float) -> Answer:
    points, potential = round(answer.points * scale, EXACT), round(answer.potential * scale, EXACT)
    same = points == answer.points and potential == answer.potential
    return answer if same else replace(answer, points=points, potential=potential)


def _fatal(answer: Answer, what: str) -> bool:
    return answer.fatal == what and answer.status is Status.MISSED


def _scale(section: Section, counts: Sequence[bool]) -> float:
    """What a point of the section's items is worth; counts: which of them share its weight."""
    if section.weight is None:
        return 1.0
    shared = sum(i.points for i, c in zip(section.items, counts, strict=True) if c and i.points > 0)
    shared = shared or sum(i.points for i in section.items if i.points > 0)
    return section.weight / shared if shared else 1.0


def _line(answer: Answer, item: Item, section: Section, scale: float) -> str:
    level = f" [{answer.level}]" if answer.level else ""
    head = f"{answer.section}.{answer.item}: {answer.status}{level}"
    if not answer.status.judged:
        return f"{head} -"
    if section.bonus:
        return f"{head} {answer.points:+g} (bonus)"
    own = f" of {item.points:g} x {scale:.4g}" if scale != 1 else ""
    if item.points < 0:
        return f"{head} {answer.points:g} (deduction{own})"
    return f"{head} {answer.points:g}/{answer.potential:g}{f' ({own.strip()})' if own else ''}"
