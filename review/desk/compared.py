"""What a calibration session found: each person beside the expert, item by item, and the machine beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.agreement import Agreement, Alpha, agreement, alpha
from scoring.evaluation import Status
from store.calibrations import Calibration
from store.reviews import Decision, Review

MACHINE = ""  # its column: nobody's login


@dataclass(frozen=True, slots=True)
class Column:
    """A person, or the machine. overall: with the expert over all items; apart: mean distance of the call's score from
    the expert's, in points, None where there is none to compare."""

    login: str
    name: str
    overall: Agreement
    apart: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """An item. with_expert: by login; people: alpha of all people, the machine left out."""

    item: str
    with_expert: Mapping[str, Agreement]
    people: Alpha


@dataclass(frozen=True, slots=True)
class Sheet:
    """A call: answers by item and login, the machine's among them, items on which somebody differs from the expert."""

    place: int
    sha256: str
    call_id: str
    answers: Mapping[str, Mapping[str, Decision]]
    scores: Mapping[str, float | None]
    apart: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything on the page. people: those who answered, the expert first; columns: the others and the machine."""

    expert: str
    people: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    overall: Alpha
    sheets: tuple[Sheet, ...]


def compared(
    of: Calibration, given: Mapping[tuple[str, str], Review], records: Mapping[str, Mapping[str, Any]]
) -> Compared:
    """given: submitted answers by evaluation and login; records: of the evaluations."""
    expert = of.row.expert
    people = tuple((p.login, p.name) for p in of.people if any(login == p.login for _, login in given))
    items = [answer["item"] for answer in records[of.calls[0].evaluation_key]["answers"]] if of.calls else []
    sheets = tuple(_sheet(call, given, records[call.evaluation_key], people, expert) for call in of.calls)
    others = [*((login, name) for login, name in people if login != expert), (MACHINE, "")]

    def pairs(login: str, item: str) -> list[tuple[Status | None, Status | None]]:
        """Answers of a person (or the machine, where it gave one) and the expert to the same question."""
        both = [(s.answers[item].get(login), s.answers[item].get(expert)) for s in sheets if item in s.answers]
        return [
            (one.human, other.human)
            for one, other in both
            if one and other and not (login == MACHINE and one.human is Status.CANNOT_JUDGE)
        ]

    def units(item: str) -> list[list[Status | None]]:
        """What people answered, call by call."""
        return [
            [s.answers[item][login].human for login, _ in people if login in s.answers[item]]
            for s in sheets
            if item in s.answers
        ]

    lines = tuple(
        Line(item, {login: agreement(pairs(login, item)) for login, _ in others}, alpha(units(item))) for item in items
    )
    columns = tuple(
        Column(
            login, name, agreement(pair for item in items for pair in pairs(login, item)), _apart(sheets, login, expert)
        )
        for login, name in others
    )
    overall = alpha(unit for item in items for unit in units(item))
    return Compared(expert, people, columns, lines, overall, sheets)


def _sheet(
    call: Any,
    given: Mapping[tuple[str, str], Review],
    record: Mapping[str, Any],
    people: tuple[tuple[str, str], ...],
    expert: str,
) -> Sheet:
    answers: dict[str, dict[str, Decision]] = {}
    scores: dict[str, float | None] = {MACHINE: record["score"]}
    for answer in record["answers"]:
        status = Status(answer["status"])
        answers[answer["item"]] = {MACHINE: Decision(answer["item"], status, status, True)}
    for login, _ in people:
        review = given.get((call.evaluation_key, login))
        if review is None:
            continue
        scores[login] = review.score
        for decision in review.decisions:
            if decision.human is not None and decision.item in answers:
                answers[decision.item][login] = decision
    apart = tuple(
        item
        for item, by in answers.items()
        if expert in by and any(by[login].human != by[expert].human for login in by)
    )
    return Sheet(call.place, call.sha256, call.call_id, answers, scores, apart)


def _apart(sheets: tuple[Sheet, ...], login: str, expert: str) -> float | None:
    both = [(s.scores.get(login), s.scores.get(expert)) for s in sheets]
    far = [abs(one - other) for one, other in both if one is not None and other is not None]
    return sum(far) / len(far) if far else None
