"""Comments on moments of a call: who may see the call reads them; an agent only those that are shared."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store import audit
from store.access import Role, Viewer, visible
from store.columns import now
from store.desk_tables import QueueRow
from store.library_tables import CallCommentRow

MOST = 200  # of a call


def of_call(session: Session, viewer: Viewer, sha256: str) -> Sequence[CallCommentRow]:
    """The comments on a call that the person may see, in the order of the recording."""
    chosen = (
        select(CallCommentRow)
        .join(QueueRow, QueueRow.sha256 == CallCommentRow.sha256)
        .where(CallCommentRow.sha256 == sha256, CallCommentRow.withdrawn_at.is_(None), visible(viewer))
    )
    if viewer.role is Role.AGENT:
        chosen = chosen.where(CallCommentRow.shared)
    return session.scalars(chosen.order_by(CallCommentRow.second, CallCommentRow.id).limit(MOST)).all()


def add(session: Session, viewer: Viewer, call: QueueRow, second: float, text: str, *, shared: bool) -> int:
    """Write a comment; its number."""
    row = CallCommentRow(
        sha256=call.sha256, second=second, text=text, shared=shared, author=viewer.login, author_name=viewer.name
    )
    session.add(row)
    session.flush()
    audit.note(session, viewer.login, "comment.add", call.sha256, comment=row.id, second=second, shared=shared)
    return row.id


def withdraw(session: Session, viewer: Viewer, call: QueueRow, id: int) -> bool:
    """Take a comment back: its author may, and an administrator. Whether there was one to take."""
    mine = [CallCommentRow.id == id, CallCommentRow.sha256 == call.sha256, CallCommentRow.withdrawn_at.is_(None)]
    if viewer.role is not Role.ADMIN:
        mine.append(CallCommentRow.author == viewer.login)
    taken = update(CallCommentRow).where(*mine).values(withdrawn_at=now()).returning(CallCommentRow.id)
    if session.scalar(taken) is None:
        return False
    audit.note(session, viewer.login, "comment.withdraw", call.sha256, comment=id)
    return True
