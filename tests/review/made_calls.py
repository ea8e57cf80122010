"""Reads `made_calls.yaml`: calls with made-up signals, evaluated by the shipped form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

from scoring.call import Call, Metadata, Role, Scenario, Signal, Turn
from scoring.engine import evaluate
from scoring.measures import count_units, measure
from scoring.record import call_record
from scoring.rubric import Rubric

CALLS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
ROLES = {"A": Role.AGENT, "C": Role.CUSTOMER, "S": Role.SYSTEM}
LINE = re.compile(r"^(?P<who>[ACS])(?: (?P<shift>[+-][\d.]+))?(?: \?(?P<sure>[\d.]+))?: (?P<said>.*)$")
SENTENCE = re.compile(r"([^{}]+)((?:\{[^}]*\})*)")
LABEL = re.compile(r"([a-z_]+)(?:=([\d.]+))?")
PACE = {"zh": 4.2, "en": 2.7}  # characters or words a second
BEIJING = timezone(timedelta(hours=8))


def made_call(made: dict[str, Any], number: int = 0) -> Call:
    """A call from its lines; times follow from the length of the text at a usual pace."""
    now = 1.2
    turns: list[Turn] = []
    signals: list[Signal] = []
    for i, line in enumerate(made["lines"].splitlines()):
        parts = LINE.match(line)
        assert parts, line
        start = now = max(0.0, now + float(parts["shift"] or 0.5))
        for sentence, labels in SENTENCE.findall(parts["said"]):
            end = now + max(0.6, count_units(sentence) / PACE[made["language"]])
            found = {name: float(p or 0.94) for name, p in LABEL.findall(labels)}
            signals.append(Signal(i, now, end, sentence.strip(), found))
            now = end
        text = "".join(sentence for sentence, _ in SENTENCE.findall(parts["said"])).strip()
        turns.append(Turn(ROLES[parts["who"]], start, now, text, float(parts["sure"] or 0.91)))
    begun = datetime(2026, 3, 2, 9, 4, tzinfo=BEIJING) + timedelta(minutes=17 * number)
    known = Metadata(
        agent=made.get("agent"),
        team=made.get("team"),
        scenario=Scenario(made["scenario"]) if "scenario" in made else None,
        started_at=begun if "agent" in made else None,
    )
    sound = measure(turns, now + 1.5)
    return Call(made["id"], now + 1.5, made["language"], tuple(turns), tuple(signals), sound, known)


def made_records(rubric: Rubric, calls: Sequence[dict[str, Any]] = CALLS) -> list[dict[str, Any]]:
    """The calls, evaluated, as their records."""
    made = [made_call(call, number) for number, call in enumerate(calls)]
    return [
        call_record(call, evaluate(call, rubric), audio=f"recordings/2026-03-02/{call.id}.wav", sha256=f"{number:064x}")
        for number, call in enumerate(made)
    ]
