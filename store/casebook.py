"""The case library 案例库: stretches of calls that are worth hearing again, good and bad.

A case is where its call is: whoever may not see the call does not see the case. An agent hears cases of own calls only,
and those only where a coaching plan of theirs works with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.orm import Session

from store import audit, blind
from store.access import Role, Viewer, visible
from store.columns import now
from store.desk_tables import QueueRow
from store.library_tables import LibraryCaseRow, LibraryTagRow, PlanCaseRow, PlanRow
from store.reviews import Overtaken

PAGE = 20
MOST_TAGS = 8  # of a case
LONGEST_TAG = 40  # characters


@dataclass(frozen=True, slots=True)
class Sought:
    """What a person asked for; what is None is not asked."""

    item: str | None = None
    tag: str | None = None
    kind: str | None = None
    level: str | None = None
    language: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """What is cut from a call. said: masked, as [role, s, text]; covered: stretches with numbers; all times in s."""

    begins: float
    ends: float
    said: tuple[tuple[str, float, str], ...]
    covered: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a person says of a case. item: empty for none."""

    item: str
    kind: str
    level: str = ""
    comment: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A case, its call as the queue has it, its tags."""

    row: LibraryCaseRow
    call: QueueRow
    tags: tuple[str, ...] = field(default=())

    @property
    def seconds(self) -> float:
        return self.row.ends - self.row.begins


def page(session: Session, viewer: Viewer, sought: Sought, before: int | None = None, size: int = PAGE) -> list[Case]:
    """Up to `size` cases that a person may see and asked for, newest first, older than case `before`."""
    chosen = _chosen(viewer, sought)
    if before is not None:
        chosen = chosen.where(LibraryCaseRow.id < before)
    rows = session.execute(chosen.order_by(LibraryCaseRow.id.desc()).limit(size)).all()
    tags = _tags(session, [case.id for case, _ in rows])
    return [Case(case, call, tags.get(case.id, ())) for case, call in rows]


def total(session: Session, viewer: Viewer, sought: Sought) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(_chosen(viewer, sought).subquery())) or 0


def some(session: Session, viewer: Viewer, ids: Iterable[int]) -> list[Case]:
    """Those of the cases that the person may see, oldest first."""
    chosen = _chosen(viewer, Sought()).where(LibraryCaseRow.id.in_(list(ids)[:500]))
    rows = session.execute(chosen.order_by(LibraryCaseRow.id)).all()
    tags = _tags(session, [case.id for case, _ in rows])
    return [Case(case, call, tags.get(case.id, ())) for case, call in rows]


def removed(session: Session, ids: Iterable[int]) -> int:
    """How many of the cases were taken out of the library: nobody sees these."""
    gone = select(func.count()).where(LibraryCaseRow.id.in_(list(ids)[:500]), LibraryCaseRow.removed_at.is_not(None))
    return session.scalar(gone) or 0


def one(session: Session, viewer: Viewer, id: int) -> Case | None:
    """A case, if it is there and the person may see it."""
    return next(iter(some(session, viewer, [id])), None)


def tags(session: Session, viewer: Viewer, most: int = 100) -> list[tuple[str, int]]:
    """The tags of cases that a person may see, the most used first."""
    counted = func.count()
    chosen = (
        select(LibraryTagRow.tag, counted)
        .join(LibraryCaseRow, LibraryCaseRow.id == LibraryTagRow.case_id)
        .join(QueueRow, QueueRow.sha256 == LibraryCaseRow.sha256)
        .where(*_allowed(viewer))
        .group_by(LibraryTagRow.tag)
        .order_by(counted.desc(), LibraryTagRow.tag)
        .limit(most)
    )
    return [(tag, times) for tag, times in session.execute(chosen)]


def agents(session: Session, viewer: Viewer, most: int = 500) -> list[str]:
    """The agents of cases that a person may see."""
    chosen = (
        select(QueueRow.agent)
        .join(LibraryCaseRow, QueueRow.sha256 == LibraryCaseRow.sha256)
        .where(*_allowed(viewer), QueueRow.agent.is_not(None))
    )
    return [agent for agent in session.scalars(chosen.distinct().order_by(QueueRow.agent).limit(most)) if agent]


def level_of(session: Session, agent: str | None) -> str:
    """The level that was given to an agent last; empty where none was."""
    if not agent:
        return ""
    chosen = select(LibraryCaseRow.level).join(QueueRow, QueueRow.sha256 == LibraryCaseRow.sha256)
    chosen = chosen.where(QueueRow.agent == agent, LibraryCaseRow.level != "")
    return session.scalar(chosen.order_by(LibraryCaseRow.id.desc()).limit(1)) or ""


def taken(session: Session, item: str, calls: Sequence[str]) -> set[str]:
    """Those of the calls of which the library has a case of the item."""
    chosen = select(LibraryCaseRow.sha256).where(
        LibraryCaseRow.item == item, LibraryCaseRow.sha256.in_(calls), LibraryCaseRow.removed_at.is_(None)
    )
    return set(session.scalars(chosen))


def add(session: Session, viewer: Viewer, call: QueueRow, piece: Piece, words: Words, *, suggested: bool) -> int:
    """Add a case of a call that the person may see; its number. suggested: the machine had offered it."""
    row = LibraryCaseRow(
        sha256=call.sha256, rubric_hash=call.rubric_hash, item=words.item, kind=words.kind, level=words.level,
        comment=words.comment, begins=piece.begins, ends=piece.ends, said=[list(turn) for turn in piece.said],
        covered=[list(span) for span in piece.covered], suggested=suggested,
        author=viewer.login, author_name=viewer.name,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(LibraryTagRow(case_id=row.id, tag=tag) for tag in words.tags)
    audit.note(
        session, viewer.login, "library.add", call.sha256, case=row.id, item=words.item, kind=words.kind,
        begins=piece.begins, ends=piece.ends,
    )  # fmt: skip
    return row.id


def change(session: Session, viewer: Viewer, case: Case, piece: Piece, words: Words, *, based_on: int) -> None:
    """Change a case. based_on: the version that was on the screen. Raises Overtaken."""
    values = {
        "item": words.item, "kind": words.kind, "level": words.level, "comment": words.comment,
        "begins": piece.begins, "ends": piece.ends, "said": [list(turn) for turn in piece.said],
        "covered": [list(span) for span in piece.covered], "version": based_on + 1,
    }  # fmt: skip
    same = (LibraryCaseRow.id == case.row.id, LibraryCaseRow.version == based_on, LibraryCaseRow.removed_at.is_(None))
    if session.scalar(update(LibraryCaseRow).where(*same).values(**values).returning(LibraryCaseRow.id)) is None:
        raise Overtaken(str(case.row.id))
    session.execute(delete(LibraryTagRow).where(LibraryTagRow.case_id == case.row.id))
    session.add_all(LibraryTagRow(case_id=case.row.id, tag=tag) for tag in words.tags)
    audit.note(
        session, viewer.login, "library.change", case.row.sha256, case=case.row.id, item=words.item, kind=words.kind,
        begins=piece.begins, ends=piece.ends, version=based_on + 1,
    )  # fmt: skip


def remove(session: Session, viewer: Viewer, case: Case) -> None:
    """Take a case out of the library; plans that work with it show it no more."""
    session.execute(update(LibraryCaseRow).where(LibraryCaseRow.id == case.row.id).values(removed_at=now()))
    audit.note(session, viewer.login, "library.remove", case.row.sha256, case=case.row.id)


def tidy_tags(text: str) -> tuple[str, ...]:
    """Tags from what a person typed, each once."""
    parts = (" ".join(part.split())[:LONGEST_TAG] for part in text.replace("，", ",").replace("、", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_TAGS]


def _chosen(viewer: Viewer, sought: Sought) -> Select[LibraryCaseRow, QueueRow]:
    chosen = (
        select(LibraryCaseRow, QueueRow)
        .join(QueueRow, QueueRow.sha256 == LibraryCaseRow.sha256)
        .where(*_allowed(viewer))
    )
    for column, value in (
        (LibraryCaseRow.item, sought.item), (LibraryCaseRow.kind, sought.kind), (LibraryCaseRow.level, sought.level),
        (QueueRow.language, sought.language), (QueueRow.agent, sought.agent),
    ):  # fmt: skip
        if value is not None:
            chosen = chosen.where(column == value)
    if sought.tag is not None:
        chosen = chosen.where(
            LibraryCaseRow.id.in_(select(LibraryTagRow.case_id).where(LibraryTagRow.tag == sought.tag))
        )
    return chosen


def _allowed(viewer: Viewer) -> list[ColumnElement[bool]]:
    clauses = [visible(viewer), LibraryCaseRow.removed_at.is_(None)]
    if viewer.role is not Role.AGENT:  # what others picked from a call tells what they made of it
        clauses.append(LibraryCaseRow.sha256.not_in(blind.held_by(viewer)))
    if viewer.role is Role.AGENT:
        own = select(PlanCaseRow.case_id).join(PlanRow, PlanRow.id == PlanCaseRow.plan_id)
        clauses.append(LibraryCaseRow.id.in_(own.where(PlanRow.agent == viewer.agent)))
    return clauses


def _tags(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    chosen = (
        select(LibraryTagRow.case_id, LibraryTagRow.tag)
        .where(LibraryTagRow.case_id.in_(ids))
        .order_by(LibraryTagRow.tag)
    )
    for case, tag in session.execute(chosen):
        found[case] = (*found.get(case, ()), tag)
    return found
