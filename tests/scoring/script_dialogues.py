"""Hand-made dialogues as calls, read by the real reader, and how well a script is found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from models.reader import Reader
from scoring.call import Call, Metadata, Role, Scenario, Turn, Word
from scoring.compliance import Compliance, comply
from scoring.likeness import Ask, likened
from scoring.measures import measure
from scoring.script import Script

FOLDER = Path(__file__).parent / "dialogues"
_ROLES = {"a": Role.AGENT, "c": Role.CUSTOMER, "s": Role.SYSTEM}
_PACE = {"zh": 4.5, "en": 2.6}  # characters or words a second
_GAP = 0.6  # s between turns


@dataclass(frozen=True)
class Dialogue:
    """A call and what is known of it: by line, the steps it does and those whose words it has without doing them."""

    call: Call
    does: tuple[frozenset[str], ...]
    decoys: tuple[frozenset[str], ...]
    disorders: tuple[tuple[str, frozenset[str]], ...]
    lacks: dict[str, list[str]]


@dataclass
class Tally:
    """Counts over dialogues, and what went wrong in words."""

    right: int = 0
    wrong: int = 0
    overlooked: int = 0
    disorders: int = 0
    disorders_found: int = 0
    disorders_doubted: int = 0
    disorders_wrong: int = 0
    customer_decoys: int = 0
    agent_decoys: int = 0
    slots: int = 0
    slots_right: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.overlooked)


def dialogues(name: str) -> list[Dialogue]:
    """The dialogues of a file such as `zh-tuned`."""
    rows = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [_dialogue(row, name[:2]) for row in rows]


def _dialogue(row: dict[str, Any], language: str) -> Dialogue:
    turns, clock = [], 0.5
    for line in row["lines"]:
        key = next(k for k in _ROLES if k in line)
        clock += line.get("rest", 0.0)
        words = tuple(_words(line[key], language, clock))
        turns.append(Turn(_ROLES[key], clock, words[-1].end, line[key], 0.9, words))
        clock = words[-1].end + _GAP
    call = Call(
        row["id"], clock, language, tuple(turns), (), measure(tuple(turns), clock, separate=True),
        Metadata(scenario=Scenario(row["scenario"])),
    )  # fmt: skip
    disorders = tuple((d["moved"], frozenset(d["past"])) for d in row.get("disorders", ()))
    return Dialogue(
        call,
        tuple(frozenset(line.get("does", ())) for line in row["lines"]),
        tuple(frozenset(line.get("decoy", ())) for line in row["lines"]),
        disorders,
        row.get("lacks", {}),
    )


def _words(text: str, language: str, start: float) -> Iterator[Word]:
    pieces = re.findall(r" *[^ ]+", text) if language == "en" else re.findall(r"[^，。！？][，。！？]*", text)
    for piece in pieces:
        yield Word(start, start + 1 / _PACE[language], piece, 0.9)
        start += 1 / _PACE[language]


def read(calls: Sequence[Dialogue], reader: Reader, script: Script, *, compare: bool = True) -> list[Dialogue]:
    """The dialogues with signals and, unless told not to compare, likeness."""
    from scoring.detectors.script import ScriptKept

    asks = ScriptKept(script=(script,)).asks
    done = []
    for d in calls:
        call = replace(d.call, signals=reader.signals(d.call.turns))
        done.append(replace(d, call=likened(call, asks if compare else _nothing, reader.likeness)))
    return done


def _nothing(call: Call) -> Ask:
    return Ask()


def held(d: Dialogue, script: Script) -> Compliance:
    """The dialogue against the script."""
    return comply(d.call, script, d.call.turns_of(Role.AGENT), d.call.turns_of(Role.SYSTEM))


def tally(calls: Sequence[Dialogue], script: Script) -> Tally:
    """Steps found at the known lines, order violations, decoys and slots over all dialogues."""
    t = Tally()
    for d in calls:
        result = held(d, script)
        reported: list[tuple[str, str]] = []
        doubted: list[tuple[str, str]] = []
        for r in result.steps:
            id_ = r.step.id
            lines = {i for i, steps in enumerate(d.does) if id_ in steps}
            at = r.at.sentence.turn if r.at and r.said else None
            if at is not None and at in lines:
                t.right += 1
            elif at is not None:
                t.wrong += 1
                t.overlooked += bool(lines)
                t.notes.append(f"{d.call.id} {id_}: said {r.at.probability:.2f} {r.at.sentence.quote!r}")
            elif lines:
                t.overlooked += 1
                p = f"{r.at.probability:.2f} {r.at.sentence.quote!r}" if r.at else "-"
                t.notes.append(f"{d.call.id} {id_}: overlooked {p}, {d.call.turns[min(lines)].text!r}")
            places = {o.sentence.turn for o in r.repeats}
            decoyed = [i for i, steps in enumerate(d.decoys) if id_ in steps and i in places]
            customers = sum(d.call.turns[i].role == Role.CUSTOMER for i in decoyed)
            t.customer_decoys += customers
            t.agent_decoys += len(decoyed) - customers
            t.notes += [f"{d.call.id} {id_}: decoy {d.call.turns[i].text!r}" for i in decoyed]
            if r.step.slots and not r.step.optional and at is not None and at in lines:
                t.slots += len(r.step.slots)
                differ = set(r.missing) ^ set(d.lacks.get(id_, ()))
                t.slots_right += len(r.step.slots) - len(differ)
                t.notes += [f"{d.call.id} {id_}: slots {sorted(differ)} {r.slots}"] if differ else []
            if r.disorder is not None:
                (doubted if r.order_open else reported).append((id_, r.disorder.other.id))
        for moved, past in d.disorders:
            hits = [pair for pair in reported if moved in pair and set(pair) & past]
            t.disorders += 1
            t.disorders_found += bool(hits)
            maybe = not hits and any(moved in pair and set(pair) & past for pair in doubted)
            t.disorders_doubted += maybe
            reported = [pair for pair in reported if pair not in hits]
            t.notes += [] if hits or maybe else [f"{d.call.id}: disorder of {moved} overlooked"]
        t.disorders_wrong += len(reported)
        t.notes += [f"{d.call.id}: disorder {pair} is none" for pair in reported]
    return t
