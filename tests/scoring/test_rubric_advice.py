"""What a reader with experience would say of a form that can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from form_parts import NAME, form, hears, item, section, written

from scoring.advice import advise
from scoring.rubric_file import load_rubric, read_rubric, shipped_rubrics

YES = hears("alpha")
NO = {"not": YES}
TEAM = {"detect": "metadata", "field": "team"}
LEVELS = [{"id": "a", "share": 1, "when": YES}, {"id": "b", "share": 0.5, "when": YES}, {"id": "c", "share": 0}]


def flag(**keys: Any) -> dict[str, Any]:
    return {"id": "f", "name": NAME, "severity": "low", **keys}


@pytest.mark.parametrize(
    ("sections", "keys", "says"),
    [
        ([[item("x", met={"all": [YES, NO]})]], {}, "can never hold: every call misses"),
        ([[item("x", met={"any": [YES, NO]})]], {}, "always holds: every call gets"),
        ([[item("x", applies={"all": [{**TEAM, "any": ["a"]}, {**TEAM, "any": ["b"]}]})]], {}, "never asked"),
        ([[item("x", met=hears("alpha", where={"first_seconds": 30, "last_seconds": 20}))]], {}, "longer than 50 s"),
        ([[item("x", met={"detect": "pattern", "regex": "a", "count": 3, "where": {"first_turns": 2}})]], {}, "never"),
        ([[item("x", met={"detect": "pattern", "regex": "a*"})]], {}, "where nothing is said"),
        ([[item("x", met=hears("不是我说你", unless=["不是我说"]))]], {}, "it never counts"),
        ([[item("x", met=hears("no problem at all", unless=["problem"]))]], {}, "it never counts"),
        ([[item("x", met={**hears("a"), "any": ["你好", "你好！"]})]], {}, "listed twice"),
        ([[item("x", partly=hears("x"))]], {}, "same as `met`"),
        ([[item("x", levels=LEVELS)]], {}, "level b repeats"),
        ([[item("x"), item("y", met=hears("x"))]], {}, "same condition as x"),
        ([[item("x"), item("y", ask_when={"item": "x", "is": ["partly_met"]})]], {}, "never answered partly_met"),
        ([[item("x", only={"language": ["en"]})]], {"only": {"language": ["zh"]}}, "never asked"),
        ([[item("x", only={"from": "2027-01-01"})]], {"only": {"until": "2026-12-31"}}, "never asked"),
        ([[item("x", fatal="form")]], {}, "raises no flag"),
        ([[item("x", fatal="form", flag="high", guide={"zh": "听", "en": "hear"})]], {}, "say what exactly"),
        ([[item("x", fatal="form", met={"not": {"detect": "act", "labels": ["rude"]}})]], {}, "hit the innocent"),
        ([[item("x", required=False)]], {}, "no item is required"),
        ([[item("x")]], {"status": "published"}, "nobody published it"),
        ([[item("x")]], {"grades": [{"id": "A", "at_least": 60, "name": NAME}]}, "below 60 gets no grade"),
        ([[item("x")]], {"flags": [flag(when={"all": [YES, NO]})]}, "never raised"),
        ([[item("x")]], {"flags": [flag(answers=[{"item": "x", "is": ["not_applicable"]}])]}, "never answered"),
    ],
)
def test_it_is_said_with_its_line(
    tmp_path: Path, sections: list[list[dict[str, Any]]], keys: dict[str, Any], says: str
) -> None:
    text = written(*(section(f"s{n}", *items) for n, items in enumerate(sections)), **keys)
    (tmp_path / "form.yaml").write_text(text, encoding="utf-8")
    found = [a for a in advise(read_rubric(tmp_path / "form.yaml")) if says in a.said]
    assert found, f"nothing says {says!r}"
    line = int(found[0].at.removeprefix(f"{tmp_path}/form.yaml:"))
    assert 1 < line <= len(text.splitlines())


def test_a_weight_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    sections = [
        section("a", item("x"), weight=10), section("b", item("y"), weight=0), section("c", item("z", -5), weight=5),
    ]  # fmt: skip
    (tmp_path / "form.yaml").write_text(written(*sections), encoding="utf-8")
    said = [str(a) for a in advise(read_rubric(tmp_path / "form.yaml"))]
    assert any("none of its items counts" in s for s in said)
    assert any("only deductions" in s for s in said)


@pytest.mark.parametrize("name", shipped_rubrics())
def test_shipped_forms_are_well_made(name: str) -> None:
    found = [a for a in advise(read_rubric(name)) if "nobody published" not in a.said]
    assert found == []


def test_a_well_made_form_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "form.yaml").write_text(written(section("a", item("x"), item("y", -2), item("z", partly=YES))))
    assert advise(read_rubric(tmp_path / "form.yaml")) == []


def test_what_is_said_of_a_phrase_is_true() -> None:
    """The form that is told to never count is one the engine never counts."""
    met = form(section("a", item("x", met=hears("不是我说你", unless=["不是我说"])))).item("x").met
    assert met is not None
    from made import call

    assert met.find(call(("agent", 0, 3, "不是我说你"))).truth is False
    assert load_rubric("service").hash
