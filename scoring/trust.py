"""How far the machine's answer to an item can be trusted 可信度, by what people found when they looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scoring.agreement import Agreement

FEW = 20  # answers below which nothing is concluded


class Standing(StrEnum):
    """What follows for an item: nothing yet, an answer to rely on, or one for information only 仅供参考."""

    UNPROVEN = "unproven"
    TRUSTED = "trusted"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Bar:
    """What an item must reach. share: by the cautious end of the interval of agreement, so that many answers are worth
    more than few (20 of 20 give 0.84, 19 of 20 only 0.76). kappa: where an item is nearly always met, agreement is
    high even if the machine never finds the exceptions; 0.41 is where Landis and Koch (Biometrics 33, 1977) begin
    "moderate".
    """

    share: float = 0.80
    kappa: float = 0.41

    def standing(self, agreed: Agreement) -> Standing:
        """Of the machine with people."""
        if agreed.n < FEW or agreed.low is None:
            return Standing.UNPROVEN
        if agreed.low < self.share or (agreed.kappa is not None and agreed.kappa < self.kappa):
            return Standing.ADVISORY
        return Standing.TRUSTED
