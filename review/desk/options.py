"""What the desk is started with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric, shipped_rubrics
from scoring.trust import Bar
from store.appeals import Terms
from store.forms import readable
from store.tables import RubricRow


@dataclass(frozen=True)
class Options:
    """recordings: folder that relative paths of recordings start from. https: the desk is reached by https only, as
    behind a proxy: cookies are then never sent otherwise. rubrics: forms of the house, beside those shipped.
    claim_minutes: after which a call that somebody claimed is free again.
    whole_sound: the sound of calls is not silenced where their text is masked.
    terms: how long appeals may take. bar: what an item must reach for the machine's answer to be more than advisory.
    """

    recordings: Path = field(default_factory=Path)
    https: bool = False
    rubrics: Sequence[Rubric] = ()
    claim_minutes: int = 120
    terms: Terms = field(default_factory=Terms)
    bar: Bar = field(default_factory=Bar)
    whole_sound: bool = False

    @cached_property
    def _known(self) -> dict[str, Rubric | None]:
        return {form.hash: form for form in (*map(load_rubric, shipped_rubrics()), *self.rubrics)}

    def forms(self, session: Session) -> dict[str, Rubric]:
        """Forms by hash, those that the ledger keeps too: they name items and say what they are worth."""
        for digest in session.scalars(select(RubricRow.hash)):
            if digest not in self._known:
                self._known[digest] = readable(session.get_one(RubricRow, digest).form)
        return {digest: form for digest, form in self._known.items() if form is not None}
