"""`callqa evaluate language` as users run it, with the shipped heads on lines written here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import Command
from typer.testing import CliRunner

from flows.main import app
from scoring.errors import CallqaError

SHOP = [
    ("您好，欢迎致电云帆家电，请问有什么可以帮您", ["hi"]), ("早上好，很高兴为您服务", ["hi"]),
    ("感谢您的来电，祝您生活愉快，再见", ["bye", "ta"]), ("那就不打扰了，再见", ["bye"]),
    ("谢谢您的理解", ["ta"]), ("非常感谢您的配合", ["ta"]),
    ("洗衣机脱水的时候声音很大", ["rest"]), ("滤网在右下角的小盖子后面", ["rest"]), ("周六下午可以上门", ["rest"]),
    ("这句没有读清", ["noise"]),
]  # fmt: skip
MAP = """
"calls:shop":
  none: rest
  judged:
    bye: closing
    hi: [greeting, offer_of_help]
    ta: thanks
    mirror: {theirs: mirror, ours: no_such_label}
  left_out: {noise: cannot be read}
  choose: first
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("language")
    rows = [{"text": t, "label": c[0], "labels": c, "role": "agent", "set": "shop"} for t, c in SHOP]
    rows.append({"text": "bye now", "label": "leave-taking", "set": "foreign"})
    (made / "calls.jsonl").write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    (made / "ours.jsonl").write_text('{"text": "thank you so much", "labels": ["thanks"]}', encoding="utf-8")
    (made / "map.yaml").write_text(MAP, encoding="utf-8")
    return made


def test_measures_sets_and_writes_card_figures_and_mistakes(callqa: Command, folder: Path) -> None:
    card, figures, wrong = (folder / "out" / name for name in ("card.md", "figures.json", "wrong.jsonl"))
    done = callqa(
        "evaluate", "language", folder / "calls.jsonl", folder / "ours.jsonl", "--map", folder / "map.yaml",
        "--card", card, "--json", figures, "--mistakes", wrong, "--no-floor",
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "calls:foreign: no entry in the map" in done.stdout
    assert "the heads have no label no_such_label" in done.stdout
    assert "1 lines of class noise: cannot be read" in done.stdout
    shop, ours = json.loads(figures.read_text(encoding="utf-8"))["sets"]
    assert (shop["name"], shop["lines"], ours["name"], ours["lines"]) == ("calls:shop", 9, "ours", 1)
    assert [c["name"] for c in shop["classes"]] == ["bye", "hi", "ta", "rest"]
    own = shop["many"]["own"]
    assert 0.8 <= own["value"] <= 1
    assert own["low"] <= own["value"] <= own["high"]
    assert "| calls:shop | 9 of 10 | 4 |" in card.read_text(encoding="utf-8")
    rows = [json.loads(row) for row in wrong.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == sum(c["one"]["n"] - c["one"]["right"] for s in (shop, ours) for c in s["classes"])

    again = CliRunner().invoke(app, [
        "evaluate", "language", str(folder / "calls.jsonl"), "--map", str(folder / "map.yaml"),
        "--sets", "shop", "--labels", "thanks", "--limit", "6", "--role", "none",
        "--band", "0.2,0.8", "--json", str(figures),
    ])  # fmt: skip
    assert again.exit_code == 0, again.output
    assert "At most 6 lines of each set" in again.stdout
    assert "calls:shop ta" in again.stdout
    assert "calls:shop hi" not in again.stdout
    (thanks,) = json.loads(figures.read_text(encoding="utf-8"))["sets"]
    assert 0 <= thanks["one"]["floor"]["value"] <= 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["absent.jsonl"], "cannot read"),
        (["calls.jsonl", "--sets", "shop,nothing"], "no set nothing"),
        (["calls.jsonl", "--labels", "thank"], "no label thank"),
        (["calls.jsonl", "--band", "0.6,0.4"], "no band"),
        (["calls.jsonl", "--sets", "foreign"], "no set can be measured"),
        (["calls.jsonl", "--map", "calls.jsonl"], "calls.jsonl"),
    ],
)
def test_refuses_what_cannot_be_measured(folder: Path, arguments: list[str], says: str) -> None:
    paths = [str(folder / a) if a.endswith("jsonl") else a for a in arguments]
    with pytest.raises(CallqaError, match=says) as refused:
        CliRunner().invoke(app, ["evaluate", "language", *paths], catch_exceptions=False)
    assert refused.value.remedy
