"""Broken numbers joined: one number read aloud in groups is one number (537，928，1997 -> 5379281997).

A list of numbers looks much the same, so groups are joined only where something tells: the shape of a mobile, service,
identity or card number, a word such as 工号 before them, nothing else in the sentence, or digits no list would hold.
"""

from __future__ import annotations

import re
from itertools import pairwise

from models.numbers_zh import CUES
from models.rewriting import Edit

_GROUPS = re.compile(
    r"(?<![\d.A-Za-z])\d+(?:(?:\s*[，,、]\s*|\s+)\d+)+(?:\s*[，,、]?\s*[Xx])?(?![\d.%A-Za-z块元万千百十亿个天年月日点分秒兆岁折])"
)
_LETTERED = re.compile(
    rf"(?:{CUES})(?:是|为|叫)?[：:，,\s]*(?P<it>[A-Za-z](?:[，,、\s]*[A-Za-z]){{0,5}}[，,、\s]*\d+(?:[，,、\s]*(?:\d+|[A-Za-z](?![A-Za-z])))*)(?![A-Za-z\d])"
)
_CUE = re.compile(rf"(?:{CUES})[^。？！?!\d]{{0,6}}$")
_TAIL_CUE = re.compile(r"(?:尾号|后[三四五六3456]位数?)[^。？！?!\d]{0,6}$")
_ALONE = re.compile(r"[嗯啊呃哦是对好的，,。.！!、\s]*")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
_SHAPES = re.compile(
    r"1[3-9]\d{9}"  # mobile: 11 digits, 1 and then 3-9
    r"|[48]00\d{7}|0\d{9,11}"  # service number 400/800; area code and number
    r"|[1-9]\d{5}(?:19|20)\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]"  # identity, GB 11643: with a birthday inside
    r"|(?:62|4|5)\d{14,17}"  # bank cards: UnionPay, Visa, Mastercard
)


def joins(text: str) -> list[Edit]:
    """Edits that join the digit groups of a Mandarin text."""
    edits = []
    for m in _LETTERED.finditer(text):
        edits.append(Edit(*m.span("it"), re.sub(r"[，,、\s]", "", m["it"])))
    for m in _GROUPS.finditer(text):
        if any(m.start() < e.end and e.start < m.end() for e in edits):
            continue
        if _one_number(m[0], text[: m.start()], text[m.end() :]):
            edits.append(Edit(*m.span(), re.sub(r"[，,、\s]", "", m[0])))
    return edits


def _one_number(found: str, before: str, after: str) -> bool:
    groups = re.findall(r"[\dXx]+", found)
    whole = "".join(groups)
    total, count = len(whole), len(groups)
    if _SHAPES.fullmatch(whole):
        return True
    if _TAIL_CUE.search(before):
        return total <= 6 and max(map(len, groups)) < 4
    if _CUE.search(before):
        return 5 <= total <= 30
    if _THOUSANDS.fullmatch(found) or not whole.isdigit() or _a_list(groups):
        return False
    alone = bool(_ALONE.fullmatch(before) and _ALONE.fullmatch(after))
    zeros = any(len(g) > 1 and g[0] == "0" for g in groups[1:]) and not re.fullmatch("(?:19|20)\\d\\d", groups[0])
    singles = count >= 5 and max(map(len, groups)) == 1
    return (alone and total >= 7) or (zeros and total >= 6) or singles or (count >= 4 and total >= 11)


def _a_list(groups: list[str]) -> bool:
    """Whether numbers look counted off: equal steps, all round, prices on the same digit, or years."""
    values = [int(g) for g in groups]
    steps = {b - a for a, b in pairwise(values)}
    equal_steps = len(groups) > 2 and len(steps) == 1
    same_end = max(map(len, groups)) > 1 and len({g[-1] for g in groups}) == 1
    years = all(len(g) == 4 and g[:2] in ("19", "20") for g in groups)
    return equal_steps or same_end or years
