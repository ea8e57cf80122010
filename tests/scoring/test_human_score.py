"""A person's answers give the score that the machine's arithmetic would."""

from __future__ import annotations

import pytest

from scoring.evaluation import Status
from scoring.human_score import human_score
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load_rubric("service")


def test_extremes(rubric: Rubric) -> None:
    items = [item.id for _, item in rubric.items()]
    assert human_score(rubric, dict.fromkeys(items, Status.MET)) == 100
    assert human_score(rubric, dict.fromkeys(items, Status.MISSED)) == 0
    assert human_score(rubric, dict.fromkeys(items, Status.NOT_APPLICABLE)) is None
    assert human_score(rubric, dict.fromkeys(items, Status.CANNOT_JUDGE)) is None
    assert human_score(rubric, dict.fromkeys(items[1:], Status.MET)) is None


def test_one_answer_differs(rubric: Rubric) -> None:
    answers = {item.id: Status.MET for _, item in rubric.items()}
    total = sum(item.points for _, item in rubric.items())
    greeting = rubric.item("greeting")
    assert human_score(rubric, answers | {"greeting": Status.MISSED}) == round(
        100 * (total - greeting.points) / total, 1
    )
    assert human_score(rubric, answers | {"greeting": Status.NOT_APPLICABLE}) == 100
    for section, item in rubric.items():
        lost = human_score(rubric, answers | {item.id: Status.MISSED})
        if item.fatal == "form":
            assert lost == 0
        elif item.fatal == "section":
            own = sum(i.points for i in section.items)
            assert lost == round(100 * (total - own) / total, 1)
