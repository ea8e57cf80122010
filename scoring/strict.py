"""The base of everything read from YAML, and texts for people in both languages."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Strict(BaseModel):
    """Base of everything read from YAML: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    beside: ClassVar[frozenset[str]] = frozenset()  # keys that do not change what it means

    def meaning(self) -> dict[str, Any]:
        """What it means, as plain JSON values. A key left at its default says nothing, so that a new key of a later
        callqa does not change what older files mean; in turn a default, once released, never changes."""
        said = {}
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if name in self.beside or (name != "detect" and value == field.get_default(call_default_factory=True)):
                continue
            said[field.alias or name] = _plain(value)
        return said


class Text(Strict):
    """A text for people, in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: str) -> str:
        """The text in `language`, Chinese unless that is English."""
        return self.en if language == "en" else self.zh


def _plain(value: Any) -> Any:
    if isinstance(value, Strict):
        return value.meaning()
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def wrong(said: str, *at: str | int) -> PydanticCustomError:
    """An error of a part of what is being read: `at` leads from here to the part, so that its line can be named."""
    return PydanticCustomError("wrong", "{said}", {"said": said, "at": at})
