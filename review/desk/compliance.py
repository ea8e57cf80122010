"""The compliance officer's first page 合规: figures, and cases by deadline; and the page of the limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request
from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from review.desk.entry import Here, Posted, demand, desk_of, forms_of
from review.desk.pages import language_of, page
from review.desk.texts import say
from scoring.errors import UsageError
from scoring.rubric import Rubric
from scoring.strict import Text
from store import case_limits, case_list, cases, queue
from store.access import Right, Viewer
from store.case_list import Figures, Filters, Place
from store.columns import now
from store.compliance_tables import KINDS, CaseRow
from store.desk_tables import QueueRow

router = APIRouter(include_in_schema=False)
NAMES = ("state", "kind", "item", "owner", "team", "order")
MOST_KEPT = 100  # sets of figures


@dataclass(frozen=True, slots=True)
class Clock:
    """How a case stands with its deadline, as a page says it. late: overdue; soon: less than a sixth of its time."""

    text: str
    late: bool
    soon: bool


@router.get("/compliance")
def compliance_page(request: Request, visit: Here) -> Response:
    demand(visit.viewer, Right.CASES)
    asked, at = request.query_params, now().astimezone()
    filters, forms = filters_of(asked, visit.viewer.login), forms_of(request)
    with desk_of(request).reading() as session:
        found = case_list.page(session, visit.viewer, filters, at, place_of(asked.get("after", "")))
        figures, flagged, teams = _counted(request.app, session, visit.viewer, at)
        limits, owners = case_limits.limits(session), cases.owners(session)
    kept, language = address(asked), language_of(request)
    return page(
        request, "compliance.html.j2", found=found, figures=figures, total=sum(figures.values(), Figures()),
        flagged=flagged, asked=asked, filters=filters, filtered=bool(kept), kept=kept, limits=limits, owners=owners,
        teams=teams, kinds=KINDS, states=case_list.STATES, nobody=case_list.NOBODY, most=case_list.MOST_COUNTED,
        names=flag_names(forms), clock_of=lambda case: clock_of(case, language),
        after=place_text(found.rows[-1][0]) if found.more else "", beyond_first=bool(asked.get("after")),
        may_limit=visit.viewer.may(Right.HANDLE),
    )  # fmt: skip


@router.get("/compliance/limits")
def limits_page(request: Request, visit: Here) -> Response:
    demand(visit.viewer, Right.HANDLE)
    with desk_of(request).reading() as session:
        limits = case_limits.limits(session)
    return page(request, "compliance_limits.html.j2", limits=limits, most=case_limits.MOST_HOURS, trouble="")


@router.post("/compliance/limits")
def change_limits(request: Request, visit: Here, form: Posted) -> Response:
    demand(visit.viewer, Right.HANDLE)
    desk = desk_of(request)
    try:
        with desk.writing() as session:
            for kind in KINDS:
                hours = str(form.get(f"hours.{kind}", ""))
                given = int(hours) if hours.isascii() and hours.isdecimal() and len(hours) < 6 else 0
                case_limits.change(session, visit.viewer, kind, given, str(form.get(f"clause.{kind}", "")))
    except UsageError:
        with desk.reading() as session:
            limits = case_limits.limits(session)
        return page(
            request, "compliance_limits.html.j2", status=422, limits=limits, most=case_limits.MOST_HOURS,
            trouble="limits_wrong",
        )  # fmt: skip
    return RedirectResponse("/compliance/limits", 303)


Counted = tuple[dict[str, Figures], list[tuple[str, int]], list[str]]


def _counted(app: FastAPI, session: Session, viewer: Viewer, at: datetime) -> Counted:
    """Figures, flags and teams for all who see the same calls: counted once a minute, and when a case has changed."""
    kept: dict[object, Counted] = app.state.case_figures
    key = (viewer.role, viewer.teams, case_list.newest_step(session), at.replace(second=0, microsecond=0))
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = (
            case_list.figures(session, viewer, at), case_list.by_item(session, viewer),
            queue.known(session, viewer, QueueRow.team),
        )  # fmt: skip
    return kept[key]


def filters_of(asked: QueryParams, login: str) -> Filters:
    """What the address asks for; what makes no sense is not asked."""

    def text(name: str) -> str:
        return asked.get(name, "").strip()[:200]

    state, kind, owner = text("state"), text("kind"), text("owner")
    return Filters(
        state if state in case_list.STATES else "unfinished", kind if kind in KINDS else "", text("item"),
        login if owner == "me" else owner, text("team"), text("order") == "latest",
    )  # fmt: skip


def address(asked: QueryParams) -> str:
    """The filters as a query string, without the page."""
    return urlencode([(name, asked[name].strip()) for name in NAMES if asked.get(name, "").strip()])


def place_of(text: str) -> Place | None:
    """A place in the list from an address, or None."""
    micros, _, number = text.partition("_")
    if not all(part.isascii() and part.isdecimal() and len(part) < 17 for part in (micros, number)):
        return None
    return _EPOCH + timedelta(microseconds=int(micros)), int(number)


def place_text(case: CaseRow) -> str:
    """The reverse of `place_of`."""
    return f"{(case.due_at - _EPOCH) // timedelta(microseconds=1)}_{case.number}"


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def clock_of(case: CaseRow, language: str, at: datetime | None = None) -> Clock | None:
    """Time left or overdue; None of a case that is done."""
    if case.done:
        return None
    left = case.due_at - (at or now())
    minutes = int(abs(left).total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    if days:
        time = say("case_days_hours", language, days=days, hours=hours % 24)
    else:
        time = say("case_hours_minutes", language, hours=hours, minutes=minutes % 60)
    late = left < timedelta(0)
    soon = not late and left < (case.due_at - case.opened_at) / 6
    return Clock(say("case_late" if late else "case_left", language, time=time), late, soon)


def flag_names(forms: dict[str, Rubric]) -> dict[str, Text]:
    """Names of items and of rules that raise flags, by id."""
    names = {item.id: item.name for form in forms.values() for _, item in form.items()}
    return names | {rule.id: rule.name for form in forms.values() for rule in form.flags}
