"""What a person asks of an evidence pack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """language: of the report, zh or en. whole: with the whole recording. unmasked: personal data as it was said,
    which needs a reason."""

    language: str = "zh"
    whole: bool = False
    unmasked: bool = False
    reason: str = ""

    @property
    def unexplained(self) -> bool:
        """Whether the reason is missing."""
        return self.unmasked and not self.reason.strip()
