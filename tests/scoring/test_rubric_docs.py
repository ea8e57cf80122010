"""What the documents say of forms is so."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from form_parts import said

from scoring.call import Metadata
from scoring.engine import evaluate
from scoring.evaluation import Status
from scoring.flag_rule import FlagRule
from scoring.item import Item
from scoring.number import MEASURES
from scoring.rubric import Minimum, Rubric, Section
from scoring.rubric_file import load_rubric, parse_rubric

DOCS = Path(__file__).parents[2] / "docs"
RUBRICS = (DOCS / "rubrics.md").read_text(encoding="utf-8")


def block(text: str, kind: str, after: str = "") -> str:
    """The first block of code of a kind after some words."""
    found = re.search(rf"```{kind}\n(.*?)```", text[text.index(after) :], re.DOTALL)
    assert found
    return found[1]


def test_the_example_of_the_library_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = block((DOCS / "scoring.md").read_text(encoding="utf-8"), "python")
    exec(compile(code, "scoring.md", "exec"), {})  # noqa: S102  our own document
    shown = capsys.readouterr().out
    assert "apology: met" in shown
    assert "= manners.apology: met 6/6" in shown


@pytest.mark.parametrize(
    ("direction", "day", "status"),
    [
        ("inbound", datetime(2026, 12, 1, 9), Status.MISSED),
        ("inbound", datetime(2026, 11, 30, 23), Status.NOT_APPLICABLE),
        ("outbound", datetime(2026, 12, 5), Status.NOT_APPLICABLE),
        (None, datetime(2026, 12, 5), Status.CANNOT_JUDGE),
    ],
)
def test_the_worked_example_is_one_edit(direction: str | None, day: datetime, status: Status) -> None:
    december = parse_rubric(block(RUBRICS, "yaml", "<!-- example"), "service-december.yaml")
    before = {i.id: i for _, i in load_rubric("service").items()}
    after = {i.id: i for _, i in december.items()}
    assert {k: v for k, v in after.items() if k in before} == {
        k: v for k, v in before.items() if k != "satisfaction_invite"
    }
    assert set(after) - set(before) == {"closing_invites_rating"}
    heard = replace(said("hello", "good bye"), metadata=Metadata(direction=direction, started_at=day))
    heard = replace(heard, duration=30.0)
    answers = {a.item: a for a in evaluate(heard, december.model_copy(update={"minimum": Minimum()})).answers}
    assert answers["closing_invites_rating"].status is status


def test_the_flags_of_the_example_are_flags() -> None:
    rules = block(RUBRICS, "yaml", "An item with `flag:`")
    rubric = parse_rubric(f'id: x\nversion: "1"\nextends: service\n{rules}', "flags.yaml")
    assert [f.id for f in rubric.flags] == ["regulator_threat", "upset_and_unsolved"]


def test_every_key_is_told() -> None:
    for model in (Rubric, Section, Item, FlagRule):
        for key, field in model.model_fields.items():
            if key not in ("status", "publication"):
                assert f"{field.alias or key}" in RUBRICS, f"docs/rubrics.md does not tell of {key}"
    for measure in MEASURES:
        assert f"`{measure}`" in RUBRICS
