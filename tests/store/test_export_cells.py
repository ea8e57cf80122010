"""Hostile text in cells and file names."""

from __future__ import annotations

import csv
import io
import re
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from store.cells import clean, csv_cell, is_formula_like
from store.filenames import FileNames

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1,1)",
    "\t=1",
    "\tplain",
    "\rplain",
    "\r\n=1",
    "   =1",
    "\u00a0\u3000=1",
    "\ufeff=1",
    "\u200b\u200e=1",
    "\x00=1",
    "\x1b\x7f=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\u3000＝1",
    "﹦1",
    "+8613800000000",
]
HARMLESS = ["您好", "call-001", "a=b", "'=1", "", " ", "100", "张三 - 一组", "—— 破折号", "(=1)", '"=1"', "#N/A"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert is_formula_like(text)
    cell = csv_cell(text)
    assert isinstance(cell, str)
    assert cell == f"'{clean(text)}"
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["before", cell])
    assert next(csv.reader(io.StringIO(file.getvalue(), newline="")))[1][0] == "'"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert csv_cell(text) == text


@pytest.mark.parametrize(("value", "written"), [(-1.5, -1.5), (0, 0), (None, None), (True, "true"), (False, "false")])
def test_numbers_stay_numbers(value: float | None, written: object) -> None:
    assert csv_cell(value) == written


def test_characters_no_spreadsheet_holds_are_removed() -> None:
    assert clean("a\x00b\x0bc\ud800d\ufffee\tf\ng") == "abcde\tf\ng"


@pytest.mark.parametrize("turning", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_no_cell_is_shown_turned_around(turning: str) -> None:
    assert clean(f"a{turning}b") == csv_cell(f"a{turning}b") == "ab"
    assert csv_cell(f"{turning}=1") == "'=1"
    assert csv_cell("می\u200cخواهم שלום") == "می\u200cخواهم שלום", "letters that run from right to left stay"


HOSTILE = [
    "../../etc/passwd",
    "..",
    ".",
    "",
    "/etc/passwd",
    "C:\\Windows\\x",
    "a\0b",
    "con",
    "NUL.txt",
    "COM1",
    "lpt¹",
    "a/b",
    "a:b",
    "~root",
    "-rf",
    "name.",
    "name ",
    "\udcc4",
    "长" * 500,
    "x" * 5000,
    "line\nbreak",
    "*?<>|",
    "e\u0301",
    ".hidden",
]


@pytest.mark.parametrize("call_id", HOSTILE)
def test_a_hostile_call_id_is_a_plain_file_name(call_id: str) -> None:
    name = FileNames().of(call_id, "ab" * 32)
    file = f"{name}.json"
    assert re.fullmatch(r"[^\W_][\w.-]*-[0-9a-f]{10}", name)
    assert len(f".{file}.12345678.part".encode()) <= 255
    assert PurePosixPath(file).name == PureWindowsPath(file).name == file
    assert not PureWindowsPath(file).is_reserved()
    assert name == FileNames().of(call_id, "ab" * 32)


@pytest.mark.parametrize("call_id", ["call-001", "CC20260302-0001", "2026.03.02_0930", "投诉单-17"])
def test_an_ordinary_call_id_is_kept(call_id: str) -> None:
    assert FileNames().of(call_id, "ab") == call_id


def test_names_differ_on_disks_that_ignore_case() -> None:
    names = FileNames()
    ids = ["call", "CALL", "Call", "", "?", "??", "é", "e\u0301", "a/b", "a_b", "A_B", "straße", "STRASSE"]
    given = [names.of(i, "ab") for i in ids]
    assert len({name.casefold() for name in given}) == len(ids)
    assert given == [names.of(i, "ab") for i in ids]


def test_two_recordings_under_one_call_id() -> None:
    names = FileNames()
    assert names.of("call", "aa") == "call"
    assert names.of("call", "bb") != "call"
    assert names.of("call", "aa") == "call"


def test_nobody_can_take_a_name_by_guessing_it() -> None:
    guessed = FileNames().of("a/b", "ab")
    names = FileNames()
    assert names.of(guessed, "cd") == guessed
    assert names.of("a/b", "ab") != guessed
