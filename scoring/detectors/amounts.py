"""Amounts 数值 in what was said: limits of time, money, percentages and bare numbers, with value and unit.

Mandarin and English, in digits or in words: 24小时内, 三个工作日, 三到五天, 500元, within 48 hours, a hundred dollars.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["time", "money", "percent", "number"]
Unit = Literal["second", "minute", "hour", "day", "working_day", "week", "month", "year", "yuan", "dollar", "percent"]

HOURS: dict[str, float] = {
    "second": 1 / 3600, "minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760,
}  # fmt: skip
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_ZH = r"(?:\d[\d,]*(?:\.\d+)?万?|[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?|半|几)"
_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety"
_EN_WORDS = {word: n for n, word in enumerate(_BELOW_TWENTY.split())} | {
    word: 10 * n for n, word in enumerate(_TENS_EN.split(), 2)
}
_EN_WORD = "|".join((*_EN_WORDS, "hundred", "thousand"))
_EN = (
    r"(?:\d[\d,]*(?:\.\d+)?|(?:a |an )?(?:couple of|few|several|half an?)|"
    rf"(?:an? )?(?:{_EN_WORD})(?:[ -](?:and )?(?:{_EN_WORD}))*|an?)"
)
_UNITS_ZH = (
    ("working_day", "(?:个?[工公功][作做坐]日)"),
    ("hour", "(?:个?小时|个?钟头)"),
    ("minute", "分钟"),
    ("second", "秒钟?"),
    ("day", "(?:个?自然日|天|日(?=之?内|以内|之前))"),
    ("week", "(?:个?星期|个?礼拜|周(?!年))"),
    ("month", "个月"),
    ("year", "年(?!级|代|轻|纪|度)"),
    ("dollar", "美[元金]"),
    ("yuan", "(?:元|块钱?)"),
)
_UNITS_EN = (
    ("working_day", r"(?:working|business) days?"),
    ("hour", "(?:hours?|hrs?)"),
    ("minute", "(?:minutes?|mins?)"),
    ("second", "seconds?"),
    ("day", "(?:calendar )?days?"),
    ("week", "weeks?"),
    ("month", "months?"),
    ("year", "years?"),
    ("dollar", "(?:dollars?|bucks)"),
    ("yuan", "(?:yuan|rmb)"),
    ("percent", "(?:percent|per cent|%)"),
)
_ABOUT = re.compile("^(|.*[十百千])([一二两三四五六七八])([二三四五六七八九])$")  # 两三天, 十五六个
_ONE_OF = "|".join
_BY_UNIT_ZH = re.compile(
    rf"(?<![这那前过近第\d.零〇一二两三四五六七八九十百千万])(?P<low>{_ZH})(?:(?P<more>[多几])|(?:到|至|-|~)(?P<high>{_ZH}))?\s*"
    rf"(?:{_ONE_OF(f'(?P<{name}>{p})' for name, p in _UNITS_ZH)})"
)
_PERCENT_ZH = re.compile(rf"百分之(?P<of>{_ZH})|(?P<sign>\d+(?:\.\d+)?)\s*[%％]")
_BY_UNIT_EN = re.compile(
    rf"(?<!last )(?<!past )(?<![\d.])\b(?P<low>{_EN})(?:\s*(?:to|or|-|–)\s*(?P<high>{_EN}))?(?P<more>)[\s-]*"
    rf"(?:{_ONE_OF(f'(?P<{name}>{p})' for name, p in _UNITS_EN)})(?![a-z])",
    re.IGNORECASE,
)
_SIGN_EN = re.compile(r"(?P<sign>[$¥])\s?(?P<of>\d[\d,]*(?:\.\d+)?)")
_BARE = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?(?![\d.])")
# What a day is called, and the hours until it ends: least and greatest.
_NAMED = tuple(
    (re.compile(said, re.IGNORECASE), until)
    for said, until in (
        (r"今天|今晚|今日|当天|当日|下班|\b(?:today|tonight|end of (?:the )?(?:day|business))\b", (0, 24)),
        (r"明天|明早|明晚|明日|\btomorrow\b", (0, 48)),
        ("(?<!大)后天", (24, 72)),
        (
            "(?<!上)(?:周|星期|礼拜)[一二三四五六日天]"
            r"|\b(?:by|on|before|until) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
            (0, 192),
        ),
        (r"下周|下星期|下个?礼拜|\bnext week\b", (24, 336)),
        (r"月底|\bend of the month\b", (0, 744)),
    )
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in its unit, as said at characters `start` to `end`. vague: it lies somewhere from `low` to `high`.

    A range (三到五天) is not vague: its higher end is what was promised, its lower what was at least.
    """

    kind: Kind
    unit: str
    low: float
    high: float
    vague: bool
    text: str
    start: int
    end: int

    def in_unit(self, unit: str) -> tuple[float, float] | None:
        """Least and greatest value in another unit; None where that has nothing to do with it."""
        if unit == self.unit:
            return self.low, self.high
        if self.kind != "time" or (unit not in HOURS and unit != "working_day"):
            return None
        if unit == "working_day":
            # n days hold at most n working days, and at least what is left without their weekends.
            low, high = self.low * HOURS[self.unit] / 24, self.high * HOURS[self.unit] / 24
            return max(0.0, low - 2 * math.ceil(low / 7)), high
        if self.unit == "working_day":
            low, high = self.low * 24, (self.high + 2 * math.ceil(self.high / 5)) * 24
            return low / HOURS[unit], high / HOURS[unit]
        scale = HOURS[self.unit] / HOURS[unit]
        return self.low * scale, self.high * scale

    def loose_in(self, unit: str) -> bool:
        """Whether its value in that unit is only known within bounds."""
        return self.vague or ("working_day" in (unit, self.unit) and unit != self.unit)


