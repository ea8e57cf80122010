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
