"""What can be told of a condition before any call is heard: that it can never hold, always holds, or misses itself.

Conditions are looked at as their meaning (`Strict.meaning`): plain JSON values, the same for all detectors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import regex

from scoring.detectors.hearing import CJK, plain

Meaning = Mapping[str, Any]

_LOOK = 0.05  # s for an expression on an empty text


def prospect(condition: Meaning) -> bool | None:
    """False: can never hold. True: always holds. None: depends on the call, as it should."""
    if "detect" not in condition:
        found = _combined(condition)
    else:
        found = {"phrase": _phrase, "pattern": _pattern}.get(condition["detect"], lambda _: None)(condition)
    return not found if condition.get("negate") and found is not None else found


def faults(condition: Meaning) -> Iterator[str]:
    """What is odd in a condition and its parts, in words."""
    for part in parts(condition):
        kind = part.get("detect")
        where = part.get("where", {})
        if "first_seconds" in where and "last_seconds" in where:
            total = where["first_seconds"] + where["last_seconds"]
            yield f"`where` asks for the first and the last seconds at once: never in a call longer than {total:g} s"
        if kind == "phrase":
            yield from _phrase_faults(part)
        elif kind == "pattern" and _matches_nothing(part):
            yield f"regex {part['regex']!r} matches where nothing is said: it always holds"
        elif kind is None and prospect(part) is not None and all(prospect(p) is None for p in _children(part)):
            yield f"`{_kind(part)}` {'always holds' if prospect(part) else 'can never hold'}: its parts contradict"


def parts(condition: Meaning) -> Iterator[Meaning]:
    """A condition and all conditions it is made of."""
    yield condition
    for child in _children(condition):
        yield from parts(child)


def key_of(condition: Any) -> str:
    """The same for conditions that mean the same."""
    return json.dumps(condition, sort_keys=True, ensure_ascii=False)


def _kind(condition: Meaning) -> str:
    return next((k for k in ("all", "any", "not", "at_least") if k in condition), "condition")


def _children(condition: Meaning) -> list[Meaning]:
    if "detect" in condition:
        return []
    found: list[Meaning] = []
    for value in condition.values():
        found += [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]
    return found


def _combined(condition: Meaning) -> bool | None:
    children = _children(condition)
    each = [prospect(c) for c in children]
    if "not" in condition:
        return None if each[0] is None else not each[0]
    if "at_least" in condition:
        if condition["at_least"] > sum(p is not False for p in each):
            return False
        return True if condition["at_least"] <= sum(p is True for p in each) else None
    if "all" in condition:
        if False in each or _contradict(children) or _other_metadata(children):
            return False
        return True if all(p is True for p in each) else None
    if "any" in condition:
        if True in each or _contradict(children):
            return True
        return False if all(p is False for p in each) else None
    return None


def _contradict(children: list[Meaning]) -> bool:
    """Whether one condition is the opposite of another."""
    known = {key_of(c) for c in children}
    return any("detect" not in c and "not" in c and key_of(c["not"]) in known for c in children)


def _other_metadata(children: list[Meaning]) -> bool:
    """Whether one field would have to have two values at once."""
    values: dict[str, set[Any]] = {}
    for c in children:
        if c.get("detect") == "metadata" and isinstance(c.get("any"), list) and not c.get("negate"):
            known = values.setdefault(str(c.get("field")), set(c["any"]))
            known &= set(c["any"])
            if not known:
                return True
    return False


def _phrase(condition: Meaning) -> bool | None:
    """False where every wording excuses itself."""
    wordings = [w for w in condition.get("any", ()) if isinstance(w, str)]
    excuses = _excuses(condition)
    return False if wordings and all(_excused(w, excuses) for w in wordings) else None


def _excuses(condition: Meaning) -> list[str]:
    return [w for w in condition.get("unless", ()) if isinstance(w, str)]


def _pattern(condition: Meaning) -> bool | None:
    where = condition.get("where", {})
    turns = [where[k] for k in ("first_turns", "last_turns") if k in where] + ([1] if "turn" in where else [])
    if condition.get("unless") == condition.get("regex") or (turns and condition.get("count", 1) > min(turns)):
        return False
    return None


def _phrase_faults(condition: Meaning) -> Iterator[str]:
    seen = set()
    for wording in (w for w in condition.get("any", ()) if isinstance(w, str)):
        said = plain(wording)
        if said in seen:
            yield f"phrase {wording!r} is listed twice"
        seen.add(said)
        if excuse := _excused(wording, _excuses(condition)):
            yield f"phrase {wording!r} is excused by {excuse!r} in `unless`: it never counts"


def _excused(wording: str, excuses: list[str]) -> str | None:
    """The excuse that a wording contains."""
    said = plain(wording)
    for excuse in excuses:
        sought = plain(excuse)
        if (sought in said) if CJK.search(sought) else (f" {sought} " in f" {said} "):
            return excuse
    return None


def _matches_nothing(condition: Meaning) -> bool:
    try:
        return bool(regex.search(condition["regex"], "", regex.IGNORECASE, timeout=_LOOK))
    except (TimeoutError, regex.error):
        return False
