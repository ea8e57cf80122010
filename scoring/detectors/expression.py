"""A regular expression of a form: case ignored, with a time limit, and tried only on texts that it may match."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import regex

from scoring.detectors.needles import folded, needles

TIME_LIMIT = 0.05  # s a text; honest patterns take microseconds


class Expression:
    """An expression, made ready once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._needles = needles(text)

    def may_match(self, text: str) -> bool:
        """Whether a folded text, or any part of it, may match."""
        if not self._needles:
            return True
        for needle in self._needles:  # a loop: it is the innermost of judging
            if needle in text:
                return True
        return False

    def search(self, text: str) -> Any:
        """The first match in a text as it stands, or None. Raises TimeoutError."""
        return self._compiled.search(text, timeout=TIME_LIMIT)

    def matches(self, text: str) -> bool:
        """Whether it matches anywhere in a text as it stands. Raises TimeoutError."""
        return self.may_match(folded(text)) and self.search(text) is not None

    @cached_property
    def _compiled(self) -> Any:
        return regex.compile(self._text, regex.IGNORECASE)
