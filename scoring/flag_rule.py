"""Rules that raise a flag 预警 over a call: when something is said or heard, or when items were answered so."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from scoring.detectors import Condition
from scoring.item import AskWhen
from scoring.strict import Strict, Text


class FlagRule(Strict):
    """A flag of the form itself; items raise flags of their own by `flag:`.

    `when` and every one of `answers` must hold, surely. Flags with the same key are one flag: `per` says within what.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="stable identifier, no item's")
    name: Text
    severity: Literal["low", "medium", "high"] = Field(description="how soon a person should look")
    when: Condition | None = Field(None, description="raised when this holds")
    answers: tuple[AskWhen, ...] = Field((), max_length=20, description="and when these items were answered so")
    key: str | None = Field(
        None, pattern=r"^[a-z][a-z0-9_]*$", description="rules with one key raise one flag; absent: the rule's id"
    )
    per: Literal["call", "customer", "ticket", "agent", "team"] = Field(
        "call", description="announced once for each: call, customer, ticket, agent or team"
    )

    @model_validator(mode="after")
    def _something(self) -> FlagRule:
        if self.when is None and not self.answers:
            raise ValueError("a flag needs `when:` with a condition or `answers:` with items")
        return self
