"""`extends`: a form written as what it changes in another, merged before it is read, so that errors name both files.

Sections, items and flags are matched by id and overridden key by key; `drop` leaves some out; what is new is added at
the end. A condition is replaced as a whole: half of one and half of another would be neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches

import yaml

from scoring.errors import RubricError

DEEPEST = 4  # forms on top of each other; a person can still follow them
_OWN = ("status", "extends", "drop")  # keys that are not inherited

Base = tuple[yaml.MappingNode, str]  # the merged nodes of a form, and what names it


def merge(root: yaml.MappingNode, load: Callable[[str, str], Base]) -> yaml.MappingNode:
    """The nodes of a form with those of the form it extends. Raises RubricError.

    load: (name of the base, where it was named) -> its merged nodes.
    """
    extends = _get(root, "extends")
    if extends is None:
        dropped = _get(root, "drop")
        if dropped is not None:
            raise RubricError(f"{_at(dropped)}: `drop` without `extends`", remedy="delete the items instead")
        return root
    if not isinstance(extends, yaml.ScalarNode) or not extends.value:
        raise RubricError(f"{_at(extends)}: extends names one form", remedy="give a shipped id or a relative path")
    for key in ("id", "version"):
        if _get(root, key) is None:
            raise RubricError(
                f"{_at(root)}: a form that extends another has an `{key}` of its own", remedy=f"add `{key}:`"
            )
    base, name = load(extends.value, _at(extends))
    kept = [(key, value) for key, value in base.value if key.value not in _OWN]
    merged = _mapping(base, kept)
    _drop(merged, _get(root, "drop"), name)
    for key, value in root.value:
        before = _get(merged, key.value)
        if key.value == "sections" and before is not None:
            value = _by_id(before, value, f"section of {name}", ("items",))
        elif key.value == "flags" and before is not None:
            value = _by_id(before, value, f"flag of {name}", ())
        elif key.value == "minimum" and before is not None:
            value = _over(before, value, ())
        _set(merged, key, value)
    merged.start_mark = root.start_mark
    return merged


def _by_id(base: yaml.Node, changes: yaml.Node, what: str, lists: tuple[str, ...]) -> yaml.Node:
    """A list of mappings with ids, changed by another; what is wrong in its form is left for the model to tell."""
    if not isinstance(base, yaml.SequenceNode) or not isinstance(changes, yaml.SequenceNode):
        return changes
    known = {name: n for n, child in enumerate(base.value) if (name := _id(child))}
    merged, seen = list(base.value), set[str]()
    for change in changes.value:
        name = _id(change) or ""
        if name in seen:
            raise RubricError(f"{_at(change)}: {name!r} is changed twice", remedy="put both changes in one place")
        if name:
            seen.add(name)
        if name in known:
            merged[known[name]] = _over(merged[known[name]], change, lists)
            continue
        near = get_close_matches(name, known, n=1)
        if near and _get(change, "name") is None:
            raise RubricError(
                f"{_at(change)}: no {what} is called {name!r}; did you mean {near[0]!r}?",
                remedy="correct the id, or give the new one a name",
            )
        merged.append(change)
    return yaml.SequenceNode(base.tag, merged, changes.start_mark, changes.end_mark)


def _over(base: yaml.Node, change: yaml.Node, lists: tuple[str, ...]) -> yaml.Node:
    """A mapping with some keys replaced; `lists` are merged by id in turn."""
    if not isinstance(base, yaml.MappingNode) or not isinstance(change, yaml.MappingNode):
        return change
    merged = _mapping(base, list(base.value))
    merged.start_mark = change.start_mark
    for key, value in change.value:
        before = _get(merged, key.value)
        inner = key.value in lists and before is not None
        _set(merged, key, _by_id(before, value, f"item of {_id(base)}", ()) if inner and before else value)
    return merged


def _drop(root: yaml.MappingNode, dropped: yaml.Node | None, name: str) -> None:
    """Leave out sections, items and flags by id."""
    if dropped is None:
        return
    if not isinstance(dropped, yaml.SequenceNode):
        raise RubricError(f"{_at(dropped)}: drop is a list of ids", remedy="write `drop: [closing]`")
    known = {found for child in _named(root) if (found := _id(child))}
    gone = set()
    for node in dropped.value:
        dropped_id = node.value if isinstance(node, yaml.ScalarNode) else ""
        if dropped_id not in known:
            near = get_close_matches(dropped_id, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise RubricError(
                f"{_at(node)}: {name} has no {dropped_id!r} to drop{hint}", remedy="name an item, section or flag"
            )
        gone.add(dropped_id)
    for key in ("sections", "flags"):
        _set_list(root, key, [c for c in _list(root, key) if _id(c) not in gone])
    sections = []
    for section in _list(root, "sections"):
        if isinstance(section, yaml.MappingNode) and _list(section, "items"):
            section = _mapping(section, list(section.value))
            _set_list(section, "items", [c for c in _list(section, "items") if _id(c) not in gone])
            if not _list(section, "items"):
                continue  # a section whose items are all dropped goes with them
        sections.append(section)
    _set_list(root, "sections", sections)


def _named(root: yaml.MappingNode) -> Iterator[yaml.Node]:
    for section in _list(root, "sections"):
        yield section
        if isinstance(section, yaml.MappingNode):
            yield from _list(section, "items")
    yield from _list(root, "flags")


def _list(node: yaml.MappingNode, key: str) -> list[yaml.Node]:
    found = _get(node, key)
    return list(found.value) if isinstance(found, yaml.SequenceNode) else []


def _set_list(node: yaml.MappingNode, key: str, children: list[yaml.Node]) -> None:
    for n, (name, value) in enumerate(node.value):
        if name.value == key and isinstance(value, yaml.SequenceNode):
            node.value[n] = (name, yaml.SequenceNode(value.tag, children, value.start_mark, value.end_mark))


def _set(node: yaml.MappingNode, key: yaml.ScalarNode, value: yaml.Node) -> None:
    for n, (name, _) in enumerate(node.value):
        if name.value == key.value:
            node.value[n] = (key, value)
            return
    node.value.append((key, value))


def _mapping(node: yaml.MappingNode, pairs: list[tuple[yaml.Node, yaml.Node]]) -> yaml.MappingNode:
    return yaml.MappingNode(node.tag, pairs, node.start_mark, node.end_mark)


def _get(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _id(node: yaml.Node | None) -> str | None:
    found = _get(node, "id")
    return found.value if isinstance(found, yaml.ScalarNode) else None


def _at(node: yaml.Node) -> str:
    return f"{node.start_mark.name}:{node.start_mark.line + 1}"
