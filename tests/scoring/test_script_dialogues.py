"""Scripts in hand-made dialogues, read by the real encoder and heads.

The `tuned` half was looked at while the rules were made, the `unseen` half was written before the last of them and
measured after: F1 .937 (zh) and .938 (en), all 6 disorders found. The rules have not changed since; with the heads of
37 labels the unseen half gives F1 .927 and .945, all 6 disorders, the tuned half .847 and .943 and 4 of 6.
"""

from __future__ import annotations

import pytest
from script_dialogues import Tally, dialogues, read, tally

from models.reader import Reader
from scoring.script_file import load_script

FILES = ("zh-tuned", "zh-unseen", "en-tuned", "en-unseen")


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    reader = Reader()
    scripts = {language: load_script(f"service-{language}") for language in ("zh", "en")}
    return {name: tally(read(dialogues(name), reader, scripts[name[:2]]), scripts[name[:2]]) for name in FILES}


@pytest.mark.parametrize(("name", "least"), list(zip(FILES, (0.83, 0.9, 0.9, 0.9), strict=True)))
def test_steps_are_found_at_their_lines(tallies: dict[str, Tally], name: str, least: float) -> None:
    assert tallies[name].f1 >= least, tallies[name].notes


@pytest.mark.parametrize(("name", "least"), list(zip(FILES, (3, 3, 1, 3), strict=True)))
def test_disorders_are_found(tallies: dict[str, Tally], name: str, least: int) -> None:
    t = tallies[name]
    assert t.disorders == 3
    assert t.disorders_found + t.disorders_doubted >= least, t.notes
    assert t.disorders_wrong <= 1


@pytest.mark.parametrize("name", FILES)
def test_what_the_customer_said_never_counts(tallies: dict[str, Tally], name: str) -> None:
    assert tallies[name].customer_decoys == 0
    assert tallies[name].agent_decoys <= 1


@pytest.mark.parametrize("name", FILES)
def test_slots_are_found(tallies: dict[str, Tally], name: str) -> None:
    assert tallies[name].slots_right >= 0.9 * tallies[name].slots
