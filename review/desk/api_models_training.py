"""The shapes of the trainers' rooms in the API: the case library and coaching plans."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from review.desk.api_models import Limit, Name, Older
from scoring.before_after import Reached, Verdict
from store import casebook, coaching

PlanState = Literal["open", "closed"]
Worth = Literal["good", "bad"]
Level = Literal["new", "skilled", "senior"]


class LibraryAsked(BaseModel):
    """Which library cases: the filters of the page /library, of which all must hold."""

    model_config = ConfigDict(extra="forbid")
    item: Name | None = None
    tag: Name | None = None
    kind: Worth | None = None
    level: Level | None = Field(None, description="The agent's, when the case was added.")
    language: Literal["zh", "en"] | None = None
    agent: Name | None = None
    after: Older | None = None
    limit: Limit = casebook.PAGE


class Spoken(BaseModel):
    """A turn of a clip. at: s from the clip's beginning; text: masked."""

    role: str
    at: float
    text: str


class Clipping(BaseModel):
    """A stretch of a call worth hearing again. begins, ends: s of the recording; audio: where the clip is."""

    number: int
    kind: Worth
    item: str
    level: str
    tags: list[str]
    comment: str
    begins: float
    ends: float
    said: list[Spoken]
    suggested: bool = Field(description="Whether the machine had offered it.")
    created_at: str
    audio: str
    call: str
    call_id: str
    agent: str | None
    agent_name: str | None
    team: str | None
    scenario: str | None
    language: str


class LibraryRead(BaseModel):
    """A page of the library, newest first."""

    cases: list[Clipping]
    next: int | None
    total: int


class PlansAsked(BaseModel):
    """Which coaching plans."""

    model_config = ConfigDict(extra="forbid")
    state: PlanState | None = None
    after: Older | None = None
    limit: Limit = coaching.PAGE


class Target(BaseModel):
    """What a plan wants of an item. target: share of calls that meet it, 0 to 1; verdict: when the plan was closed."""

    item: str
    target: float
    verdict: Verdict | None


class PlanLine(BaseModel):
    """A coaching plan. coached_on: the day of the talk."""

    number: int
    state: PlanState
    agent: str
    agent_name: str | None
    team: str | None
    author: str
    coached_on: str | None
    due: str
    overdue: bool
    acknowledged_at: str | None
    closed_at: str | None
    targets: list[Target]


class PlansRead(BaseModel):
    """A page of plans, newest first."""

    plans: list[PlanLine]
    next: int | None


class Side(BaseModel):
    """The share of calls that met an item before or after the talk; low, high: 95 % interval (Wilson)."""

    hits: int
    n: int
    share: float | None
    low: float | None
    high: float | None


class Progress(BaseModel):
    """Whether the calls since show it. difference: after - before, with its 95 % interval; missing: calls wanting
    before anything can be concluded; forms_differ: the sides were judged by different forms."""

    item: str
    target: float
    before: Side
    after: Side
    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    reached: Reached
    missing: int
    forms_differ: bool


class Days(BaseModel):
    """From one day to another, both within."""

    since: str
    until: str


class Remark(BaseModel):
    """A note to a plan; text: masked. shared: the agent reads it too."""

    by: str
    at: str
    shared: bool
    text: str


class PlanRead(BaseModel):
    """A plan with its progress. kept: as it was when the plan was closed; hidden: cases that the caller may not see;
    removed: cases taken out of the library since."""

    plan: PlanLine
    before: Days
    after: Days | None
    progress: list[Progress]
    kept: bool
    notes: list[Remark]
    cases: list[Clipping]
    hidden: int
    removed: int
