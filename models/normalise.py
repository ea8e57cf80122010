"""What counts as the same when a transcript is scored: units of error, each with the pieces of text it came from.

Applied to reference and hypothesis alike, callqa's and any other recogniser's. `RULES` says what is made equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.evaluation.numerals import CHINESE_RUN, ENGLISH, chinese_digits, english_digits

VERSION = 1  # raise when the same texts begin to give other units
RULES = (  # matter; Mandarin, where a unit is a character or a letter; English, where it is a word
    (
        "script, case",
        "traditional to simplified (OpenCC t2s), full width to half, lower case",
        "lower case",
    ),
    (
        "marks",
        "dropped; @ . + inside addresses and names read as at, 点, 加",
        "dropped, hyphens divide; @ . & inside names read as at, dot, and",
    ),
    (
        "numbers",
        "read to digits, a unit each: 两千四百九十九 = 2499, 二零一九 = 2019, 幺 = 1, 百分之二十 = 20%",
        "the same: twenty three = 23, nineteen ninety nine = 1999, first = 1st, $20 = twenty dollars",
    ),
    (
        "fillers",
        "嗯 呃 唔 dropped; 啊 哦 诶 and repetitions kept",
        "um, uh, er, ah, hm, mhm and cut-off words (direc-) dropped; oh and repetitions kept",
    ),
    (
        "spelling",
        "nothing: homophones (他她它, 的地得) are errors",
        "can't = can not, i'm = i am (n't 'm 're 've 'll), gonna, wanna, ok, mr; ThinkEngine = think engine",
    ),
    ("notes", "text in square brackets dropped", "the same"),
)
_NOTE = re.compile(r"\[[^\]\[]{0,40}\]")
_CAMEL = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{3})")
_CUT_OFF = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,8}-(?=[\s.,!?]|$)")
_FILLER_ZH = frozenset("嗯呃唔")
_FILLER_EN = re.compile(r"^(u+m+|u+h+m*|e+r+m*|a+h+|h+m+|m+h*m+)$")
_MONEY: dict[str, tuple[str, str]] = {
    "$": ("dollars", "美元"),
    "£": ("pounds", "英镑"),
    "€": ("euros", "欧元"),
    "¥": ("yuan", "元"),
}
_NUMBER = r"\d+(?:,\d{3})*(?!\d)(?:\.\d+)?|\d+"
_TOKEN_EN = re.compile(
    rf"(?P<money>[$£€¥])?\s?(?P<number>{_NUMBER})(?P<th>st|nd|rd|th)?(?![^\W\d_])\s?(?P<percent>%)?|(?P<digits>\d+)|"
    r"(?P<sign>[@&]|(?<=[a-z]{2})\.(?=[a-z]{2}))|(?P<cjk>[㐀-鿿])|(?P<word>(?:(?![㐀-鿿])[^\W\d_])+(?:'[a-z]+)*)"
)
_TOKEN_ZH = re.compile(
    rf"(?P<money>[$£€¥])?(?P<number>{_NUMBER}|{CHINESE_RUN.pattern})(?P<rest>{CHINESE_RUN.pattern})?(?P<percent>%)?|"
    r"(?P<sign>[@+]|(?<=\w)\.(?=\w))|(?P<word>[^\W\d_])"
)
_SIGNS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"@": ("at",), "&": ("and",), ".": ("dot",)},
    "zh": {"@": ("a", "t"), "+": ("加",), ".": ("点",)},
}
_SAME = {
    "won't": "will not", "can't": "can not", "cannot": "can not", "let's": "let us", "gonna": "going to",
    "wanna": "want to", "gotta": "got to", "ok": "okay", "alright": "all right", "mr": "mister", "mrs": "missus",
    "dr": "doctor", "'cause": "because",
}  # fmt: skip
_ENDINGS = (("n't", "not"), ("'m", "am"), ("'re", "are"), ("'ve", "have"), ("'ll", "will"))


@dataclass(frozen=True, slots=True)
class Unit:
    """What one error is counted on, and the first and last piece of text it came from."""

    text: str
    first: int
    last: int


def units(pieces: Sequence[str], language: str) -> list[Unit]:
    """Units of text given in pieces (words as recognised, with their spaces; or one whole text). language: zh or en."""
    text, owner = _joined(pieces)
    text, owner = _plain(text, owner)
    found = _mandarin(text) if language == "zh" else _english(text)
    return [Unit(unit, owner[begin], owner[end - 1]) for unit, begin, end in found]


def spelled(text: str, language: str) -> str:
    """The units of a text with spaces between them, for people and tests."""
    return " ".join(u.text for u in units([text], language))


def _joined(pieces: Sequence[str]) -> tuple[str, list[int]]:
    text, owner = "".join(pieces), [i for i, piece in enumerate(pieces) for _ in piece]
    simplified = _simplifier().convert(text)
    if len(simplified) != len(text):  # a phrase of another length would shift the owners
        simplified = "".join(c if len(c) == 1 else old for old, c in ((c, _simplifier().convert(c)) for c in text))
    return simplified, owner


def _plain(text: str, owner: list[int]) -> tuple[str, list[int]]:
    """One form of width, case, apostrophes; notes and joins of capitals taken apart."""
    text = _NOTE.sub(lambda m: " " * len(m[0]), text)
    cuts = {m.start() for m in _CAMEL.finditer(text)}
    chars, owners = [], []
    for i, char in enumerate(text):
        plain = unicodedata.normalize("NFKC", "'" if char in "’‘ʼ`" else char).casefold()
        plain = (" " if i in cuts else "") + ("¥" if plain == "¥" else plain)
        chars.append(plain)
        owners += [owner[i]] * len(plain)
    return "".join(chars), owners


_Found = tuple[str, int, int]  # unit, begin and end in the text


def _mandarin(text: str) -> list[_Found]:
    found: list[_Found] = []
    for m in _TOKEN_ZH.finditer(text):
        begin, end = m.span()
        if m["sign"]:
            spoken: Sequence[str] = _SIGNS["zh"][m["sign"]]
        elif m["word"]:
            spoken = () if m["word"] in _FILLER_ZH else m["word"]
        else:
            whole, _, fraction = (m["number"].replace(",", "") + (m["rest"] or "")).partition(".")
            spoken = [*chinese_digits(whole), *(["点", *chinese_digits(fraction)] if fraction else [])]
            spoken = [*(["百", "分", "之"] if m["percent"] else []), *spoken]
            spoken = [*spoken, *(_MONEY[m["money"]][1] if m["money"] else "")]
        found += [(unit, begin, end) for unit in spoken]
    return found


@dataclass(slots=True)
class _Token:
    text: str
    begin: int
    end: int
    joins: bool  # only space or a hyphen before it: a number may go on
    after: tuple[str, ...] = ()
    digits: bool = False


def _english(text: str) -> list[_Found]:
    text = _CUT_OFF.sub(lambda m: " " * len(m[0]), text)
    tokens = list(_english_tokens(text))
    found: list[_Found] = []
    at = 0
    while at < len(tokens):
        count = _number_length(tokens, at)
        if count:
            group = tokens[at : at + count]
            for digits, taken in english_digits([t.text for t in group]):
                own, group = group[:taken], group[taken:]
                ordinal = digits.endswith("th")
                spoken = [*digits.removesuffix("th"), *(["th"] if ordinal else []), *own[-1].after]
                found += [(unit, own[0].begin, own[-1].end) for unit in spoken]
            at += count
            continue
        token = tokens[at]
        spoken = [*token.text, *token.after] if token.digits else _english_word(token.text)
        found += [(unit, token.begin, token.end) for unit in spoken]
        at += 1
    return found


def _english_tokens(text: str) -> Iterator[_Token]:
    end = 0
    for m in _TOKEN_EN.finditer(text):
        joins = not text[end : m.start()].strip(" -")
        end = m.end()
        number = m["number"]
        if m["sign"]:
            yield _Token(_SIGNS["en"][m["sign"]][0], m.start(), end, joins)
        elif number or m["digits"]:
            whole, _, fraction = (number or m["digits"]).replace(",", "").partition(".")
            after = [*(["point", *fraction] if fraction else []), *(["th"] if m["th"] else [])]
            after += [*(["percent"] if m["percent"] else []), *([_MONEY[m["money"]][0]] if m["money"] else [])]
            yield _Token(whole, m.start(), end, joins, tuple(after), digits=True)
        else:
            yield _Token(m["word"] or m["cjk"], m.start(), end, joins)


def _number_length(tokens: Sequence[_Token], at: int) -> int:
    """How many tokens from `at` on belong to spoken numbers."""
    end = at
    while end < len(tokens):
        here, ahead = tokens[end], tokens[end + 1] if end + 1 < len(tokens) else None
        if end > at and not here.joins:
            break
        scaled = ahead is not None and ahead.joins and ahead.text in ("hundred", "thousand", "million")
        counts = here.text in ENGLISH or (here.text == "a" and scaled) or (here.digits and scaled and not here.after)
        # "hundred and one", but not "one and two"
        bridge = end > at and here.text == "and" and tokens[end - 1].text in ("hundred", "thousand", "million")
        if not counts and not (bridge and ahead is not None and ahead.joins and ahead.text in ENGLISH):
            break
        end += 1
    return end - at


def _english_word(word: str) -> list[str]:
    if _FILLER_EN.match(word):
        return []
    if word in _SAME:
        return _SAME[word].split()
    for ending, spoken in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return [word.removesuffix(ending), spoken]
    return [word]


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
