"""Metadata tables: encodings, separators, workbooks, and everything people write into cells."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from flows.metadata import MetadataTable, load_metadata
from scoring.call import Metadata, Scenario
from scoring.errors import MetadataError

CHINESE = (
    "录音文件,通话编号,坐席工号,坐席姓名,班组,呼叫方向,业务场景,开始时间,客户电话,满意度,等待秒数,是否转接,工单号\n"
    "a.wav,C1,0021,林晓雨,热线一组,呼入,投诉,2026-03-01 09:30:00,13800138000,5,35,是,GD1\n"
)
EXPECTED = Metadata(
    agent="0021",
    agent_name="林晓雨",
    team="热线一组",
    direction="inbound",
    scenario=Scenario.COMPLAINT,
    started_at=datetime(2026, 3, 1, 9, 30),
    customer_phone="13800138000",
    csat=5.0,
    hold_seconds=35.0,
    transferred=True,
    ticket_id="GD1",
)


def table(tmp_path: Path, content: str | bytes, name: str = "calls.csv") -> MetadataTable:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load_metadata(path)


def book(path: Path, *rows: list[object]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str, ending: str) -> None:
    text = CHINESE.replace(",", separator).replace("\n", ending)
    loaded = table(tmp_path, text.encode(encoding))
    assert [(row.line, row.call_id, row.audio, row.metadata) for row in loaded.rows] == [(2, "C1", "a.wav", EXPECTED)]
    assert loaded.warnings == ()


@pytest.mark.parametrize(
    ("encoding", "team"), [("cp1252", "Équipe Élysée à côté, Zoë"), ("big5", "客戶服務中心第一組的陳小姐與林先生")]
)
def test_other_encodings_are_a_guess(tmp_path: Path, encoding: str, team: str) -> None:
    lines = "".join(f'{i},"{team}"\n' for i in range(20))
    loaded = table(tmp_path, ("call_id,team\n" + lines).encode(encoding))
    assert loaded.rows[3].metadata.team == team
    assert f"read as {encoding}, which is a guess" in loaded.warnings[0]


def test_english_names_and_values(tmp_path: Path) -> None:
    header = "Call ID,File Name,Agent ID,Agent Name,Queue,Direction,Call Reason,Start Time,Caller,CSAT,Hold Time (s)"
    header += ",Transferred,Ticket"
    row = "C1,a.wav,0021,林晓雨,热线一组,Inbound,Complaint,2026-03-01T09:30:00,13800138000,5,0:35,yes,GD1"
    assert table(tmp_path, f"{header}\n{row}\n").rows[0].metadata == EXPECTED


def test_workbook(tmp_path: Path) -> None:
    header = CHINESE.split("\n")[0].split(",")
    when = datetime(2026, 3, 1, 9, 30)
    row: list[object] = [
        "a.wav",
        8021.0,
        21,
        "林晓雨",
        3,
        "呼入",
        "投诉",
        when,
        13800138000,
        5,
        time(0, 0, 35),
        "是",
        None,
    ]
    loaded = load_metadata(book(tmp_path / "t.xlsx", ["三月通话"], [], header, row, [None]))
    (only,) = loaded.rows
    assert (only.line, only.call_id) == (4, "8021")
    assert only.metadata.agent == "21"
    assert only.metadata.team == "3"
    assert only.metadata.started_at == when
    assert only.metadata.customer_phone == "13800138000"
    assert only.metadata.hold_seconds == 35
    assert loaded.warnings == ()


def test_the_content_decides_what_a_table_is(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", ["call_id", "agent"], ["C1", 7]).rename(tmp_path / "t.csv")
    assert load_metadata(path).rows[0].metadata.agent == "7"
    assert table(tmp_path, CHINESE, "t.xls").rows[0].metadata == EXPECTED


def test_excel_dates_without_a_date_format(tmp_path: Path) -> None:
    loaded = load_metadata(book(tmp_path / "t.xlsx", ["call_id", "date"], ["A", 46082.5], ["B", date(2026, 3, 1)]))
    assert [row.metadata.started_at for row in loaded.rows] == [datetime(2026, 3, 1, 12), datetime(2026, 3, 1)]


def test_one_bad_column_is_one_warning(tmp_path: Path) -> None:
    loaded = table(tmp_path, "call_id,业务场景\n" + "".join(f"C{i},闲聊\n" for i in range(500)))
    (warning,) = loaded.warnings
    assert "500 unusable" in warning
    assert "line 2 闲聊, line 3 闲聊, line 4 闲聊 and 497 more" in warning


def test_unknown_columns_are_one_warning(tmp_path: Path) -> None:
    loaded = table(tmp_path, "call_id,坐席工好,天气,工号\nC1,1,晴,7\n")
    (warning,) = loaded.warnings
    assert "坐席工好 (did you mean 坐席工号?), 天气" in warning
    assert "known" in warning.casefold()
    assert loaded.rows[0].metadata.agent == "7"


def test_two_columns_for_one_field(tmp_path: Path) -> None:
    loaded = table(tmp_path, "call_id,工号,坐席工号\nC1,1,2\n")
    assert loaded.rows[0].metadata.agent == "2"
    assert loaded.warnings == (f"{tmp_path / 'calls.csv'}: column 工号 is not read, 坐席工号 already gives the agent",)


def test_repeated_and_nameless_rows(tmp_path: Path) -> None:
    loaded = table(tmp_path, "call_id,agent\nC1,1\n\nC1,1\n,5\n")
    assert len(loaded.rows) == 1
    assert any("line 4 as line 2" in warning for warning in loaded.warnings)
    assert any("name neither a call nor a recording are ignored (1): line 5" in w for w in loaded.warnings)


def test_line_numbers_count_lines_of_the_file(tmp_path: Path) -> None:
    loaded = table(tmp_path, 'call_id,team,csat\nC1,"two\nlines",5\nC2,x,bad\n')
    assert "line 4 bad" in loaded.warnings[0]
    assert loaded.rows[0].metadata.team == "two lines"


def test_longer_rows_are_noticed(tmp_path: Path) -> None:
    assert "more cells than the header" in table(tmp_path, "call_id,team\nC1,a,b\n").warnings[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n , \n", "is empty"),
        (b"call_id,agent\n", "header but no calls"),
        (b"weather,mood\nfine,good\n", "no column with a call id or a recording"),
        (b"PK\x03\x04 broken", "not a readable Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old kind"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r" + bytes(range(256)) * 4, "no column|encoding cannot be determined"),
        (b'call_id,team\nC1,"' + b"x" * 200_000 + b"\n", "field larger than field limit"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(MetadataError, match=message) as caught:
        table(tmp_path, content)
    assert caught.value.remedy


def test_a_workbook_broken_inside(tmp_path: Path) -> None:
    data = book(tmp_path / "t.xlsx", ["call_id"], ["C1"]).read_bytes()
    for at in range(0, len(data), 397):
        broken = data[:at] + b"\xff\x00\xff" + data[at + 3 :]
        with suppress(MetadataError):  # and nothing else
            assert table(tmp_path, broken, "b.xlsx").rows


def test_missing_table(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match="does not exist"):
        load_metadata(tmp_path / "no.csv")
    with pytest.raises(MetadataError, match="is a folder"):
        load_metadata(tmp_path)
