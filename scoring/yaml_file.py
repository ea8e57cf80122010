"""Reading YAML into models, with errors that name file, line, key and what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from scoring.errors import RubricError

LARGEST = 1_000_000  # bytes; the shipped form has 20 kB
_Model = TypeVar("_Model", bound=BaseModel)


def parse(
    model: type[_Model], text: str, origin: str, *, what: str, begin: str, more: str,
    keys: Sequence[str] = (), detectors: Sequence[str] = (), context: dict[str, Any] | None = None,
) -> _Model:  # fmt: skip
    """A model from YAML text. Raises RubricError.

    origin: names the text in errors. what: "a rubric". begin: how such a file begins. more: where all keys are told.
    keys: every key there is, for "did you mean". detectors: what a condition may detect. context: for validators.
    """
    try:
        if any(isinstance(e, yaml.AliasEvent) for e in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise RubricError(f"{origin}: YAML aliases (*name) are not allowed", remedy="write the value out")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_repeats(root, origin)
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not readable as YAML"
        raise RubricError(
            f"{origin}{line}: {problem}", remedy="check indentation, quotes and colons on that line"
        ) from None
    if not isinstance(data, dict):
        raise RubricError(f"{origin}:1: {what} is a mapping", remedy=begin)
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise RubricError(_explain(error, root, origin, keys, detectors), remedy=more) from None


def read(path: Path, what: str) -> str:
    """The text of a file. Raises RubricError."""
    try:
        if path.stat().st_size > LARGEST:
            raise RubricError(
                f"{path}: larger than {LARGEST // 1000} kB", remedy=f"this is hardly {what}; check the path"
            )
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise RubricError(f"{path}: {reason}", remedy="give a readable UTF-8 YAML file") from None


def _refuse_repeats(node: Any, origin: str) -> None:
    """YAML silently keeps the last of two equal keys; a form that loses an item so would be wrong unseen."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise RubricError(f"{origin}:{line}: key {key.value!r} is given twice", remedy="keep one of them")
            seen.add(key.value)
            _refuse_repeats(value, origin)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _refuse_repeats(child, origin)


def _explain(error: ValidationError, root: Any, origin: str, keys: Sequence[str], detectors: Sequence[str]) -> str:
    lines = []
    problems = error.errors()
    # A list is also called too short when its only member is wrong; the member's own error says more.
    problems = [p for p in problems if p["type"] != "too_short"] or problems
    for problem in problems[:5]:
        line, key = _locate(root, problem["loc"])
        said = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            near = get_close_matches(key, keys, n=1)
            said = f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
        elif problem["type"] == "missing":
            said = f"key {problem['loc'][-1]!r} is missing"
        elif problem["type"].startswith("union_tag"):
            allowed = ", ".join(sorted(detectors))
            said = f"a condition needs `detect:` with one of {allowed}; or `all:`, `any:`, `not:`"
        elif problem["type"] == "string_pattern_mismatch":
            said = f"{problem['input']!r} is not allowed; use lower-case letters, digits and _"
        else:
            said = f"{key}: {said} (given: {str(problem['input'])[:60]!r})"
        lines.append(f"{origin}:{line}: {said}")
    return "\n".join(lines)


def _locate(node: Any, loc: Sequence[int | str]) -> tuple[int, str]:
    """Line (from 1) and key of a pydantic location; parts that only name a branch of a union are passed over."""
    line, key = 1, ""
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                if name.value == str(part):
                    line, key, node = name.start_mark.line + 1, name.value, value
                    break
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line, key or (str(loc[-1]) if loc else "")
