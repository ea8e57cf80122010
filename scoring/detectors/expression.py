"""A regular expression of a form: case ignored, with a time limit, and tried only on texts that it may match."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import regex

from scoring.detectors.needles import folded, must_hold

TIME_LIMIT = 0.05  # s a text; honest patterns take microseconds


class Expression:
    """An expression, made ready once. must: what a text holds that it matches."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.must = must_hold(text)

    def search(self, text: str) -> Any:
        """The first match in a text as it stands, or None. Raises TimeoutError."""
        return self._compiled.search(text, timeout=TIME_LIMIT)

    def matches(self, text: str) -> bool:
        """Whether it matches anywhere in a text as it stands. Raises TimeoutError."""
        return self.must.may_be_in(folded(text)) and self.search(text) is not None

    @cached_property
    def _compiled(self) -> Any:
        return regex.compile(self._text, regex.IGNORECASE)
