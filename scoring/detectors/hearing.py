"""What detectors work out of a call once and share: whose turns are whose, plain wording, sentences by label."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from pypinyin import Style, lazy_pinyin

from scoring.call import Call, Role, Signal, Turn
from scoring.detectors.said import Said
from scoring.units import count_units

CJK = re.compile(r"[一-鿿]")
_DIGITS = re.compile(r"\d")
_PLAIN = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Lower case without punctuation; words of Latin script stay apart by one space."""
    return _PLAIN.sub("" if CJK.search(text) else " ", text.lower()).strip()


def sounds(text: str) -> tuple[str, ...]:
    """Syllables of a Chinese text without tones; other scripts stay as they are."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL))


class Hearing:
    """Kept on the call it was made from (`hearing`); everything in it follows from the call alone."""

    def __init__(self, turns: Sequence[Turn], signals: Sequence[Signal]) -> None:
        self._turns = turns
        self._signals = signals
        self._wordings: dict[int, tuple[str, ...]] = {}
        self._syllables: dict[str, tuple[str, ...]] = {}
        self._joined: dict[tuple[int, ...], str] = {}
        self._said: dict[tuple[int, ...], Said] = {}
        self._labelled: dict[tuple[Role | None, tuple[str, ...]], tuple[tuple[float, int], ...]] = {}
        self._units: dict[int, int] = {}
        self._sets: dict[tuple[int, ...], frozenset[int]] = {}
        self.notes: dict[Any, Any] = {}  # what detectors remember of this call, by keys of their own

    def __reduce__(self) -> tuple[Any, ...]:
        return Hearing, (self._turns, self._signals)  # a call that travels takes no notes along

    @cached_property
    def by_role(self) -> dict[Role | None, tuple[int, ...]]:
        """Indices of the turns of each role, and of all under None."""
        found: dict[Role | None, list[int]] = {role: [] for role in Role}
        for i, turn in enumerate(self._turns):
            found[turn.role].append(i)
        return {role: tuple(own) for role, own in found.items()} | {None: tuple(range(len(self._turns)))}

    @cached_property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """Each turn as it reads and, where numbers or names were written anew, as it was heard."""
        # A form may spell 二十四小时 where the transcript now has 24小时: what was heard counts as well.
        return tuple((t.text,) if (heard := t.heard) is None else (t.text, heard) for t in self._turns)

    def said(self, turns: tuple[int, ...]) -> Said:
        """Turns in one text, to look for expressions in."""
        found = self._said.get(turns)
        if found is None:
            found = self._said[turns] = Said(turns, self.texts)
        return found

    def wordings(self, turn: int) -> tuple[str, ...]:
        """As a turn reads and as it was heard, plain."""
        found = self._wordings.get(turn)
        if found is None:
            found = self._wordings[turn] = tuple([plain(text) for text in self.texts[turn]])
        return found

    def joined(self, turns: tuple[int, ...]) -> str:
        """All plain wordings of turns in one text: what is not in it is in none of them."""
        found = self._joined.get(turns)
        if found is None:
            own = [w for i in turns for w in self.wordings(i)]
            found = self._joined[turns] = " \n ".join(("", *own, ""))
        return found

    def syllables(self, wording: str) -> tuple[str, ...]:
        """Syllables of a plain wording."""
        found = self._syllables.get(wording)
        if found is None:
            found = self._syllables[wording] = sounds(wording)
        return found

    def turn_set(self, turns: tuple[int, ...]) -> frozenset[int]:
        """The same turns, to look up whether one is among them."""
        found = self._sets.get(turns)
        if found is None:
            found = self._sets[turns] = frozenset(turns)
        return found

    def labelled(self, role: Role | None, labels: tuple[str, ...]) -> tuple[tuple[float, int], ...]:
        """Sentences of a role that may carry one of the labels, with the greatest probability, in time order."""
        found = self._labelled.get((role, labels))
        if found is None:
            turns, best = self.turn_set(self.by_role[role]), dict[int, float]()
            for label in labels:
                for p, i, turn in self._by_label.get(label, ()):
                    if turn in turns and p > best.get(i, -1.0):
                        best[i] = p
            found = self._labelled[role, labels] = tuple((best[i], i) for i in sorted(best))
        return found

    @cached_property
    def _by_label(self) -> dict[str, list[tuple[float, int, int]]]:
        found: defaultdict[str, list[tuple[float, int, int]]] = defaultdict(list)
        for i, signal in enumerate(self._signals):
            for label, p in signal.labels.items():
                found[label].append((p, i, signal.turn))
        return found

    def units(self, sentence: int) -> int:
        """Characters and words of a sentence, without digits."""
        found = self._units.get(sentence)
        if found is None:
            found = self._units[sentence] = count_units(_DIGITS.sub("", self._signals[sentence].quote))
        return found


def hearing(call: Call) -> Hearing:
    """What is already known of this call. Not part of it: a copy with other turns starts anew."""
    # The call is frozen and has no slots for this; its own dictionary lives and dies with it.
    kept = call.__dict__
    found = kept.get("_hearing")
    if found is None:
        found = kept["_hearing"] = Hearing(call.turns, call.signals)
    return found
