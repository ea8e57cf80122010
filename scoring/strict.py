"""The base of everything read from YAML, and texts for people in both languages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Base of everything read from YAML: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """A text for people, in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: str) -> str:
        """The text in `language`, Chinese unless that is English."""
        return self.en if language == "en" else self.zh
