"""Precision, recall and level of an item over its example dialogues."""

from __future__ import annotations

import pytest

from scoring.dialogue import Dialogue, Example, spoken
from scoring.evaluation import Answer, Status
from scoring.example_scores import ItemScore, Rates, Verdict, score
from scoring.rubric_file import parse_rubric

EXAMPLE = Example(Dialogue.model_validate({"id": "x", "expect": {"a": "met"}, "lines": [{"agent": "您好"}]}), "zh", "x")


def item(pairs: str, *, by_absence: bool = False) -> ItemScore:
    """pairs: expected and came, such as "mm mx ?x": m met, p partly, x missed, n not applicable, ? cannot judge."""
    states = dict(
        zip("mpxn?", (Status.MET, Status.PARTLY_MET, Status.MISSED, Status.NOT_APPLICABLE, Status.CANNOT_JUDGE),
            strict=True)
    )  # fmt: skip
    answers = [(states[p[0]], Answer("a", "s", states[p[1]], 0, 0, 1, "")) for p in pairs.split()]
    return ItemScore("a", by_absence, tuple(Verdict(EXAMPLE, expected, came) for expected, came in answers))


@pytest.mark.parametrize(
    ("pairs", "met", "missed", "level", "absent"),
    [
        ("mm pm xx", Rates(1, 1), Rates(1, 1), 1, 1),
        ("mm mx xx xx", Rates(1, 0.5), Rates(2 / 3, 1), 0.5, 0.5),
        ("mm xm xx", Rates(0.5, 1), Rates(1, 0.5), 0.5, 0.5),
        ("mm m? xx", Rates(1, 0.5), Rates(1, 1), 0.5, 0.5),
        ("mm x? xx", Rates(1, 1), Rates(1, 0.5), 1, 0.5),
        ("mm nx xx", Rates(1, 1), Rates(0.5, 1), 1, 0.5),
        ("mm nm xx", Rates(0.5, 1), Rates(1, 1), 0.5, 0.5),
        ("mx xx", Rates(None, 0), Rates(0.5, 1), 0, 0),
    ],
)
def test_rates(pairs: str, met: Rates, missed: Rates, level: float, absent: float) -> None:
    found = item(pairs)
    assert (found.met, found.missed, found.level) == (met, missed, level)
    assert item(pairs, by_absence=True).level == absent


def test_met_and_partly_met_are_one() -> None:
    assert [v.right for v in item("mp pm m? mx").verdicts] == [True, True, False, False]


def test_an_example_may_be_shorter_than_a_call_must_be() -> None:
    rubric = parse_rubric(
        "id: mine\nversion: '1'\nname: {zh: 我, en: mine}\nminimum: {duration: 600}\nsections:\n  - id: s\n"
        "    name: {zh: 甲, en: s}\n    items:\n      - {id: a, name: {zh: 甲, en: a}, guide: {zh: 甲, en: a}, "
        "source: x, points: 1, met: {not: {detect: phrase, any: [您好]}}}\n",
        "mine",
    )
    (found,) = score(rubric, [(EXAMPLE, spoken(EXAMPLE))])
    assert [v.answer.status for v in found.wrong] == [Status.MISSED]
    assert (found.by_absence, found.record()["wrong"][0]["quote"]) == (True, "您好")
    assert score(rubric, [(EXAMPLE, spoken(EXAMPLE))], only="b") == []
