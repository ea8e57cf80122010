"""What a text must hold for an expression to match it, read off the expression: most texts need no search at all.

Of `(怎么|如何)帮|how can (i|we)` that is one of 怎么帮, 如何帮, "how can i" and "how can we"; of `\\d{4}-?\\d{4}` it is
eight digits. Whatever the reader does not know for certain asks for nothing: a text without what must be there never
matches, one with it may. (Cox, "Regular expression matching with a trigram index", 2012.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product, takewhile

import regex

_MOST = 64  # strings to look for, of one expression; with more, searching it is as quick
_MOST_WRITTEN_OUT = 16  # texts of a part that are written out
_ENOUGH = 4  # weight of a string that few texts hold: four letters, two characters
_MANY_DIGITS = 4  # with fewer, looking for them takes longer than the search
_DIGITS = regex.compile(r"\d+")  # its digits are those of a newer Unicode
_REPEAT = re.compile(r"(?P<may>[?*]|\{(?:0*,\d*|0+)\})|\+|\{(?P<least>\d{1,3})(?:,\d*)?\}")
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_LOOK = re.compile(r"\(\?<?[=!]")
_STRETCH = re.compile(r"(?P<first>.)(?:-(?P<last>.))?", re.DOTALL)  # of characters in brackets
_NESTED = re.compile(r"\[|--|&&|\|\||~~")
_PLACES = frozenset("bBAZ")  # letters after \ that stand for no text
_KINDS = frozenset("dDwWsSnrtfv0123456789")  # and those that stand for more than one


@dataclass(frozen=True, slots=True)
class Must:
    """What a matching text holds: one of some strings (folded; none: nothing need be) and so many digits.

    texts: all that a part can match, where they are few.
    """

    strings: tuple[str, ...] = ()
    digits: int = 0
    texts: tuple[str, ...] | None = None

    def may_be_in(self, text: str) -> bool:
        """Whether a folded text holds that."""
        if self.strings and not any(string in text for string in self.strings):
            return False
        return self.digits < _MANY_DIGITS or digits_in(text) >= self.digits


_NOTHING, _NO_WIDTH = Must(), Must(texts=("",))


def folded(text: str) -> str:
    """The text as strings are looked for in it, just as long: case ignored as `regex` does for Latin letters."""
    for other, letter in (("İ", "i"), ("ı", "i"), ("ſ", "s"), ("\u212a", "k")):
        text = text.replace(other, letter)
    return text.lower()


def digits_in(text: str) -> int:
    """How many digits a text holds, of any script, as `\\d` counts them."""
    return sum(end - start for start, end in digits_at(text))


def digits_at(text: str) -> Iterator[tuple[int, int]]:
    """Where digits stand together: start and end of each run."""
    return (found.span() for found in _DIGITS.finditer(text))


def must_hold(expression: str) -> Must:
    """What every text holds that the expression matches, case ignored."""
    reader = _Reader(expression)
    try:
        found = reader.either()
    except (_UnreadError, IndexError, RecursionError):
        return _NOTHING
    if reader.at < len(expression):
        return _NOTHING
    # Where "bye bye" is, "bye" is as well.
    fewest = tuple(s for s in found.strings if not any(other in s and other != s for other in found.strings))
    return replace(found, strings=fewest if len(fewest) <= _MOST else ())


class _UnreadError(Exception):
    """The expression has something that is not read here."""


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, expression: str) -> None:
        self._text = expression
        self.at = 0

    def either(self) -> Must:
        """Alternatives: a text holds what one of them asks for."""
        rows = [self._row()]
        while self._next("|"):
            rows.append(self._row())
        strings = _each_once(s for row in rows for s in row.strings) if all(row.strings for row in rows) else ()
        texts = None if any(row.texts is None for row in rows) else _each_once(t for r in rows for t in r.texts or ())
        few = texts if texts is not None and len(texts) <= _MOST_WRITTEN_OUT else None
        return Must(strings, min(row.digits for row in rows), few)

    def _row(self) -> Must:
        """One alternative: of all that must be there, what the fewest texts hold."""
        some: list[Sequence[str]] = []  # strings one of which must be there
        run: tuple[str, ...] = ("",)  # all texts of the parts read last
        whole, digits = True, 0
        while self.at < len(self._text) and self._text[self.at] not in "|)":
            part = self._repeated(self._one())
            digits += part.digits
            if part.texts is not None and len(run) * len(part.texts) <= _MOST_WRITTEN_OUT:
                run = _each_once(a + b for a, b in product(run, part.texts))
                continue
            some += [run, part.strings]
            run, whole = part.texts or ("",), False
        some.append(run)
        best = max((s for s in some if s and all(s)), key=_selects, default=())
        return Must(tuple(best), digits, run if whole else None)

    def _repeated(self, part: Must) -> Must:
        repeat = _REPEAT.match(self._text, self.at)
        if repeat is None:
            return part
        self.at = repeat.end()
        self._next("?") or self._next("+")
        if repeat["may"] is None:
            return replace(part, digits=part.digits * int(repeat["least"] or 1), texts=None)
        if repeat["may"] == "?" and part.texts is not None:
            return Must(texts=("", *part.texts))
        return _NOTHING

    def _one(self) -> Must:
        """The next character, escape, class or group."""
        look = _LOOK.match(self._text, self.at)
        group = look or _GROUP.match(self._text, self.at)
        if group is not None:
            self.at = group.end()
            found = self.either()
            if not self._next(")"):
                raise _UnreadError
            return _NO_WIDTH if look else found
        sign = self._text[self.at]
        self.at += 1
        if sign in "(*+?{":  # kinds of group that are not read; approximate matching
            raise _UnreadError
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escaped()
        if sign in ".^$":
            return _NOTHING if sign == "." else _NO_WIDTH
        return _character(sign)

    def _escaped(self) -> Must:
        sign = self._text[self.at]
        self.at += 1
        if sign in _PLACES:
            return _NO_WIDTH
        if sign in _KINDS:
            return Must(digits=int(sign == "d"))
        if sign.isalnum():
            raise _UnreadError
        return _character(sign)

    def _class(self) -> Must:
        """Characters in brackets, written out if they are few and stand for themselves."""
        inside = "".join(takewhile(lambda c: c != "]", self._text[self.at :]))
        self.at += len(inside) + 1
        if inside in ("", "^") or inside.endswith("\\") or self.at > len(self._text) or _NESTED.search(inside):
            raise _UnreadError
        if inside[0] == "^" or "\\" in inside:
            return _NOTHING
        stretches = [(m["first"], m["last"] or m["first"]) for m in _STRETCH.finditer(inside)]
        if sum(ord(last) - ord(first) + 1 for first, last in stretches) > _MOST_WRITTEN_OUT:
            return _NOTHING
        each = [_character(chr(n)) for first, last in stretches for n in range(ord(first), ord(last) + 1)]
        texts = _each_once(t for one in each for t in one.texts or ("",))
        return Must(texts, min(one.digits for one in each), texts) if all(texts) else _NOTHING

    def _next(self, sign: str) -> bool:
        """Whether that is next; then it has been read."""
        found = self._text.startswith(sign, self.at)
        self.at += found
        return found


def _character(sign: str) -> Must:
    """A character that stands for itself; nothing where case may make it something else."""
    if not sign.isascii() and not "一" <= sign <= "鿿":
        return _NOTHING
    return Must((folded(sign),), int(sign.isdigit()), (folded(sign),))


def _each_once(strings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(strings))


def _selects(strings: Sequence[str]) -> tuple[int, int]:
    """How few texts hold one of the strings, and how quickly that is found out."""
    weights = (sum(1 if c.isascii() else 2 for c in s) for s in strings)
    return min(_ENOUGH, *weights), -len(strings)
