"""Rubric files: what is shipped loads; what is wrong is named with its line and what is allowed."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from scoring.errors import RubricError
from scoring.rubric_file import SHIPPED, load_rubric, parse_rubric, schema, shipped_rubrics

ITEMS = """
greeting self_introduction offer_of_help courtesy closing anything_else
satisfaction_invite listening restate pace empathy apology
identity_verification recording_notice dead_air hold_procedure solution follow_up_commitment
escalation prohibited_language overpromise privacy_disclosure
"""
GOOD = """id: x
version: "1"
name: {zh: 表, en: form}
sections:
  - id: a
    name: {zh: 节, en: section}
    items:
      - id: one
        name: {zh: 项, en: item}
        guide: {zh: 听, en: listen}
        source: "1"
        points: 3
        met: {detect: act, labels: [greeting]}
"""


@pytest.mark.parametrize("name", shipped_rubrics())
def test_shipped_rubrics_load_and_follow_their_schema(name: str) -> None:
    rubric = load_rubric(name)
    assert sum(item.points for _, item in rubric.items()) == 100
    jsonschema.validate(yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")), schema())


def test_the_service_form_keeps_its_item_ids() -> None:
    assert [item.id for _, item in load_rubric("service").items()] == ITEMS.split()


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("points: 3", "point: 3"), 12, "did you mean 'points'"),
        (("points: 3", "points: -3000"), 12, "points"),
        (("points: 3", "points: -3"), 4, "base"),
        (("points: 3", "points: many"), 12, "points"),
        (("labels: [greeting]", "lables: [greeting]"), 13, "did you mean 'labels'"),
        (("detect: act", "detect: akt"), 13, "act"),
        (("detect: act, ", ""), 13, "detect"),
        (("version: \"1\"\n", "version: \"1\"\nversion: \"2\"\n"), 3, "twice"),
        (("id: one", "id: One!"), 8, "not allowed"),
        (("{zh: 项, en: item}", "{zh: 项, en: item"), 10, ""),
        (("{zh: 项, en: item}", "*other"), 9, ""),
        (("labels: [greeting]", "labels: [greeting], at: 0.2, unsure: 0.9"), 13, "unsure"),
        (("{detect: act, labels: [greeting]}", "{detect: pattern, regex: '('}"), 13, "regular expression"),
    ],
)  # fmt: skip
def test_errors_name_file_line_and_remedy(change: tuple[str, str], line: int, says: str) -> None:
    with pytest.raises(RubricError) as caught:
        parse_rubric(GOOD.replace(*change), "mine.yaml")
    assert says in str(caught.value)
    assert f"mine.yaml:{line}:" in str(caught.value) or "aliases" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "42", "a: b: c", "!!python/object:os.system x", "\x00", "id: x"])
def test_what_is_no_rubric_is_refused(text: str) -> None:
    with pytest.raises(RubricError):
        parse_rubric(text, "mine.yaml")


def test_an_unknown_name_lists_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="service"):
        load_rubric("servce")
    with pytest.raises(RubricError, match="No such file"):
        load_rubric(tmp_path / "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("id: 表".encode("gbk"))
    with pytest.raises(RubricError, match="UTF-8"):
        load_rubric(tmp_path / "gbk.yaml")


def test_the_hash_is_of_the_meaning() -> None:
    first = parse_rubric(GOOD, "a.yaml")
    assert parse_rubric("# a comment\n" + GOOD, "b.yaml").hash == first.hash
    assert parse_rubric(GOOD.replace("points: 3", "points: 4"), "c.yaml").hash != first.hash


def test_a_rubric_survives_json() -> None:
    rubric = load_rubric("service")
    again = type(rubric).model_validate(json.loads(rubric.model_dump_json(by_alias=True)))
    assert again.hash == rubric.hash
