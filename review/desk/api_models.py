"""The shapes of the API, for its description and for what is sent to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from review.desk.listing import day_of
from review.desk.reviewing import MOST_COMMENT, MOST_REASON
from scoring.call import Role as Speaker
from scoring.call import Scenario
from scoring.evaluation import Status
from store import queue
from store.access import Role
from store.tokens import Scope


def _is_day(text: str) -> str:
    if day_of(text) is None:
        raise ValueError("is no day from 1970 on, as 2026-03-02")
    return text


Day = Annotated[str, Field(json_schema_extra={"format": "date"}, max_length=10), AfterValidator(_is_day)]
Number = Annotated[float, Field(gt=-1e6, lt=1e6, allow_inf_nan=False)]
Name = Annotated[str, Field(max_length=200)]
After = Annotated[str, Field(max_length=120, description="`next` of the page before.")]
Older = Annotated[int, Field(ge=1, le=2**53, description="`next` of the page before.")]
Limit = Annotated[int, Field(ge=1, le=200, description="Rows of a page.")]


class Asked(BaseModel):
    """Which calls: the filters of the page /calls, of which all must hold."""

    model_config = ConfigDict(extra="forbid")
    words: Name = Field("", description="Words that were all said; pairs of Chinese characters in a row.")
    since: Day | None = Field(None, description="First day.")
    until: Day | None = Field(None, description="Last day.")
    team: Name | None = None
    agent: Name | None = None
    scenario: Scenario | None = None
    least: Number | None = Field(None, description="Least score.")
    most: Number | None = Field(None, description="Highest score.")
    missed: Name | None = Field(None, description="An item that was missed.")
    flag: Name | None = Field(None, description="`any`, `fatal`, a severity, or an item.")
    review: Literal["open", "draft", "submitted"] | None = None
    drawn: Literal["any", "none", "random", "targeted"] | None = Field(None, description="Whether, how it was sampled.")
    draw: Annotated[int, Field(ge=1, le=2**53)] | None = Field(None, description="Number of a draw.")
    holder: Name | None = Field(None, description="`me`, `nobody`, `somebody`, or a login.")
    unjudged: Annotated[float, Field(ge=0, le=100)] | None = Field(None, description="Least share left to people, %.")
    order: Literal["urgency", "newest", "oldest", "lowest"] = "urgency"
    after: After = ""
    limit: Limit = queue.PAGE


class SearchAsked(Asked):
    """Which calls, and what was said in them."""

    words: str = Field(min_length=1, max_length=200, description="Words that were all said.")
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class AuditAsked(BaseModel):
    """Which lines of the audit log."""

    model_config = ConfigDict(extra="forbid")
    actor: Name | None = Field(None, description="A login.")
    action: Name | None = Field(None, description="As `call.view`; with a dot at its end, all that begin so.")
    subject: Name | None = Field(None, description="A recording's sha256, a login, an address.")
    since: Day | None = None
    until: Day | None = None
    before: Annotated[int, Field(ge=1, le=2**53)] | None = Field(None, description="`next` of the page before.")
    limit: Limit = queue.PAGE


class Line(BaseModel):
    """A call of the queue. audio, record: where they are."""

    sha256: str
    call_id: str
    score: float | None
    grade: str | None
    fatal: bool
    severity: str | None
    flags: list[list[str]] = Field(description="Item and severity.")
    missed: int
    agent: str | None
    agent_name: str | None
    team: str | None
    scenario: str | None
    language: str
    started_at: str | None
    duration: float
    review: Literal["open", "draft", "submitted"]
    rubric: str = Field(description="Hash of the form.")


class Calls(BaseModel):
    """A page of the queue. total: counted up to 1001."""

    calls: list[Line]
    next: str | None
    total: int


class Decided(BaseModel):
    """What a person answered beside what the machine had said. looked: decided on by itself."""

    item: str
    machine: Status
    human: Status | None
    looked: bool
    reason: str


class Reviewed(BaseModel):
    """A version of a review."""

    version: int
    state: Literal["draft", "submitted"]
    reviewer: str
    comment: str
    score: float | None
    at: datetime
    decisions: list[Decided]


class ReviewRead(BaseModel):
    """A review, if there is one, and the evaluation that it is of. Its ETag is what If-Match must name."""

    evaluation: str
    review: Reviewed | None


class One(BaseModel):
    """A call. record: as scoring/record.schema.json has it, personal data masked."""

    evaluation: str
    record: dict[str, Any]
    review: Reviewed | None


class SaidWord(BaseModel):
    """A word, or a stretch without words of its own. unsure: hard to hear."""

    start: float
    text: str
    unsure: bool


class SaidTurn(BaseModel):
    """A turn. start, end: s."""

    number: int
    role: Speaker
    start: float
    end: float
    text: str
    confidence: float
    words: list[SaidWord]


class TranscriptRead(BaseModel):
    """What was said, masked."""

    language: str
    duration: float
    turns: list[SaidTurn]


class AnswersRead(BaseModel):
    """What the machine answered, item by item, and how the score came about."""

    evaluation: str
    rubric: dict[str, Any]
    score: float | None
    grade: str | None
    fatal: bool
    critical_missed: list[Any]
    flags: list[dict[str, Any]]
    sections: list[dict[str, Any]]
    answers: list[dict[str, Any]]


class Hit(BaseModel):
    """A place where it was said."""

    turn: int
    role: Speaker
    start: float
    end: float
    text: str


class Found(BaseModel):
    """A call with the places."""

    call: Line
    hits: list[Hit]


class Search(BaseModel):
    """A page of what was found."""

    found: list[Found]
    next: str | None
    total: int


class Trust(BaseModel):
    """Agreement of machine and people on an item. low, high: 95 % interval; kappa: Cohen's."""

    item: str
    n: int
    agree: float | None
    low: float | None
    high: float | None
    kappa: float | None
    left: int = Field(description="Answers that the machine left to people.")


