"""The verdict on a candidate: better, worse, or only chance."""

from __future__ import annotations

import numpy as np
import pytest

from models.acceptance import Side, Truth, Verdict, judge

LABELS = ("thanks", "closing")


def verdict(
    *,
    corpus: tuple[float, float] = (0.1, 0.1),
    reviewed: tuple[int, int] = (0, 0),
    lines: int = 60,
    same: bool = False,
    unknown: bool = False,
) -> Verdict:
    """corpus: share of positives of the first label that each side misses; reviewed: sentences repaired and broken."""
    n = 400
    held = np.zeros((n + lines, 2), bool)
    held[:n:2, 0] = held[1:n:4, 1] = True
    sides = [held.copy(), held.copy()]
    positives = np.arange(0, n, 2)
    for side, missed in zip(sides, corpus, strict=True):
        side[positives[: round(missed * len(positives))], 0] = False
    repaired, broken = reviewed
    sides[0][n : n + repaired, 0] ^= True
    sides[1][n + repaired : n + repaired + broken, 0] ^= True
    known = np.ones_like(held)
    known[n:, 0] = not unknown
    texts = [f"line {i}" for i in range(n)] + ["always the same!" if same else f"reviewed {i}" for i in range(lines)]
    truth = Truth(tuple(texts), LABELS, held, known)
    before, after = (Side(name, np.where(found, 0.9, 0.1)) for name, found in zip("ab", sides, strict=True))
    return judge(truth, before, after, np.arange(n + lines) >= n)


@pytest.mark.parametrize(
    ("given", "adopt", "says"),
    [
        ({"reviewed": (12, 1)}, True, "repairs 12 and breaks 1"),
        ({"reviewed": (0, 0)}, False, "nothing shows"),
        ({"reviewed": (4, 0)}, False, "may be chance"),
        ({"reviewed": (9, 6)}, False, "may be chance"),
        ({"reviewed": (1, 12)}, False, "breaks 12 and repairs 1"),
        ({"reviewed": (30, 0), "corpus": (0.1, 0.2)}, False, "macro F1 on the corpus' frozen lines falls"),
        ({"reviewed": (30, 0), "corpus": (0.1, 0.4)}, False, "thanks falls from F1"),
        ({"reviewed": (30, 0), "same": True}, False, "only 1 reviewed sentences decide"),
        ({"reviewed": (30, 0), "unknown": True}, False, "nothing shows"),
        ({"lines": 0}, False, "nothing shows"),
        ({"lines": 0, "corpus": (0.3, 0.1)}, True, "rises by"),
        ({"lines": 0, "corpus": (0.1, 0.3)}, False, "falls by"),
        ({"reviewed": (1, 12), "corpus": (0.3, 0.1)}, False, "breaks 12"),
    ],
)
def test_adopted_only_when_better_and_nothing_is_worse(given: dict, adopt: bool, says: str) -> None:
    found = verdict(**given)
    assert found.adopt is adopt
    assert says in "; ".join(found.reasons)


def test_the_table_tells_each_label() -> None:
    thanks, closing = verdict(corpus=(0.1, 0.4), reviewed=(5, 2)).labels
    assert (thanks.positives, thanks.answers, thanks.wrong_before, thanks.wrong_after) == (200, 60, 5, 2)
    assert thanks.before == pytest.approx(2 * 180 / 380)
    assert thanks.change is not None
    assert thanks.change.high < 0
    assert (closing.positives, closing.before, closing.after) == (100, 1, 1)
