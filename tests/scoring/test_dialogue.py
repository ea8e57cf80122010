"""Example dialogues: what is refused and where, and how they become calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.written import write
from scoring.call import Call, Metadata, Role, Scenario
from scoring.dialogue import Example, load_examples, parse_examples, spoken
from scoring.errors import RubricError

ITEMS = ["greeting", "closing", "dead_air"]


def parsed(lines: str, *, language: str = "zh", head: str = "item: greeting\n    expect: met") -> list[Example]:
    text = f"rubric: mine\nlanguage: {language}\ndialogues:\n  - id: one\n    {head}\n    lines:\n{lines}"
    return parse_examples(text, "mine.yaml", "mine", ITEMS)


def called(lines: str, language: str = "zh") -> Call:
    return spoken(parsed(lines, language=language)[0])


@pytest.mark.parametrize(
    ("head", "lines", "said"),
    [
        ("item: greting\n    expect: met", "      - agent: 您好\n", "mine.yaml:5: item: the rubric has no"),
        ("expect: {greting: met}", "      - agent: 您好\n", "mine.yaml:5: expect: the rubric has no item 'greting'"),
        ("item: greeting\n    expect: good", "      - agent: 您好\n", "mine.yaml:6: "),
        ("item: greeting\n    expect: {greeting: met}", "      - agent: 您好\n", "mine.yaml:4: "),
        ("expect: met", "      - agent: 您好\n", "mine.yaml:4: "),
        ("expect: {}", "      - agent: 您好\n", "expect at least one answer"),
        ("expect: {greeting: met}", "      - agnt: 您好\n", "mine.yaml:7: unknown key 'agnt'; did you mean 'agent'?"),
        ("expect: {greeting: met}", "      - agent: 您好\n        silence: 3\n", "a line is one of agent, customer"),
        ("expect: {greeting: met}", "      - silence: 3\n        pace: 300\n", "belong to a line that somebody speaks"),
        ("expect: {greeting: met}", "      - agent: 您好\n        over: 1\n", "over needs a line above it"),
        ("expect: {greeting: met}", "      - agent: ……\n", "has words"),
        ("expect: {greeting: met}\n    metadata: {scenario: x}", "      - agent: 您好\n", "mine.yaml:6: scenario: "),
        ("expect: {greeting: met}\n    metadata: {mood: 1}", "      - agent: 您好\n", "mine.yaml:6: mood: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(head: str, lines: str, said: str) -> None:
    with pytest.raises(RubricError) as error:
        parsed(lines, head=head)
    assert said in error.value.message
    assert error.value.remedy


def test_an_answer_for_several_items_and_metadata() -> None:
    head = "expect: {greeting: met, closing: missed}\n    metadata: {scenario: repair, hold_seconds: 4}"
    (example,) = parsed("      - agent: 您好。\n", head=head)
    assert example.dialogue.answers == {"greeting": "met", "closing": "missed"}
    assert spoken(example).metadata == Metadata(scenario=Scenario.REPAIR, hold_seconds=4)


@pytest.mark.parametrize(
    ("language", "text", "seconds", "pace"),
    [("zh", "一二三四五六七八九十" * 4, 10.0, 240.0), ("en", "one two three four five " * 5, 10.0, 150.0)],
)
def test_times_come_from_the_length_of_the_text(language: str, text: str, seconds: float, pace: float) -> None:
    call = called(f"      - agent: {text}\n", language)
    assert call.turns[0].duration == pytest.approx(seconds, abs=0.05)
    assert call.measures.pace[Role.AGENT] == pytest.approx(pace, rel=0.01)
    assert "".join(w.text for w in call.turns[0].words).split() == text.split()
    fast = called(f"      - agent: {text}\n        pace: {2 * pace}\n", language)
    assert fast.measures.pace[Role.AGENT] == pytest.approx(2 * pace, rel=0.01)


def test_silence_music_and_overlap_are_measured() -> None:
    call = called(
        "      - agent: 您好，请问有什么可以帮您？\n"
        "      - customer: 我想问一下你们那个会员卡到底能不能退，因为我下个月就要搬走了。\n"
        "      - agent: 您先听我说，卡是可以退的，随时都行。\n        over: 2\n"
        "      - silence: 12\n"
        "      - customer: 那好。\n"
        "      - hold: 20\n"
        "      - agent: 办好了。\n"
    )
    (overlap,) = call.measures.overlaps or ()
    assert (overlap.by, overlap.duration) == (Role.AGENT, pytest.approx(2.0, abs=0.1))
    (silence,) = call.measures.silences
    assert (silence.duration, silence.owed_by) == (pytest.approx(12.0, abs=0.1), Role.AGENT)
    assert [h.duration for h in call.measures.holds if h.music] == [pytest.approx(20.0, abs=0.1)]
    assert call.turns[-1].end < call.duration


def test_an_overlap_longer_than_the_line_is_refused() -> None:
    with pytest.raises(RubricError, match=r"mine\.yaml: dialogue 'one', line 2: over: 5 s"):
        called("      - customer: 喂你好。\n      - agent: 请您说吧。\n        over: 5\n")


def test_lines_of_one_party_in_a_row_are_one_turn() -> None:
    call = called("      - agent: Hello there.\n      - agent: What can I do?\n      - customer: Hi.\n", "en")
    assert [t.text for t in call.turns] == ["Hello there. What can I do?", "Hi."]


def test_numbers_are_written_as_in_transcripts() -> None:
    (example,) = parsed("      - agent: 二十四小时内给您回电。\n")
    turn = spoken(example, write).turns[0]
    assert (turn.text, turn.heard) == ("24小时内给您回电。", "二十四小时内给您回电。")


def test_a_folder_holds_files_of_several_rubrics(tmp_path: Path) -> None:
    one = "language: zh\ndialogues:\n  - {id: a, item: greeting, expect: met, lines: [{agent: 您好}]}\n"
    (tmp_path / "a.yaml").write_text("rubric: mine\n" + one, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("rubric: other\n" + one, encoding="utf-8")
    assert [e.dialogue.id for e in load_examples(tmp_path, "mine", ITEMS)] == ["a"]
    with pytest.raises(RubricError, match="dialogues of rubric 'other'"):
        load_examples(tmp_path / "b.yaml", "mine", ITEMS)
    with pytest.raises(RubricError, match="no example dialogues of rubric 'third'"):
        load_examples(tmp_path, "third", ITEMS)
    (tmp_path / "c.yaml").write_text("rubric: mine\n" + one, encoding="utf-8")
    with pytest.raises(RubricError, match=r"dialogue 'a' is in .*a\.yaml too"):
        load_examples(tmp_path, "mine", ITEMS)
