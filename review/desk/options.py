"""What the desk is started with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric, shipped_rubrics


@dataclass(frozen=True)
class Options:
    """recordings: folder that relative paths of recordings start from. https: the desk is reached by https only, as
    behind a proxy: cookies are then never sent otherwise. rubrics: forms of the house, beside those shipped.
    """

    recordings: Path = field(default_factory=Path)
    https: bool = False
    rubrics: Sequence[Rubric] = ()

    @cached_property
    def forms(self) -> dict[str, Rubric]:
        """Forms by hash: they name items and say what they are worth."""
        known = (*map(load_rubric, shipped_rubrics()), *self.rubrics)
        return {form.hash: form for form in known}
