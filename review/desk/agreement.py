"""How far machine and people, and people among themselves, agree, item by item 一致性; and what follows: trust."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from review.desk.entry import Here, demand, desk_of, forms_of, options_of
from review.desk.pages import page
from review.desk.trust import EVERYBODY, Figures, figures
from scoring.trust import FEW, Standing
from store import judged
from store.access import Right

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Row:
    """An item: figures over the calls that the person may see, standing over all calls."""

    item: str
    figures: Figures
    standing: Standing


@router.get("/agreement")
def agreement_page(request: Request, visit: Here, form: str = "") -> Response:
    demand(visit.viewer, Right.AGREEMENT)
    with desk_of(request).reading() as session:
        used = judged.forms_used(session, visit.viewer)
    chosen = form if form in used else max(used, key=lambda digest: used[digest], default="")
    bar, forms = options_of(request).bar, forms_of(request)
    rubric = forms.get(chosen)
    order = {item.id: place for place, (_, item) in enumerate(rubric.items())} if rubric else {}
    overall = figures(request, EVERYBODY, chosen)
    rows = [
        Row(item, found, overall[item].standing(bar) if item in overall else Standing.UNPROVEN)
        for item, found in figures(request, visit.viewer, chosen).items()
    ]
    rows.sort(key=lambda row: (order.get(row.item, len(order)), row.item))
    return page(
        request, "agreement.html.j2", rows=rows, used=used, chosen=chosen, forms=forms, few=FEW, bar=bar,
        items={item.id: item for _, item in rubric.items()} if rubric else {},
    )  # fmt: skip
