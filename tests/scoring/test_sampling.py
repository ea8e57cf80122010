"""A draw is what its rules say, depends on population and seed alone, and keeps to the probabilities it names."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from scoring.sampling import UNIT, Candidate, Cell, Mode, Rules, draw, probabilities, strata
from scoring.sampling_frame import digest, frame_of, frame_text, packed, result_text, unpacked


def cell(weights: list[int], wanted: int, agent: str = "A1") -> Cell:
    calls = tuple(Candidate(f"{agent}-{i:04d}", f"repair {i % 4}", w) for i, w in enumerate(weights))
    return Cell(agent, "2026-W10", wanted, calls)


@pytest.mark.parametrize(
    ("weights", "wanted", "sure"),
    [
        ([UNIT] * 40, 3, 0), ([UNIT, 2 * UNIT, 3 * UNIT] * 5, 4, 0), ([100 * UNIT, *[UNIT] * 9], 3, 1),
        ([50 * UNIT, 49 * UNIT, UNIT, UNIT], 3, 2), ([UNIT] * 3, 3, 3), ([UNIT], 5, 1), ([UNIT] * 6, 0, 0),
    ],
)  # fmt: skip
def test_probabilities_are_what_is_wanted(weights: list[int], wanted: int, sure: int) -> None:
    some = cell(weights, wanted)
    chance = probabilities(some)
    assert sum(chance.values()) == pytest.approx(min(wanted, len(weights)))
    assert sum(p == 1.0 for p in chance.values()) == sure
    for seed in map(str, range(50)):
        picks = draw([some], seed, Mode.RANDOM)
        assert len({p.sha256 for p in picks}) == len(picks) == min(wanted, len(weights))
        assert all(p.probability == pytest.approx(chance[p.sha256]) for p in picks)


def test_calls_come_as_often_as_their_probability_says() -> None:
    some = cell([UNIT, UNIT, 2 * UNIT, 4 * UNIT, UNIT, 3 * UNIT, UNIT, 5 * UNIT], 2)
    chance, n = probabilities(some), 2500
    seen = Counter(p.sha256 for seed in range(n) for p in draw([some], f"s{seed}", Mode.RANDOM))
    for sha256, p in chance.items():
        assert abs(seen[sha256] / n - p) < 4 * (p * (1 - p) / n) ** 0.5, sha256


def test_a_stratum_gets_what_it_is_due() -> None:
    """10 of 40 calls, a quarter of them in each stratum: 2 or 3 of each, whatever the seed."""
    some = cell([UNIT] * 40, 10)
    for seed in map(str, range(60)):
        picks = draw([some], seed, Mode.RANDOM)
        assert set(Counter(p.stratum for p in picks).values()) <= {2, 3}
    assert [(s.population, s.due) for s in strata([some], picks, Mode.RANDOM)] == [(10, 2.5)] * 4


def test_only_population_and_seed_matter() -> None:
    cells = [cell([UNIT * (1 + i % 3) for i in range(30)], 3, agent) for agent in ("A1", "坐席2", "A3")]
    mixed = [Cell(c.agent, c.week, c.wanted, tuple(random.Random(1).sample(c.calls, 30))) for c in reversed(cells)]
    one, other = (result_text(draw(population, "seed", Mode.RANDOM)) for population in (cells, mixed))
    assert one == other
    assert frame_text(cells) == frame_text(mixed)
    assert digest(one) == "48f6eb49dcf24dc305bd87f7dddfb8799c5056273696e653dde98a0fb5203ff6", (
        "a published draw must come out the same for ever"
    )
    assert one != result_text(draw(cells, "another", Mode.RANDOM))
    again = frame_of(unpacked(packed(frame_text(cells))))
    assert result_text(draw(again, "seed", Mode.RANDOM)) == one
    # A call more in one agent's week moves nobody else's.
    fuller = [cell([UNIT] * 31, 3, "A1"), *cells[1:]]
    kept = [p for p in draw(fuller, "seed", Mode.RANDOM) if p.agent != "A1"]
    assert kept == [p for p in draw(cells, "seed", Mode.RANDOM) if p.agent != "A1"]
    with pytest.raises(ValueError, match="damaged"):
        unpacked(b"no")


def test_targeted_takes_the_riskiest_and_claims_no_probability() -> None:
    picks = draw([cell([UNIT, 5 * UNIT, UNIT, 9 * UNIT, 2 * UNIT], 2)], "s", Mode.TARGETED)
    assert [(p.weight, p.probability) for p in picks] == [(5 * UNIT, None), (9 * UNIT, None)]


def test_rules() -> None:
    rules = Rules(per_agent=2, share=0.07, new_agent=3)
    assert [rules.wanted(n, False) for n in (1, 10, 28, 29, 100)] == [1, 2, 2, 3, 7]
    assert rules.wanted(10, True) == 3
    assert rules.weight(flagged=True, score=50.0, unjudged=0.25) == 3250
    assert rules.weight(flagged=False, score=None, unjudged=0.0) == UNIT
    named = {(s, x): rules.stratum(scenario=s, score=x) for s, x in (("repair", 70.0), ("repair", 69.9), (None, None))}
    assert list(named.values()) == ["repair 70-80", "repair 0-70", "- -"]
    assert Rules(by_scenario=False, edges=()).stratum(scenario="repair", score=1.0) == "* *"