class AgreementRead(BaseModel):
    """Agreement under a form, over the calls that the caller may see."""

    rubric: str | None
    items: list[Trust]


class Form(BaseModel):
    """A form that is known here."""

    hash: str
    id: str
    version: str
    status: str
    name: dict[str, str]


class Forms(BaseModel):
    """The forms that are known here."""

    rubrics: list[Form]


class FormRead(BaseModel):
    """A form with its items. rubric: as a rubric file has it."""

    hash: str
    rubric: dict[str, Any]


class AuditLine(BaseModel):
    """A line of the audit log, as it is chained."""

    number: int
    at: str
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    previous: str
    hash: str


class AuditRead(BaseModel):
    """A page of the audit log, newest first."""

    lines: list[AuditLine]
    next: int | None


class TokenRead(BaseModel):
    """The token that was shown."""

    name: str
    scope: Scope
    expires_at: datetime


class Me(BaseModel):
    """Who calls, and what they may do. csrf: what a browser's changes need as X-CSRF-Token; empty for tokens."""

    login: str
    name: str
    role: Role
    rights: list[str]
    csrf: str
    token: TokenRead | None


class Problem(BaseModel):
    """Why something was not done (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str


class Given(BaseModel):
    """An answer to one item. human: absent where nothing is decided. reason: one that is sent back as it was read,
    masked, leaves the text that was written.
    """

    model_config = ConfigDict(extra="forbid")
    item: str = Field(max_length=200)
    human: Status | None = None
    looked: bool | None = Field(
        None,
        description="Whether a person decided on this item by itself: only such answers measure the machine. Absent: "
        "an answer that is as it was read keeps its `looked`; one that differs from what was read there, or from the "
        "machine's, counts as decided; the machine's own answer, newly given, does not. An answer unlike the machine's "
        "is decided, whatever is sent.",
    )
    reason: str = Field("", max_length=MOST_REASON)


class Entered(BaseModel):
    """A review. What was read is named by If-Match, or by both of these.

    based_on: the version, 0 for none; evaluation: the key.
    """

    model_config = ConfigDict(extra="forbid")
    evaluation: str | None = Field(None, max_length=200)
    based_on: int | None = Field(None, ge=0, le=10**9)
    state: Literal["draft", "submitted"]
    decisions: list[Given] = Field(max_length=1000)
    comment: str = Field(
        "", max_length=MOST_COMMENT, description="Sent back as it was read, masked, it leaves the text as written."
    )


class Saved(BaseModel):
    """The version that was kept; its ETag comes with it."""

    version: int
    state: Literal["draft", "submitted"]
