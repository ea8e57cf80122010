"""What a text must hold for an expression to match it, read off the expression: most texts need no search at all.

Of `(怎么|如何)帮|how can (i|we)` that is one of 怎么, 如何 and "how can ". Whatever the reader does not know for certain asks
for nothing, so that a text without needles never matches; one with them may.
"""

from __future__ import annotations

import re
from itertools import takewhile

MOST = 64  # needles of an expression; looking for more takes longer than the search
_MOST_OF_CLASS = 16  # characters in brackets that are written out
_REPEAT = re.compile(r"(?P<may>[?*]|\{(?:0*,\d*|0+)\})|\+|\{\d+(?:,\d*)?\}")
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_STRETCH = re.compile(r"(?P<first>.)(?:-(?P<last>.))?", re.DOTALL)  # of characters in brackets
_NESTED = re.compile(r"\[|--|&&|\|\||~~")
_LOOK = re.compile(r"\(\?<?[=!]")
_ANYTHING = frozenset("dDwWsSbBAZnrtfv0123456789")  # letters after \ that stand for more than one text

Needles = tuple[str, ...]  # one of them must be there; none: nothing need be


def folded(text: str) -> str:
    """The text as needles are looked for in it: case ignored as `regex` ignores it of Latin letters and characters."""
    for other, plain in (("İ", "i"), ("ı", "i"), ("ſ", "s"), ("\u212a", "k")):
        text = text.replace(other, plain)
    return text.lower()


def needles(expression: str) -> Needles:
    """Strings of which one is in every (folded) text that the expression matches; none where that cannot be told."""
    reader = _Reader(expression)
    try:
        found = reader.either()
    except (_UnreadError, IndexError, RecursionError):
        return ()
    return found if reader.at == len(expression) and len(found) <= MOST else ()


class _UnreadError(Exception):
    """The expression has something that is not read here."""


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, expression: str) -> None:
        self._text = expression
        self.at = 0

    def either(self) -> Needles:
        """Alternatives: needles of all of them, if all have some."""
        branches = [self._row()]
        while self._next("|"):
            branches.append(self._row())
        return tuple(dict.fromkeys(n for branch in branches for n in branch)) if all(branches) else ()

    def _row(self) -> Needles:
        """One alternative: of all that must be there the longest, for the fewest texts hold that."""
        must: list[Needles] = []
        run = ""
        while self.at < len(self._text) and self._text[self.at] not in "|)":
            literal, found = self._one()
            repeat = _REPEAT.match(self._text, self.at)
            if repeat is not None:
                self.at = repeat.end()
                self._next("?") or self._next("+")
            elif self._text[self.at : self.at + 1] == "{":
                raise _UnreadError  # approximate matching
            if literal and repeat is None:
                run += literal
                continue
            must.append((run,) if run else ())
            run = ""
            if repeat is None or not repeat["may"]:
                must.append((literal,) if literal else found)
        must.append((run,) if run else ())
        return max(filter(None, must), key=lambda some: (min(map(len, some)), -len(some)), default=())

    def _one(self) -> tuple[str, Needles]:
        """The next character that stands for itself, or else what the next part asks for."""
        look = _LOOK.match(self._text, self.at)
        group = look or _GROUP.match(self._text, self.at)
        if group is not None:
            self.at = group.end()
            found = self.either()
            if not self._next(")"):
                raise _UnreadError
            return "", () if look else found
        sign = self._text[self.at]
        self.at += 1
        if sign in "(*+?{":
            raise _UnreadError
        if sign == "[":
            return "", self._class()
        if sign == "\\":
            return self._escaped()
        return ("", ()) if sign in ".^$" else (_literal(sign), ())

    def _escaped(self) -> tuple[str, Needles]:
        sign = self._text[self.at]
        self.at += 1
        if sign in _ANYTHING:
            return "", ()
        if sign.isalnum():
            raise _UnreadError
        return _literal(sign), ()

    def _class(self) -> Needles:
        """Characters in brackets, if they are few and all of them stand for themselves."""
        inside = "".join(takewhile(lambda c: c != "]", self._text[self.at :]))
        self.at += len(inside) + 1
        if inside in ("", "^") or inside.endswith("\\") or self.at > len(self._text) or _NESTED.search(inside):
            raise _UnreadError
        if inside[0] == "^" or "\\" in inside:
            return ()
        stretches = [(m["first"], m["last"] or m["first"]) for m in _STRETCH.finditer(inside)]
        if sum(ord(last) - ord(first) + 1 for first, last in stretches) > _MOST_OF_CLASS:
            return ()
        characters = (chr(n) for first, last in stretches for n in range(ord(first), ord(last) + 1))
        literals = tuple(dict.fromkeys(map(_literal, characters)))
        return literals if all(literals) else ()

    def _next(self, sign: str) -> bool:
        """Whether that is next; then it has been read."""
        found = self._text.startswith(sign, self.at)
        self.at += found
        return found


def _literal(sign: str) -> str:
    """A character as it is when folded; "" where case may make it something else."""
    return folded(sign) if sign.isascii() or "一" <= sign <= "鿿" else ""
