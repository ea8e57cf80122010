"""What a text must hold for an expression to match is never too much: a text left unsearched never matches."""

from __future__ import annotations

import json
import re
import string
import sys
from itertools import islice
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.detectors.exclusion import several
from scoring.detectors.needles import Must, digits_in, folded, must_hold
from scoring.detectors.said import Said
from scoring.rubric_file import load_rubric

CORPUS = Path(__file__).parents[2] / "models" / "corpus"
FORMS = ("service", "complaint", "compliance", "consult", "repair", "after_sales")
TRICKY = (
    "(怎么|如何)帮|how can (i|we)",
    r"(?<![说句])(您好|你好)(?!吗)|\b(hi|hello)\b",
    r"\d{4}-?\d{4}[xX]?|KISS me?",
    "(a|b|)c+d*e{2}f{0,3}g{1,2}?",
    r"[一二三]+(个)?\s*(工作日|天)",
    r"号(之)?前$|^第[0-9]{2,}位",
    "(?:ab|a){2,3}[^x]{0,4}(?P<last>zz|[y-z]q)",
    "a?b?|c",
    r"\.com|\$5(\.00)?",
)


@pytest.mark.parametrize(
    ("expression", "strings", "digits"),
    [
        ("(怎么|如何)帮|how can (i|we)", ("怎么帮", "如何帮", "how can i", "how can we"), 0),
        (r"\bbye( bye| now)?\b", ("bye",), 0),
        ("号(之)?前", ("号前", "号之前"), 0),
        ("(什么|啥).{0,4}(帮|服务)", ("什么", "啥"), 0),
        (r"\d{4}-?\d{4}", (), 8),
        ("[Kk]", ("k",), 0),
        (r"[3-5]\d{2}|12", ("3", "4", "5", "12"), 2),
        ("x*", (), 0),
        ("a|b?", (), 0),
        ("[^a]b+", ("b",), 0),
        ("é", (), 0),
    ],
)
def test_what_must_be_there(expression: str, strings: tuple[str, ...], digits: int) -> None:
    found = must_hold(expression)
    assert (sorted(found.strings), found.digits) == (sorted(strings), digits)


@pytest.mark.parametrize(
    "expression",
    ["(?:foo){e<=1}", "foo{i}", "(?i)a b", r"\p{Han}工号", "[[:alpha:]]x", "[a--b]x", r"(?|ab|cd)", r"a\Kb", "(?>ab)",
     "a(*FAIL)b", r"\N{DIGIT ONE}x", r"\x41b", "(?#ab)c", "(?P<n>x)(?P=n)", "(" * 400 + "a" + ")" * 400],
)  # fmt: skip
def test_what_is_not_read_asks_for_nothing(expression: str) -> None:
    assert must_hold(expression) == Must()


@pytest.mark.parametrize("expression", TRICKY)
def test_every_match_holds_it(expression: str) -> None:
    @settings(max_examples=60, deadline=None, database=None)
    @given(st.from_regex(re.compile(expression, re.IGNORECASE)))
    def holds(text: str) -> None:
        if regex.search(expression, text, regex.IGNORECASE):
            assert must_hold(expression).may_be_in(folded(text))

    holds()


def test_every_match_of_the_shipped_forms_holds_it() -> None:
    lines = [
        json.loads(line)["text"]
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in islice(path.read_text(encoding="utf-8").splitlines(), 40)
    ]
    read, spared, tried = 0, 0, 0
    for expression in _expressions():
        must, compiled = must_hold(expression), regex.compile(expression, regex.IGNORECASE)
        read += must != Must()
        for line in lines:
            spared += not must.may_be_in(folded(line))
            tried += 1
            assert must.may_be_in(folded(line)) or not compiled.search(line), (expression, line)
    assert read >= 0.95 * len(_expressions())
    assert spared > 0.7 * tried  # else it is not worth its while


def _expressions() -> list[str]:
    found = []
    waiting = [condition for name in FORMS for condition in load_rubric(name).conditions()]
    while waiting:
        condition = waiting.pop()
        waiting += condition.parts
        if getattr(condition, "detect", "") != "phrase":
            found += [*several(getattr(condition, "regex", None)), *several(getattr(condition, "unless", None))]
    return list(dict.fromkeys(found))


def test_case_is_ignored_as_expressions_ignore_it() -> None:
    everything = "".join(chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n <= 0xDFFF)
    for letter in string.ascii_lowercase:
        assert {folded(c) for c in regex.findall(letter, everything, regex.IGNORECASE)} == {letter}
    assert not [c for c in regex.findall("[一-鿿]", everything, regex.IGNORECASE) if not "一" <= c <= "鿿"]
    assert len(folded(everything)) == len(everything)
    assert digits_in(everything) == len(regex.findall(r"\d", everything))


@given(
    st.lists(st.lists(st.sampled_from(["工号8021", "怎么帮您", "HOW CAN I help", "\n", "", "12345678"]), max_size=3))
)
@settings(max_examples=60, deadline=None, database=None)
def test_turns_are_found_in_one_text_as_one_by_one(texts: list[list[str]]) -> None:
    turns = tuple(range(len(texts)))[::2]
    for expression in ("(怎么|如何)帮|how can (i|we)", r"\d{4}\d{4}", r"号\d{4}", "x*"):
        must = must_hold(expression)
        expected = [(i, text) for i in turns for text in texts[i] if must.may_be_in(folded(text))]
        assert list(Said(turns, texts).that_may(must)) == expected
