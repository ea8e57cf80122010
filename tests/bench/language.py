"""Speed of the language models on one core: all signals of a call beside the encoder alone; prints one JSON line.

    python tests/bench/language.py [--turns N] [--rounds N]

The call is made of corpus lines, agent and customer in turn, half Mandarin and half English, each word with times;
nothing is remembered from round to round. The rounds of both sides alternate and the medians count.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import statistics
import sys
import time
from collections.abc import Callable

from models.clauses import pieces
from models.examples import read_corpus
from models.reader import Reader
from models.sentences import split
from scoring.call import Role, Turn, Word

SECOND_A_UNIT = 0.25


def made_call(turns: int, seed: int) -> list[Turn]:
    """A call of so many turns."""
    rng, clock = random.Random(seed), 0.0
    by = {
        (language, role): [e.text for e in read_corpus() if (e.language, e.role) == (language, role)]
        for language, role in itertools.product(("zh", "en"), ("agent", "customer"))
    }
    made = []
    for k in range(turns):
        role = "agent" if k % 2 == 0 else "customer"
        text = rng.choice(by["zh" if k < turns // 2 else "en", role])
        words = []
        for unit in re.findall(r"[一-鿿][^\w\s]*|\s*[^\s一-鿿]+", text):
            words.append(Word(clock, clock + SECOND_A_UNIT, unit, 0.9))
            clock += SECOND_A_UNIT
        made.append(Turn(Role(role), words[0].start, words[-1].end, text, 0.9, tuple(words)))
    return made


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=100, help="turns of the call (default 100)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each side (default 5)")
    chosen = parser.parse_args()
    reader = Reader(lanes=1)
    times: dict[str, list[float]] = {"signals": [], "encoder": []}
    texts = 0
    for n in range(chosen.rounds + 1):
        call = made_call(chosen.turns, n)
        said = list(
            dict.fromkeys(p for turn in call for s in split(turn.words) for part in pieces(s.text) for p in part)
        )
        texts += len(said)
        work: dict[str, Callable[[], object]] = {
            "signals": lambda call=call: reader.signals(call),
            "encoder": lambda said=said: reader.encoder(said),
        }
        for side, run in work.items():
            reader.forget()
            began = time.perf_counter()
            run()
            if n:  # the first round warms up
                times[side].append(time.perf_counter() - began)
    median = {side: statistics.median(values) for side, values in times.items()}
    print(json.dumps({
        "turns": chosen.turns, "texts": round(texts / (chosen.rounds + 1)), "rounds": chosen.rounds,
        "signals_s": round(median["signals"], 3), "encoder_s": round(median["encoder"], 3),
        "ratio": round(median["signals"] / median["encoder"], 2),
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
