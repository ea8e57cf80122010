"""Made-up stored calls of real size, the same for the same number: 40 to 80 turns, some 1,000 words.

Sentences are those of models/corpus with the signals the real reader gives them. Each call puts them together anew,
with reference numbers of its own, so that nothing remembered of one call's words helps with the next. Times and
measures come from a few hundred courses of talk, measured as real calls are.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from scoring.call import Measures, Metadata, Role, Scenario, Signal, Turn
from scoring.measures import measure
from store import codec
from store.columns import now
from store.ledger import Ledger
from store.tables import CallRow, SignalsRow, TranscriptRow

CORPUS = Path(__file__).parents[2] / "models/corpus"
FILES = {"zh": ("zh-telecom", "zh-retail", "zh-openings", "zh-plain-closing"), "en": ("en-services", "en-openings")}
LINES = 400  # of each file
COURSES = 200
TOGETHER = 200  # calls written in one transaction
MODELS, SETTINGS = {"speech": "5" * 64, "encoder": "e" * 64, "heads": "4" * 64}, {"beam": 5, "language": "auto"}
SURE = tuple(round(0.4 + n / 170, 4) for n in range(100))  # confidences of recognition


@dataclass(frozen=True)
class Course:
    """Who speaks when, and how that measures."""

    turns: tuple[tuple[Role, float, float], ...]
    duration: float
    measures: Measures


def fill(url: str, wanted: int) -> int:
    """Make a ledger hold that many calls; those that are there stay. How many were made."""
    with Ledger.open(url) as ledger:
        have = ledger.cut((), 1000).total
        numbers = iter(range(have, wanted))
        while some := list(islice(numbers, TOGETHER)):
            made = [_rows(n) for n in some]
            with ledger._writing() as session:
                for table, rows in zip((CallRow, TranscriptRow, SignalsRow), zip(*made, strict=True), strict=True):
                    session.connection().execute(insert(table.__table__), list(rows))
    return max(0, wanted - have)


def _rows(number: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    chance = random.Random(number)
    language = "en" if number % 4 == 3 else "zh"
    course = courses(language)[number % COURSES]
    turns, words, signals = [], [], []
    for i, (role, start, end) in enumerate(course.turns):
        said = chance.choices(lines(language)[role], k=chance.choice((1, 1, 2)))
        texts = [_varied(text, chance, language) for text, _ in said]
        spoken = _words(texts, start, end, chance, language)
        words.append(codec.to_json(spoken))
        text = ("" if language == "zh" else " ").join(texts)
        turn = {"role": role.value, "start": start, "end": end, "text": text, "confidence": chance.choice(SURE)}
        heard = "".join(word[-1] if len(word) > 4 else word[2] for word in spoken).strip()
        turns.append(turn | ({"heard": heard} if any(len(word) > 4 for word in spoken) else {}))
        step = (end - start) / len(said)
        signals += [
            Signal(i, round(start + k * step, 2), round(start + (k + 1) * step, 2), quote, labels)
            for k, (quote, (_, labels)) in enumerate(zip(texts, said, strict=True))
        ]
    sha256 = hashlib.sha256(f"bench {number}".encode()).hexdigest()
    started = datetime(2026, 1, 1, 8) + timedelta(minutes=7 * number % 500_000)
    known = Metadata(
        agent=f"A{number % 300:03d}", team=f"T{number % 12}", direction="inbound",
        scenario=tuple(Scenario)[number % 5], started_at=started, csat=float(number % 5 + 1),
    )  # fmt: skip
    call = {
        "sha256": sha256, "call_id": f"bench-{number:06d}", "path": f"calls/{number:06d}.wav",
        "duration": course.duration, "metadata": codec.metadata_to_json(known), "agent": known.agent,
        "team": known.team, "scenario": known.scenario.value, "direction": known.direction, "started_at": started,
        "csat": known.csat,
    }  # fmt: skip
    made = {"models": MODELS, "settings": SETTINGS, "created_at": now()}
    transcript = {
        "key": f"t{sha256[1:]}", "sha256": sha256, "language": language, "turns": turns, "words": "\n".join(words),
        "measures": codec.measures_to_json(course.measures), "seconds_spent": 1.0, **made,
    }  # fmt: skip
    return call, transcript, {
        "key": f"s{sha256[1:]}", "transcript_key": f"t{sha256[1:]}", "signals": codec.signals_to_json(signals), **made,
    }  # fmt: skip


def _varied(text: str, chance: random.Random, language: str) -> str:
    """Half of the sentences name a number that no other call names."""
    if chance.random() < 0.5:
        return text
    number = chance.randrange(10**8)
    return f"{text.rstrip('。')}，编号{number}。" if language == "zh" else f"{text.rstrip('.')}, reference {number}."


def _words(texts: list[str], start: float, end: float, chance: random.Random, language: str) -> list[list[Any]]:
    """Words as the ledger keeps them; some numbers were heard otherwise."""
    if language == "zh":
        parts = [text[k : k + 2] for text in texts for k in range(0, len(text), 2)]
    else:
        parts = [f" {word}" for text in texts for word in text.split()]
    step, sure = (end - start) / len(parts), chance.choices(SURE, k=len(parts))
    return [
        [round(start + k * step, 3), round(start + (k + 1) * step, 3), part, sure[k]]
        + (["二零三"] if part.isdigit() and k % 2 else [])
        for k, part in enumerate(parts)
    ]


@lru_cache
def courses(language: str) -> tuple[Course, ...]:
    """Courses of talk: turns with pauses, a wait now and then, somebody cutting in."""
    return tuple(_course(random.Random(f"{language} {n}")) for n in range(COURSES))


def _course(chance: random.Random) -> Course:
    at, said = 0.4, []
    for i in range(chance.randint(40, 80)):
        role = Role.CUSTOMER if i % 2 else Role.AGENT
        length = chance.uniform(1.5, 9.0)
        said.append((role, round(at, 2), round(at + length, 2)))
        at += length + chance.choice((-0.6, 0.2, 0.4, 0.8, 1.5, 12.0 if chance.random() < 0.1 else 0.5))
    turns = tuple(Turn(role, start, end, "嗯" * int(4 * (end - start)), 0.9) for role, start, end in said)
    duration = round(at + 1, 2)
    details = {"channels": 2, "codec": "pcm_alaw", "sample_rate": 8000, "roles_by": "words"}
    return Course(tuple(said), duration, measure(turns, duration, details=details))


@lru_cache
def lines(language: str) -> dict[Role, list[tuple[str, dict[str, float]]]]:
    """Sentences by role with the labels of the real reader."""
    from models.reader import LEAST, Line, Reader

    asked = [
        Line(row["text"], Role(row["role"]), row["context"])
        for name in FILES[language]
        for row in islice(_read(CORPUS / f"{name}.jsonl"), LINES)
    ]
    found: dict[Role, list[tuple[str, dict[str, float]]]] = {Role.AGENT: [], Role.CUSTOMER: []}
    for line, labels in zip(asked, Reader()(asked), strict=True):
        found[line.role].append((line.text, {name: p for name, p in labels.items() if p >= LEAST}))
    return found


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)
