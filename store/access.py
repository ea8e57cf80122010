"""Who may see and do what. Every query for calls goes through `visible`: there is no other way to a call.

A call that a person may not see is, for that person, not there: no page says that it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, false, true

from store.desk_tables import QueueRow, TallyRow


class Role(StrEnum):
    """What a person is at the desk."""

    ADMIN = "admin"
    QA = "qa"  # 质检员
    TEAM_LEADER = "team_leader"  # 班组长
    TRAINER = "trainer"  # 培训师
    COMPLIANCE = "compliance"  # 合规
    AGENT = "agent"  # 坐席


class Right(StrEnum):
    """What a role may do with the calls it may see."""

    REVIEW = "review"
    SHOW = "show"  # personal data as it was said
    AGREEMENT = "agreement"  # how far machine and people agree, over the calls one may see
    ASSIGN = "assign"  # give calls that one may see to reviewers, share views of the queue
    SAMPLE = "sample"  # make sampling plans and draw by them
    SAMPLES = "samples"  # see plans and draws, and do a draw again
    CASES = "cases"  # compliance cases of the calls one may see; to work on those one is responsible for
    HANDLE = "handle"  # every compliance case, and the limits
    PACK = "pack"  # evidence packs of calls
    LIBRARY = "library"  # add to the case library, hear and export its cases
    PLANS = "plans"  # read coaching plans: of the calls one may see, an agent's own
    COACH = "coach"  # make and change coaching plans
    COMMENT = "comment"  # write comments on moments of calls
    LEAD = "lead"  # order second reviews, hold calibration sessions, judge appeals that were escalated
    DECIDE = "decide"  # decide appeals of one's team
    APPEAL = "appeal"  # against the answers of one's own calls
    CALIBRATE = "calibrate"  # take part in calibration sessions
    AUDIT = "audit"  # who did what, everybody included


_TRAINING = {Right.LIBRARY, Right.PLANS, Right.COACH, Right.COMMENT, Right.CALIBRATE}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right) - {Right.DECIDE, Right.APPEAL},
    Role.QA: frozenset(Right) - {Right.AUDIT, Right.HANDLE, Right.COACH, Right.DECIDE, Right.APPEAL},
    Role.TEAM_LEADER: frozenset({Right.AGREEMENT, Right.ASSIGN, Right.CASES, Right.DECIDE, *_TRAINING}),
    Role.TRAINER: frozenset({Right.AGREEMENT, *_TRAINING}),
    Role.COMPLIANCE: frozenset(
        {Right.SHOW, Right.AGREEMENT, Right.SAMPLES, Right.CASES, Right.HANDLE, Right.PACK, Right.COMMENT}
        | {Right.CALIBRATE}
    ),
    Role.AGENT: frozenset({Right.PLANS, Right.APPEAL}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person who is logged in. agent: as the calls' metadata name them; teams: those a leader answers for.

    only: the rights that an API token leaves of the role's; None where nothing limits them.
    """

    login: str
    name: str
    role: Role
    agent: str | None = None
    teams: tuple[str, ...] = ()
    only: frozenset[Right] | None = None

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role] and (self.only is None or right in self.only)


def sees_all(viewer: Viewer) -> bool:
    """Whether all calls are theirs to see."""
    return viewer.role not in (Role.AGENT, Role.TEAM_LEADER)


def visible(viewer: Viewer, rows: type[QueueRow] | type[TallyRow] = QueueRow) -> ColumnElement[bool]:
    """The calls of the queue that a person may see, or their figures."""
    if viewer.role is Role.AGENT:
        return rows.agent == viewer.agent if viewer.agent else false()
    if viewer.role is Role.TEAM_LEADER:
        return rows.team.in_(viewer.teams) if viewer.teams else false()
    return true()
