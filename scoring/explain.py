"""How an answer came about, condition by condition: a tree with truth, confidence, reason and evidence.

    told = explain(call, rubric, "closing")
    print("\\n".join(told.lines()))

Pure, as the engine is: the tree is made of the findings that the answer rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from scoring.answering import answered_so, gates, is_for
from scoring.call import Call
from scoring.detectors import Detector, Finding
from scoring.detectors.base import say
from scoring.engine import answer_all, evaluate
from scoring.evaluation import Answer, Evidence
from scoring.item import Item
from scoring.rubric import Rubric, Section

_WORTH_TELLING = 60  # characters of a key's value


@dataclass(frozen=True, slots=True)
class Node:
    """One condition: what it is, what came of it, and the conditions it is made of."""

    what: str
    truth: bool | None
    confidence: float
    why: str
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[Node, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree as text, two spaces a level."""
        indent = "  " * depth
        truth = {True: "yes", False: "no", None: "unsure"}[self.truth]
        yield f"{indent}{truth:6} {self.confidence:.2f} {self.what}: {self.why}"
        for e in self.evidence:
            who = f" {e.role.value}" if e.role else ""
            quote = f" “{e.quote}”" if e.quote else ""
            yield f"{indent}       {clock(e.start)}-{clock(e.end)}{who}{quote}"
        for part in self.parts:
            yield from part.lines(depth + 1)

    def record(self) -> dict[str, Any]:
        """The tree as plain JSON values."""
        evidence = [
            {"start": round(e.start, 2), "end": round(e.end, 2), "role": e.role, "quote": e.quote, "why": e.why}
            for e in self.evidence
        ]
        parts = [part.record() for part in self.parts]
        told = {"what": self.what, "truth": self.truth, "confidence": round(self.confidence, 3), "why": self.why}
        return told | {"evidence": evidence, "parts": parts}


@dataclass(frozen=True, slots=True)
class Explanation:
    """An item's answer and what it rests on, in the order in which it was asked. arithmetic: the item's line."""

    answer: Answer
    steps: tuple[Node, ...]
    arithmetic: str

    def lines(self) -> Iterator[str]:
        """As text."""
        a = self.answer
        yield f"{a.item}: {a.status} {a.confidence:.2f}: {a.why}"
        for step in self.steps:
            yield from step.lines(1)
        yield f"= {self.arithmetic}"

    def record(self) -> dict[str, Any]:
        """As plain JSON values."""
        a = self.answer
        told = {"item": a.item, "status": a.status.value, "level": a.level, "points": a.points}
        told |= {"potential": a.potential, "confidence": a.confidence, "why": a.why, "arithmetic": self.arithmetic}
        return told | {"steps": [step.record() for step in self.steps]}


def explain(call: Call, rubric: Rubric, item: str) -> Explanation:
    """How the answer to one item came about. Raises KeyError for an item the rubric does not have."""
    section, asked = next((pair for pair in rubric.items() if pair[1].id == item), (None, None))
    if section is None or asked is None:
        raise KeyError(item)
    evaluation = evaluate(call, rubric)
    answer = next(a for a in evaluation.answers if a.item == item)
    line = next(x for x in evaluation.arithmetic if x.startswith(f"{section.id}.{item}:"))
    meant = is_for(call, rubric)
    if meant is not None and meant.truth is not True:
        return Explanation(answer, tuple(_gates(call, rubric, "form ")), line)
    if evaluation.why_unscored and answer.why == evaluation.why_unscored:
        return Explanation(answer, (Node("minimum", False, 1.0, answer.why, answer.evidence),), line)
    return Explanation(answer, tuple(_steps(call, rubric, section, asked)), line)


def trace(call: Call, condition: Detector, what: str = "") -> Node:
    """A condition and, for as far as it is made of others, theirs."""
    found = condition.find(call)
    parts = tuple(trace(call, part) for part in parts_of(condition))
    # A combination shows what its parts show; once is enough.
    return _node(f"{what} {name_of(condition)}".strip(), found, parts, () if parts else found.evidence)


def parts_of(condition: BaseModel) -> Iterator[Detector]:
    """The conditions that a condition names: of `all`, `any`, `not` and of whatever else holds conditions."""
    for name in type(condition).model_fields:
        value = getattr(condition, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Detector):
                yield part
            elif isinstance(part, BaseModel):
                yield from parts_of(part)


def name_of(condition: Detector) -> str:
    """A condition in a few words: its detector and its keys, or how it combines others."""
    said = condition.meaning()
    kind = said.pop("detect", None)
    if kind is None:
        numbers = [f"{key} {value}" for key, value in said.items() if isinstance(value, int)]
        return next(iter(numbers), next(iter(said), type(condition).__name__.lower()))
    told = ", ".join(f"{key} {_short(value)}" for key, value in said.items())
    return f"{kind} ({told})" if told else str(kind)


def clock(seconds: float) -> str:
    """A time in a call, m:ss.s."""
    minutes, rest = divmod(round(max(0.0, seconds), 1), 60)
    return f"{int(minutes)}:{rest:04.1f}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        text = "[" + ", ".join(_short(v) for v in value) + "]"
    elif isinstance(value, dict):
        return "{" + ", ".join(f"{k} {_short(v)}" for k, v in value.items()) + "}"
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _WORTH_TELLING else f"{text[: _WORTH_TELLING - 1]}…"


def _steps(call: Call, rubric: Rubric, section: Section, item: Item) -> Iterator[Node]:
    """What was asked, up to what settled the answer."""
    asked = [*_gates(call, rubric, "form "), *_gates(call, section, "section "), *_gates(call, item, "")]
    if item.ask_when is not None:
        answers = {a.item: a for a in answer_all(call, rubric)}
        found = answered_so(call, item.ask_when, answers, {i.id: i for _, i in rubric.items()})
        asked.append(_node(f"ask_when {item.ask_when.item}", found))
    yield from asked
    if any(node.truth is not True for node in asked):
        return
    if item.number is not None:
        value, found = item.number.read(call)
        share = (
            ""
            if value is None
            else say(call.language, "，得分比例", ", share of the points") + (f" {item.number.share(value):g}")
        )
        yield Node(f"number {item.number.of}", found.truth, found.confidence, found.why + share)
    for key, condition in item.conditions():
        if key == "applies":
            continue
        node = trace(call, condition, key)
        yield node
        if node.truth is not False:
            return


def _gates(call: Call, scoped: Rubric | Section | Item, of: str) -> Iterator[Node]:
    for key, found in gates(call, scoped):
        if key == "applies" and scoped.applies is not None:
            yield trace(call, scoped.applies, f"{of}{key}")
        else:
            yield _node(f"{of}{key}", found)


def _node(
    what: str, found: Finding, parts: tuple[Node, ...] = (), evidence: tuple[Evidence, ...] | None = None
) -> Node:
    shown = found.evidence if evidence is None else evidence
    return Node(what, found.truth, found.confidence, found.why, shown, parts)
