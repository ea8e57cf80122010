"""Appeals at the desk 申诉: an agent files one on a call's page, the leader decides there, inspection judges there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from review.desk import stored
from review.desk.blindform import numbered, record_of, version_of
from review.desk.calls import show_call
from review.desk.entry import Here, NotThere, Posted, Refused, call_of, demand, desk_of, forms_of, options_of
from review.desk.panel import Mistyped, machine_of
from review.desk.reviewing import MOST_COMMENT, MOST_REASON
from scoring.evaluation import Status
from scoring.human_score import human_score
from scoring.rubric import Rubric
from store import appeal_trail, appeals, blind, reviews
from store.access import Right
from store.appeal_trail import Appeal, Word
from store.columns import now
from store.desk_tables import QueueRow
from store.reviews import Overtaken
from store.sessions import Visit

router = APIRouter(include_in_schema=False)


@router.post("/calls/{sha256}/appeal")
def file(request: Request, visit: Here, form: Posted, sha256: str) -> Response:
    """File an appeal against some answers, each with a reason."""
    row = call_of(request, visit.viewer, sha256)
    demand(visit.viewer, Right.APPEAL)
    desk, terms = desk_of(request), options_of(request).terms
    machine = machine_of(stored.record_of(desk, row))
    chosen = [item for item in machine if form.get(f"a.{item}")]
    reasons = {item: _text(form, f"r.{item}") for item in machine}
    typed = partial(Mistyped, 0, answers=dict.fromkeys(chosen, "yes"), reasons=reasons)
    if not chosen:
        return show_call(request, visit, row, status=422, appealed=typed(trouble="nothing_appealed"))
    if overlong := _overlong(reasons):
        return show_call(request, visit, row, status=422, appealed=typed(trouble="too_long", about=overlong))
    silent = tuple(item for item in chosen if not reasons[item])
    if silent:
        return show_call(request, visit, row, status=422, appealed=typed(trouble="unexplained_appeal", about=silent))
    try:
        with desk.writing() as session:
            counted = reviews.submitted(session, row.evaluation_key)
            if (counted.version if counted else 0) != version_of(form, "against") or (
                str(form.get("evaluation", "")) != row.evaluation_key
            ):
                raise Overtaken(row.evaluation_key)
            if not set(chosen) <= set(appeals.contestable(session, row, machine, counted, terms)):
                raise Overtaken(row.evaluation_key)
            appeals.file(
                session, visit.viewer, row, appeals.standing(machine, counted), {i: reasons[i] for i in chosen},
                against=counted, terms=terms,
            )  # fmt: skip
    except Overtaken:
        return show_call(request, visit, row, status=409, appealed=typed(trouble="appeal_overtaken"))
    return RedirectResponse(f"/calls/{row.sha256}#rounds", 303)


@router.post("/appeals/{number}")
def act(request: Request, visit: Here, form: Posted, number: str) -> Response:
    """The next step: escalate as the agent, decide as the leader, judge as who leads inspection."""
    with desk_of(request).reading() as session:
        appeal = appeal_trail.one(session, numbered(number))
    if appeal is None:
        raise NotThere
    row = call_of(request, visit.viewer, appeal.row.sha256)
    if str(form.get("action", "")) == "escalate":
        return _escalate(request, visit, form, row, appeal)
    return _rule(request, visit, form, row, appeal)


def _escalate(request: Request, visit: Visit, form: FormData, row: QueueRow, appeal: Appeal) -> Response:
    if not appeal_trail.may_escalate(visit.viewer, appeal, now()):
        raise Refused("appeal_not_yours")
    comment = _text(form, "comment")
    typed = partial(Mistyped, appeal.row.id, comment=comment)
    if not comment:
        return show_call(request, visit, row, status=422, appealed=typed(trouble="unexplained_escalation"))
    if len(comment) > MOST_COMMENT:
        return show_call(request, visit, row, status=422, appealed=typed(trouble="too_long"))
    try:
        with desk_of(request).writing() as session:
            appeals.escalate(session, visit.viewer, appeal, comment, version_of(form), options_of(request).terms)
    except Overtaken:
        return show_call(request, visit, row, status=409, appealed=typed(trouble="appeal_overtaken"))
    return RedirectResponse(f"/calls/{row.sha256}#rounds", 303)


def _rule(request: Request, visit: Visit, form: FormData, row: QueueRow, appeal: Appeal) -> Response:
    desk = desk_of(request)
    with desk.reading() as session:
        hidden = blind.hidden(session, visit.viewer, appeal.row.evaluation_key)
    if hidden or not appeal_trail.may_rule(visit.viewer, appeal):
        raise Refused("blind_now" if hidden else "appeal_not_yours")
    record = record_of(request, appeal.row.evaluation_key)
    machine = machine_of(record)
    answers = {item: str(form.get(f"d.{item}", "")) for item in appeal.items}
    reasons = {item: _text(form, f"r.{item}") for item in appeal.items}
    comment = _text(form, "comment")
    typed = partial(Mistyped, appeal.row.id, answers=answers, reasons=reasons, comment=comment)
    open_items = tuple(item for item, answer in answers.items() if answer not in set(Status))
    if open_items:
        return show_call(request, visit, row, status=422, appealed=typed(trouble="undecided_appeal", about=open_items))
    overlong = _overlong(reasons)
    if overlong or len(comment) > MOST_COMMENT:
        return show_call(request, visit, row, status=422, appealed=typed(trouble="too_long", about=overlong))
    silent = tuple(item for item in appeal.items if not reasons[item])
    if silent:
        return show_call(request, visit, row, status=422, appealed=typed(trouble="unexplained_ruling", about=silent))
    rubric = forms_of(request).get(record["rubric"]["hash"])
    try:
        with desk.writing() as session:
            appeals.rule(
                session, visit.viewer, appeal,
                [Word(item, Status(answer), reasons[item]) for item, answer in answers.items()], machine,
                comment=comment, version=version_of(form), based_on=version_of(form, "based_on"),
                terms=options_of(request).terms, score=partial(_score, rubric),
            )  # fmt: skip
    except Overtaken:
        return show_call(request, visit, row, status=409, appealed=typed(trouble="appeal_overtaken"))
    return RedirectResponse(f"/calls/{row.sha256}#rounds", 303)


def _score(rubric: Rubric | None, answers: Mapping[str, Status]) -> float | None:
    return human_score(rubric, answers) if rubric else None


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, "")).replace("\r\n", "\n").strip()


def _overlong(reasons: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(item for item, reason in reasons.items() if len(reason) > MOST_REASON)
