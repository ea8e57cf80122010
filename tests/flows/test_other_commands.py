"""The other commands, as users run them, and the README that tells of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
from command import Command
from typer.testing import CliRunner

from flows.main import app
from flows.settings import Settings
from scoring.errors import CallqaError
from scoring.labels import LABELS

README = Path(__file__).parents[2] / "README.md"


def test_transcribe_gives_turns_by_role(callqa: Command, samples: Path) -> None:
    (call,) = (samples / "audio").glob("en-13-*")
    done = callqa("transcribe", call, "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["language"] == "en"
    assert {t["role"] for t in record["turns"]} == {"agent", "customer"}
    for turn in record["turns"]:
        assert 0 <= turn["start"] <= turn["end"] <= record["duration"] + 0.01
        assert [w["text"].strip() for w in turn["words"]] != []
    assert "help" in next(t["text"] for t in record["turns"] if t["role"] == "agent").lower()


def test_classify_adds_labels_to_every_line(callqa: Command, tmp_path: Path) -> None:
    lines = [
        {"text": "您好，我是8021号客服，请问有什么可以帮您？", "role": "agent", "context": None},
        {"text": "Please hold the line while I check that for you.", "role": "agent", "context": "okay"},
        {"text": "", "role": None, "context": None, "kept": [1, 2]},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(x, ensure_ascii=False) for x in lines), encoding="utf-8")
    done = callqa("classify", "--input", tmp_path / "in.jsonl", "--output", tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    found = [json.loads(x) for x in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [{k: v for k, v in row.items() if k != "labels"} for row in found] == lines
    assert all(set(row["labels"]) >= set(LABELS) for row in found)
    assert all(0 <= p <= 1 for row in found for p in row["labels"].values())
    assert min(found[0]["labels"][x] for x in ("greeting", "self_introduction", "offer_of_help")) > 0.5
    assert found[1]["labels"]["hold_request"] > 0.5 > found[1]["labels"]["greeting"]


@pytest.mark.parametrize(
    "content",
    ["not json", "[" * 100_000, '{"text": "hi \\ud83d"}', '{"role": "agent"}', '{"text": "x", "role": "boss"}', "[1]"],
)
def test_classify_names_the_line_that_is_wrong(tmp_path: Path, content: str) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "ok"}\n' + content + "\n")
    paths = ["--input", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl")]
    with pytest.raises(CallqaError, match=r"in\.jsonl:2"):
        CliRunner().invoke(app, ["classify", *paths], catch_exceptions=False)
    assert not (tmp_path / "out.jsonl").exists()


def test_small_commands(callqa: Command, tmp_path: Path) -> None:
    rubric = json.loads(callqa("rubric", "show", "service", "--json").stdout)
    assert rubric["id"] == "service"
    assert "身份核实" in CliRunner().invoke(app, ["rubric", "show"]).stdout
    assert "service" in CliRunner().invoke(app, ["rubric", "list"]).stdout
    assert json.loads(CliRunner().invoke(app, ["rubric", "schema"]).stdout)["title"] == "Rubric"
    assert callqa("db", "upgrade", tmp_path / "new.sqlite").returncode == 0
    assert (tmp_path / "new.sqlite").is_file()
    weights = json.loads(callqa("models", "--json").stdout)
    assert {w["name"] for w in weights} == {
        "whisper-base",
        "e5-small",
        "e5-small-calls",
        "silero-vad",
        "segmentation-3.0",
        "cam++",
        "heads",
        "announcement",
    }
    empty = callqa("report", "--out", tmp_path)
    assert (empty.returncode, "remedy" in empty.stderr) == (2, True)


def commands(group: typer.core.TyperGroup, before: str = "") -> list[str]:
    names = []
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        names += commands(command, f"{before}{name} ") if inner else [before + name]
    return names


def test_the_readme_names_every_command_and_setting() -> None:
    text = README.read_text(encoding="utf-8")
    for name in commands(typer.main.get_command(app)):
        assert re.search(rf"`[^`]*\b{name}\b", text), f"the README does not tell of `callqa {name}`"
    for setting in Settings.model_fields:
        assert f"CALLQA_{setting.upper()}" in text, f"the README does not tell of CALLQA_{setting.upper()}"


def test_every_command_explains_itself(callqa: Command) -> None:
    assert "callqa inspect recordings/" in callqa("--help").stdout
    for name in commands(typer.main.get_command(app)):
        shown = CliRunner().invoke(app, [*name.split(), "--help"])
        assert shown.exit_code == 0
        assert len(shown.stdout.splitlines()) > 8, name
