"""Saved views 视图 of the queue: filters and order under a name, one's own or for everybody."""

from __future__ import annotations

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from store import audit
from store.access import Right, Viewer
from store.sampling_tables import ViewRow

MOST = 50  # of one person


class NoRoom(Exception):
    """The person has as many views as there may be."""


def views(session: Session, viewer: Viewer) -> list[ViewRow]:
    """One's own and those for everybody, by name; an agent sees no others': they name people and plans."""
    own = ViewRow.owner == viewer.login
    seen = own if not viewer.may(Right.AGREEMENT) else or_(own, ViewRow.shared)
    return list(session.scalars(select(ViewRow).where(seen).order_by(ViewRow.shared, ViewRow.name).limit(200)))


def save(session: Session, viewer: Viewer, name: str, query: str, *, shared: bool) -> None:
    """Keep a view, in place of one's own of that name. Raises NoRoom."""
    own = select(ViewRow).where(ViewRow.owner == viewer.login)
    row = session.scalar(own.where(ViewRow.name == name))
    if row is None:
        if (session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST:
            raise NoRoom
        row = ViewRow(owner=viewer.login, name=name)
    row.owner_name, row.query, row.shared = viewer.name, query, shared
    session.add(row)
    audit.note(session, viewer.login, "view.save", name, query=query, shared=shared)


def drop(session: Session, viewer: Viewer, number: int) -> bool:
    """Forget one of one's own views; whether there was such."""
    gone = delete(ViewRow).where(ViewRow.id == number, ViewRow.owner == viewer.login).returning(ViewRow.name)
    name = session.scalar(gone)
    if name is not None:
        audit.note(session, viewer.login, "view.drop", name)
    return name is not None
