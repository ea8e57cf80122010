"""Appeals as they stand: items, trail, whose turn it is, and who may see which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from scoring.evaluation import Status
from store.access import RIGHTS, Right, Role, Viewer
from store.columns import now
from store.rounds_tables import AppealItemRow, AppealRow, AppealStepRow, AppealWordRow

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Word:
    """What a step says of an item. answer: of a ruling; None in an agent's step."""

    item: str
    answer: Status | None
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the trail, with what it says item by item. review_version: of the review that it made, if any."""

    kind: str
    by: str
    by_name: str
    at: datetime
    comment: str
    review_version: int | None
    words: tuple[Word, ...]

    def of(self, item: str) -> Word | None:
        return next((word for word in self.words if word.item == item), None)


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal with its items (and the answers contested) and its trail."""

    row: AppealRow
    items: dict[str, Status]
    steps: tuple[Step, ...]

    def late(self, at: datetime) -> bool:
        """Whether the next step's time is over."""
        return late(self.row, at)

    def final(self, at: datetime) -> bool:
        """Whether nothing can follow: judged, or decided and not escalated in time."""
        return final(self.row, at)

    def ruling(self, item: str) -> Word | None:
        """The last ruling on an item."""
        return next((s.of(item) for s in reversed(self.steps) if s.kind in ("decided", "judged")), None)


def late(row: AppealRow, at: datetime) -> bool:
    """Whether the next step's time is over."""
    return row.state != "closed" and at > row.due_at


def final(row: AppealRow, at: datetime) -> bool:
    """Whether nothing can follow: judged, or decided and not escalated in time."""
    return row.state == "closed" or (row.state == "decided" and late(row, at))


def may_rule(viewer: Viewer, appeal: Appeal) -> bool:
    """Whether the next ruling is this person's: the leader of the team first, then who leads inspection, but nobody on
    a review, or after a decision, of their own."""
    if appeal.row.state == "filed":
        return viewer.may(Right.DECIDE) and appeal.row.team in viewer.teams
    ruled = {step.by for step in appeal.steps if step.kind == "decided"}
    return (
        appeal.row.state == "escalated"
        and viewer.may(Right.LEAD)
        and viewer.login != appeal.row.reviewer
        and viewer.login not in ruled
    )


def may_escalate(viewer: Viewer, appeal: Appeal, at: datetime) -> bool:
    """Whether the agent may ask for the final judgement: decided not long ago, or the leader let the time pass."""
    if not viewer.may(Right.APPEAL) or appeal.row.agent != viewer.agent:
        return False
    return (appeal.row.state == "decided" and not appeal.late(at)) or (appeal.row.state == "filed" and appeal.late(at))


def one(session: Session, number: int) -> Appeal | None:
    """An appeal by number."""
    row = session.get(AppealRow, number)
    return _whole(session, row) if row else None


def of_call(session: Session, sha256: str) -> list[Appeal]:
    """The appeals about a recording, against whichever evaluation, the newest first."""
    chosen = select(AppealRow).where(AppealRow.sha256 == sha256).order_by(AppealRow.id.desc())
    return [_whole(session, row) for row in session.scalars(chosen)]


def waiting(session: Session, viewer: Viewer, most: int = MOST_LISTED) -> list[AppealRow]:
    """Appeals whose next step is this person's, the most urgent first."""
    chosen = select(AppealRow).where(_turn_of(viewer, now())).order_by(AppealRow.due_at, AppealRow.id)
    return list(session.scalars(chosen.limit(most)))


def counted(viewer: Viewer, at: ColumnElement[datetime], most: int) -> ColumnElement[int]:
    """How many `waiting` has at a moment, at most so many; for a statement of more."""
    some = select(AppealRow.id).where(_turn_of(viewer, at)).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def listed(
    session: Session, viewer: Viewer, most: int = MOST_LISTED, *, state: str | None = None, before: int | None = None
) -> list[AppealRow]:
    """All that the person has to do with, the newest first: an agent's own, a leader's teams', all for inspection.

    state: one of APPEAL_STATES; before: only older ones than this."""
    chosen = select(AppealRow).where(_concerns(viewer)).order_by(AppealRow.id.desc())
    if state is not None:
        chosen = chosen.where(AppealRow.state == state)
    if before is not None:
        chosen = chosen.where(AppealRow.id < before)
    return list(session.scalars(chosen.limit(most)))


def _concerns(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.AGENT:
        return AppealRow.agent == viewer.agent if viewer.agent else false()
    if viewer.role is Role.TEAM_LEADER:
        return AppealRow.team.in_(viewer.teams) if viewer.teams else false()
    # By the role: a token that may only read leaves nobody less to see.
    return AppealRow.id > 0 if Right.LEAD in RIGHTS[viewer.role] else false()


def _turn_of(viewer: Viewer, at: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    if viewer.may(Right.APPEAL):
        news = (AppealRow.state == "decided") & (AppealRow.due_at > at)
        silent = (AppealRow.state == "filed") & (AppealRow.due_at < at)
        return _concerns(viewer) & or_(news, silent)
    if viewer.may(Right.DECIDE):
        return _concerns(viewer) & (AppealRow.state == "filed")
    ours = AppealRow.reviewer.is_distinct_from(viewer.login)
    return _concerns(viewer) & (AppealRow.state == "escalated") & ours


def _whole(session: Session, row: AppealRow) -> Appeal:
    items = session.scalars(select(AppealItemRow).where(AppealItemRow.appeal_id == row.id))
    steps = session.scalars(
        select(AppealStepRow).where(AppealStepRow.appeal_id == row.id).order_by(AppealStepRow.number)
    ).all()
    said: dict[int, list[Word]] = {step.id: [] for step in steps}
    for word in session.scalars(select(AppealWordRow).where(AppealWordRow.step_id.in_(said))):
        said[word.step_id].append(Word(word.item, Status(word.answer) if word.answer else None, word.reason))
    return Appeal(
        row,
        {item.item: Status(item.answer) for item in items},
        tuple(Step(s.kind, s.by, s.by_name, s.at, s.comment, s.review_version, tuple(said[s.id])) for s in steps),
    )
