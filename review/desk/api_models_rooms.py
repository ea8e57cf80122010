"""The shapes of the API's rooms: compliance cases, appeals, the case library, coaching plans."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from review.desk.api_models import After, Limit, Name
from scoring.before_after import Reached, Verdict
from scoring.evaluation import Status
from store import case_list, casebook, coaching

State = Literal["unfinished", "overdue", "today", "open", "in_hand", "done"]
Gravity = Literal["fatal", "high", "medium", "low"]
Handled = Literal["open", "in_hand", "done"]
Disposition = Literal["confirmed", "not_confirmed", "coaching", "remedied", "referred"]
AppealState = Literal["filed", "decided", "escalated", "closed"]
PlanState = Literal["open", "closed"]
Worth = Literal["good", "bad"]
Level = Literal["new", "skilled", "senior"]
Older = Annotated[int, Field(ge=1, le=2**53, description="`next` of the page before.")]


class CasesAsked(BaseModel):
    """Which cases: the filters of the page /compliance, of which all must hold."""

    model_config = ConfigDict(extra="forbid")
    state: State = Field("unfinished", description="`today`: due by the end of today and not overdue.")
    kind: Gravity | None = Field(None, description="The gravest thing the call was flagged for.")
    item: Name | None = Field(None, description="An item or a flag's rule.")
    owner: Name | None = Field(None, description="`me`, `-` for nobody, or a login.")
    team: Name | None = None
    order: Literal["earliest", "latest"] = Field("earliest", description="Which deadline comes first.")
    after: After = ""
    limit: Limit = case_list.PAGE


class CaseLine(BaseModel):
    """A compliance case. late: overdue; soon: less than a sixth of its time is left; call: the recording's sha256."""

    number: int
    version: int
    kind: Gravity
    flags: list[list[str]] = Field(description="Item and severity.")
    status: Handled
    disposition: Disposition | None
    owner: str | None
    owner_name: str | None
    opened_at: str
    due_at: str
    done_at: str | None
    late: bool
    soon: bool
    call: str
    call_id: str
    agent: str | None
    team: str | None


class CasesRead(BaseModel):
    """A page of cases. total: counted up to 1001."""

    cases: list[CaseLine]
    next: str | None
    total: int


class CaseStep(BaseModel):
    """What a case was from then on, who made it so and why. by: `callqa` where the queue did it; reason: masked."""

    version: int
    at: str
    by: str
    action: Literal["opened", "rejudged", "changed"]
    kind: Gravity
    status: Handled
    owner: str | None
    owner_name: str | None
    disposition: Disposition | None
    reason: str
    due_at: str


class CaseRead(BaseModel):
    """A case with its trail, oldest step first."""

    case: CaseLine
    trail: list[CaseStep]


class AppealsAsked(BaseModel):
    """Which appeals."""

    model_config = ConfigDict(extra="forbid")
    state: AppealState | None = None
    after: Older | None = None
    limit: Limit = case_list.PAGE


class AppealLine(BaseModel):
    """An appeal. due_at: when the state's next step must be taken by; late: it was not; final: nothing can follow."""

    number: int
    state: AppealState
    due_at: str
    late: bool
    final: bool
    call: str
    call_id: str
    agent: str
    team: str | None


class Windows(BaseModel):
    """How many hours each side has: to appeal, to decide, to escalate, to judge."""

    appeal: float
    decide: float
    escalate: float
    judge: float


class AppealsRead(BaseModel):
    """A page of appeals, newest first."""

    appeals: list[AppealLine]
    next: int | None
    windows: Windows


class AppealWord(BaseModel):
    """What a step says of an item. answer: of a ruling; reason: masked."""

    item: str
    answer: Status | None
    reason: str


class AppealStep(BaseModel):
    """A step. review: the version of the review that it made, if any; comment: masked."""

    kind: Literal["filed", "decided", "escalated", "judged"]
    by: str
    at: str
    comment: str
    review: int | None
    words: list[AppealWord]


class AppealRead(BaseModel):
    """An appeal with its trail. against: the review's version, 0 for the machine's; items: the answers contested."""

    appeal: AppealLine
    evaluation: str
    against: int
    items: dict[str, Status]
    trail: list[AppealStep]


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
