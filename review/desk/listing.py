"""The queue's page: calls in their order, filtered, searched, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from review.desk.entry import Here, desk_of, forms_of
from review.desk.handed import at_work
from review.desk.pages import page
from review.desk.said import first_hits
from scoring.call import Scenario
from store import blind, queue, standing
from store.access import Role
from store.desk_tables import QueueRow
from store.queue import Filters, Place
from store.sampling_tables import MODES
from store.sessions import Visit

router = APIRouter(include_in_schema=False)
NAMES = (
    "words", "since", "until", "team", "agent", "scenario", "least", "most", "missed", "flag", "review", "drawn",
    "draw", "holder", "unjudged", "order",
)  # fmt: skip


@router.get("/")
def door(visit: Here) -> Response:
    return RedirectResponse("/compliance" if visit.viewer.role is Role.COMPLIANCE else "/calls", 303)


@router.get("/health")
def health(request: Request) -> Response:
    """For whoever watches the server: it answers, and so does the ledger."""
    with desk_of(request).reading() as session:
        queue.pending(session)
    return PlainTextResponse("ok")


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A view that was not kept. trouble: key of the text that says why; name: as it was typed."""

    trouble: str
    name: str


@router.get("/calls")
def queue_page(request: Request, visit: Here) -> Response:
    return show_queue(request, visit)


def show_queue(request: Request, visit: Visit, *, status: int = 200, unnamed: Unnamed | None = None) -> Response:
    """The page of the queue that the address asks for. unnamed: a view that could not be saved."""
    asked = request.query_params
    filters, viewer = filters_of(asked), visit.viewer
    with desk_of(request).reading() as session:
        found = queue.page(session, viewer, filters, place_of(asked.get("after", "")))
        waiting = queue.pending(session)
        teams = queue.known(session, viewer, QueueRow.team)
        agents = queue.known(session, viewer, QueueRow.agent)
        held = blind.held(session, viewer)
        people = standing.standing(session, viewer, found.rows)
        work = at_work(session, viewer, found.rows, asked)
    kept, forms = address(asked), forms_of(request)
    return page(
        request, "queue.html.j2", status=status, unnamed=unnamed, found=found,
        asked=asked, filtered=bool(kept), waiting=waiting, kept=kept,
        teams=teams, agents=agents, scenarios=[s.value for s in Scenario], most=queue.MOST_COUNTED,
        forms=forms,
        items={item.id: item for form in forms.values() for _, item in form.items()},
        after=place_text(queue.place(found.rows[-1], filters.order)) if found.more else "",
        beyond_first=bool(asked.get("after")), orders=queue.ORDERS, work=work, held=len(held),
        people=people, hits=first_hits(desk_of(request), found.rows, filters.words), unread=unread(asked),
    )  # fmt: skip


def filters_of(asked: Mapping[str, str]) -> Filters:
    """What the address asks for; what makes no sense is not asked."""

    def text(name: str) -> str | None:
        return asked.get(name, "").strip()[:200] or None

    percent, order = number(asked.get("unjudged")), asked.get("order", "")
    return Filters(
        since=day_of(asked.get("since")), until=day_of(asked.get("until")),
        team=text("team"), agent=text("agent"), scenario=text("scenario"),
        least=number(asked.get("least")), most=number(asked.get("most")),
        missed=text("missed"), flag=text("flag"), review=text("review"), words=text("words") or "",
        drawn=text("drawn"), draw=whole(asked.get("draw")), holder=text("holder"),
        unjudged=None if percent is None else percent / 100, order=order if order in queue.ORDERS else "urgency",
    )  # fmt: skip


def unread(asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """Filters of the address that make no sense, or are none of those there are: key of the text that names one, and
    what was given."""
    wrong = []
    for name, (label, understood) in _UNDERSTOOD.items():
        given = asked.get(name, "").strip()
        if given and not understood(given):
            wrong.append((label, given[:40]))
    return wrong


def address(asked: Mapping[str, str]) -> str:
    """The filters as a query string, without the page."""
    return urlencode([(name, asked[name].strip()) for name in NAMES if asked.get(name, "").strip()])


def place_of(text: str) -> Place | None:
    """A place in the queue from an address, or None."""
    parts = text.split("_", 2)
    at = number(parts[1]) if len(parts) == 3 else None
    if at is None or not parts[0].isascii() or not parts[0].isdecimal() or len(parts[0]) > 3:
        return None
    if not parts[2].isalnum() or not parts[2].isascii():
        return None
    return int(parts[0]), at, parts[2][:64]


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


def whole(text: str | None, most: int = 10**9) -> int | None:
    """A number of an address or a form, from 0 to most, or None."""
    found = number(text)
    return int(found) if found is not None and 0 <= found <= most and found == int(found) else None


def number(text: str | None) -> float | None:
    """A number of an address or a form, or None."""
    try:
        found = float(text) if text else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < 1e10 else None


_UNDERSTOOD: dict[str, tuple[str, Callable[[str], object]]] = {
    "since": ("since", day_of),
    "until": ("until", day_of),
    "scenario": ("scenario", {scenario.value for scenario in Scenario}.__contains__),
    "least": ("score_from", lambda text: number(text) is not None),
    "most": ("score_to", lambda text: number(text) is not None),
    "unjudged": ("unjudged_from", lambda text: number(text) is not None),
    "review": ("review_state", queue.REVIEWS.__contains__),
    "drawn": ("drawn", (*MODES, "any", "none").__contains__),
    "draw": ("filter_draw", lambda text: whole(text) is not None),
    "order": ("order", queue.ORDERS.__contains__),
    "after": ("next_page", place_of),
}
