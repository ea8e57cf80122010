"""Second reviews 二次复核: ordered by a person or drawn from the submitted first ones, done by somebody who knows
nothing of the first.

The draw is a number in [0, 1) from sha256 of the rule's seed and the evaluation: whoever has the rule can repeat it,
and nobody chooses. Rule, number and result are kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, literal, select, update
from sqlalchemy.orm import Session

from store import audit, blind, reviews, rows
from store.access import Right, Viewer
from store.columns import now
from store.desk_tables import QueueRow, ReviewRow
from store.reviews import FIRST, SECOND, Decision, Overtaken, Subject
from store.rounds_tables import SecondLookRow, SecondRuleRow, SeenReviewRow

MOST_LISTED = 200


def rule(session: Session) -> SecondRuleRow | None:
    """The rule that holds, or None where none was ever made."""
    return session.scalar(select(SecondRuleRow).order_by(SecondRuleRow.id.desc()).limit(1))


def make_rule(session: Session, viewer: Viewer, share: float, based_on: int) -> None:
    """Make a rule: the share of first reviews, 0..1, that are put up by lot from now on. based_on: the id of the rule
    on the screen, 0 for none. Raises Overtaken."""
    held = rule(session)
    if (held.id if held else 0) != based_on:
        raise Overtaken("rule")
    session.add(SecondRuleRow(share=share, seed=secrets.token_hex(8), by=viewer.login))
    audit.note(session, viewer.login, "second.rule", share=share)


def lot(seed: str, evaluation_key: str) -> float:
    """The number drawn for an evaluation, 0 <= number < 1."""
    digest = hashlib.sha256(f"{seed}|{evaluation_key}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def draw(session: Session, viewer: Viewer, row: QueueRow) -> bool:
    """Draw for a first review that has just been submitted for the first time; whether it was put up."""
    held = rule(session)
    if held is None or held.share <= 0 or look_at(session, row.evaluation_key) is not None:
        return False
    submissions = select(ReviewRow.id).where(
        ReviewRow.evaluation_key == row.evaluation_key, ReviewRow.round == FIRST, ReviewRow.state == "submitted"
    )
    if len(session.scalars(submissions.limit(2)).all()) != 1:
        return False
    number = lot(held.seed, row.evaluation_key)
    taken = number < held.share
    audit.note(
        session, viewer.login, "second.draw", row.sha256, rule=held.id, share=held.share, number=number, taken=taken
    )
    if taken:
        named = {"sha256": row.sha256, "evaluation_key": row.evaluation_key, "call_id": row.call_id}
        rows.add(session, SecondLookRow, **named, rule_id=held.id, drawn=number)
    return taken


def order(session: Session, viewer: Viewer, row: QueueRow) -> None:
    """Put a call with a submitted review up. Raises Overtaken where it is up already, or has no review."""
    if reviews.submitted(session, row.evaluation_key) is None or look_at(session, row.evaluation_key) is not None:
        raise Overtaken(row.evaluation_key)
    named = {"sha256": row.sha256, "evaluation_key": row.evaluation_key, "call_id": row.call_id}
    if not rows.add(session, SecondLookRow, **named, asked_by=viewer.login):
        raise Overtaken(row.evaluation_key)
    audit.note(session, viewer.login, "second.order", row.sha256, evaluation=row.evaluation_key)


def look(session: Session, number: int) -> SecondLookRow | None:
    """A second review by number."""
    return session.get(SecondLookRow, number)


def look_at(session: Session, evaluation_key: str) -> SecondLookRow | None:
    """The second review of an evaluation, or None."""
    return session.scalar(select(SecondLookRow).where(SecondLookRow.evaluation_key == evaluation_key))


def take(session: Session, viewer: Viewer, number: int, version: int) -> None:
    """Make it the person's own. Raises Overtaken where somebody was quicker."""
    _change(session, number, version, reviewer=viewer.login)
    audit.note(session, viewer.login, "second.take", str(number))


def release(session: Session, viewer: Viewer, number: int, version: int) -> None:
    """Give it back, for others to take. Raises Overtaken."""
    _change(session, number, version, reviewer=None)
    audit.note(session, viewer.login, "second.release", str(number))


def save(
    session: Session,
    viewer: Viewer,
    one: SecondLookRow,
    decisions: Sequence[Decision],
    *,
    based_on: int,
    version: int,
    state: str,
    comment: str,
    score: float | None,
) -> None:
    """Keep a version of the second review; submitted, it is done. Raises Overtaken: then nothing is written."""
    reviews.save(
        session, viewer, Subject(one.sha256, one.evaluation_key), decisions,
        based_on=based_on, state=state, comment=comment, score=score, round=SECOND,
    )  # fmt: skip
    done = {"state": "done", "done_at": now()} if state == "submitted" else {}
    _change(session, one.id, version, **done)


def waiting(session: Session, viewer: Viewer, most: int = MOST_LISTED) -> list[SecondLookRow]:
    """Open ones that the person took or may take, the oldest first."""
    if not viewer.may(Right.REVIEW):
        return []
    return list(session.scalars(select(SecondLookRow).where(*_for(viewer)).order_by(SecondLookRow.id).limit(most)))


def counted(viewer: Viewer, most: int) -> ColumnElement[int]:
    """How many `waiting` has, at most so many; for a statement of more."""
    if not viewer.may(Right.REVIEW):
        return literal(0)
    some = select(SecondLookRow.id).where(*_for(viewer)).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _for(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """As `blind.eligible`, in the database's words; and free or the person's own."""
    seen = exists().where(
        SeenReviewRow.evaluation_key == SecondLookRow.evaluation_key, SeenReviewRow.login == viewer.login
    )
    mine = exists().where(
        ReviewRow.evaluation_key == SecondLookRow.evaluation_key,
        ReviewRow.round == FIRST, ReviewRow.reviewer == viewer.login,
    )  # fmt: skip
    return (
        SecondLookRow.state == "open", ~seen, ~mine, SecondLookRow.asked_by.is_distinct_from(viewer.login),
        (SecondLookRow.reviewer.is_(None)) | (SecondLookRow.reviewer == viewer.login),
    )  # fmt: skip


def elsewhere(session: Session, viewer: Viewer, most: int = 20) -> list[SecondLookRow]:
    """Those that others have to do, and those done last, for who orders them; the newest first."""
    if not viewer.may(Right.LEAD):
        return []
    mine = [one.id for one in waiting(session, viewer)]
    chosen = select(SecondLookRow).where(SecondLookRow.id.not_in(mine), SecondLookRow.state != "withdrawn")
    return list(session.scalars(chosen.order_by(SecondLookRow.id.desc()).limit(most)))


def may_do(session: Session, viewer: Viewer, one: SecondLookRow) -> bool:
    """Whether the form is this person's: open, taken by them, and they know nothing of the first review."""
    return one.state == "open" and one.reviewer == viewer.login and blind.eligible(session, viewer, one)


def _change(session: Session, number: int, version: int, **values: object) -> None:
    changed = update(SecondLookRow).where(
        SecondLookRow.id == number, SecondLookRow.version == version, SecondLookRow.state == "open"
    )
    found = session.execute(changed.values(version=version + 1, **values).returning(SecondLookRow.id)).all()
    if not found:
        raise Overtaken(str(number))
