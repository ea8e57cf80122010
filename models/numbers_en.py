"""Digits read out in English: "one double two three" -> 1223. Only obvious runs; every other number stays as it is."""

from __future__ import annotations

import re
from itertools import pairwise

from models.rewriting import Edit

_NAMES = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_DIGIT = rf"(?:{'|'.join(_NAMES)}|\d)"
_TOKEN = rf"(?:(?:double|triple|treble)\s+{_DIGIT}|{_DIGIT}|\d+)\b(?!['’-]\w|[.:]\d)"
_RUN = re.compile(rf"(?<![\w.'’-]){_TOKEN}(?:[,，]?\s+{_TOKEN}|[,，]\s*{_TOKEN})*", re.IGNORECASE)
_PART = re.compile(rf"(?:(double|triple|treble)\s+)?({_DIGIT}|\d+)\b", re.IGNORECASE)
_TENS = re.compile(
    r"\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|point|and)[\s-]+$", re.I
)
_UNIT = re.compile(
    r"[\s-]*(?:hundred|thousand|million|billion|percent|%|o['’]clock|[ap]\.?m\b|point|dozen|times?\b|st\b|nd\b|rd\b|th\b)",
    re.I,
)
LEAST = 3  # digits; two may be anything (one on one, nine to five)


def joins(text: str) -> list[Edit]:
    """Edits that join digits read one by one."""
    return [Edit(start, end, new) for m in _RUN.finditer(text) for start, end, new in _joined(m)]


def _joined(m: re.Match[str]) -> list[tuple[int, int, str]]:
    run, start = m[0], m.start()
    parts = list(_PART.finditer(run))
    if len(parts) == 1 and not parts[0][1]:
        return []
    # "Oh, one two three": an exclamation, not a digit.
    if (
        len(parts) > 1
        and parts[0][2].lower() in ("oh", "o")
        and (len(parts) <= 6 or run[parts[0].end() :].startswith((",", "，")))
    ):
        start, run = start + parts[1].start(), run[parts[1].start() :]
        parts = list(_PART.finditer(run))
    if _TENS.search(m.string[:start]) or _UNIT.match(m.string, m.end()):
        return []
    values = [(_NAMES.get(p[2].lower(), p[2])) * _TIMES.get((p[1] or "").lower(), 1) for p in parts]
    single = sum(len(p[2]) > 1 and p[2].isdigit() for p in parts) == 0
    repeated = any(p[1] for p in parts)
    joined = "".join(values)
    alone = sum(len(v) == 1 for v in values)
    if (
        len(joined) < LEAST
        or not (repeated or alone >= LEAST)
        or (not single and not repeated and alone < len(parts) / 2)
    ):
        return []
    counting = all(int(b) - int(a) == 1 for a, b in pairwise(values))
    if counting and (len(values) == LEAST or "," in run) and len(values) < 5:
        return []  # one, two, three
    return [(start, m.end(), joined)]
