"""Script files: what is shipped loads; what is wrong is named with its line and what is allowed."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from scoring.errors import RubricError
from scoring.rubric_file import load_rubric, parse_rubric
from scoring.script_file import SHIPPED, load_script, parse_script, schema, shipped_scripts

GOOD = """id: mine
version: "1"
language: zh
name: {zh: 话术, en: script}
steps:
  - id: greeting
    name: {zh: 问候, en: greeting}
    source: "1"
    says: [您好]
    labels: [greeting]
  - id: limit
    name: {zh: 时限, en: limit}
    source: "1"
    says: [二十四小时内回复您]
    slots: [{kind: time_limit}]
    before: [end]
  - id: end
    name: {zh: 结束, en: end}
    source: "1"
    says: [再见]
    if: {detect: act, labels: [closing]}
"""
FORM = """id: x
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
        met: {detect: script, script: NAMED, share: 0.8}
"""


@pytest.mark.parametrize("name", shipped_scripts())
def test_shipped_scripts_load_follow_their_schema_and_name_their_clauses(name: str) -> None:
    script = load_script(name)
    assert script.id == name
    assert all(step.source for step in script.steps)
    jsonschema.validate(yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")), schema())


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("says: [您好]", "say: [您好]"), 9, "did you mean 'says'"),
        (("says: [您好]", "says: []"), 9, "says"),
        (("says: [您好]", "says: [好]"), 9, "2 to 200 characters"),
        (("labels: [greeting]", "labels: [greetings]"), 10, "did you mean 'greeting'"),
        (("labels: [greeting]", "labels: [greeting]\n    within: [thanks]"), 6, "not both"),
        (("kind: time_limit", "kind: time"), 15, "agent_number"),
        (("kind: time_limit", "kind: words"), 15, "any"),
        (("before: [end]", "before: [greeting]"), 1, "later steps: end"),
        (("detect: act", "detect: akt"), 21, "script, silence"),
        (("language: zh", "language: fr"), 3, "'zh' or 'en'"),
        (("id: limit", "id: greeting"), 1, "unique"),
        (("id: limit", "id: limit\n    first_second: 3"), 12, "did you mean 'first_seconds'"),
    ],
)  # fmt: skip
def test_errors_name_file_line_and_remedy(change: tuple[str, str], line: int, says: str) -> None:
    with pytest.raises(RubricError) as caught:
        parse_script(GOOD.replace(*change), "mine.yaml")
    assert says in str(caught.value)
    assert f"mine.yaml:{line}:" in str(caught.value)
    assert caught.value.remedy


def test_an_item_names_a_script_and_holds_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "form.yaml").write_text(FORM.replace("NAMED", "[mine.yaml, service-en]"), encoding="utf-8")
    form = load_rubric(tmp_path / "form.yaml")
    again = type(form).model_validate(json.loads(form.model_dump_json(by_alias=True)))
    assert again.hash == form.hash
    (tmp_path / "mine.yaml").write_text(GOOD.replace("再见", "回头见"), encoding="utf-8")
    assert load_rubric(tmp_path / "form.yaml").hash != form.hash


@pytest.mark.parametrize(
    ("name", "says"),
    [("servce-zh", "service-zh"), ("../form.yaml", "outside"), ("none.yaml", "No such file"),
     ("/etc/x.yaml", "outside")],
)  # fmt: skip
def test_a_script_that_is_not_there_is_said_so(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "form.yaml").write_text(FORM.replace("NAMED", name), encoding="utf-8")
    with pytest.raises(RubricError, match=says):
        load_rubric(tmp_path / "form.yaml")


def test_a_form_that_is_no_file_reads_no_files() -> None:
    with pytest.raises(RubricError, match="service-zh"):
        parse_rubric(FORM.replace("NAMED", "mine.yaml"), "sent")


def test_a_wrong_script_file_is_blamed_itself(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(GOOD.replace("says: [您好]", "say: [您好]"), encoding="utf-8")
    (tmp_path / "form.yaml").write_text(FORM.replace("NAMED", "mine.yaml"), encoding="utf-8")
    with pytest.raises(RubricError, match=r"mine\.yaml:9: unknown key 'say'"):
        load_rubric(tmp_path / "form.yaml")
