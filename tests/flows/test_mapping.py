"""A person's own column names and values."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from flows.mapping import FIELDS, load_mapping
from flows.metadata import load_metadata
from scoring.call import Metadata, Scenario
from scoring.errors import MetadataError


def test_own_mapping_comes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "columns: {agent: 话务员, team: [工号]}\nvalues: {scenario: {闲聊: other, no: consult}}\n"
        "dates: ['%d.%m.%Y']\nempty: [missing]\n",
        "utf-8",
    )
    path = tmp_path / "t.csv"
    path.write_text(
        "call_id,话务员,工号,业务场景,开始时间,csat\nC1,7,T,闲聊,01.03.2026,missing\nC2,8,T,NO,,\n", "utf-8"
    )
    first, second = load_metadata(path, tmp_path / "m.yaml").rows
    assert first.metadata == Metadata(agent="7", team="T", scenario=Scenario.OTHER, started_at=datetime(2026, 3, 1))
    assert second.metadata.scenario is Scenario.CONSULT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: {agnet: [x]}", r"columns\.agnet: there is no such field -> did you mean agent"),
        ("column: {agent: [x]}", "column: Extra inputs"),
        ("values: {scenario: {闲聊: chat}}", r"values\.scenario\.闲聊: 'chat' -> use consult, complaint"),
        ("values: {agent: {a: b}}", "no such field"),
        ("columns: [a", "line 1 is not YAML"),
        ("just text", "the file: Input should be"),
    ],
)
def test_wrong_mappings(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "m.yaml").write_text(text, "utf-8")
    with pytest.raises(MetadataError, match=message):
        load_mapping(tmp_path / "m.yaml")


def test_shipped_names_are_clear() -> None:
    mapping = load_mapping()
    assert tuple(mapping.columns) == FIELDS
    names = [name for names in mapping.columns.values() for name in names]
    assert len(names) == len(set(names))


def test_own_columns_that_the_table_lacks_are_told(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("columns: {agent: [话务员, 受理人], team: 班次}", "utf-8")
    (tmp_path / "t.csv").write_text("call_id,受理人\nC1,7\n", "utf-8")
    table = load_metadata(tmp_path / "t.csv", tmp_path / "m.yaml")
    assert table.rows[0].metadata.agent == "7"
    assert [w for w in table.warnings if "班次" in w and "team" in w]
    assert not [w for w in table.warnings if "话务员" in w]


def test_a_bracket_that_completes_a_known_name_is_read_with_it() -> None:
    header = ["通话编号", "坐席(姓名)", "坐席（工号）", "等待时长(秒)"]
    assert load_mapping().recognise(header) == {"call_id": 0, "agent_name": 1, "agent": 2, "hold_seconds": 3}


def test_the_example_of_the_readme_is_a_mapping(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (example,) = [block for block in readme.split("```yaml\n")[1:] if "--mapping" in block]
    (tmp_path / "m.yaml").write_text(example.split("```")[0], "utf-8")
    assert load_mapping(tmp_path / "m.yaml").own["agent"] == ("话务员", "受理人工号")
