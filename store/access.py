"""Who may see and do what. Every query for calls goes through `visible`: there is no other way to a call.

A call that a person may not see is, for that person, not there: no page says that it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, false, true

from store.desk_tables import QueueRow


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
    AUDIT = "audit"  # who did what, everybody included


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.QA: frozenset({Right.REVIEW, Right.SHOW, Right.AGREEMENT}),
    Role.TEAM_LEADER: frozenset({Right.AGREEMENT}),
    Role.TRAINER: frozenset({Right.AGREEMENT}),
    Role.COMPLIANCE: frozenset({Right.SHOW, Right.AGREEMENT}),
    Role.AGENT: frozenset(),
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


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The calls of the queue that a person may see."""
    if viewer.role is Role.AGENT:
        return QueueRow.agent == viewer.agent if viewer.agent else false()
    if viewer.role is Role.TEAM_LEADER:
        return QueueRow.team.in_(viewer.teams) if viewer.teams else false()
    return true()