@lru_cache(maxsize=4096)
def amounts(text: str, language: str) -> tuple[Amount, ...]:
    """All amounts of a text in the order they were said; a stretch is read once, with its unit where it has one."""
    found: list[Amount] = []
    for pattern in (_BY_UNIT_ZH, _BY_UNIT_EN) if language == "zh" else (_BY_UNIT_EN,):
        for m in pattern.finditer(text):
            amount = _by_unit(m)
            if amount is not None:
                _add(found, amount)
    for m in _PERCENT_ZH.finditer(text):
        value = _value(m["of"] or m["sign"])
        if value is not None:
            _add(found, Amount("percent", "percent", value[0], value[1], False, m[0], *m.span()))
    for m in _SIGN_EN.finditer(text):
        value = _value(m["of"])
        if value is not None:
            unit = "dollar" if m["sign"] == "$" else "yuan"
            _add(found, Amount("money", unit, value[0], value[1], False, m[0], *m.span()))
    for pattern, (low, high) in _NAMED:
        for m in pattern.finditer(text):
            _add(found, Amount("time", "hour", low, high, True, m[0], *m.span()))
    for m in _BARE.finditer(text):
        value = _value(m[0])
        if value is not None:
            _add(found, Amount("number", "", value[0], value[1], False, m[0], *m.span()))
    return tuple(sorted(found, key=lambda a: a.start))


def _add(found: list[Amount], amount: Amount) -> None:
    if all(amount.end <= a.start or amount.start >= a.end for a in found):
        found.append(amount)


def _by_unit(m: re.Match[str]) -> Amount | None:
    unit = next(name for name, said in m.groupdict().items() if said and name not in ("low", "high", "more"))
    low, high = _value(m["low"]), _value(m["high"]) if m["high"] else None
    if low is None or (m["high"] and high is None):
        return None
    kind: Kind = "percent" if unit == "percent" else "money" if unit in ("yuan", "dollar") else "time"
    top = high or low
    vague = bool(m["more"]) or low[0] != low[1] or top[0] != top[1]
    # 十几天, 两百多块: up to twice as many.
    most = top[1] * 2 if m["more"] else top[1]
    return Amount(kind, unit, low[0], max(most, low[1]), vague, m[0].strip(), *m.span())


def _value(text: str) -> tuple[float, float] | None:
    """What a number is worth: least and greatest; None where it is not one number."""
    said = text.lower().replace(",", "").strip()
    if said in ("几", "a few", "few", "several", "a couple of", "couple of"):
        return (2, 3) if "couple" in said else (2, 9)
    if said in ("半", "half a", "half an"):
        return 0.5, 0.5
    scale = 10_000 if said.endswith("万") and said[0].isdigit() else 1
    try:
        value = float(said.removesuffix("万") if scale > 1 else said) * scale
    except ValueError:
        about = _ABOUT.match(said)
        if about:
            low, high = _spoken_zh(about[1] + about[2]), _spoken_zh(about[1] + about[3])
            return None if low is None or high is None or low >= high else (low, high)
        worth = _spoken_en(said) if said[0].isascii() else _spoken_zh(said)
        if worth is None:
            return None
        value = worth
    return (value, value) if math.isfinite(value) else None


def _spoken_zh(text: str) -> float | None:
    whole, point, decimals = text.partition("点")
    if not any(c in _TENS for c in whole):
        digits = "".join(str(_DIGITS[c]) for c in whole)
        return float(f"{digits}.{''.join(str(_DIGITS[c]) for c in decimals)}" if point else digits)
    total = section = 0.0
    pending: int | None = None
    last, after_zero = 1, False
    for c in whole:
        if c in _DIGITS:
            after_zero, pending = c in "零〇", _DIGITS[c]
            continue
        unit = _TENS[c]
        if unit >= 10_000:
            total, section = (total + section + (pending or 0)) * unit, 0.0
        else:
            section += (1 if pending is None else pending) * unit
        pending, last = None, unit
    if pending is not None:
        # 三百五 leaves out its last unit: 350. After a zero, or a ten, nothing is left out.
        short = last >= 100 and not after_zero and whole[-2] not in "零〇"
        section += pending * (last // 10 if short else 1)
    value = total + section
    return float(f"{value:.0f}.{''.join(str(_DIGITS[c]) for c in decimals)}") if point else value


def _spoken_en(text: str) -> float | None:
    total = section = 0
    for word in re.split(r"[ -]+", text):
        if word in ("a", "an"):
            section = section or 1
        elif word in _EN_WORDS:
            section = (section if section >= 20 else 0) + _EN_WORDS[word]
        elif word == "hundred":
            section = (section or 1) * 100
        elif word == "thousand":
            total, section = (section or 1) * 1000, 0
        elif word != "and":
            return None
    return float(total + section)
