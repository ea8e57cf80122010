"""What people write into cells, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from flows.metadata import load_metadata
from scoring.call import Metadata, Scenario


def cell(tmp_path: Path, column: str, value: str) -> tuple[Metadata, tuple[str, ...]]:
    """Metadata and warnings of a one-cell table."""
    path = tmp_path / "calls.tsv"
    path.write_text(f"call_id\t{column}\nC1\t{value}\n", "utf-8")
    loaded = load_metadata(path)
    return loaded.rows[0].metadata, loaded.warnings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01 09:30", datetime(2026, 3, 1, 9, 30)),
        ("2026/3/1 9:30", datetime(2026, 3, 1, 9, 30)),
        ("2026年3月1日 9:30:05", datetime(2026, 3, 1, 9, 30, 5)),
        ("2026年3月1日9时30分5秒", datetime(2026, 3, 1, 9, 30, 5)),
        ("20260301093005", datetime(2026, 3, 1, 9, 30, 5)),
        ("2026-03-01T09:30:05+08:00", datetime(2026, 3, 1, 9, 30, 5)),
        ("2026-03-01 09:30:05.250", datetime(2026, 3, 1, 9, 30, 5, 250_000)),
        ("２０２６-03-01", datetime(2026, 3, 1)),
    ],
)
def test_dates(tmp_path: Path, text: str, expected: datetime) -> None:
    assert cell(tmp_path, "开始时间", text) == (Metadata(started_at=expected), ())


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30 10:00", "yesterday", "1899-12-30", "45296", "12"])
def test_impossible_dates(tmp_path: Path, text: str) -> None:
    metadata, (warning,) = cell(tmp_path, "开始时间", text)
    assert metadata == Metadata()
    assert "开始时间" in warning
    assert f"line 2 {text}" in warning


@pytest.mark.parametrize(
    ("column", "text", "field", "expected"),
    [
        ("等待秒数", "35", "hold_seconds", 35.0),
        ("等待秒数", "35.5秒", "hold_seconds", 35.5),
        ("等待秒数", "1:05", "hold_seconds", 65.0),
        ("等待秒数", "1分30秒", "hold_seconds", 90.0),
        ("等待秒数", "2分钟", "hold_seconds", 120.0),
        ("等待秒数", "1小时05分", "hold_seconds", 3900.0),
        ("保持时长(秒)", "01:00:05", "hold_seconds", 3605.0),
        ("满意度", "4分", "csat", 4.0),
        ("满意度", "5星", "csat", 5.0),
        ("满意度", "非常满意", "csat", 5.0),
        ("是否转接", "N", "transferred", False),
        ("是否转接", "1", "transferred", True),
        ("呼叫方向", "外呼", "direction", "outbound"),
        ("业务类型", "售后", "scenario", Scenario.AFTER_SALES),
        ("客户电话", '="013800138000"', "customer_phone", "013800138000"),
        ("班组", " 热线\u3000一组 ", "team", "热线 一组"),
        ("满意度", "未评价", "csat", None),
        ("工号", "#N/A", "agent", None),
    ],
)
def test_values(tmp_path: Path, column: str, text: str, field: str, expected: object) -> None:
    assert cell(tmp_path, column, text) == (Metadata(**{field: expected}), ())


@pytest.mark.parametrize(
    ("column", "text", "hint"),
    [
        ("等待秒数", "-5", "no number from 0"),
        ("等待秒数", "1e9", "no number from 0"),
        ("满意度", "nan1", "no number from 0 to 100"),
        ("满意度", "١٢٣x", "no number"),
        ("业务场景", "投述", "did you mean 投诉"),
        ("呼叫方向", "内线", "inbound 呼入"),
        ("是否转接", "也许", "yes 是"),
        ("客户电话", "1.38E+10", "format the column as text"),
        ("工号", "x" * 300, "1 to 200 characters"),
    ],
)
def test_unusable_values(tmp_path: Path, column: str, text: str, hint: str) -> None:
    metadata, (warning,) = cell(tmp_path, column, text)
    assert metadata == Metadata()
    assert column in warning
    assert "line 2" in warning
    assert hint in warning
