"""The queue's page: calls in their order, filtered, searched, a page at a time."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from review.desk.entry import Here, desk_of, forms_of
from review.desk.pages import page
from scoring.call import Scenario
from store import queue
from store.desk_tables import QueueRow
from store.queue import Filters, Place

router = APIRouter(include_in_schema=False)
NAMES = ("words", "since", "until", "team", "agent", "scenario", "least", "most", "missed", "flag", "review")


@router.get("/")
def door(visit: Here) -> Response:
    return RedirectResponse("/calls", 303)


@router.get("/health")
def health(request: Request) -> Response:
    """For whoever watches the server: it answers, and so does the ledger."""
    with desk_of(request).reading() as session:
        queue.pending(session)
    return PlainTextResponse("ok")


@router.get("/calls")
def queue_page(request: Request, visit: Here) -> Response:
    asked = request.query_params
    filters, viewer = filters_of(asked), visit.viewer
    with desk_of(request).reading() as session:
        found = queue.page(session, viewer, filters, place_of(asked.get("after", "")))
        waiting = queue.pending(session)
        teams = queue.known(session, viewer, QueueRow.team)
        agents = queue.known(session, viewer, QueueRow.agent)
    kept, forms = address(asked), forms_of(request)
    return page(
        request, "queue.html.j2", found=found, asked=asked, filtered=bool(kept), waiting=waiting, kept=kept,
        teams=teams, agents=agents, scenarios=[s.value for s in Scenario], most=queue.MOST_COUNTED,
        forms=forms,
        items={item.id: item for form in forms.values() for _, item in form.items()},
        after=place_text(queue.place(found.rows[-1])) if found.more else "", beyond_first=bool(asked.get("after")),
    )  # fmt: skip


def filters_of(asked: QueryParams) -> Filters:
    """What the address asks for; what makes no sense is not asked."""

    def text(name: str) -> str | None:
        return asked.get(name, "").strip()[:200] or None

    return Filters(
        since=day_of(asked.get("since")), until=day_of(asked.get("until")),
        team=text("team"), agent=text("agent"), scenario=text("scenario"),
        least=_number(asked.get("least")), most=_number(asked.get("most")),
        missed=text("missed"), flag=text("flag"), review=text("review"), words=text("words") or "",
    )  # fmt: skip


def address(asked: QueryParams) -> str:
    """The filters as a query string, without the page."""
    return urlencode([(name, asked[name].strip()) for name in NAMES if asked.get(name, "").strip()])


def place_of(text: str) -> Place | None:
    """A place in the queue from an address, or None."""
    parts = text.split("_", 2)
    number = _number(parts[1]) if len(parts) == 3 else None
    if number is None or not parts[0].isascii() or not parts[0].isdecimal() or len(parts[0]) > 3:
        return None
    if not parts[2].isalnum() or not parts[2].isascii():
        return None
    return int(parts[0]), number, parts[2][:64]


def place_text(place: Place) -> str:
    """The reverse of `place_of`."""
    return "{}_{!r}_{}".format(*place)


def day_of(text: str | None) -> date | None:
    """A day that calls may be of, or None."""
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and date(1970, 1, 1) <= found < date(9999, 1, 1) else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < 1e6 else None
