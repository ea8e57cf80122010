"""Tables of compliance 合规: a case for every fatal or flagged call, its trail, and the limits by kind.

`case_versions` and `case_limits` only grow; the database itself refuses to change or delete their rows (triggers in
migration 0006).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Number, now
from store.tables import Base as Base

KINDS = ("fatal", "high", "medium", "low")
STATUSES = ("open", "in_hand", "done")
DISPOSITIONS = ("confirmed", "not_confirmed", "coaching", "remedied", "referred")


class CaseRow(Base):
    """A case 案件 as it stands; its newest version in `case_versions` says the same.

    kind: the gravest thing the call was flagged for. flags: [item, severity] each. done: status is `done`; a column of
    its own, so that one index holds the unfinished by deadline. sha256 is no foreign key: a case outlives its call.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint(f"disposition IN {DISPOSITIONS}", name="disposition"),
        Index("ix_cases_due", "done", "due_at", "number"),
        Index("ix_cases_kind_due", "kind", "done", "due_at", "number"),
        Index("ix_cases_owner_due", "owner", "done", "due_at", "number"),
        Index("ix_cases_done_at", "done_at", "kind"),
    )

    number: Mapped[int] = mapped_column(Number, primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    evaluation_key: Mapped[str]
    version: Mapped[int]
    kind: Mapped[str]
    flags: Mapped[list[Any]]
    status: Mapped[str]
    done: Mapped[bool]
    owner: Mapped[str | None]
    owner_name: Mapped[str | None]
    disposition: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class CaseFlagRow(Base):
    """What a case was flagged for, to filter and count by."""

    __tablename__ = "case_flags"

    item: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Number, ForeignKey("cases.number"), primary_key=True, index=True)


class CaseVersionRow(Base):
    """One step of a case: what it was from then on, who made it so and why. action: `opened`, `rejudged`, `changed`.

    actor: a login; `callqa` where the queue did it.
    """

    __tablename__ = "case_versions"
    __table_args__ = (UniqueConstraint("number", "version"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    number: Mapped[int] = mapped_column(Number)
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str]
    actor_name: Mapped[str]
    action: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    owner: Mapped[str | None]
    owner_name: Mapped[str | None]
    disposition: Mapped[str | None]
    reason: Mapped[str]
    due_at: Mapped[datetime]
    evaluation_key: Mapped[str]


class LimitRow(Base):
    """How many hours a kind of case may take, from `at` on; clause: of the standards that says so."""

    __tablename__ = "case_limits"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    kind: Mapped[str]
    hours: Mapped[int]
    clause: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
