"""Scores of labels as tables of text, the same for the screen and the card."""

from __future__ import annotations

from collections.abc import Sequence

from models.evaluation.label_scores import ClassScore, Hits, SetScore
from models.evaluation.macro import Compared, Interval
from models.evaluation.tables import NONE, Table


def language_tables(scores: Sequence[SetScore], threshold: float, band: tuple[float, float]) -> list[Table]:
    """All tables that have rows."""
    made = [_one(scores), _many(scores), _trust(scores, band), _classes(scores, threshold), _implied(scores)]
    return [table for table in made if table.rows]


def _one(scores: Sequence[SetScore]) -> Table:
    return Table(
        "Macro-F1, one class a line",
        ("set", "lines", "classes", "callqa", "TF-IDF floor", "above the floor by"),
        tuple((s.name, _lines(s), str(_there(s)), *_compared(s.one)) for s in scores if s.one),
        (
            "The likeliest class over the threshold (or the set's own first of several), else the set's class for "
            "nothing, which is in the mean; classes of the set without a label of ours are part of it. In %, [95 % "
            "bootstrap interval] over lines. Floor: TF-IDF of characters with logistic regression, learnt from the "
            "same corpus, never from the set.",
        ),
    )


def _many(scores: Sequence[SetScore]) -> Table:
    return Table(
        "Macro-F1, each label for itself",
        ("set", "lines", "classes", "callqa", "TF-IDF floor", "above the floor by"),
        tuple(
            (s.name + (" *" if s.one_label else ""), _lines(s), str(_judged(s)), *_compared(s.many))
            for s in scores
            if s.many
        ),
        ("Over the judged labels alone. *: lines carry one class there, so a true second act counts as a mistake.",),
    )


def _trust(scores: Sequence[SetScore], band: tuple[float, float]) -> Table:
    rows = []
    for s in scores:
        a = s.abstention
        wrong = NONE if a.wrong_lines is None else _share(a.wrong_lines, a.lines - a.open_lines)
        rows.append((
            s.name, NONE if s.error is None else f"{s.error:.3f}", _share(a.open_lines, a.lines), wrong,
            _share(a.open_answers, a.answers), _share(a.wrong_answers, a.answers - a.open_answers),
        ))  # fmt: skip
    return Table(
        "Confidence and abstention",
        ("set", "calibration error", "lines left open", "wrong of the others", "answers left open", "wrong of others"),
        tuple(rows),
        (
            "Expected calibration error of the one class said of each line, 10 bins. A line is left open when a label "
            f"lies in the band of {band[0]:g} to {band[1]:g}; an answer is yes or no for one label of one line. In %.",
        ),
    )


def _classes(scores: Sequence[SetScore], threshold: float) -> Table:
    rows = [
        (f"{s.name} {c.name}", " or ".join(c.ours) or "nothing judged", *_class(c)) for s in scores for c in s.classes
    ]
    return Table(
        "Labels",
        ("set and class", "ours", "n", "precision", "recall", "F1", "floor", "n each", "F1 each", "floor each", "ECE"),
        tuple(rows),
        (
            f"Threshold {threshold:g}. First one class a line, then each label for itself. ECE: expected calibration "
            "error of the label's probability, 10 bins.",
        ),
    )


def _implied(scores: Sequence[SetScore]) -> Table:
    return Table(
        "Found where another class implies it",
        ("set", "class -> label", "n", "recall"),
        tuple((s.name, name, str(h.n), _percent(h.recall)) for s in scores for name, h in s.implied.items()),
        ("Other lines of the set may carry the label as well, so precision is not known.",),
    )


def _class(c: ClassScore) -> tuple[str, ...]:
    one = _hits(c.one) if c.one else (NONE,) * 4
    many = (str(c.many.n), _percent(c.many.f1)) if c.many else (NONE, NONE)
    error = NONE if c.error is None else f"{c.error:.3f}"
    return *one, _f1(c.floor_one), *many, _f1(c.floor_many), error


def _hits(hits: Hits) -> tuple[str, str, str, str]:
    return str(hits.n), _percent(hits.precision), _percent(hits.recall), _percent(hits.f1)


def _f1(hits: Hits | None) -> str:
    return NONE if hits is None else _percent(hits.f1)


def _compared(c: Compared | None) -> tuple[str, str, str]:
    if c is None:
        return NONE, NONE, NONE
    return _interval(c.own), _interval(c.floor), _interval(c.above, "+")


def _interval(value: Interval | None, sign: str = "") -> str:
    if value is None:
        return NONE
    shown = f"{100 * value.value:{sign}.1f}"
    if value.low is None or value.high is None:
        return shown
    return f"{shown} [{100 * value.low:{sign}.1f}, {100 * value.high:{sign}.1f}]"


def _lines(s: SetScore) -> str:
    return str(s.lines) if s.lines == s.whole else f"{s.lines} of {s.whole}"


def _there(s: SetScore) -> int:
    return sum(c.one is not None and c.one.n > 0 for c in s.classes)


def _judged(s: SetScore) -> int:
    return sum(c.many is not None and c.many.n > 0 for c in s.classes)


def _percent(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.1f}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else NONE
