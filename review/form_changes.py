"""What changed between two forms, or versions of one: items that came, went or moved, and every key that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.rubric import Rubric
from store.codec import to_json

_NOT_CONTENT = frozenset({"id", "version", "status", "sections", "items"})


@dataclass(frozen=True, slots=True)
class FormChange:
    """One difference. kind: added, removed, moved (before, after: sections) or changed.

    item: None where it concerns a section, or section: None where it concerns the whole form. key: where in it, such
    as `met.any[1].any`. before, after: JSON of what only one of them has; None where it has nothing there.
    """

    kind: str
    section: str | None
    item: str | None
    key: str = ""
    before: str | None = None
    after: str | None = None


def form_changes(a: Rubric, b: Rubric) -> tuple[FormChange, ...]:
    """What is different in `b`, in the order of the form. What a key is by default is not told apart from leaving
    it out; ids, versions and status of the forms do not count."""
    old, new = (rubric.model_dump(mode="json", by_alias=True, exclude_none=True) for rubric in (a, b))
    found = [FormChange("changed", None, None, *d) for d in _differences("", _own(old), _own(new))]
    sections_old, sections_new = ({s["id"]: s for s in form["sections"]} for form in (old, new))
    for name in dict.fromkeys((*sections_new, *sections_old)):
        before, after = sections_old.get(name), sections_new.get(name)
        if before is None or after is None:
            found.append(FormChange("removed" if after is None else "added", name, None))
        else:
            found += [FormChange("changed", name, None, *d) for d in _differences("", _own(before), _own(after))]
    items_old, items_new = _items(old), _items(new)
    for name in dict.fromkeys((*items_new, *items_old)):
        found += _item_changes(name, items_old.get(name), items_new.get(name))
    return tuple(found)


def _items(form: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    return {item["id"]: (section["id"], item) for section in form["sections"] for item in section["items"]}


def _item_changes(
    name: str, old: tuple[str, Mapping[str, Any]] | None, new: tuple[str, Mapping[str, Any]] | None
) -> Iterator[FormChange]:
    if old is None or new is None:
        section, item = new or old or ("", {})
        worth = to_json(item.get("points"))
        yield FormChange(
            "removed" if new is None else "added", section, name, "points",
            worth if new is None else None, None if new is None else worth,
        )  # fmt: skip
        return
    if old[0] != new[0]:
        yield FormChange("moved", new[0], name, "", old[0], new[0])
    for difference in _differences("", _own(old[1]), _own(new[1])):
        yield FormChange("changed", new[0], name, *difference)


def _own(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in _NOT_CONTENT}


def _differences(at: str, a: Any, b: Any) -> Iterator[tuple[str, str | None, str | None]]:
    """(key, before, after) of every place that differs."""
    if a == b:
        return
    if isinstance(a, Mapping) and isinstance(b, Mapping) and _kind(a) == _kind(b):
        for key in dict.fromkeys((*a, *b)):
            yield from _differences(f"{at}.{key}" if at else key, a.get(key), b.get(key))
    elif isinstance(a, Sequence) and isinstance(b, Sequence) and not isinstance(a, str) and not isinstance(b, str):
        yield from _list_differences(at, a, b)
    else:
        yield at, None if a is None else to_json(_bare(a)), None if b is None else to_json(_bare(b))


def _bare(value: Any) -> Any:
    """A condition without its empty keys, which say nothing to a reader."""
    if isinstance(value, Mapping):
        return {key: _bare(v) for key, v in value.items() if v not in ({}, [])}
    return [_bare(v) for v in value] if isinstance(value, list) else value


def _kind(value: Mapping[str, Any]) -> Any:
    """What a condition detects or how it combines others: another kind is another condition, told whole."""
    return value.get("detect") or next((key for key in ("all", "any", "not") if key in value), None)


def _list_differences(at: str, a: Sequence[Any], b: Sequence[Any]) -> Iterator[tuple[str, str | None, str | None]]:
    """Of wordings and the like what came and went; of conditions, place by place."""
    if not any(isinstance(value, Mapping) for value in (*a, *b)):
        gone, come = [v for v in a if v not in b], [v for v in b if v not in a]
        if gone or come:
            yield at, to_json(gone) if gone else None, to_json(come) if come else None
        else:
            yield at, to_json(a), to_json(b)
        return
    for n in range(max(len(a), len(b))):
        yield from _differences(f"{at}[{n}]", a[n] if n < len(a) else None, b[n] if n < len(b) else None)
