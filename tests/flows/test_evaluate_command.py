"""`callqa evaluate speech` as users run it, on demo calls whose scripts are the truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import Command
from hostile import write_wav
from typer.testing import CliRunner

from flows.main import app
from models.audio import decode
from scoring.errors import CallqaError

ENOUGH = 20.0  # s of a call for every figure


def opening(samples: Path, fact: dict, folder: Path, group: str) -> dict:
    """The beginning of a demo call as a file of a set, and its line of the manifest."""
    turns = [{k: t[k] for k in ("role", "start", "end", "text")} for t in fact["turns"] if t["end"] < ENOUGH]
    heard = decode(samples / fact["file"])
    cut = heard.samples[:, : int((turns[-1]["end"] + 0.2) * heard.sample_rate)]
    write_wav(folder / group / f"{fact['call_id']}.wav", cut.T, heard.sample_rate)
    channels = {str(n): role for n, role in enumerate(fact["channels"])} if len(fact["channels"]) == 2 else None
    return {
        "id": fact["call_id"], "audio": f"{group}/{fact['call_id']}.wav", "lang": fact["language"], "kind": "call",
        "segments": turns, "ref_type": "script", "source": "demo", "licence": "ours",
    } | ({"channels": channels} if channels else {})  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, samples: Path, facts: dict[str, dict]) -> Path:
    """A stereo Mandarin call, a mono English call, a file that is no audio, and a call that is missing."""
    made = tmp_path_factory.mktemp("evaluate")
    rows = [
        opening(samples, facts["zh-02-consult-middling"], made, "calls_zh"),
        opening(samples, facts["en-15-repair-middling"], made, "calls_en"),
    ]
    (made / "calls_en" / "broken.wav").write_text("no sound here")
    rows += [{"audio": f"calls_en/{name}.wav", "lang": "en", "text": "hello"} for name in ("broken", "missing")]
    (made / "manifest.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    return made


def test_measures_demo_calls_and_writes_the_card(callqa: Command, folder: Path) -> None:
    kept, card = folder / "heard.jsonl", folder / "cards" / "speech.md"
    done = callqa("evaluate", "speech", folder / "manifest.jsonl", "--transcripts", kept, "--card", card, "--json")
    assert done.returncode == 3, done.stderr
    assert "broken.wav is not audio" in done.stderr
    assert "missing.wav does not exist" in done.stderr
    figures = json.loads(done.stdout)
    zh, en = figures["sets"]
    assert (zh["name"], zh["language"], en["name"], en["language"]) == ("calls_zh", "zh", "calls_en", "en")
    for made in (zh, en):
        assert made["recordings"] == made["languages_right"] == 1
        errors = made["errors"]
        assert 0 <= errors["own"]["low"] <= errors["own"]["value"] <= errors["own"]["high"] < 0.5
        assert errors["peer"]["total"] == errors["own"]["total"], "both sides on the same reference"
        assert errors["difference"]["verdict"] in ("fewer", "more", "within")
    assert zh["roles"]["right"]["value"] > 0.95, "a stereo call"
    assert zh["mixed_roles"]["right"]["total"] > 40
    assert 0 <= en["speakers"]["lenient"]["rate"] <= en["speakers"]["strict"]["rate"] < 1
    assert set(figures["confidence"]) == {"en", "zh"}
    text = card.read_text(encoding="utf-8")
    assert "calls_zh, mixed to one channel" in text
    assert "calls_en/broken.wav" in text
    assert str(folder) not in text

    again = callqa("evaluate", "speech", folder / "manifest.jsonl", "--transcripts", kept, "--sets", "calls_zh")
    assert again.returncode == 0, again.stderr
    assert "Who speaks" in again.stdout
    assert "Chosen with --sets calls_zh" in again.stdout
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 5, "own and peer of two calls, one mixed: nothing new"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["absent.jsonl"], "cannot read"),
        (["manifest.jsonl", "--audio", "absent"], "not a folder"),
        (["manifest.jsonl", "--sets", "calls_zh,nothing"], "use calls_zh, calls_en"),
        (["manifest.jsonl", "--language", "fr"], "auto or manifest"),
        (["bad.jsonl"], "bad.jsonl:1: not JSON"),
    ],
)
def test_refuses_what_cannot_be_measured(folder: Path, arguments: list[str], says: str) -> None:
    (folder / "bad.jsonl").write_text("{")
    paths = [str(folder / a) if a.endswith("jsonl") or a == "absent" else a for a in arguments]
    with pytest.raises(CallqaError, match=says) as refused:
        CliRunner().invoke(app, ["evaluate", "speech", *paths], catch_exceptions=False)
    assert refused.value.remedy
