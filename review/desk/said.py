"""Where searched words were said: the first place in a call, and the same words marked in what is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from review.plain import plain
from scoring.masking import mask
from store.desk import Desk
from store.desk_tables import QueueRow
from store.search import MOST_WORDS
from store.tables import EvaluationRow, TranscriptRow

BEFORE, BEHIND = 24, 60  # characters of a turn around the words
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")
_LETTER = rf"[^\W_{_HAN}]"
# What may become other letters when it is folded: all but ASCII, the usual characters and Chinese punctuation.
_FOLDED = re.compile(r"[^\x00-\x7f\u4e00-\u9fff\u3000-\u3003\u3008-\u3011、，。！？；：（）…“”‘’—·～•]")
Places = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn in which a searched word was said. start: s; shown: the words around it, masked, the searched marked."""

    turn: int
    role: str
    start: float
    shown: Markup


def pattern(words: str) -> re.Pattern[str] | None:
    """What any of the words looks like in a folded text, as the search understands them: Chinese characters in a row,
    words of other scripts whole. None where there is no word."""
    found = [r"[\W_]*".join(_whole(run) for run in runs) for runs in _runs(words)]
    return re.compile("|".join(found)) if found else None


def _whole(run: re.Match[str]) -> str:
    return re.escape(run[0]) if run["han"] else rf"(?<!{_LETTER}){re.escape(run[0])}(?!{_LETTER})"


def _runs(words: str) -> list[list[re.Match[str]]]:
    found = [list(_RUN.finditer(_fold(part))) for part in words.split()]
    return [runs for runs in found if runs][:MOST_WORDS]


def places(text: str, sought: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Where in a text they are: first character and the one behind the last."""
    if sought is None:
        return []
    folded = _fold(text)
    if len(folded) == len(text):
        return [m.span() for m in sought.finditer(folded)]
    pieces = [_fold(c) for c in text]  # a ligature, or half a dozen dots in one, became several characters
    at = [i for i, piece in enumerate(pieces) for _ in piece]
    return [(at[m.start()], at[m.end() - 1] + 1) for m in sought.finditer("".join(pieces))]


def marked(text: str, found: Places) -> Markup:
    """The text with some places of it in <mark>, escaped. found: in order, apart; they may reach beyond the text."""
    parts: list[str] = []
    at = 0
    for first, last in found:
        first, last = max(first, at), min(last, len(text))
        if first < last:
            parts += [escape(plain(text[at:first])), "<mark>", escape(plain(text[first:last])), "</mark>"]
            at = last
    return Markup("".join([*parts, escape(plain(text[at:]))]))  # noqa: S704 - what was said is escaped


def first_hits(desk: Desk, rows: Sequence[QueueRow], words: str) -> dict[int, Hit]:
    """By number of the call, the first place where one of the words was said: as the index has it, in the masked text.
    Read for the calls of one page, and nothing of them but their turns."""
    sought = pattern(words)
    if sought is None or not rows:
        return {}
    keys = [row.evaluation_key for row in rows]
    chosen = (
        select(EvaluationRow.key, TranscriptRow.turns)
        .join(TranscriptRow, TranscriptRow.key == EvaluationRow.transcript_key)
        .where(EvaluationRow.key.in_(keys))
    )
    with desk.reading() as session:
        said: dict[str, Any] = {key: turns for key, turns in session.execute(chosen) if turns}
    rest = [key for key in keys if key not in said]
    if rest:  # no transcript was kept: the record has what was said
        said |= {f"of {record['sha256']}": record["turns"] for record in desk.ledger.records(rest)}
    begins = re.compile("|".join(re.escape(runs[0][0]) for runs in _runs(words)), re.IGNORECASE)
    found = (
        (row, _first(said.get(row.evaluation_key) or said.get(f"of {row.sha256}", ()), sought, begins)) for row in rows
    )
    return {row.number: hit for row, hit in found if hit is not None}


def _first(turns: Iterable[Mapping[str, Any]], sought: re.Pattern[str], begins: re.Pattern[str]) -> Hit | None:
    """begins: the first letters of every word. A turn without any is not masked and folded: for the calls of a page
    that would be half of a search."""
    for number, turn in enumerate(turns):
        if not begins.search(turn["text"]) and not _FOLDED.search(turn["text"]):
            continue
        text = mask(turn["text"])
        found = places(text, sought)
        if found:
            first, last = max(0, found[0][0] - BEFORE), found[0][0] + BEHIND
            around = marked(text[first:last], [(a - first, b - first) for a, b in found])
            shown = Markup("{}{}{}").format("…" if first else "", around, "…" if last < len(text) else "")
            return Hit(number, turn["role"], turn["start"], shown)
    return None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
