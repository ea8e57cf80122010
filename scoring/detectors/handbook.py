"""The handbook of detectors: `python -m scoring.detectors.handbook > docs/detectors.md`.

Every word of it comes from the models: names and types of keys, their defaults and descriptions, an example and what it
finds in the sample call. A test asserts that the file says what this writes.
"""

from __future__ import annotations

import enum
import inspect
import textwrap
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from scoring.call import Call
from scoring.detectors import COMBINATIONS, DETECTORS, NESTED, Condition, Detector
from scoring.detectors.base import Operator, PlacedDetector
from scoring.detectors.sample import sample_call

_TITLE = """# Detectors 质检算子

Written by `python -m scoring.detectors.handbook` from the models that read the YAML; do not edit.

A condition of a rubric is a detector (`detect: name` and its keys) or a combination of conditions. Its answer is yes,
no or unsure, always with evidence that can be heard. Unsure stays unsure up to the item's answer.
条件由算子或其组合构成，结论为成立、不成立或不确定，均附可回听的证据。
"""
_SAMPLE = "## The sample call 样例通话\n\nEvery result below is what the example finds in this call.\n"
_COMMON = "## Keys that all detectors take 通用参数\n\n`where` is for detectors that look at a part of the call.\n"
_TRUTH = {True: "yes 成立", False: "no 不成立", None: "unsure 不确定"}


def handbook() -> str:
    """The whole text."""
    call = sample_call()
    return "\n".join(
        (_TITLE, _contents(), _SAMPLE, *_spoken(call), "", _COMMON, *_table(PlacedDetector, ()), *_nested(),
         "## Detectors 算子\n", *_chapters(call, dict(sorted(DETECTORS.items()))),
         "## Combinations 组合\n", *_chapters(call, COMBINATIONS))
    ).rstrip() + "\n"  # fmt: skip


def example(model: type[Detector]) -> str:
    """The YAML of a detector's example."""
    return textwrap.dedent(model.EXAMPLE).strip()


def read(text: str) -> Detector:
    """A condition from YAML."""
    found: Detector = TypeAdapter(Condition).validate_python(yaml.safe_load(text))
    return found


def _contents() -> str:
    rows = [f"| [`{name}`](#{name}) | {m.ABOUT.zh} | {m.ABOUT.en} |" for name, m in sorted(DETECTORS.items())]
    rows += [f"| [`{name}:`](#{name}) | {m.ABOUT.zh} | {m.ABOUT.en} |" for name, m in COMBINATIONS.items()]
    return "\n".join(("| detector | 说明 | what it finds |", "|---|---|---|", *rows, ""))


def _spoken(call: Call) -> Iterator[str]:
    yield "| # | role | seconds | words |"
    yield "|---|---|---|---|"
    for i, turn in enumerate(call.turns):
        yield f"| {i} | {turn.role} | {turn.start:.1f}–{turn.end:.1f} | {turn.text} |"


def _nested() -> Iterator[str]:
    for model, title in zip(NESTED, ("`where`", "`where: after` and `where: before`", "`excuse`"), strict=True):
        yield f"### {title}\n"
        yield _prose(model) + "\n"
        yield from _table(model, ())


def _chapters(call: Call, models: Mapping[str, type[Detector]]) -> Iterator[str]:
    for name, model in models.items():
        yield from _chapter(call, name, model)


def _chapter(call: Call, name: str, model: type[Detector]) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{model.ABOUT.zh}。 {model.ABOUT.en[0].upper()}{model.ABOUT.en[1:]}.\n"
    yield _prose(model) + "\n"
    common = set(PlacedDetector.model_fields) if issubclass(model, Operator) else set()
    yield from _table(model, common - {"where"} if not issubclass(model, PlacedDetector) else common)
    for nested in _own_nested(model):
        yield f"`{nested.__name__.lower()}`: {_prose(nested)}\n"
        yield from _table(nested, ())
    yield f"```yaml\n{example(model)}\n```\n"
    found = read(example(model)).find(call)
    yield f"> **{_TRUTH[found.truth]}**, confidence {found.confidence:.2f}: {found.why}"
    for e in found.evidence:
        who = f"{e.role}: " if e.role else ""
        yield f"> - {e.start:.1f}–{e.end:.1f} s {who}{e.quote or '-'} ({e.detector}: {e.why})"
    yield ""


def _table(model: type[BaseModel], common: Any) -> Iterator[str]:
    rows = [
        f"| `{field.alias or key}` | {_type(field.annotation)} | {_default(field)} | {field.description or ''} |"
        for key, field in model.model_fields.items()
        if key != "detect" and key not in common
    ]
    if rows:
        yield "| key | type | default | meaning 含义 |"
        yield "|---|---|---|---|"
        yield from rows
        yield ""


def _prose(model: type[BaseModel]) -> str:
    return " ".join(inspect.cleandoc(model.__doc__ or "").split())


def _own_nested(model: type[BaseModel]) -> list[type[BaseModel]]:
    """Models with keys of their own that only this detector has."""
    found = [a for field in model.model_fields.values() for a in _models(field.annotation)]
    return [m for m in dict.fromkeys(found) if m.__module__ == model.__module__ and not issubclass(m, Detector)]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _type(annotation: Any) -> str:
    """A key's type as somebody who writes YAML calls it."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if annotation is Condition or (isinstance(annotation, type) and issubclass(annotation, Detector)):
        return "condition"
    if origin is Annotated:
        return _type(parts[0])
    if origin is Literal:
        return ", ".join(f"`{p.value if isinstance(p, enum.Enum) else p}`" for p in parts)
    if origin in (Union, types.UnionType):
        if any(isinstance(p, type) and issubclass(p, Detector) for p in _bare(parts)):
            return "condition"
        return " or ".join("null" if p is type(None) else _type(p) for p in parts)
    if origin is tuple:
        return f"list of {_type(parts[0])}" if len(parts) == 2 and parts[1] is Ellipsis else "two numbers"
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return ", ".join(f"`{member.value}`" for member in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {"Text": "text with `zh` and `en`"}.get(annotation.__name__, f"{annotation.__name__.lower()}")
    return {str: "text", bool: "true or false", int: "whole number", float: "number"}.get(annotation, str(annotation))


def _bare(parts: tuple[Any, ...]) -> Iterator[Any]:
    for part in parts:
        yield get_args(part)[0] if get_origin(part) is Annotated else part


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "**needed**" if field.default_factory is None else "whole call"
    value = field.default
    if isinstance(value, BaseModel):
        return f"{getattr(value, 'zh', '')} {getattr(value, 'en', '')}".strip()
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    if isinstance(value, float):
        return f"`{value:g}`"
    return f"`{str(value).lower() if isinstance(value, bool) else 'null' if value is None else value}`"


def main() -> None:
    print(handbook(), end="")


if __name__ == "__main__":
    main()
