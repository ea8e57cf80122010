"""Chinese numerals: what a spoken number is worth, and how it is written in digits.

Strict on purpose: `cardinal` knows 三百零五 and refuses 三四百, 几十, 十五六 and whatever else is not one number.
"""

from __future__ import annotations

from typing import NamedTuple

VALUES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "幺": 1, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
MYRIAD, HUNDRED_MILLION = 10**4, 10**8
SPOKEN = "".join(VALUES) + "".join(UNITS) + "万亿"  # every character of a spoken number
READ_OUT = "零〇一二三四五六七八九幺"  # digits read one by one; 两 is never among them


class Number(NamedTuple):
    """A value, and whether its last unit was left out as people do (三百五 for 350)."""

    value: int
    short: bool = False


def digits(text: str) -> str:
    """Digits read one by one: 幺三八 -> 138. ASCII digits stay."""
    return "".join(str(VALUES[c]) if c in VALUES else c for c in text)


def cardinal(text: str) -> Number | None:
    """The value of a spoken number, or None where the text is not exactly one."""
    if not text or "幺" in text:
        return None
    for sign, unit in (("亿", HUNDRED_MILLION), ("万", MYRIAD)):
        head, found, tail = text.rpartition(sign)
        if not found:
            continue
        before = cardinal(head)
        if before is None or before.short or before.value == 0 or (unit == MYRIAD and before.value >= MYRIAD):
            return None
        after = _rest(tail, unit)
        return after and Number(before.value * unit + after.value, after.short)
    return _section(text)


def _rest(tail: str, unit: int) -> Number | None:
    """What follows 万 or 亿."""
    if not tail:
        return Number(0)
    if len(tail) == 1:  # 两万五: 5 thousand
        return Number(VALUES[tail] * unit // 10, True) if tail in "一二三四五六七八九" else None
    rest = cardinal(tail.removeprefix("零"))
    if rest is None or rest.value >= unit or (tail.startswith("零") and (rest.value >= unit // 10 or rest.short)):
        return None
    return rest


def _section(text: str) -> Number | None:
    """A number below ten thousand."""
    value, last, zero, pending = 0, MYRIAD, False, ""
    for k, char in enumerate(text):
        if char in UNITS:
            unit = UNITS[char]
            if not pending and not (k == 0 and unit == 10):
                return None
            gap = value > 0 and unit * 10 != last
            if unit >= last or gap != zero or (pending == "两" and unit == 10) or pending in ("零", "〇"):
                return None
            value, last, zero, pending = value + (VALUES[pending] if pending else 1) * unit, unit, False, ""
        elif pending or (zero and char in "零〇"):
            return None
        elif char in "零〇" and value:
            zero = True
        else:
            pending = char
    if not pending:
        return None if zero else Number(value)
    if pending == "两" and value:
        return None
    if not value or last == 10:
        return None if zero else Number(value + VALUES[pending])
    return Number(value + VALUES[pending]) if zero else Number(value + VALUES[pending] * last // 10, True)


def in_digits(value: int) -> str:
    """A value as people write it: whole 万 and 亿 keep their character (GB/T 15835-2011, 4.1.2)."""
    if value < MYRIAD or value % MYRIAD:
        return str(value)
    high, low = divmod(value, HUNDRED_MILLION)
    return (f"{high}亿" if high else "") + (f"{low // MYRIAD}万" if low else "")


def plain(text: str) -> str | None:
    """A number with or without decimals in digits (三点五 -> 3.5, 352 -> 352), or None."""
    whole, point, decimals = text.replace(".", "点").partition("点")
    if whole.isascii() and whole.isdigit():
        head = whole
    else:
        number = cardinal(whole)
        if number is None:
            return None
        head = str(number.value) if point else in_digits(number.value)
    return f"{head}.{digits(decimals)}" if point else head
