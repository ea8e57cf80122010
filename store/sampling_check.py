"""Whether a draw is what it says, and what its reviewed calls tell of the calls that nobody listened to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from scoring.sampling import Mode, draw, strata
from scoring.sampling_frame import digest, frame_of, result_text, unpacked
from store import audit
from store.desk_tables import AuditRow, QueueRow, ReviewRow
from store.reviews import FIRST
from store.sampling import AT_ONCE, picks_of
from store.sampling_tables import DrawnRow, DrawRow


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a replay looked at. held: whether it was so; recorded, found: what stands in the books and what
    came out now."""

    name: str
    held: bool
    recorded: str
    found: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found. missing, extra: calls drawn then but not now, and the other way round.

    now: how many calls of the population are still in the ledger.
    """

    checks: tuple[Check, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    now: int

    @property
    def held(self) -> bool:
        return all(check.held for check in self.checks)


def replay(session: Session, drawn: DrawRow) -> Replay:
    """Draw again from what was kept, and compare with what was kept and with the audit log."""
    kept = session.scalars(select(DrawRow).where(DrawRow.id == drawn.id).options(undefer(DrawRow.frame))).one()
    try:
        frame = unpacked(kept.frame)
        cells = frame_of(frame)
    except ValueError:
        return Replay((Check("check_frame", False, kept.frame_hash, "?"),), (), (), 0)
    mode = Mode(kept.mode)
    again = draw(cells, kept.seed, mode)
    then = list(picks_of(session, kept.id))
    line = _line(session, kept.audit_number)
    details = json.loads(line.details) if line else {}
    noted = [str(details.get(name, "-")) for name in ("frame", "result", "seed")]
    books = [kept.frame_hash, kept.result_hash, kept.seed]
    whole = line is not None and line.hash == audit.digest({name: getattr(line, name) for name in audit._FIELDS})
    calls = sum(len(cell.calls) for cell in cells)
    fell = [asdict(stratum) for stratum in strata(cells, again, mode)]
    checks = (
        Check("check_frame", digest(frame) == kept.frame_hash, kept.frame_hash, digest(frame)),
        Check("check_log", whole and noted == books, " ".join(books[:2]), " ".join(noted[:2])),
        Check("check_population", calls == kept.population, str(kept.population), str(calls)),
        Check("check_calls", digest(result_text(again)) == digest(result_text(then)) == kept.result_hash,
              kept.result_hash, digest(result_text(again))),
        Check("check_strata", fell == kept.strata, _counts(kept.strata), _counts(fell)),
    )  # fmt: skip
    ids = [call.sha256 for cell in cells for call in cell.calls]
    first, second = {p.sha256 for p in then}, {p.sha256 for p in again}
    return Replay(checks, tuple(sorted(first - second)), tuple(sorted(second - first)), _still_there(session, ids))


@dataclass(frozen=True, slots=True)
class Figures:
    """What the reviewed calls of a draw tell. human, machine: mean scores of the calls that both scored, weighted by
    1/probability where the draw was random, so that they speak of the population; None where there are none.

    drawn_machine: the machine's weighted mean over all calls drawn.
    """

    scored: int
    human: float | None
    machine: float | None
    drawn_machine: float | None


def figures(session: Session, drawn: DrawRow) -> Figures:
    """Scores of a draw's calls, people's beside the machine's."""
    newest = (
        select(ReviewRow.evaluation_key, func.max(ReviewRow.version).label("version"))
        .where(ReviewRow.state == "submitted", ReviewRow.round == FIRST)
        .group_by(ReviewRow.evaluation_key)
    )
    calls = select(QueueRow.evaluation_key).join(DrawnRow, DrawnRow.sha256 == QueueRow.sha256)
    calls = calls.where(DrawnRow.draw_id == drawn.id)
    last = newest.where(ReviewRow.evaluation_key.in_(calls)).subquery()
    human = (
        select(ReviewRow.evaluation_key, ReviewRow.score)
        .join(last, (last.c.evaluation_key == ReviewRow.evaluation_key) & (last.c.version == ReviewRow.version))
        .where(ReviewRow.round == FIRST)
        .subquery()
    )
    chosen = (
        select(DrawnRow.probability, QueueRow.score, human.c.score)
        .join(QueueRow, QueueRow.sha256 == DrawnRow.sha256)
        .outerjoin(human, human.c.evaluation_key == QueueRow.evaluation_key)
        .where(DrawnRow.draw_id == drawn.id)
    )
    rows = [(1 / (probability or 1.0), machine, person) for probability, machine, person in session.execute(chosen)]
    both = [(weight, machine, person) for weight, machine, person in rows if machine is not None and person is not None]
    return Figures(
        len(both), _mean((weight, person) for weight, _, person in both),
        _mean((weight, machine) for weight, machine, _ in both),
        _mean((weight, machine) for weight, machine, _ in rows if machine is not None),
    )  # fmt: skip


def _mean(weighted: Iterable[tuple[float, float]]) -> float | None:
    """The weighted mean (Hájek 1971); None of nothing."""
    total = over = 0.0
    for weight, value in weighted:
        total, over = total + weight * value, over + weight
    return total / over if over else None


def _line(session: Session, number: int) -> AuditRow | None:
    return session.get(AuditRow, number)


def _still_there(session: Session, ids: Sequence[str]) -> int:
    return sum(
        session.scalar(select(func.count()).where(QueueRow.sha256.in_(ids[start : start + AT_ONCE]))) or 0
        for start in range(0, len(ids), AT_ONCE)
    )


def _counts(fell: Sequence[dict[str, Any]]) -> str:
    return " ".join(f"{s['drawn']}/{s['population']}" for s in fell)
