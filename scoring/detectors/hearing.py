"""What detectors work out of a call once and share: whose turns are whose, plain wording, sentences by label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from pypinyin import Style, lazy_pinyin

from scoring.call import Call, Role, Signal, Turn

CJK = re.compile(r"[一-鿿]")
_PLAIN = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Lower case without punctuation; words of Latin script stay apart by one space."""
    return "".join(filter(str.isalnum, text.lower())) if CJK.search(text) else _PLAIN.sub(" ", text.lower()).strip()


def sounds(text: str) -> tuple[str, ...]:
    """Syllables of a Chinese text without tones; other scripts stay as they are."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL))


def _heard(turn: Turn) -> str | None:
    # Words by the thousand, and hardly one of them written anew.
    return turn.heard if {w.heard for w in turn.words} - {None} else None


class Hearing:
    """Kept on the call it was made from (`hearing`); everything in it follows from the call alone."""

    def __init__(self, turns: Sequence[Turn], signals: Sequence[Signal]) -> None:
        self._turns = turns
        self._signals = signals
        self._wordings: dict[int, tuple[str, ...]] = {}
        self._syllables: dict[str, tuple[str, ...]] = {}
        self._joined: dict[Role | None, str] = {}
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
        return tuple((t.text,) if (heard := _heard(t)) is None else (t.text, heard) for t in self._turns)

    def wordings(self, turn: int) -> tuple[str, ...]:
        """The same of one turn, plain."""
        found = self._wordings.get(turn)
        if found is None:
            found = self._wordings[turn] = tuple([plain(text) for text in self.texts[turn]])
        return found

    def joined(self, role: Role | None) -> str:
        """All plain wordings of a role in one text: what is not in it is in no turn."""
        found = self._joined.get(role)
        if found is None:
            own = [w for i in self.by_role[role] for w in self.wordings(i)]
            found = self._joined[role] = " \n ".join(("", *own, ""))
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

    @cached_property
    def by_label(self) -> dict[str, tuple[int, ...]]:
        """Indices of the sentences that may carry each label."""
        found: dict[str, list[int]] = {}
        for i, signal in enumerate(self._signals):
            for label in signal.labels:
                found.setdefault(label, []).append(i)
        return {label: tuple(own) for label, own in found.items()}


def hearing(call: Call) -> Hearing:
    """What is already known of this call. Not part of it: a copy with other turns starts anew."""
    # The call is frozen and has no slots for this; its own dictionary lives and dies with it.
    kept = call.__dict__
    found = kept.get("_hearing")
    if found is None:
        found = kept["_hearing"] = Hearing(call.turns, call.signals)
    return found
