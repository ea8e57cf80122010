"""Small values that judging makes by the hundred for every call."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots, made in half the time: each slot is filled directly, not by its name.

    Fields may have defaults, no default factories, and the class no ancestors with fields.
    """
    made = dataclass(frozen=True, slots=True)(cls)
    own = fields(made)  # type: ignore[arg-type]
    known: dict[str, Any] = {f"set_{f.name}": getattr(made, f.name).__set__ for f in own}
    known |= {f"or_{f.name}": f.default for f in own if f.default is not MISSING}
    taken = ", ".join(f.name if f.default is MISSING else f"{f.name}=or_{f.name}" for f in own)
    filled = "; ".join(f"set_{f.name}(self, {f.name})" for f in own)
    exec(f"def __init__(self, {taken}): {filled}", known)  # noqa: S102 - names of our own, as dataclasses does it
    made.__init__ = known["__init__"]  # type: ignore[misc]
    return made
