"""The shapes of the dashboards in the API: every figure with its n and 95 % interval."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from review.desk.api_models import Day, Name
from scoring.call import Scenario
from store.dashboards import MOST_AGENTS


class FiguresAsked(BaseModel):
    """Which calls the figures are of: as on the pages /dashboards. By default the newest 13 weeks of the form used
    most."""

    model_config = ConfigDict(extra="forbid")
    form: Annotated[str, Field(max_length=64)] | None = Field(None, description="Hash of a form: see /rubrics.")
    since: Day | None = Field(None, description="First day.")
    until: Day | None = Field(None, description="Last day.")
    team: Name | None = None
    agent: Name | None = None
    scenario: Scenario | None = None
    step: Literal["day", "week", "month"] | None = Field(
        None, description="Of the periods; a longer one is taken where there would be more than 120."
    )


class PeopleAsked(FiguresAsked):
    """Which calls, and who comes first."""

    order: Literal["name", "low", "high"] = Field(
        "name",
        description="By name; or by what is sure of them: the most that the score at least is (`low`), the least that "
        "it at most is (`high`). Those with few calls come last, by name.",
    )
    after: Annotated[int, Field(ge=1, le=MOST_AGENTS)] | None = Field(None, description="`next` of the page before.")
    limit: Annotated[int, Field(ge=1, le=200, description="Agents of a page.")] = 100


class Figure(BaseModel):
    """An estimate. value: None without cases; low, high: 95 % interval, None where there are too few cases for one;
    few: it rests on fewer than 20."""

    n: int
    value: float | None
    low: float | None
    high: float | None
    few: bool


class Numbers(BaseModel):
    """Some calls together. score: 0 to 100; passed: share of those that have a score, 0 to 1; seconds: recorded."""

    calls: int
    seconds: float
    score: Figure
    passed: Figure
    fatal: int
    flagged: int


class Whole(BaseModel):
    """What the figures are of. since, until: None where no call has a day; undated: calls without one, which are in no
    span; reviewed: by people."""

    form: str
    since: str | None
    until: str | None
    team: str | None
    agent: str | None
    scenario: str | None
    summary: Numbers | None = Field(description="None where there is no call.")
    undated: int
    reviewed: int


class Period(BaseModel):
    """Figures of a period. begins: its first day."""

    begins: str
    numbers: Numbers


class Warned(BaseModel):
    """An item that a team or agent misses more often in a week than in the twelve before: hits of n missed it. p: by
    chance alone."""

    whose: Literal["team", "agent"]
    who: str
    item: str
    week: str
    hits: int
    n: int
    before_hits: int
    before_n: int
    p: float


class OverviewRead(BaseModel):
    """Score and pass rate over time. left: share of the answers left to people; failed: recordings that could not be
    inspected, for who sees all calls and filters nothing; behind: newer warnings are being counted."""

    about: Whole | None = Field(description="None where there are no figures for this caller.")
    step: str | None
    periods: list[Period]
    left: Figure | None
    failed: int | None
    warnings: list[Warned]
    charts: int = Field(description="How many were looked at for warnings.")
    behind: bool


class ItemPeriod(BaseModel):
    """How often an item was met in a period. begins: its first day."""

    begins: str
    met: Figure


class ItemTeam(BaseModel):
    """How often an item was met by a team; the empty name is of calls without one."""

    team: str
    met: Figure


class ItemNumbers(BaseModel):
    """How an item was answered. met: of the calls in which it was judged; open: left to people; by_team: empty where
    there is one team only."""

    item: str
    met: Figure
    partly: int
    missed: int
    not_applicable: int
    open: int
    periods: list[ItemPeriod]
    by_team: list[ItemTeam]


class ItemsRead(BaseModel):
    """Every item, in the form's order."""

    about: Whole | None
    step: str | None
    items: list[ItemNumbers]


class TeamNumbers(BaseModel):
    """A team; the empty name is of calls without one."""

    team: str
    numbers: Numbers


class AgentNumbers(BaseModel):
    """An agent in a team."""

    agent: str
    agent_name: str | None
    team: str
    numbers: Numbers


class PeopleRead(BaseModel):
    """Teams, and a page of agents, of `total`."""

    about: Whole | None
    teams: list[TeamNumbers]
    agents: list[AgentNumbers]
    next: int | None
    total: int


class ScenarioShare(BaseModel):
    """The share of a scenario in the calls of each period, 0 to 1."""

    scenario: str
    shares: list[float]


class ScenarioNumbers(BaseModel):
    """A scenario. feeling: of the customer, -1 to 1, in each fifth of the call."""

    scenario: str
    numbers: Numbers
    feeling: list[Figure]


class MixRead(BaseModel):
    """Scenarios over time. periods: their first days; calls: in each; feeling: of the customer, by fifths of a call."""

    about: Whole | None
    step: str | None
    periods: list[str]
    calls: list[int]
    shares: list[ScenarioShare]
    scenarios: list[ScenarioNumbers]
    feeling: list[Figure]


class KpiNumbers(BaseModel):
    """A figure of the business over calls that have a score too; duration, hold: s. r: correlation with the score."""

    name: Literal["csat", "duration", "hold", "transferred"]
    value: Figure
    r: Figure


class ScenarioKpis(BaseModel):
    """The same of a scenario."""

    scenario: str
    kpis: list[KpiNumbers]


class KpiRead(BaseModel):
    """Satisfaction, handling time, hold and transfers beside the score."""

    about: Whole | None
    kpis: list[KpiNumbers]
    scenarios: list[ScenarioKpis]
