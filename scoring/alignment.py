"""Alignment of sentences to the steps of a script: the best choice that keeps both in order."""

from __future__ import annotations

from collections.abc import Sequence


def align(gains: Sequence[Sequence[float]]) -> list[int | None]:
    """The sentence chosen for each step, None where the step is skipped.

    gains: of every sentence (row) for every step (column), 0 or below where it cannot be that step. Chosen sentences
    never go back in time from one step to the next; one sentence may do several steps ("您好，工号8021，请问…"); any
    sentence and any step may be skipped. The sum of gains is greatest; among equals the earliest sentences win.
    Dynamic programming in O(sentences x steps), after Needleman and Wunsch (1970) without a price for gaps.
    """
    rows, columns = len(gains), len(gains[0]) if gains else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            taken = gains[i][j] + best[i][j + 1] if gains[i][j] > 0 else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], taken)
    chosen: list[int | None] = [None] * columns
    i = j = 0
    while i < rows and j < columns:
        if gains[i][j] > 0 and best[i][j] == gains[i][j] + best[i][j + 1]:
            chosen[j] = i
            j += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return chosen
