"""Compliance cases 合规案件: they open by themselves as the queue takes up a fatal or flagged call, people settle them.

Optimistic locking: who changes a case names the version that was on the screen; if there is a newer one nothing is
written and `Overtaken` says so. A case stays when its call is judged anew: that is a step of its trail. Judged graver,
it gets the graver kind's limit, and one that was done opens again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store import audit
from store.access import RIGHTS, Right, Role, Viewer, visible
from store.case_limits import limit
from store.columns import now
from store.compliance_tables import DISPOSITIONS, KINDS, STATUSES, CaseFlagRow, CaseRow, CaseVersionRow
from store.desk_tables import QueueRow, UserRow
from store.reviews import Overtaken

QUEUE = "callqa"  # who opened a case that nobody opened
EXTENSIONS = (0, 24, 48, 72)  # hours that a person may add to a deadline at a time


@dataclass(frozen=True, slots=True)
class Change:
    """What a person made of a case. extend: hours added to its deadline."""

    based_on: int
    status: str
    owner: str | None
    disposition: str | None
    reason: str
    extend: int = 0

    def troubles(self, before: CaseRow) -> list[str]:
        """Keys of the texts that say why it cannot be kept; empty where it can."""
        found = []
        known = self.status in STATUSES and self.disposition in (None, *DISPOSITIONS) and self.extend in EXTENSIONS
        if not known:
            return ["case_unknown"]
        if self.status == "done" and not self.disposition:
            found.append("case_no_disposition")
        if self.status != "done" and self.disposition:
            found.append("case_early_disposition")
        if self.status == "in_hand" and not self.owner:
            found.append("case_no_owner")
        reopens = before.done and self.status != "done"
        changes = self.status == "done" and self.disposition != before.disposition
        if (changes or reopens or self.extend) and not self.reason:
            found.append("case_no_reason")
        return found


def taken(session: Session, calls: Mapping[str, Sequence[str]]) -> None:
    """The queue has taken up calls: open their cases, or note in them that the calls were judged anew.

    calls: recordings, each with the items that made it fatal, for a form that raises no flag.
    """
    rows = select(QueueRow).where(QueueRow.sha256.in_(calls)).execution_options(populate_existing=True)
    cases = {case.sha256: case for case in session.scalars(select(CaseRow).where(CaseRow.sha256.in_(calls)))}
    for row in session.scalars(rows).all():
        case, kind = cases.get(row.sha256), "fatal" if row.fatal else row.severity
        if case is None and kind is None:
            continue
        flags = [list(flag) for flag in row.flags] or [[item, "fatal"] for item in calls[row.sha256] if row.fatal]
        if case is None:
            _open(session, row, str(kind), flags)
        elif case.evaluation_key != row.evaluation_key:
            _judged_anew(session, case, row, kind, flags)


def _open(session: Session, row: QueueRow, kind: str, flags: list[list[str]]) -> None:
    case = CaseRow(
        sha256=row.sha256, evaluation_key=row.evaluation_key, version=1, kind=kind, flags=flags, status="open",
        done=False, opened_at=now(), due_at=now() + timedelta(hours=limit(session, kind).hours),
    )  # fmt: skip
    session.add(case)
    session.flush()
    _step(session, case, "opened", kind)
    _flagged(session, case, flags)


def _judged_anew(session: Session, case: CaseRow, row: QueueRow, kind: str | None, flags: list[list[str]]) -> None:
    case.evaluation_key, case.version = row.evaluation_key, case.version + 1
    if kind:
        case.flags = flags
        _graver(session, case, kind)
    _step(session, case, "rejudged", kind or "none")
    _flagged(session, case, flags)


def _flagged(session: Session, case: CaseRow, flags: list[list[str]]) -> None:
    items = set(session.scalars(select(CaseFlagRow.item).where(CaseFlagRow.number == case.number)))
    session.add_all(CaseFlagRow(item=item, number=case.number) for item in {f[0] for f in flags} - items)
    session.flush()


def _graver(session: Session, case: CaseRow, kind: str) -> None:
    if KINDS.index(kind) >= KINDS.index(case.kind):
        return
    due = now() + timedelta(hours=limit(session, kind).hours)
    case.kind = kind
    case.due_at = due if case.done else min(due, case.due_at)
    if case.done:
        case.status = "in_hand" if case.owner else "open"
        case.done, case.done_at, case.disposition = False, None, None


def one(session: Session, viewer: Viewer, number: int) -> tuple[CaseRow, QueueRow] | None:
    """A case and its call, if they are there and the person may see them."""
    return _found(session, viewer, CaseRow.number == number)


def of_call(session: Session, viewer: Viewer, sha256: str) -> tuple[CaseRow, QueueRow] | None:
    """The case of a call, if there is one and the person may see it."""
    return _found(session, viewer, CaseRow.sha256 == sha256)


def _found(session: Session, viewer: Viewer, clause: object) -> tuple[CaseRow, QueueRow] | None:
    if not viewer.may(Right.CASES):
        return None
    joined = select(CaseRow, QueueRow).join(QueueRow, QueueRow.sha256 == CaseRow.sha256)
    found = session.execute(joined.where(clause, visible(viewer))).one_or_none()  # type: ignore[arg-type]
    return (found[0], found[1]) if found else None


def may_change(viewer: Viewer, case: CaseRow) -> bool:
    """Compliance may change every case; others the ones they are responsible for."""
    return viewer.may(Right.HANDLE) or (viewer.may(Right.CASES) and case.owner == viewer.login)


def owners(session: Session, call: QueueRow | None = None) -> dict[str, str]:
    """Who may be responsible for a case: login -> name. call: of the case; only those who may see it."""
    roles = [role.value for role in Role if Right.CASES in RIGHTS[role]]
    chosen = select(UserRow.login, UserRow.name, UserRow.role, UserRow.teams)
    chosen = chosen.where(UserRow.role.in_(roles), UserRow.disabled_at.is_(None)).order_by(UserRow.login)
    return {
        login: name
        for login, name, role, teams in session.execute(chosen)
        if call is None or role != Role.TEAM_LEADER or call.team in teams
    }


def change(session: Session, viewer: Viewer, case: CaseRow, wanted: Change) -> int:
    """Keep a change as a new version; its number. Needs a writing session; what `troubles` found is not looked for
    again. Raises Overtaken."""
    before = session.get_one(CaseRow, case.number)
    done = wanted.status == "done"
    names = owners(session)
    values = {
        "version": wanted.based_on + 1,
        "status": wanted.status,
        "done": done,
        "owner": wanted.owner,
        "owner_name": names.get(wanted.owner, wanted.owner) if wanted.owner else None,
        "disposition": wanted.disposition if done else None,
        "due_at": _extended(before.due_at, wanted.extend),
        "done_at": (before.done_at or now()) if done else None,
    }
    mine = update(CaseRow).where(CaseRow.number == case.number, CaseRow.version == wanted.based_on)
    result = session.execute(mine.values(**values), execution_options={"synchronize_session": False})
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Overtaken(str(case.number))
    session.refresh(before)
    _step(session, before, "changed", wanted.reason, viewer)
    audit.note(
        session, viewer.login, "case.change", before.sha256, case=before.number, version=before.version,
        status=before.status, owner=before.owner, disposition=before.disposition, reason=wanted.reason,
        due=before.due_at.isoformat(timespec="seconds"),
    )  # fmt: skip
    return before.version


def trail(session: Session, number: int) -> list[CaseVersionRow]:
    """The steps of a case, oldest first."""
    chosen = select(CaseVersionRow).where(CaseVersionRow.number == number)
    return list(session.scalars(chosen.order_by(CaseVersionRow.version)))


def _extended(due: datetime, hours: int) -> datetime:
    """Added to the deadline, or to now where that has passed."""
    return max(due, now()) + timedelta(hours=hours) if hours else due


def _step(session: Session, case: CaseRow, action: str, reason: str, viewer: Viewer | None = None) -> None:
    session.add(
        CaseVersionRow(
            number=case.number, version=case.version, actor=viewer.login if viewer else QUEUE,
            actor_name=viewer.name if viewer else QUEUE, action=action, kind=case.kind, status=case.status,
            owner=case.owner, owner_name=case.owner_name, disposition=case.disposition, reason=reason,
            due_at=case.due_at, evaluation_key=case.evaluation_key,
        )
    )  # fmt: skip
    session.flush()
