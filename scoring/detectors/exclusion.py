"""What does not count 排除: expressions that leave a sentence out, with a time limit so that none can stall a run."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Annotated, Any

import regex
from pydantic import AfterValidator, Field

from scoring.call import Call
from scoring.detectors.expression import Expression
from scoring.detectors.hearing import hearing

CALL_LIMIT = 0.5  # s a call, over all sentences and conditions of one kind
LONGEST = 1000  # characters of an expression
MOST = 50  # expressions


def compiles(value: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
    """The expressions as they are. Raises ValueError where one is none, or too long, or they are too many."""
    if len(several(value)) > MOST:
        raise ValueError(f"at most {MOST} expressions")
    for expression in several(value):
        if len(expression) > LONGEST:
            raise ValueError(f"an expression has at most {LONGEST} characters")
        try:
            regex.compile(expression, regex.IGNORECASE)
        except regex.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
    return value


def several(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """One expression or several, as several."""
    return (value,) if isinstance(value, str) else value or ()


Unless = Annotated[
    str | tuple[str, ...] | None,
    AfterValidator(compiles),
    Field(description="sentences matching this expression, or one of these, do not count / 匹配则该句不计的表达式"),
]


def left_out(call: Call, sentence: str, unless: str | tuple[str, ...] | None) -> bool | None:
    """Whether a sentence matches one of the expressions; None where there was no time to tell."""
    if unless is None:
        return False
    notes = hearing(call).notes
    key = "unless", sentence, unless
    if key not in notes:
        notes[key] = _matches(notes, sentence, unless)
    found: bool | None = notes[key]
    return found


def _matches(notes: dict[Any, Any], sentence: str, unless: str | tuple[str, ...]) -> bool | None:
    began = time.monotonic()
    if notes.get("unless", 0.0) > CALL_LIMIT:
        return None
    try:
        return any(e.matches(sentence) for e in _compiled(several(unless)))
    except TimeoutError:
        return None
    finally:
        notes["unless"] = notes.get("unless", 0.0) + time.monotonic() - began


@lru_cache(maxsize=256)
def _compiled(expressions: tuple[str, ...]) -> tuple[Expression, ...]:
    return tuple(Expression(e) for e in expressions)
