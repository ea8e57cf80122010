"""What stands beside a review on the call's page: appeals with their trail and forms, and the second review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import Request

from review.desk import stored
from review.desk.entry import desk_of, forms_of, options_of
from scoring.evaluation import Status
from scoring.rubric import Item
from store import appeal_trail, appeals, blind, reviews, second
from store.access import Right, Viewer
from store.appeal_trail import Appeal
from store.columns import now
from store.desk_tables import QueueRow
from store.reviews import Review
from store.rounds_tables import SecondLookRow
from store.sessions import Visit


@dataclass(frozen=True, slots=True)
class Mistyped:
    """An appeal's form that was not kept. number: of the appeal, 0 for a new one; trouble: key of the text that says
    why; answers, reasons: by item; about: items it is about."""

    number: int
    trouble: str
    answers: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An appeal on the page. order: its items as the form has them; stands: answers that hold now; based_on: the
    review's version; final, late: nothing can follow, the next step is overdue."""

    appeal: Appeal
    order: tuple[str, ...]
    stands: Mapping[str, Status]
    machine: Mapping[str, Status]
    items: Mapping[str, Item]
    based_on: int
    final: bool
    late: bool
    may_rule: bool
    may_escalate: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything beside the review. contestable: items the agent may appeal against now; until: when that ends, for
    whoever may appeal; stands: answers that hold."""

    appeals: tuple[Shown, ...] = ()
    contestable: tuple[str, ...] = ()
    until: datetime | None = None
    over: bool = False
    against: int = 0
    stands: Mapping[str, Status] = field(default_factory=dict)
    look: SecondLookRow | None = None
    may_order: bool = False
    may_calibrate: bool = False
    may_unblind: bool = False
    may_take: bool = False


def panel(
    request: Request, visit: Visit, row: QueueRow, record: Mapping[str, Any], counted: Review | None, blinded: bool
) -> Panel:
    """For this person. blinded: they must not see the review: then nor what was said about it."""
    viewer, terms = visit.viewer, options_of(request).terms
    with desk_of(request).reading() as session:
        look = second.look_at(session, row.evaluation_key) if viewer.may(Right.REVIEW) else None
        eligible = look is not None and look.state == "open" and blind.eligible(session, viewer, look)
        if blinded:
            return Panel(look=look, may_unblind=eligible and viewer.may(Right.LEAD), may_take=eligible)
        own = viewer.may(Right.APPEAL) and row.agent == viewer.agent
        machine = machine_of(record)
        until = appeals.until(session, row, counted, terms) if own else None
        open_to = appeals.contestable(session, row, machine, counted, terms) if own else []
        found = appeal_trail.of_call(session, row.sha256)
    return Panel(
        appeals=tuple(_shown(request, viewer, appeal) for appeal in found), contestable=tuple(open_to), until=until,
        over=until is not None and now() > until, against=counted.version if counted else 0,
        stands=appeals.standing(machine, counted), look=look,
        may_order=viewer.may(Right.LEAD) and counted is not None and look is None,
        may_calibrate=viewer.may(Right.LEAD),
    )  # fmt: skip


def machine_of(record: Mapping[str, Any]) -> dict[str, Status]:
    """The machine's answers by item."""
    return {answer["item"]: Status(answer["status"]) for answer in record["answers"]}


def _shown(request: Request, viewer: Viewer, appeal: Appeal) -> Shown:
    key, moment = appeal.row.evaluation_key, now()
    record = stored.record_at(desk_of(request), key)
    with desk_of(request).reading() as session:
        counted, based_on = reviews.submitted(session, key), reviews.newest_version(session, key)
    rubric = forms_of(request).get(record["rubric"]["hash"])
    machine = machine_of(record)
    return Shown(
        appeal, (*(i for i in machine if i in appeal.items), *(i for i in appeal.items if i not in machine)),
        appeals.standing(machine, counted), machine,
        {item.id: item for _, item in rubric.items()} if rubric else {}, based_on, appeal.final(moment),
        appeal.late(moment), appeal_trail.may_rule(viewer, appeal), appeal_trail.may_escalate(viewer, appeal, moment),
    )  # fmt: skip
