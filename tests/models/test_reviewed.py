"""Reviewed lines: what is read from files, what stays unknown, and what is refused by file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.reviewed import Reviewed, gather
from models.reviewed_files import open_reviewed
from scoring.errors import UsageError
from scoring.labels import LABELS


def read(folder: Path, **files: str | bytes) -> Reviewed:
    paths = []
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return gather([open_reviewed(path) for path in paths])


def line(**fields: object) -> str:
    return json.dumps({"text": "请稍等", "role": "agent"} | fields, ensure_ascii=False)


@pytest.mark.parametrize(
    ("fields", "held", "denied"),
    [
        ({"yes": ["hold_request"]}, {"hold_request"}, set()),
        ({"yes": ["请客户等待"], "no": ["致歉"]}, {"hold_request"}, {"apology"}),
        ({"no": ["thanks"]}, set(), {"thanks"}),
        ({"yes": ["sentiment_neutral"]}, set(), {"sentiment_negative", "sentiment_positive"}),
        ({"labels": []}, set(), set(LABELS)),
        ({"labels": ["thanks"]}, {"thanks"}, set(LABELS) - {"thanks"}),
    ],
)
def test_what_is_not_said_stays_unknown(tmp_path: Path, fields: dict, held: set[str], denied: set[str]) -> None:
    (lesson,) = read(tmp_path, a_jsonl=line(**fields)).lessons
    assert (lesson.example.labels, lesson.known - lesson.example.labels) == (held, denied)


def test_csv_as_spreadsheets_write_it(tmp_path: Path) -> None:
    table = (
        '文本,角色,上文,是,否,通话编号,备注\r\n"您好，\r\n请讲",坐席,,问候；致歉,thanks,C-1,x\r\n'
        "没人看过,客户,,,,C-1,\r\n好的,客户,还有吗,, closing |thanks,C-2,\r\n"
    )
    for encoding in ("utf-8-sig", "gb18030"):
        first, second = read(tmp_path, a_csv=table.encode(encoding)).lessons
        assert first.example.text == "您好，\r\n请讲"
        assert (first.example.labels, first.example.source) == ({"greeting", "apology"}, "reviewed:C-1")
        assert (second.example.role, second.example.context, second.known) == (
            "customer",
            "还有吗",
            {"closing", "thanks"},
        )
        assert second.place.endswith("a.csv:5")


def test_nothing_is_not_the_same_as_no_label(tmp_path: Path) -> None:
    table = "text,role,labels\nnot looked at,agent,\nlooked at,agent,-\nthank you,agent,thanks\n"
    none, some = read(tmp_path, a_csv=table).lessons
    assert (none.example.text, none.example.labels, len(none.known)) == ("looked at", set(), len(LABELS))
    assert some.example.labels == {"thanks"}


def test_one_sentence_reviewed_twice(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        a_jsonl=line(yes=["hold_request"], no=["thanks"]) + "\n" + line(no=["apology"]),
        b_jsonl=line(yes=["thanks"]) + "\n" + line(text="谢谢", yes=["thanks"])
        + "\n" + line(text="嗯", yes=["closing"]) + "\n" + line(text="嗯", no=["closing"]),
    )  # fmt: skip
    first, second = found.lessons  # of 嗯 nothing is left to learn
    assert (first.example.labels, first.known) == ({"hold_request"}, {"hold_request", "apology"})
    assert second.example.text == "谢谢"
    assert [place.split(": ")[1] for place in found.contradictions] == ["thanks", "closing"]
    assert "b.jsonl:1" in found.contradictions[0]
    assert [(f["name"], f["lines"], len(f["sha256"])) for f in found.files] == [("a.jsonl", 2, 64), ("b.jsonl", 4, 64)]
    assert first.digest != second.digest
    assert "请稍等" not in first.digest


@pytest.mark.parametrize(
    ("content", "says", "remedy"),
    [
        ("not json", "a.jsonl:2", '"text"'),
        (line(), "a.jsonl:2", "yes"),
        (line(yes=["hold_reqest"]), "did you mean 'hold_request'", "GUIDE"),
        (line(yes="thanks"), '"yes" must be a list', "yes"),
        (line(yes=["thanks"], no=["感谢"]), "thanks both confirmed and denied", "one of them"),
        (line(yes=["sentiment_neutral", "sentiment_positive"]), "both confirmed and denied", "one of them"),
        (line(no=["empathy_none"]), "leaves open which", "empathy_formulaic"),
        (line(labels=[], yes=["thanks"]), "must not stand beside", "labels"),
        (line(role="boss", yes=[]), "role 'boss'", "坐席"),
        (line(text=" ", yes=[]), "1 to 2000", "text"),
        (line(context=3, yes=[]), "context", "labels"),
        (line(source=[1], yes=[]), "source", "labels"),
    ],
)
def test_wrong_lines_are_named(tmp_path: Path, content: str, says: str, remedy: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(tmp_path, a_jsonl=line(yes=["thanks"]) + "\n" + content)
    assert "a.jsonl:2" in raised.value.message
    assert says in raised.value.message
    assert remedy in raised.value.remedy


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a_csv", "text,yes\nx,thanks", ":1: not the columns"),
        ("a_csv", "text,role,yes,是\nx,agent,thanks,thanks", ":1: not the columns"),
        ("a_csv", 'text,role,yes\n"x" y,agent,thanks', "a.csv:2"),
        ("a_csv", b"text,role,yes\n\xff\xff\xff,agent,thanks", "neither UTF-8 nor GBK"),
        ("a_txt", "x", "neither .jsonl nor .csv"),
    ],
)
def test_wrong_files_are_named(tmp_path: Path, name: str, content: str | bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read(tmp_path, **{name: content})
