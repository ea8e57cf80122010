"""How long judging takes, on calls of 80 turns made at random: `python -m tests.bench.judging [CALLS] [--rubric NAME]`.

Turns are drawn from the corpus written for callqa, with the labels it gives them at random probabilities; every call is
new to the engine, nothing is remembered between them but what a re-scoring run would remember as well. `--dump FILE`
writes the answers, so that two versions of the engine can be compared line by line.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import random
import sys
import time
from dataclasses import asdict
from pathlib import Path

from scoring.call import Call, Metadata, Role, Scenario, Signal, Turn, Word
from scoring.engine import evaluate
from scoring.labels import LABELS
from scoring.measures import measure
from scoring.rubric_file import load_rubric

CORPUS = Path(__file__).parents[2] / "models" / "corpus"
TURNS = 80


def calls(count: int, language: str, seed: int = 7) -> list[Call]:
    """Calls of random lines of the corpus."""
    chance = random.Random(seed)
    lines = [
        json.loads(line)
        for path in sorted(CORPUS.glob(f"{language}-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [_call(chance, lines, language, k) for k in range(count)]


def _call(chance: random.Random, lines: list[dict[str, object]], language: str, k: int) -> Call:
    turns, signals, at = [], [], 0.5
    for i in range(TURNS):
        role = (Role.AGENT, Role.CUSTOMER)[i % 2]
        line = chance.choice(lines)
        text = str(line["text"])
        # A number of its own makes each turn new: real calls hardly ever repeat one.
        text += f"{chance.randrange(10**4)}" if chance.random() < 0.5 else ""
        seconds = max(1.0, len(text) / (4.5 if language == "zh" else 13))
        pieces = list(text) if language == "zh" else [f" {w}" for w in text.split()]
        step = seconds / len(pieces)
        words = tuple(Word(at + j * step, at + (j + 1) * step, p, 0.9) for j, p in enumerate(pieces))
        turns.append(Turn(role, at, at + seconds, text, round(chance.uniform(0.5, 0.98), 2), words))
        labels = {name: round(chance.random(), 3) for name in chance.sample(LABELS, 4)}
        signals.append(Signal(i, at, at + seconds, text, labels))
        at += seconds + chance.choice([0.2, 0.5, 0.9, 3.0, 9.0 if chance.random() < 0.1 else 0.3])
    metadata = Metadata(scenario=chance.choice([*Scenario, None]))
    sure = chance.choice([1.0, 0.9, 0.9, 0.6])
    measures = measure(turns, at + 1, separate=chance.random() < 0.8, role_confidence=sure)
    return Call(f"{language}{k}", at + 1, language, tuple(turns), tuple(signals), measures, metadata)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rubric = load_rubric(sys.argv[sys.argv.index("--rubric") + 1] if "--rubric" in sys.argv else "service")
    for call in calls(3, "zh", 1) + calls(3, "en", 1):
        evaluate(call, rubric)
    dumped = []
    for language in ("zh", "en"):
        made = calls(count, language)
        began = time.process_time()
        done = [evaluate(call, rubric) for call in made]
        print(f"{language}: {1000 * (time.process_time() - began) / count:.2f} ms a call of {TURNS} turns")
        dumped += [asdict(e) for e in done]
    if "--dump" in sys.argv:
        text = "\n".join(json.dumps(d, ensure_ascii=False, default=str) for d in dumped)
        Path(sys.argv[sys.argv.index("--dump") + 1]).write_text(text, encoding="utf-8")
    if "--profile" in sys.argv:
        made = calls(count, "zh", 99)
        with cProfile.Profile() as profile:
            for call in made:
                evaluate(call, rubric)
        pstats.Stats(profile).sort_stats("tottime").print_stats(22)


if __name__ == "__main__":
    main()
