"""Dead air and interruption in constructed calls, by the whole pipeline. More calls: tests/bench/sound.py."""

from __future__ import annotations

import pytest
from constructed import Damage, construct, found_in, hear, matched

LINES = {
    "zh-04-complaint-good": Damage("echo-mulaw", echo=-20, noise=-60, codec="pcm_mulaw"),
    "zh-08-repair-middling": Damage("echo-amr", echo=-20, codec="libopencore_amrnb"),
    "en-14-complaint-bad": Damage("noise-alaw", noise=-50, codec="pcm_alaw"),
}


def test_dead_air_and_interruptions_are_found_and_none_made_up() -> None:
    calls = [construct(source, line, 2, turns=9) for source, line in LINES.items()]
    counts = {"dead air": [0, 0, 0], "interruption": [0, 0, 0]}
    for made, call in zip(calls, hear(calls), strict=True):
        for name, found, known in zip(counts, found_in(call), (made.dead_air, made.interruptions), strict=True):
            for k, n in enumerate((matched(found, list(known)), len(found), len(known))):
                counts[name][k] += n
        echo = [channel["echo_db"] for channel in call.measures.details["line"]["channels"]]
        assert all(e == pytest.approx(-20, abs=3) for e in echo) if "echo" in made.name else echo == [None, None]
    for name, (hits, found, known) in counts.items():
        assert known, name
        assert hits >= 0.9 * found, (name, "precision")
        assert hits >= 0.9 * known, (name, "recall")
