"""The API's books: who calls, the forms, agreement, the audit log, and the description of it all."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import func, select
from starlette.responses import Response

from review.desk.api_caller import Calling
from review.desk.api_description import described
from review.desk.api_models import AgreementRead, AuditAsked, AuditRead, FormRead, Forms, Me
from review.desk.api_reply import next_page, reply
from review.desk.entry import NotThere, demand, desk_of, forms_of
from review.desk.listing import day_of
from review.desk.trust import figures
from store import audit
from store.access import Right, visible
from store.desk_tables import AuditRow, QueueRow

router = APIRouter()


@router.get("/openapi.json", include_in_schema=False)
def description(request: Request, calling: Calling) -> Response:
    return reply(request, described(request.app))


@router.get("/me", response_model=Me)
def me(request: Request, calling: Calling) -> Response:
    """Who calls, what they may do, and what a browser's changes need (header X-CSRF-Token)."""
    viewer, token = calling.viewer, calling.token
    rights = [right.value for right in Right if viewer.may(right)]
    held = {"name": token.name, "scope": token.scope, "expires_at": token.expires_at} if token else None
    return reply(
        request,
        {"login": viewer.login, "name": viewer.name, "role": viewer.role, "rights": rights, "csrf": calling.visit.csrf,
         "token": held},
    )  # fmt: skip


@router.get("/rubrics", response_model=Forms)
def rubrics(request: Request, calling: Calling) -> Response:
    """The forms that are known here."""
    known = [
        {"hash": digest, "id": form.id, "version": form.version, "status": form.status,
         "name": {"zh": form.name.in_("zh"), "en": form.name.in_("en")}}
        for digest, form in forms_of(request).items()
    ]  # fmt: skip
    return reply(request, {"rubrics": sorted(known, key=lambda form: (form["id"], form["version"], form["hash"]))})


@router.get("/rubrics/{hash}", response_model=FormRead)
def rubric(request: Request, calling: Calling, hash: Annotated[str, Path(max_length=64)]) -> Response:
    """A form with its items, what each is worth, and where each comes from."""
    form = forms_of(request).get(hash)
    if form is None:
        raise NotThere
    return reply(request, {"hash": hash, "rubric": form.model_dump(mode="json", by_alias=True)})


@router.get("/agreement", response_model=AgreementRead)
def agreement(
    request: Request,
    calling: Calling,
    rubric: Annotated[str | None, Query(max_length=64, description="Hash; by default the form used most.")] = None,
) -> Response:
    """How far machine and people agree, item by item, over the calls that the caller may see."""
    demand(calling.viewer, Right.AGREEMENT)
    with desk_of(request).reading() as session:
        if rubric is None:
            most = select(QueueRow.rubric_hash).where(visible(calling.viewer)).group_by(QueueRow.rubric_hash)
            rubric = session.scalar(most.order_by(func.count().desc(), QueueRow.rubric_hash).limit(1))
    found = figures(request, calling.viewer, rubric or "")
    items = [
        {"item": item, "n": seen.seen.n, "agree": seen.seen.share, "low": seen.seen.low, "high": seen.seen.high,
         "kappa": seen.seen.kappa, "left": seen.left}
        for item, seen in sorted(found.items())
    ]  # fmt: skip
    return reply(request, {"rubric": rubric, "items": items})


@router.get("/audit", response_model=AuditRead)
def audit_log(request: Request, calling: Calling, asked: Annotated[AuditAsked, Query()]) -> Response:
    """Who did what, newest first; for administrators. That somebody read it is a line of its own."""
    demand(calling.viewer, Right.AUDIT)
    desk, wanted = desk_of(request), asked.model_dump(exclude={"limit", "before"}, exclude_none=True)
    chosen = select(AuditRow).order_by(AuditRow.number.desc()).limit(asked.limit + 1)
    if asked.before:
        chosen = chosen.where(AuditRow.number < asked.before)
    if asked.actor:
        chosen = chosen.where(AuditRow.actor == asked.actor)
    if asked.subject:
        chosen = chosen.where(AuditRow.subject == asked.subject)
    if asked.action and asked.action.endswith("."):
        chosen = chosen.where(AuditRow.action.startswith(asked.action, autoescape=True))
    elif asked.action:
        chosen = chosen.where(AuditRow.action == asked.action)
    if asked.since:
        chosen = chosen.where(AuditRow.at >= _from(day_of(asked.since)))
    if asked.until:
        chosen = chosen.where(AuditRow.at < _from(day_of(asked.until), 1))
    with desk.reading() as session:
        rows = session.scalars(chosen).all()
    with desk.writing() as session:
        audit.note(session, calling.viewer.login, "audit.read", asked=wanted, **calling.by)
    shown, behind = rows[: asked.limit], rows[asked.limit - 1].number if len(rows) > asked.limit else None
    return reply(
        request, {"lines": [_line(row) for row in shown], "next": behind},
        links={"next": next_page(request, before=behind)} if behind else None,
    )  # fmt: skip


def _line(row: AuditRow) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in ("number", "at", "actor", "action", "subject", "previous", "hash")}
    return fields | {"details": json.loads(row.details)}


def _from(day: date | None, later: int = 0) -> str:
    """Where a day of this machine's clock begins, as the log writes it: UTC."""
    begin = datetime.combine((day or date.min) + timedelta(days=later), time.min).astimezone(UTC)
    return begin.isoformat(timespec="microseconds")
