"""How far machine and people agree, item by item: a first look at trust 一致性."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from starlette.responses import Response

from review.desk.entry import Here, demand, desk_of, forms_of
from review.desk.pages import page
from scoring.agreement import Agreement, agreement
from scoring.evaluation import Status
from store import reviews
from store.access import Right, visible
from store.desk_tables import QueueRow

router = APIRouter(include_in_schema=False)
FEW = 20  # answers below which figures are shown as too few to conclude from


@dataclass(frozen=True, slots=True)
class Row:
    """An item. agreed: over answers that the machine gave; left: those it left to a person."""

    item: str
    agreed: Agreement
    left: int


@router.get("/agreement")
def agreement_page(request: Request, visit: Here, form: str = "") -> Response:
    demand(visit.viewer, Right.AGREEMENT)
    with desk_of(request).reading() as session:
        counted = select(QueueRow.rubric_hash, func.count()).where(visible(visit.viewer)).group_by(QueueRow.rubric_hash)
        used: dict[str, int] = {row[0]: row[1] for row in session.execute(counted)}
        chosen = form if form in used else max(used, key=lambda digest: used[digest], default="")
        rows = by_item(reviews.judged(session, visit.viewer, chosen))
    forms = forms_of(request)
    rubric = forms.get(chosen)
    order = {item.id: place for place, (_, item) in enumerate(rubric.items())} if rubric else {}
    rows.sort(key=lambda row: (order.get(row.item, len(order)), row.item))
    return page(
        request, "agreement.html.j2", rows=rows, used=used, chosen=chosen,
        forms=forms, few=FEW,
        items={item.id: item for _, item in rubric.items()} if rubric else {},
    )  # fmt: skip


def by_item(judged: Iterable[tuple[str, Status, Status]]) -> list[Row]:
    """Agreement of (item, machine, human) answers, item by item."""
    pairs: dict[str, list[tuple[Status, Status]]] = defaultdict(list)
    for item, machine, human in judged:
        pairs[item].append((machine, human))
    found = []
    for item, both in pairs.items():
        given = [(m, h) for m, h in both if m is not Status.CANNOT_JUDGE]
        found.append(Row(item, agreement(given), len(both) - len(given)))
    return found
