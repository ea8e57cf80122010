"""Forms put together from a few lines, for tests of the engine."""

from __future__ import annotations

import json
from typing import Any

from made import call

from scoring.call import Call
from scoring.rubric import Rubric
from scoring.rubric_file import parse_rubric

NAME = {"zh": "名称", "en": "name"}


def hears(word: str, **keys: Any) -> dict[str, Any]:
    """A condition: the agent says a word."""
    return {"detect": "phrase", "any": [word], "by": ["exact"], **keys}


def item(id: str, points: float = 5, **keys: Any) -> dict[str, Any]:
    """An item; without another answer it is met when its own id is said."""
    answered = {} if keys.keys() & {"met", "levels", "number"} else {"met": hears(id)}
    worth = {} if "weight" in keys else {"points": points}
    guide = {"zh": "听有没有说", "en": "listen for it"}
    return {"id": id, "name": NAME, "guide": guide, "source": "1", **worth, **answered, **keys}


def section(id: str, *items: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"id": id, "name": NAME, **keys, "items": list(items)}


def form(*sections: dict[str, Any], **keys: Any) -> Rubric:
    return parse_rubric(written(*sections, **keys), "made.yaml")


def written(*sections: dict[str, Any], **keys: Any) -> str:
    """The YAML of a form; JSON is YAML, and repeats values in place of naming them."""
    whole = {"id": "made", "version": "1", "name": NAME, **keys, "sections": list(sections)}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def said(*words: str, **keys: Any) -> Call:
    """A call in which the agent says these words, one a turn, in English."""
    turns = [("agent", 3.0 * n + 1, 3.0 * n + 2, word) for n, word in enumerate(words)]
    return call(("customer", 0, 0.5, "hello there"), *turns, language="en", **keys)
