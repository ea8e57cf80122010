"""What detectors work out of a call once and share: whose turns are whose, plain wording, sentences by label."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from pypinyin import Style, lazy_pinyin

from scoring.call import Call, Role, Signal, Turn
from scoring.detectors.said import Said
from scoring.units import has_units

CJK = re.compile(r"[一-鿿]")
_DIGITS = re.compile(r"\d")
_PLAIN = re.compile(r"[\W_]+")
_USUAL = "，。？！、 "


def plain(text: str) -> str:
    """Lower case without punctuation; words of Latin script stay apart by one space."""
    text = text.lower()
    if not CJK.search(text):
        return _PLAIN.sub(" ", text).strip()
    for sign in _USUAL:  # mostly there are no others, and looking for any takes ten times as long
        text = text.replace(sign, "")
    return text if text.isalnum() else _PLAIN.sub("", text)


def sounds(text: str) -> tuple[str, ...]:
    """Syllables of a Chinese text without tones; other scripts stay as they are."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL))


class Hearing:
    """Kept on the call it was made from (`hearing`); everything in it follows from the call alone."""

    def __init__(self, turns: Sequence[Turn], signals: Sequence[Signal]) -> None:
        self._turns = turns
        self._signals = signals
        self._syllables: dict[str, tuple[str, ...]] = {}
        self._joined: dict[tuple[int, ...], str] = {}
        self._said: dict[tuple[int, ...], Said] = {}
        self._labelled: dict[tuple[Role | None, tuple[str, ...]], tuple[tuple[float, int], ...]] = {}
        self._wordings: dict[int, tuple[str, ...]] = {}
        self._units: dict[tuple[int, int], bool] = {}
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
            own = self._labels[role]
            some = [(p, i) for label in labels for i, known in own if (p := known.get(label)) is not None]
            if len(labels) > 1:
                best = {i: p for p, i in sorted(some)}  # the greatest comes last
                some = [(best[i], i) for i in sorted(best)]
            found = self._labelled[role, labels] = tuple(some)
        return found

    @cached_property
    def _labels(self) -> dict[Role | None, list[tuple[int, Mapping[str, float]]]]:
        """The labels of the sentences of each role, by number, and of all under None."""
        found: dict[Role | None, list[tuple[int, Mapping[str, float]]]] = {role: [] for role in Role}
        for i, signal in enumerate(self._signals):
            found[self._turns[signal.turn].role].append((i, signal.labels))
        return found | {None: [(i, signal.labels) for i, signal in enumerate(self._signals)]}

    def has_units(self, sentence: int, least: int) -> bool:
        """Whether a sentence has so many characters and words, without digits."""
        key = sentence, least
        found = self._units.get(key)
        if found is None:
            found = self._units[key] = has_units(_DIGITS.sub("", self._signals[sentence].quote), least)
        return found


def hearing(call: Call) -> Hearing:
    """What is already known of this call. Not part of it: a copy with other turns starts anew."""
    # The call is frozen and has no slots for this; its own dictionary lives and dies with it.
    kept = call.__dict__
    found = kept.get("_hearing")
    if found is None:
        found = kept["_hearing"] = Hearing(call.turns, call.signals)
    return found
