"""The model card of speech, and the same figures for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models import normalise
from models.evaluation.peer import TITLE
from models.evaluation.results import Scores, SetScores
from models.evaluation.tables import Table, tables


@dataclass(frozen=True, slots=True)
class About:
    """How an evaluation was made. `models`: job -> sha256; `left_out`: sentences on what was not measured."""

    date: str
    models: Mapping[str, str]
    settings: Mapping[str, str | int]
    told: bool
    peer: bool
    left_out: tuple[str, ...]


def card(scores: Scores, about: About) -> str:
    """The card as Markdown. Holds no path."""
    hashes = ", ".join(f"{job} {sha256[:12]}" for job, sha256 in about.models.items())
    settings = about.settings
    how = "was told to both sides" if about.told else "was heard by each side for itself"
    lines = [
        "# Speech",
        "",
        f"Written by `callqa evaluate speech` on {about.date}. callqa: speech model {settings['speech_model']}, "
        f"beam {settings['beam']} on doubt, transcription version {settings['speech_version']}, all recordings of a "
        f"handful pooled. sha256 of the weights: {hashes}. faster-whisper: plain `{TITLE.split(' ', 1)[1]}` on the "
        f"same weights and recordings. The language {how}; roles go by what is said, on two channels as on one.",
        "",
        *(line for table in tables(scores) for line in markdown(table)),
        "## What counts as the same",
        "",
        f"Version {normalise.VERSION} of `models/normalise.py`, applied to reference, callqa and faster-whisper alike.",
        "",
        *markdown_rows(("matter", "Mandarin: characters and Latin letters", "English: words"), normalise.RULES),
        "",
        "## Data",
        "",
        *markdown_rows(("set", "what", "reference", "source", "licence"), [_data(s) for s in scores.sets]),
        "",
        "## Not measured",
        "",
        *(f"* {sentence}" for sentence in about.left_out),
    ]
    return "\n".join(lines) + "\n"


def record(scores: Scores, about: About) -> dict[str, Any]:
    """All figures as JSON holds them; rates are shares, times seconds."""
    sets = []
    for s in scores.sets:
        row = asdict(s)
        if s.errors and s.errors.difference:
            row["errors"]["difference"]["verdict"] = s.errors.difference.verdict
        for name, speakers in (("speakers", s.speakers), ("mixed_speakers", s.mixed_speakers)):
            if speakers:
                row[name]["strict"]["rate"] = speakers.strict.rate
                row[name]["lenient"]["rate"] = speakers.lenient.rate
        sets.append(row)
    confidence = {language: asdict(curve) for language, curve in scores.confidence.items()}
    made: dict[str, Any] = rounded(
        {"about": asdict(about) | {"normalisation": normalise.VERSION}, "sets": sets, "confidence": confidence}
    )
    return made


def markdown(table: Table) -> list[str]:
    """A table under its heading, as lines of Markdown."""
    notes = [*table.notes, ""] if table.notes else []
    return [f"## {table.title}", "", *markdown_rows(table.columns, table.rows), "", *notes]


def markdown_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines of Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return ["| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines]


def _data(s: SetScores) -> tuple[str, ...]:
    return s.name, ", ".join(s.kinds), "; ".join(s.references), "; ".join(s.sources), "; ".join(s.licences)


def rounded(value: Any) -> Any:
    """Floats to four places, however deep they lie."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: rounded(v) for key, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list | tuple) else value
