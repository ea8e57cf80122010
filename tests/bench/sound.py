"""Dead air and interruption found in calls with known times, by the whole pipeline; prints one JSON line.

    python tests/bench/sound.py [--calls N] [--details]

The calls are constructed (tests/models/constructed.py) from the demo calls, a different line each. A finding is right
when both its ends lie within 0.5 s of the known ones and, for an interruption, the right party did it. Dead air are
silences of 8 s and more, interruptions overlaps over 1 s: the bounds of the shipped rubric.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from constructed import Damage, construct, found_in, hear, matched

LINES = (
    Damage("clean"),
    Damage("echo", echo=-20),
    Damage("noise-mulaw", noise=-50, codec="pcm_mulaw"),
    Damage("echo-mulaw", echo=-20, noise=-60, codec="pcm_mulaw"),
    Damage("loud-echo-alaw", echo=-10, delay=0.05, codec="pcm_alaw"),
    Damage("echo-amr", echo=-20, codec="libopencore_amrnb"),
    Damage("faint-echo", echo=-32, delay=0.35),
    Damage("low-offset", gain=-20, offset=0.02),
)
SOURCES = (
    "zh-01-consult-good", "zh-04-complaint-good", "zh-05-complaint-middling", "zh-06-complaint-bad",
    "zh-07-repair-good", "zh-08-repair-middling", "zh-09-repair-bad", "zh-10-after-sales-good",
    "zh-12-after-sales-bad", "en-13-consult-good", "en-14-complaint-bad", "en-16-after-sales-middling",
)  # fmt: skip


def main() -> int:
    """Construct, listen, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=12, help="calls to construct (default 12)")
    parser.add_argument("--seed", type=int, default=1, help="draws other times (default 1)")
    parser.add_argument("--details", action="store_true", help="tell what was missed and what was made up, on stderr")
    chosen = parser.parse_args()
    calls = [
        construct(SOURCES[k % len(SOURCES)], LINES[k % len(LINES)], chosen.seed + k // len(SOURCES))
        for k in range(chosen.calls)
    ]
    began = time.perf_counter()
    heard = hear(calls)
    spent = time.perf_counter() - began
    counts = {"dead_air": [0, 0, 0], "interruption": [0, 0, 0]}
    for made, call in zip(calls, heard, strict=True):
        for name, found, known in zip(counts, found_in(call), (made.dead_air, made.interruptions), strict=True):
            hits = matched(found, list(known))
            counts[name] = [a + b for a, b in zip(counts[name], (hits, len(found), len(known)), strict=True)]
            if chosen.details and not hits == len(found) == len(known):
                print(made.name, name, "found", found, "known", known, file=sys.stderr)
                for turn in call.turns:
                    if any(turn.start - 4 < x[0] < turn.end + 4 for x in {*found} ^ {*known}):
                        print("   ", turn.role, turn.start, turn.end, turn.text, file=sys.stderr)
                print("   ", json.dumps(call.measures.details["line"]), file=sys.stderr)
    figures: dict[str, object] = {"calls": len(calls), "audio_seconds": round(sum(c.duration for c in calls), 1)}
    for name, (hits, found, known) in counts.items():
        figures[name] = {
            "known": known, "found": found, "precision": round(hits / max(found, 1), 3),
            "recall": round(hits / max(known, 1), 3),
        }  # fmt: skip
    print(json.dumps(figures | {"seconds": round(spent, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
