"""Who may not see a review yet 盲评: a second look is worth something only if it knows nothing of the first.

Hidden from whoever could still be the second reviewer, until the second review is submitted; and from participants of
an open calibration session, until they have answered for that call. Who made the review, ordered the second one, or
was shown the review before, has it open, and can no longer be the second reviewer. Who has taken the second review is
shown nothing that the machine found of the call either.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from store import audit, reviews, rows
from store.access import RIGHTS, Right, Viewer
from store.desk_tables import ReviewRow
from store.rounds_tables import (
    CalibrationCallRow,
    CalibrationPersonRow,
    CalibrationRow,
    SecondLookRow,
    SeenReviewRow,
)


def hidden(session: Session, viewer: Viewer, evaluation_key: str) -> bool:
    """Whether the person must not see other people's answers to this evaluation."""
    look = session.scalar(
        select(SecondLookRow).where(SecondLookRow.evaluation_key == evaluation_key, SecondLookRow.state == "open")
    )
    if look is not None and eligible(session, viewer, look):
        return True
    wrote = reviews.authors(session, evaluation_key)
    return bool(wrote) and viewer.login not in wrote and _calibrating(session, viewer, evaluation_key)


def eligible(session: Session, viewer: Viewer, look: SecondLookRow) -> bool:
    """Whether a person can be the second reviewer: knows nothing of the first review."""
    if not _reviews(viewer) or viewer.login == look.asked_by:
        return False
    if session.get(SeenReviewRow, (look.evaluation_key, viewer.login)) is not None:
        return False
    return viewer.login not in reviews.authors(session, look.evaluation_key)


def held(session: Session, viewer: Viewer) -> Sequence[str]:
    """Recordings of the calls whose open second review the person has taken: of these they are to know what was said,
    and nothing that the machine or anybody else made of it."""
    return session.scalars(held_by(viewer)).all() if _reviews(viewer) else ()


def held_by(viewer: Viewer) -> Select[str]:
    """The same, for a statement of more."""
    return select(SecondLookRow.sha256).where(SecondLookRow.state == "open", SecondLookRow.reviewer == viewer.login)


def holds(session: Session, viewer: Viewer, sha256: str) -> bool:
    """Whether the person has taken an open second review of the recording, by whichever evaluation."""
    mine = exists().where(
        SecondLookRow.sha256 == sha256, SecondLookRow.state == "open", SecondLookRow.reviewer == viewer.login
    )
    return _reviews(viewer) and bool(session.scalar(select(mine)))


def hidden_of(session: Session, viewer: Viewer, evaluation_keys: Sequence[str]) -> set[str]:
    """Those of some evaluations that are `hidden`; few can be, so few are looked at."""
    looks = select(SecondLookRow.evaluation_key).where(
        SecondLookRow.evaluation_key.in_(evaluation_keys), SecondLookRow.state == "open"
    )
    sessions = (
        select(CalibrationCallRow.evaluation_key)
        .join(CalibrationRow, CalibrationRow.id == CalibrationCallRow.calibration_id)
        .where(CalibrationCallRow.evaluation_key.in_(evaluation_keys), CalibrationRow.closed_at.is_(None))
    )
    maybe = set(session.scalars(looks)) | set(session.scalars(sessions))
    return {key for key in maybe if hidden(session, viewer, key)}


def unpack(session: Session, viewer: Viewer, sha256: str) -> bool:
    """A person asks for all that was ever noted of a recording, the reviews of its earlier evaluations among it: then
    they can no longer be the second reviewer of any. False, and nothing changed, while they must not see it: they have
    taken its second review, or an open calibration session waits for their answers. Needs a writing session."""
    if holds(session, viewer, sha256):
        return False
    reviewed = select(ReviewRow.evaluation_key).where(ReviewRow.sha256 == sha256).distinct()
    keys = session.scalars(reviewed).all()
    if any(viewer.login not in reviews.authors(session, key) and _calibrating(session, viewer, key) for key in keys):
        return False
    for key in keys:
        give_up(session, viewer, key)
        saw(session, viewer, key)
    return True


def unseen(session: Session, viewer: Viewer, evaluation_key: str) -> bool:
    """Whether showing the review to this person now would be news that `saw` must note: somebody else's review, to
    one who reviews."""
    return (
        _reviews(viewer)
        and reviews.newest_version(session, evaluation_key) > 0
        and session.get(SeenReviewRow, (evaluation_key, viewer.login)) is None
        and not hidden(session, viewer, evaluation_key)
    )


def saw(session: Session, viewer: Viewer, evaluation_key: str) -> None:
    """Note that the review was shown to a person who could have become its second reviewer. Needs a writing session."""
    if unseen(session, viewer, evaluation_key):
        rows.add(session, SeenReviewRow, evaluation_key=evaluation_key, login=viewer.login)


def _reviews(viewer: Viewer) -> bool:
    """By the role: a token that may only read shows to a reviewer's eyes all the same."""
    return Right.REVIEW in RIGHTS[viewer.role]


def _calibrating(session: Session, viewer: Viewer, evaluation_key: str) -> bool:
    """Whether an open session still waits for this person's answers to the evaluation."""
    waiting = (
        select(CalibrationRow.id)
        .join(CalibrationCallRow, CalibrationCallRow.calibration_id == CalibrationRow.id)
        .join(CalibrationPersonRow, CalibrationPersonRow.calibration_id == CalibrationRow.id)
        .where(
            CalibrationCallRow.evaluation_key == evaluation_key, CalibrationPersonRow.login == viewer.login,
            CalibrationRow.closed_at.is_(None),
        )
    )  # fmt: skip
    return any(
        not session.scalar(
            select(ReviewRow.id)
            .where(
                ReviewRow.evaluation_key == evaluation_key, ReviewRow.round == f"calibration:{number}:{viewer.login}",
                ReviewRow.state == "submitted",
            )
            .limit(1)
        )
        for number in session.scalars(waiting)
    )  # fmt: skip


def give_up(session: Session, viewer: Viewer, evaluation_key: str) -> None:
    """A person asks to see the review although they could have been its second reviewer; if they had taken it, it is
    free for others again. A calibration session's blindness stays."""
    look = session.scalar(
        select(SecondLookRow).where(SecondLookRow.evaluation_key == evaluation_key, SecondLookRow.state == "open")
    )
    if look is None or not eligible(session, viewer, look):
        return
    if look.reviewer == viewer.login:
        look.reviewer, look.version = None, look.version + 1
    rows.add(session, SeenReviewRow, evaluation_key=evaluation_key, login=viewer.login)
    audit.note(session, viewer.login, "second.unblind", look.sha256, evaluation=evaluation_key)
