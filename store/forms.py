"""The forms that judged calls of a ledger: which there are, how many calls each judged, and what each asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scoring.rubric import Rubric
from store import rows
from store.tables import EvaluationRow, RubricRow


@dataclass(frozen=True, slots=True)
class Form:
    """A form by its hash. calls: that it judged; last: when it judged one last, None where it judged none.

    rubric: what it asks; None where an early ledger did not keep it, or this version of callqa cannot read it.
    """

    hash: str
    id: str
    version: str
    calls: int
    last: datetime | None
    rubric: Rubric | None

    @property
    def label(self) -> str:
        """How people tell it from others."""
        return f"{self.id}@{self.version} ({self.hash[:12]})"


def keep(session: Session, rubric: Rubric) -> None:
    """Keep what a rubric asks."""
    form = rubric.model_dump(mode="json", by_alias=True)
    rows.add(session, RubricRow, hash=rubric.hash, rubric_id=rubric.id, version=rubric.version, form=form)


def forms(session: Session) -> list[Form]:
    """Every form that was kept or judged a call, the one used last first."""
    counted = select(
        EvaluationRow.rubric_hash, func.count(EvaluationRow.sha256.distinct()), func.max(EvaluationRow.created_at)
    ).group_by(EvaluationRow.rubric_hash)
    used = {digest: (calls, last) for digest, calls, last in session.execute(counted)}
    kept = {row.hash: row for row in session.scalars(select(RubricRow))}
    found = []
    for digest in {**used, **kept}:
        calls, last = used.get(digest, (0, None))
        row = kept.get(digest)
        name, version = (row.rubric_id, row.version) if row else _named(session, digest)
        found.append(Form(digest, name, version, calls, last, readable(row.form) if row else None))
    return sorted(found, key=lambda form: (form.last is not None, form.last, form.hash), reverse=True)


def _named(session: Session, hash: str) -> tuple[str, str]:
    chosen = select(EvaluationRow.rubric_id, EvaluationRow.rubric_version).where(EvaluationRow.rubric_hash == hash)
    name, version = session.execute(chosen.limit(1)).one()
    return name, version


def readable(form: Mapping[str, Any]) -> Rubric | None:
    """A form as it was kept; None where this version of callqa cannot read it."""
    try:
        return Rubric.model_validate(form)
    except ValidationError:  # the grammar has changed since
        return None
