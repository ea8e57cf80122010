"""The demo calls, whole pipeline: how far the answers agree with what the scripts say."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from command import Command

SURE = ("greeting", "closing", "prohibited_language", "dead_air")  # the machine must be right on at least 14 of 16


@pytest.fixture(scope="module")
def demo(callqa: Command, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "out"
    done = callqa("inspect", samples / "audio", "--metadata", samples / "calls.csv", "--out", out, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "ERROR" not in done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def records(demo: Path) -> dict[str, dict]:
    found = map(json.loads, (demo / "evaluations.jsonl").read_text(encoding="utf-8").splitlines())
    return {Path(record["audio"]).stem: record for record in found}


def test_every_call_is_evaluated_with_its_language_and_metadata(
    records: dict[str, dict], facts: dict[str, dict]
) -> None:
    assert set(records) == set(facts)
    for name, record in records.items():
        assert record["language"] == facts[name]["language"]
        assert record["scenario"] == facts[name]["scenario"]
        assert record["agent"]


def test_agreement_with_the_known_facts(records: dict[str, dict], facts: dict[str, dict]) -> None:
    right: Counter[str] = Counter()
    for name, record in records.items():
        right.update(a["item"] for a in record["answers"] if facts[name]["facts"][a["item"]] == a["status"])
    print("\n".join(f"{item:22} {right[item]:2}/16" for item in facts["zh-01-consult-good"]["facts"]))
    assert all(right[item] >= 14 for item in SURE), right
    assert sum(right.values()) >= 0.85 * 16 * 22, right


def test_roles_follow_the_channels(records: dict[str, dict], facts: dict[str, dict]) -> None:
    """Words spoken while only one party talks carry that party's role."""
    for name, record in records.items():
        if len(facts[name]["channels"]) < 2:
            continue
        truth = facts[name]["turns"]
        seconds, wrong = 0.0, 0.0
        for turn in record["turns"]:
            middle = (turn["start"] + turn["end"]) / 2
            speaking = {t["role"] for t in truth if t["start"] - 0.2 <= middle <= t["end"] + 0.2}
            if len(speaking) == 1:
                seconds += turn["end"] - turn["start"]
                wrong += (turn["end"] - turn["start"]) * (turn["role"] not in speaking)
        assert wrong / seconds < 0.1, name


def test_good_agents_score_above_bad_ones(records: dict[str, dict], facts: dict[str, dict]) -> None:
    levels: dict[str, list[float]] = {"good": [], "middling": [], "bad": []}
    for name, record in records.items():
        levels[facts[name]["level"]].append(record["score"])
    assert min(levels["good"]) > max(levels["bad"])
    assert min(levels["good"]) >= 80


def test_the_report_names_the_worst_calls(demo: Path, records: dict[str, dict]) -> None:
    page = (demo / "report.html").read_text(encoding="utf-8")
    for record in sorted(records.values(), key=lambda r: r["score"])[:3]:
        assert record["call_id"] in page
