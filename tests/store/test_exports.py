"""The files of a run: what they hold, that they are whole, and that opening them is safe."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from scoring.errors import OutputError
from scoring.rubric import Rubric
from store import workbook
from store.exports import write_outputs

ROOT = Path(__file__).parents[2]
NAMES = ["evaluations.csv", "evaluations.jsonl", "evaluations.xlsx", "failures.jsonl", "transcripts"]
FAILURE = {
    "path": "in/broken.wav", "call_id": None, "sha256": None, "stage": "read", "reason": "=not audio",
    "remedy": "send audio", "run_id": "r", "created_at": "2026-03-02T09:30:00+00:00",
}  # fmt: skip


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "evaluations.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def listing(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_everything_is_written(tmp_path: Path, record: dict[str, Any], rubric: Rubric) -> None:
    out = tmp_path / "new" / "out"
    assert write_outputs(iter([record]), [FAILURE], out, [rubric]) == 1
    assert listing(out) == NAMES
    assert json.loads((out / "evaluations.jsonl").read_text(encoding="utf-8")) == json.loads(json.dumps(record))
    assert "您好" in (out / "evaluations.jsonl").read_text(encoding="utf-8")
    assert json.loads((out / "failures.jsonl").read_text(encoding="utf-8")) == FAILURE
    transcript = json.loads((out / "transcripts" / "call-001.json").read_text(encoding="utf-8"))
    assert transcript["turns"] == record["turns"]
    assert transcript["measures"]["snr"] == {"agent": 21.5}


def test_the_csv(tmp_path: Path, record: dict[str, Any], rubric: Rubric) -> None:
    record["flags"] = [{"item": "a", "severity": "high", "why": ""}, {"item": "b", "severity": "low", "why": ""}]
    write_outputs([record], [], tmp_path, [rubric])
    assert (tmp_path / "evaluations.csv").read_bytes().startswith(b"\xef\xbb\xbfcall_id,audio,")
    (row,) = rows_of(tmp_path)
    sections = [f"{section.id}_points" for section in rubric.sections]
    items = [item.id for _, item in rubric.items()]
    assert list(row)[-len(sections + items) :] == sections + items
    assert len(set(row)) == len(row)
    wanted = {
        "call_id": "call-001", "agent": "A017", "agent_name": "王芳", "scenario": "complaint", "fatal": "false",
        "flags": "high:a; low:b", "duration": "42.0", "started_at": "2026-03-02T09:30:00+00:00", "language": "zh",
        "direction": "inbound", "csat": "4.0", "hold_seconds": "8.0", "transferred": "false", "ticket_id": "T-1",
        "why_unscored": "",
    }  # fmt: skip
    assert {k: row[k] for k in wanted} == wanted
    assert not any("+8613800000000" in value for value in row.values())
    points = {s["section"]: s["points"] for s in record["sections"] if s["potential"]}
    assert {name: row[f"{name}_points"] for name in points} == {name: str(p) for name, p in points.items()}
    assert row["greeting"] == "met"
    assert float(row["score"]) == record["score"]


def test_the_workbook(tmp_path: Path, record: dict[str, Any], rubric: Rubric) -> None:
    write_outputs([record, {**record, "score": None}], [FAILURE], tmp_path, [rubric])
    book = load_workbook(tmp_path / "evaluations.xlsx")
    assert book.sheetnames == ["Calls 通话", "Answers 答案", "Failures 失败"]
    calls, answers, failures = book
    assert [sheet.max_row for sheet in book] == [3, 1 + 2 * len(record["answers"]), 2]
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.column_dimensions["A"].width >= 20
        assert all(re.search(r"[A-Za-z].* .*[一-鿿]", str(c.value)) for c in sheet[1])
    titles = [c.value for c in calls[1]]
    assert calls.cell(2, titles.index("Score 得分") + 1).value == record["score"]
    assert calls.cell(3, titles.index("Score 得分") + 1).value is None
    greeting = calls.cell(2, titles.index("Greeting 开场问候") + 1)
    assert (greeting.value, greeting.fill.fgColor.rgb) == ("Met 符合", "00C6EFCE")
    first = [c.value for c in answers[2]]
    assert first[:6] == ["call-001", "A017", "Courtesy 服务礼仪", "Greeting 开场问候", None, "Met 符合"]
    assert first[-2:] == ["00:03.0–00:07.1", "您好，很高兴为您服务，请问有什么可以帮您？"]
    assert failures["D2"].value == "=not audio"


def test_the_workbook_is_for_people(tmp_path: Path, record: dict[str, Any], rubric: Rubric) -> None:
    """Words instead of codes, a date that sorts as one, points by section, which items are grave."""
    nothing = {"direction": None, "csat": None, "hold_seconds": None, "transferred": None, "ticket_id": None}
    short = {
        **record, "language": "yue", "scenario": None, "agent_name": None, "started_at": "0999-01-01T00:00:00",
        "score": None, "why_unscored": "通话过短", "metadata": nothing,
        "sections": [{**s, "points": 0.0, "potential": 0.0} for s in record["sections"]],
    }  # fmt: skip
    write_outputs([record, short], [{**FAILURE, "stage": "decode"}], tmp_path, [rubric])
    calls, answers, failures = load_workbook(tmp_path / "evaluations.xlsx")
    first, second = (
        dict(zip((c.value for c in calls[1]), (c.value for c in calls[row]), strict=True)) for row in (2, 3)
    )
    wanted = {
        "Language 语言": ("Chinese 中文", "yue"), "Scenario 场景": ("Complaint 投诉", None),
        "Direction 方向": ("Inbound 呼入", None), "Agent name 坐席姓名": ("王芳", None),
        "Started 开始时间": (datetime(2026, 3, 2, 9, 30), "0999-01-01T00:00:00"),
        "Why not scored 未给分原因": (None, "通话过短"), "CSAT 满意度": (4, None), "Hold, seconds 等待(秒)": (8, None),
        "Transferred 转接": ("No 否", None), "Ticket 工单号": ("T-1", None),
    }  # fmt: skip
    assert {title: (first[title], second[title]) for title in wanted} == wanted
    for section, points in zip(rubric.sections, record["sections"], strict=True):
        title = f"{section.name.en} {section.name.zh}: points 得分"
        assert (first[title], second[title]) == (points["points"] if points["potential"] else None, None)
    grave = {
        f"{i.name.en} {i.name.zh}": "Fatal 致命项" if i.fatal else "Critical 关键项" if i.critical else None
        for _, i in rubric.items()
    }
    titles = [c.value for c in answers[1]]
    at, item = titles.index("Critical 关键项"), titles.index("Item 评分项")
    assert {row[item].value: row[at].value for row in answers.iter_rows(min_row=2)} == grave
    assert set(grave.values()) == {"Fatal 致命项", "Critical 关键项", None}
    assert failures["C2"].value == "Decoding 录音无法读取"


HOSTILE = [
    "=HYPERLINK(\"http://x\")", "＝1+1", "\ufeff+1", "\t@x", "-1", "#N/A", "#REF!", "\x00\x01=1", "a\x0bb\ud800",
    "x" * 40_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(tmp_path: Path, record: dict[str, Any], text: str) -> None:
    record.update(agent=text, agent_name=text, team=text, audio=text, call_id=text, grade=text, started_at=text)
    record.update(language=text, scenario=text, why_unscored=text)
    record["metadata"].update(direction=text, ticket_id=text)
    answer = record["answers"][0]
    answer.update(item=text, section=text, why=text, status=text)
    answer["evidence"][0]["quote"] = text
    write_outputs([record], [dict.fromkeys(FAILURE, text)], tmp_path)
    with zipfile.ZipFile(tmp_path / "evaluations.xlsx") as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                xml = package.read(name).decode()
                assert "<f>" not in xml
                assert 't="e"' not in xml
    for sheet in load_workbook(tmp_path / "evaluations.xlsx"):
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n", "inlineStr"}
    (line,) = rows_of(tmp_path)
    for field in [*line.keys(), *line.values()]:
        assert not re.match(r"[\s\x00-\x1f\ufeff]*[=+@＝＋－＠-]|[\t\r]", field)
    assert (tmp_path / "transcripts").is_dir()
    assert len(list((tmp_path / "transcripts").iterdir())) == 1


def test_dangerous_text_stays_text_when_edited(tmp_path: Path, record: dict[str, Any]) -> None:
    record["agent"] = "=1+1"
    write_outputs([record], [], tmp_path)
    sheet = load_workbook(tmp_path / "evaluations.xlsx")["Calls 通话"]
    agent = sheet.cell(2, [c.value for c in sheet[1]].index("Agent 坐席") + 1)
    assert (agent.value, agent.data_type, bool(agent.quotePrefix)) == ("=1+1", "s", True)
    assert not sheet["A2"].quotePrefix


def test_one_record_is_one_line_for_every_reader(tmp_path: Path, record: dict[str, Any]) -> None:
    record["turns"][0]["text"] = "a\u2028b\u2029c\x85d\ne\rf\x0bg\x1ch\udcc4"
    record["measures"]["snr"] = float("nan")
    write_outputs([record], [], tmp_path)
    (line,) = (tmp_path / "evaluations.jsonl").read_bytes().decode().splitlines()
    assert json.loads(line)["turns"][0]["text"] == record["turns"][0]["text"]
    assert json.loads(line)["measures"]["snr"] is None


def test_items_of_several_rubrics(tmp_path: Path, record: dict[str, Any], rubric: Rubric) -> None:
    """An item no rubric names comes last; a call judged by another rubric leaves it empty."""
    other = json.loads(json.dumps(record))
    other.update(call_id="other", answers=[{**other["answers"][0], "item": "new_item", "section": "new"}])
    write_outputs([record, other], [], tmp_path, [rubric])
    first, second = rows_of(tmp_path)
    assert list(first)[-1] == "new_item"
    assert (first["new_item"], first["greeting"]) == ("", "met")
    assert (second["new_item"], second["greeting"]) == ("met", "")


def test_a_full_sheet_goes_on_in_another(
    tmp_path: Path, record: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 30)
    write_outputs([record] * 3, [], tmp_path)
    book = load_workbook(tmp_path / "evaluations.xlsx")
    answers = [sheet for sheet in book if sheet.title.startswith("Answers 答案")]
    assert sum(sheet.max_row - 1 for sheet in answers) == 3 * len(record["answers"])
    assert all(sheet.max_row <= 30 and sheet["A1"].value == "Call 通话编号" for sheet in answers)


def test_nothing_to_write_is_written(tmp_path: Path, rubric: Rubric) -> None:
    assert write_outputs([], [], tmp_path, [rubric]) == 0
    assert listing(tmp_path) == NAMES
    assert rows_of(tmp_path) == []
    assert load_workbook(tmp_path / "evaluations.xlsx")["Calls 通话"].max_row == 1


def test_trouble_on_the_way_leaves_the_earlier_files(tmp_path: Path, record: dict[str, Any]) -> None:
    write_outputs([record], [], tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}

    def broken() -> Iterator[dict[str, Any]]:
        yield {**record, "score": 1.0}
        raise OutputError("the ledger went away", remedy="bring it back")

    with pytest.raises(OutputError, match="bring it back"):
        write_outputs(broken(), [], tmp_path)
    assert {p: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


def test_a_file_in_the_place_of_the_folder(tmp_path: Path, record: dict[str, Any]) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match=r"out.* -> choose a folder"):
        write_outputs([record], [], tmp_path / "out")


def test_a_folder_in_the_place_of_a_file(tmp_path: Path, record: dict[str, Any]) -> None:
    (tmp_path / "evaluations.csv").mkdir()
    with pytest.raises(OutputError, match="-> move the folder"):
        write_outputs([record], [], tmp_path)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody may write to")
def test_an_unwritable_folder(record: dict[str, Any]) -> None:
    with pytest.raises(OutputError, match="-> choose a folder"):
        write_outputs([record], [], Path("/proc/callqa"))


@pytest.mark.parametrize("limit", [10, 40_000, 90_000, 130_000])
def test_a_disk_that_fills_up(tmp_path: Path, record: dict[str, Any], limit: int) -> None:
    """A limit of file size meets the writers at different files: transcript, lines, table, sheet."""
    (tmp_path / "record.json").write_text(json.dumps(record), encoding="utf-8")
    code = (
        "import json, resource, sys\n"
        "from store.exports import write_outputs\n"
        "from scoring.errors import OutputError\n"
        "record = json.load(open('record.json')); limit = int(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "try: write_outputs([record] * 60, [], 'out')\n"
        "except OutputError as error: print(error)\n"
    )
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", code, str(limit)]
    env = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert "too large -> raise the limit" in done.stdout, done.stderr
    assert listing(tmp_path / "out") == ["transcripts"]
    assert not list((tmp_path / "out" / "transcripts").glob(".*"))
