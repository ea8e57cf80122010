"""Reading YAML into models, with errors that name file, line, key and what is allowed.

Files may be hostile: they are walked event by event first, so that neither aliases that multiply nor nesting without
end reaches a parser that would follow them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from scoring.errors import RubricError

LARGEST = 1_000_000  # bytes; the shipped form has 20 kB
DEEPEST = 40  # levels; conditions of the shipped forms lie 9 deep, and the parser is quadratic in depth
MOST = 40_000  # values and brackets; the shipped form has 1,600, and this many are read in under a second
SHOWN = 10  # errors told at once
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Model = TypeVar("_Model", bound=BaseModel)


class _Named(io.StringIO):
    """A text whose name the marks of its nodes bear: a merged form has nodes of several files."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


def parse(
    model: type[_Model], text: str, origin: str, *, what: str, begin: str, more: str,
    keys: Sequence[str] = (), detectors: Sequence[str] = (), context: dict[str, Any] | None = None,
) -> _Model:  # fmt: skip
    """A model from YAML text. Raises RubricError.

    origin: names the text in errors. what: "a rubric". begin: how such a file begins. more: where all keys are told.
    keys: every key there is, for "did you mean". detectors: what a condition may detect. context: for validators.
    """
    root = compose(text, origin, what=what, begin=begin)
    return build(model, root, origin, more=more, keys=keys, detectors=detectors, context=context)


def compose(text: str, origin: str, *, what: str, begin: str) -> yaml.MappingNode:
    """The nodes of a YAML mapping, each with its file and line. Raises RubricError."""
    try:
        _refuse_hostile(text, origin)
        root = yaml.compose(_Named(text, origin), Loader=_LOADER)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _unreadable(error, origin) from None
    if not isinstance(root, yaml.MappingNode):
        raise RubricError(f"{origin}:1: {what} is a mapping", remedy=begin)
    _refuse_repeats(root, origin)
    return root


def build(
    model: type[_Model], root: yaml.MappingNode, origin: str, *, more: str,
    keys: Sequence[str] = (), detectors: Sequence[str] = (), context: dict[str, Any] | None = None,
) -> _Model:  # fmt: skip
    """A model from nodes; arguments as of `parse`. Raises RubricError."""
    try:
        data = yaml.constructor.SafeConstructor().construct_document(root)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _unreadable(error, origin) from None
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


def place(node: Any, loc: Sequence[int | str], origin: str) -> tuple[str, str]:
    """`file:line` and key of a pydantic location; parts that only name a branch of a union are passed over."""
    file, line, key = origin, 1, ""
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                if name.value == str(part):
                    file, line, key, node = name.start_mark.name, name.start_mark.line + 1, name.value, value
                    break
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            file, line = node.start_mark.name, node.start_mark.line + 1
    return f"{file}:{line}", key or (str(loc[-1]) if loc else "")


def _unreadable(error: Exception, origin: str) -> RubricError:
    mark = getattr(error, "problem_mark", None)
    line = f":{mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or "not readable as YAML"
    return RubricError(f"{origin}{line}: {problem}", remedy="check indentation, quotes and colons on that line")


def _refuse_hostile(text: str, origin: str) -> None:
    depth = 0
    for n, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        at = f"{origin}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent):
            raise RubricError(f"{at}: YAML aliases (*name) are not allowed", remedy="write the value out")
        if depth > DEEPEST:
            raise RubricError(f"{at}: nested more than {DEEPEST} levels deep", remedy="check brackets and indentation")
        if n > MOST:
            raise RubricError(f"{at}: more than {MOST:,} values", remedy="split the form, or check the file")


def _refuse_repeats(node: Any, origin: str) -> None:
    """YAML silently keeps the last of two equal keys; a form that loses an item so would be wrong unseen."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            at = f"{origin}:{key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise RubricError(f"{at}: a key is a word, not a list or mapping", remedy="check brackets and `?`")
            if key.value in seen:
                raise RubricError(f"{at}: key {key.value!r} is given twice", remedy="keep one of them")
            seen.add(key.value)
            _refuse_repeats(value, origin)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _refuse_repeats(child, origin)


def _explain(error: ValidationError, root: Any, origin: str, keys: Sequence[str], detectors: Sequence[str]) -> str:
    problems = error.errors()
    # A list is also called too short when its only member is wrong; the member's own error says more.
    problems = [p for p in problems if p["type"] != "too_short"] or problems
    lines = []
    for problem in problems[:SHOWN]:
        at, key = place(root, (*problem["loc"], *problem.get("ctx", {}).get("at", ())), origin)
        lines.append(f"{at}: {_said(dict(problem), key, keys, detectors)}")
    if len(problems) > SHOWN:
        lines.append(f"... and {len(problems) - SHOWN} more")
    return "\n".join(lines)


def _said(problem: dict[str, Any], key: str, keys: Sequence[str], detectors: Sequence[str]) -> str:
    """One problem in words."""
    kind, given = problem["type"], problem["input"]
    if kind == "extra_forbidden":
        if key in keys:
            return f"{key!r} has no place here: it belongs to another part of the file"
        near = get_close_matches(key, keys, n=1)
        return f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if kind == "missing":
        return f"key {problem['loc'][-1]!r} is missing"
    if kind.startswith("union_tag"):
        allowed = ", ".join(sorted(detectors))
        named = str(given.get("detect", "")) if isinstance(given, dict) else ""
        near = get_close_matches(named, detectors, n=1) if named else []
        hint = f"no detector {named!r}; did you mean {near[0]!r}? " if near else ""
        return f"{hint}a condition needs `detect:` with one of {allowed}; or `all:`, `any:`, `not:`"
    if kind == "string_pattern_mismatch":
        return f"{given!r} is not allowed; use lower-case letters, digits and _"
    said = problem["msg"].removeprefix("Value error, ")
    if kind == "tuple_type" and isinstance(given, str | int | float):
        said = f"write a list: [{given}]"
    if kind in ("literal_error", "enum") and isinstance(given, str):
        expected = str(problem["ctx"]["expected"]).replace(" or ", ", ").split(", ")
        near = get_close_matches(given, [word.strip("'") for word in expected], n=1)
        said = f"{said}; did you mean {near[0]!r}?" if near else said
    if kind == "string_type" and isinstance(given, bool):
        said = "YAML reads yes, no, on and off as true or false; put the word in quotes"
    if isinstance(given, dict | list | tuple):
        return f"{key}: {said}" if key else said
    return f"{key}: {said} (given: {str(given)[:60]!r})"
