"""The shapes of the API's rooms: compliance cases and appeals."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from review.desk.api_models import After, Limit, Name, Older
from scoring.evaluation import Status
from store import case_list

State = Literal["unfinished", "overdue", "today", "open", "in_hand", "done"]
Gravity = Literal["fatal", "high", "medium", "low"]
Handled = Literal["open", "in_hand", "done"]
Disposition = Literal["confirmed", "not_confirmed", "coaching", "remedied", "referred"]
AppealState = Literal["filed", "decided", "escalated", "closed"]


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
