"""Scores of labels on hand-made probabilities: figures that can be checked by hand, intervals that behave."""

from __future__ import annotations

import numpy as np
import pytest

from models.evaluation.decisions import decide
from models.evaluation.floor import Floor
from models.evaluation.label_map import Judged, SetMap
from models.evaluation.label_scores import Probabilities, SetScore, score
from models.evaluation.labelled import LabelledLine
from models.evaluation.language_card import LanguageAbout, language_card, language_record
from models.evaluation.language_tables import language_tables
from models.examples import Example

LABELS = ("greeting", "thanks", "closing")
ENTRY = SetMap(
    none="other",
    judged={
        "hello": Judged(theirs=("hello",), ours=("greeting",)),
        "leave": Judged(theirs=("leave",), ours=("closing", "thanks")),
    },
)


def line(*labels: str, text: str = "嗯") -> LabelledLine:
    label = labels[0] if labels else None
    return LabelledLine(text, None, None, label, frozenset(labels))


def scored(
    lines: list[LabelledLine], own: list[list[float]], entry: SetMap = ENTRY, floor: list[list[float]] | None = None
) -> SetScore:
    given = Probabilities(LABELS, np.array(own, np.float32), None if floor is None else np.array(floor, np.float32))
    return score("made", lines, entry, given, threshold=0.5, band=(0.35, 0.5), whole=len(lines))


def test_figures_by_hand() -> None:
    lines = [line("hello"), line("hello"), line("leave"), line("other"), line("other")]
    own = [[0.9, 0.1, 0.1], [0.4, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.1], [0.1, 0.1, 0.7]]
    s = scored(lines, own)
    hello, leave, other = s.classes
    assert hello.one is not None
    assert (hello.one.precision, hello.one.recall) == (1.0, 0.5)
    assert leave.one is not None
    assert (leave.one.precision, leave.one.recall) == (0.5, 1.0), "thanks means leave too, where the map says so"
    assert other.one is not None
    assert (other.one.n, other.one.found, other.one.right) == (2, 2, 1)
    assert s.one is not None
    assert s.one.own.value == pytest.approx((2 / 3 + 2 / 3 + 1 / 2) / 3)
    assert s.many is not None
    assert s.many.own.value == pytest.approx(2 / 3), "over hello and leave alone"
    assert (s.abstention.open_lines, s.abstention.wrong_lines) == (1, 1), "the second is open, the last is wrong"
    assert (s.abstention.open_answers, s.abstention.wrong_answers) == (1, 1)
    # Said 0.9, 0.6 (nothing), 0.8, 0.9 (nothing), 0.7: right are the first, third and fourth.
    assert s.error == pytest.approx((abs(1.8 - 2) + 0.6 + abs(0.8 - 1) + 0.7) / 5, abs=1e-6)


def test_a_second_act_is_judged_each_for_itself() -> None:
    lines = [line("leave", "hello"), line("other")]
    s = scored(lines, [[0.9, 0.1, 0.8], [0.1, 0.1, 0.1]])
    assert s.many is not None
    assert s.many.own.value == 1.0
    assert s.one is not None
    assert s.one.own.value < 1.0, "the likeliest is hello"
    first = SetMap(none="other", judged=dict(reversed(ENTRY.judged.items())), choose="first")
    again = scored(lines, [[0.9, 0.1, 0.8], [0.1, 0.1, 0.1]], first)
    assert again.one is not None
    assert again.one.own.value == 1.0, "leave comes first in the map"


def test_where_one_class_always_holds_the_likeliest_is_said() -> None:
    entry = SetMap(judged=ENTRY.judged)
    said = decide(np.array([[0.2, 0.1], [0.0, 0.3]]), entry, 0.5)
    assert said.one.tolist() == [0, 1]
    assert said.sure == pytest.approx([2 / 3, 1.0])


def test_several_classes_without_a_first_leave_one_reading() -> None:
    both = LabelledLine("您好再见", None, None, None, frozenset({"hello", "leave"}))
    s = scored([both, line("other")], [[0.9, 0.0, 0.9], [0.0, 0.0, 0.0]])
    assert s.one is None
    assert s.many is not None
    assert s.many.own.value == 1.0
    assert s.abstention.wrong_lines is None
    assert language_tables([s], 0.5, (0.35, 0.5))


def test_implied_labels_are_recalled_only() -> None:
    entry = SetMap(none="other", judged={"hello": ENTRY.judged["hello"]}, implied={"bought": ("thanks",)})
    s = scored([line("bought"), line("bought"), line("hello")], [[0, 0.9, 0], [0, 0.1, 0], [0.9, 0.9, 0]], entry)
    ((name, hits),) = s.implied.items()
    assert (name, hits.n, hits.recall) == ("bought -> thanks", 2, 0.5)


def test_intervals_hold_the_figure_and_narrow_with_lines() -> None:
    def width(copies: int) -> float:
        lines = [line("hello"), line("hello"), line("leave"), line("leave"), line("other")] * copies
        own = [[0.9, 0, 0], [0.1, 0, 0], [0, 0, 0.9], [0.8, 0, 0], [0, 0, 0]] * copies
        one = scored(lines, own, floor=own).one
        assert one is not None
        assert one.own.low is not None
        assert one.own.high is not None
        assert one.own.low < one.own.value < one.own.high
        assert one.above is not None
        assert (one.above.value, one.above.low, one.above.high) == (0, 0, 0), "paired: the same answers differ nowhere"
        return one.own.high - one.own.low

    assert width(100) < width(10) / 2


def test_a_class_that_does_not_occur_is_not_in_the_mean() -> None:
    s = scored([line("hello"), line("other")], [[0.9, 0, 0], [0, 0, 0]])
    assert s.one is not None
    assert s.one.own.value == 1.0
    assert s.classes[1].one is not None
    assert s.classes[1].one.f1 is None


def test_lines_left_out_are_refused() -> None:
    with pytest.raises(ValueError, match="leaves out"):
        scored([line("hello")], [[0.9, 0, 0]], ENTRY.model_copy(update={"left_out": {"hello": "unclear"}}))


def test_the_floor_learns_characters_and_never_says_what_it_has_not_seen() -> None:
    thanks = ["谢谢您的耐心", "谢谢您了", "太谢谢了", "多谢谢谢", "thank you so much", "thanks a lot, thank you"]
    rest = ["宽带昨天断了", "账单不对吧", "订单还没发", "明天能到吗", "my router is broken", "where is my order"]
    examples = [Example(t, "customer", "zh", frozenset({"thanks"} if t in thanks else ()), "x") for t in thanks + rest]
    floor = Floor(examples, ["thanks", "rude"])
    found = floor(["真的谢谢你", "宽带还是断了"])
    assert found.shape == (2, 2)
    assert found[0, 0] > 0.5 > found[1, 0]
    assert not found[:, 1].any()
    assert floor([]).shape == (0, 2)


def test_the_card_holds_figures_and_no_line() -> None:
    s = scored([line("hello", text="独一无二的一句"), line("other")], [[0.9, 0, 0], [0, 0, 0]], floor=[[0, 0, 0]] * 2)
    about = LanguageAbout("2026-01-01", {"heads": "ab" * 32}, 0.5, (0.35, 0.5), "by set", ("Nothing else.",))
    text = language_card([s], about)
    assert "| made hello | greeting | 1 | 100.0 | 100.0 | 100.0 |" in text
    assert "独一无二" not in text
    record = language_record([s], about)
    assert record["sets"][0]["classes"][0]["one"]["f1"] == 1.0
    assert record["sets"][0]["one"]["above"]["value"] == pytest.approx(1 - 1 / 3, abs=1e-3)
