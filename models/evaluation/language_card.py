"""The card of language models on labelled sets, and the same figures for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models.evaluation.card import markdown, markdown_rows, rounded
from models.evaluation.label_scores import SetScore
from models.evaluation.language_tables import language_tables
from models.evaluation.tables import NONE


@dataclass(frozen=True, slots=True)
class LanguageAbout:
    """How an evaluation was made. `models`: job -> sha256; `told`: sentences on what was not measured, and how."""

    date: str
    models: dict[str, str]
    threshold: float
    band: tuple[float, float]
    role: str
    told: tuple[str, ...]


def language_card(scores: Sequence[SetScore], about: LanguageAbout) -> str:
    """The card as Markdown. Holds no path and no text of any set."""
    hashes = ", ".join(f"{job} {sha256[:12]}" for job, sha256 in about.models.items())
    data = [(s.name, _one_line(s), "; ".join(s.sources), s.note or NONE) for s in scores]
    lines = [
        "# Language on labelled sets",
        "",
        f"Written by `callqa evaluate language` on {about.date}. sha256 of the weights: {hashes}. "
        f"Threshold {about.threshold:g}; roles: {about.role}; lines read whole and by clauses, as calls are. "
        "Which classes mean which labels: `models/maps`.",
        "",
        *(line for t in language_tables(scores, about.threshold, about.band) for line in markdown(t)),
        "## Data",
        "",
        *markdown_rows(("set", "a line", "source", "what to know"), data),
        "",
        "## Not measured",
        "",
        *(f"* {sentence}" for sentence in about.told or ("Nothing was left out.",)),
    ]
    return "\n".join(lines) + "\n"


def language_record(scores: Sequence[SetScore], about: LanguageAbout) -> dict[str, Any]:
    """All figures as JSON holds them; rates are shares."""
    sets = []
    for s in scores:
        row = asdict(s)
        for c, made in zip(s.classes, row["classes"], strict=True):
            for side in ("one", "floor_one", "many", "floor_many"):
                hits = getattr(c, side)
                if hits:
                    made[side] |= {"precision": hits.precision, "recall": hits.recall, "f1": hits.f1}
        sets.append(row)
    found: dict[str, Any] = rounded({"about": asdict(about), "sets": sets})
    return found


def _one_line(s: SetScore) -> str:
    return "one class" if s.one_label else "one class, all acts where it has several"
