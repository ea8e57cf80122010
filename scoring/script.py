"""The script 话术: ordered steps of a scenario, each with sample wordings, slots, conditions and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator, model_validator

from scoring.call import Call, Scenario
from scoring.labels import known_labels
from scoring.likeness import Ask
from scoring.slots import SlotKind
from scoring.strict import Strict, Text

if TYPE_CHECKING:
    from scoring.detectors import Condition


class Slot(Strict):
    """Something a step must name."""

    kind: SlotKind = Field(description="time_limit, agent_number, name, company, amount or words")
    any: tuple[str, ...] = Field((), max_length=50, description="the wordings or names of which one must be heard")

    @model_validator(mode="after")
    def _named(self) -> Slot:
        if self.kind is SlotKind.WORDS and not self.any:
            raise ValueError("a slot of kind words needs `any:` with the wordings that count")
        return self


class Step(Strict):
    """One step. It is required unless `optional`, or unless `if` does not hold."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="stable identifier")
    name: Text
    source: str = Field(min_length=1, description="clause of the standards it comes from")
    says: tuple[str, ...] = Field(min_length=1, max_length=50, description="sample wordings; other words may be used")
    labels: tuple[str, ...] = Field((), description="labels that do what this step does (models/corpus/GUIDE.md)")
    within: tuple[str, ...] = Field((), description="labels broader than the step; its wordings tell it from the rest")
    slots: tuple[Slot, ...] = Field((), description="what the step must name")
    optional: bool = Field(False, description="may be left out; its order and limits still count")
    if_: Condition | None = Field(None, alias="if", description="required only when this holds")
    anywhere: bool = Field(False, description="may be said at any point of the script")
    machine: bool = Field(False, description="an announcement by the system counts as well")
    first_seconds: float | None = Field(None, gt=0, description="must begin within these seconds of the call")
    last_seconds: float | None = Field(None, gt=0, description="must end within these last seconds of the call")
    before: tuple[str, ...] = Field((), description="ids of later steps before whose first words it must be said")
    at: float = Field(0.5, gt=0, le=1, description="probability that counts as said")
    unsure: float = Field(0.35, gt=0, le=1, description="probability from which it may have been said")

    @field_validator("says")
    @classmethod
    def _spoken(cls, says: tuple[str, ...]) -> tuple[str, ...]:
        for wording in says:
            if not 2 <= len(wording) <= 200:
                raise ValueError(f"a sample wording has 2 to 200 characters, not {len(wording)}")
        return says

    @field_validator("labels", "within")
    @classmethod
    def _known(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        return known_labels(labels)

    @model_validator(mode="after")
    def _ordered(self) -> Step:
        if self.unsure > self.at:
            raise ValueError(f"unsure ({self.unsure}) must not exceed at ({self.at})")
        if self.labels and self.within:
            raise ValueError("a step has `labels` or `within`, not both; keep the one that fits")
        return self


class Script(Strict):
    """The steps of one language and, if named, of certain scenarios."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: str = Field(min_length=1, max_length=32)
    name: Text
    language: Literal["zh", "en"]
    scenarios: tuple[Scenario, ...] = Field((), description="only calls of these; absent: of any")
    steps: tuple[Step, ...] = Field(min_length=1, max_length=60)

    @model_validator(mode="after")
    def _consistent(self) -> Script:
        ids = [s.id for s in self.steps]
        twice = sorted({x for x in ids if ids.count(x) > 1})
        if twice:
            raise ValueError(f"step ids must be unique: {', '.join(twice)}")
        for at, step in enumerate(self.steps):
            for other in step.before:
                if other not in ids[at + 1 :]:
                    later = ", ".join(ids[at + 1 :]) or "none"
                    raise ValueError(f"step {step.id}: before names {other!r}, no later step; later steps: {later}")
        if all(s.optional for s in self.steps):
            raise ValueError("at least one step must be required; leave `optional` out")
        return self

    def fits(self, call: Call) -> bool | None:
        """Whether the script is for this call; None where the scenario is not known."""
        if call.language != self.language:
            return False
        if not self.scenarios:
            return True
        return None if call.metadata.scenario is None else call.metadata.scenario in self.scenarios

    def asks(self, call: Call) -> Ask:
        """What its conditions want to have compared, and its wordings."""
        wordings = Ask(wordings=frozenset(w for s in self.steps for w in s.says))
        return Ask.all((wordings, *(s.if_.asks(call) for s in self.steps if s.if_ is not None)))
