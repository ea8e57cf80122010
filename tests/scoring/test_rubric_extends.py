"""Forms written as what they change in another."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml
from form_parts import form, item, section, written

from scoring.errors import RubricError
from scoring.rubric_file import load_rubric, parse_rubric, read_rubric, schema

CHANGE = """id: service-december
version: "1"
extends: service
name: {zh: 通用服务质检表（12月）, en: "General service form, December"}
drop: [pace]
minimum: {duration: 20}
sections:
  - id: courtesy
    items:
      - id: closing
        points: 5
      - id: survey
        name: {zh: 邀请评价, en: Invitation}
        guide: {zh: 结束前是否邀请评价, en: "Does the agent invite a rating?"}
        source: QA 2026-12
        points: 3
        only: {direction: [inbound], from: 2026-12-01}
        met: {detect: act, labels: [satisfaction_invite]}
"""


def test_a_change_is_merged_by_id() -> None:
    base, rubric = load_rubric("service"), parse_rubric(CHANGE, "december.yaml")
    ids = [i.id for _, i in base.items()]
    expected = [i for i in ids if i != "pace"]
    expected.insert(expected.index("satisfaction_invite") + 1, "survey")
    assert [i.id for _, i in rubric.items()] == expected
    assert (rubric.item("closing").points, rubric.item("closing").met) == (5, base.item("closing").met)
    assert (rubric.minimum.duration, rubric.minimum.agent_units) == (20, base.minimum.agent_units)
    assert (rubric.id, rubric.status, rubric.grades, rubric.extends) == (
        "service-december", "draft", base.grades, "service",
    )  # fmt: skip
    jsonschema.validate(yaml.safe_load(CHANGE.replace("from: 2026-12-01", "from: '2026-12-01'")), schema())


def test_the_hash_is_of_the_merged_form(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(written(section("a", item("alpha", 5), item("beta", 5))))
    change = {"id": "made", "version": "1", "extends": "base.yaml", "sections": [{"id": "a", "items": []}]}
    change["sections"] = [{"id": "a", "items": [{"id": "beta", "points": 7}]}]
    (tmp_path / "child.yaml").write_text(yaml.safe_dump(change))
    child = load_rubric(tmp_path / "child.yaml")
    assert child.hash == form(section("a", item("alpha", 5), item("beta", 7))).hash
    (tmp_path / "base.yaml").write_text(written(section("a", item("alpha", 6), item("beta", 5))))
    assert load_rubric(tmp_path / "child.yaml").hash != child.hash


def test_an_error_names_the_file_it_lies_in(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(written(section("a", item("alpha", 5), item("beta", 5000))))
    (tmp_path / "child.yaml").write_text('id: x\nversion: "1"\nextends: base.yaml\npass_mark: 700\n')
    with pytest.raises(RubricError) as caught:
        load_rubric(tmp_path / "child.yaml")
    assert f"{tmp_path}/child.yaml:4: pass_mark" in caught.value.message
    assert f"{tmp_path}/base.yaml:" in caught.value.message


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("  - id: courtesy", "  - id: courtsy"), "december.yaml:8: no section of service is called 'courtsy'"),
        (("id: closing", "id: closng"), "december.yaml:10: no item of courtesy is called 'closng'"),
        (("drop: [pace]", "drop: [pase]"), "december.yaml:5: service has no 'pase' to drop; did you mean 'pace'"),
        (("drop: [pace]", "drop: pace"), "december.yaml:5: drop is a list"),
        (("extends: service", "extends: servce"), "december.yaml:3: no rubric called 'servce'"),
        (("extends: service", "extends: [service]"), "december.yaml:3: extends names one form"),
        (("extends: service\n", ""), "`drop` without `extends`"),
        (('version: "1"\n', ""), "`version` of its own"),
        (("id: survey", "id: closing"), "'closing' is changed twice"),
        (("id: survey", "id: greeting2\n        points: 2"), "key 'points' is given twice"),
    ],
)
def test_a_change_that_meets_nothing_is_refused(change: tuple[str, str], says: str) -> None:
    with pytest.raises(RubricError) as caught:
        parse_rubric(CHANGE.replace(*change, 1), "december.yaml")
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../base.yaml", "outside the folder"),
        ("/etc/passwd.yaml", "outside the folder"),
        ("link.yaml", "outside the folder"),
        ("forms/child.yaml", "No such file"),
        ("child.yaml", "circle"),
        ("other.yaml", "circle"),
        ("deep0.yaml", "extend each other"),
    ],
)
def test_only_files_below_the_folder_are_extended(tmp_path: Path, name: str, says: str) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    (tmp_path / "base.yaml").write_text(written(section("a", item("alpha"))))
    (folder / "link.yaml").symlink_to(tmp_path / "base.yaml")
    head = 'id: x\nversion: "1"\nextends: '
    (folder / "other.yaml").write_text(head + "child.yaml\n")
    for n in range(6):
        (folder / f"deep{n}.yaml").write_text(head + (f"deep{n + 1}.yaml\n" if n < 5 else "service\n"))
    (folder / "child.yaml").write_text(head + name + "\n")
    with pytest.raises(RubricError, match=says):
        load_rubric(folder / "child.yaml")


def test_a_form_below_the_folder_may_be_extended(tmp_path: Path) -> None:
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases" / "base.yaml").write_text(written(section("a", item("alpha"))))
    (tmp_path / "child.yaml").write_text('id: x\nversion: "1"\nextends: bases/base.yaml\n')
    source = read_rubric(tmp_path / "child.yaml")
    assert source.place("sections", 0).startswith(f"{tmp_path}/bases/base.yaml:")
    with pytest.raises(RubricError, match="there is none"):
        parse_rubric('id: x\nversion: "1"\nextends: base.yaml\n', "text")
