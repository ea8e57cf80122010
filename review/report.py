"""`report.html`: one file that a QA manager opens after a run, offline, with or without scripts.

write_report(ledger.records(run_id=run), ledger.failures(run), rubric, out / "report.html", run=facts)
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from review import charts, figures, shortlist
from review.comparison import Comparison
from review.figures import Figures
from review.plain import clock, cut, moment, percent, plain, setting, short_hash
from review.shortlist import Shortlist
from review.sound import Sounds, at
from review.texts import LANGUAGES, both, pair, text, word
from scoring.errors import OutputError
from scoring.masking import mask
from scoring.rubric import Rubric

TEMPLATES = Path(__file__).parent / "templates"
FAILURE_LINES = 300
AGENT_LINES = 200
ITEM_LINES = 8  # missed items shown with evidence in one call
FLAGGED_LINES = 10  # shown at once, the others on demand
TURNS = 300  # of one call's transcript
UNSURE = 0.5  # confidence below which a turn is marked


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the run itself knows. audio_seconds: of all calls; duplicates: recordings skipped as the same audio.

    models: name -> hash of the weights. tables: the file that lists every call when the page cannot. runs: how many
    made what the page shows; started_at and finished_at are those of the first and the last.
    """

    started_at: datetime
    finished_at: datetime
    audio_seconds: float
    speed_x_realtime: float | None = None
    models: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    duplicates: int | None = 0
    warnings: Sequence[str] = ()
    tables: str = "evaluations.csv"
    failure_table: str = "failures.jsonl"
    runs: int = 1


def write_report(
    records: Iterable[Mapping[str, Any]],
    failures: Sequence[Mapping[str, Any]],
    rubric: Rubric,
    path: Path,
    *,
    run: RunFacts,
    language: str = "zh",
    compared: Comparison | None = None,
) -> Path:
    """Write the report of a run and return its path. Raises OutputError.

    records: as made by `scoring.record.call_record`, read once. failures: path, call_id, stage, reason, remedy each.
    language: `zh` or `en`, what the page shows at first; the other one is a click away. compared: another form over
    the same calls, for a section of its own.
    """
    counted, chosen = Figures(rubric), Shortlist(rubric)
    for record in records:
        counted.add(record)
        chosen.add(record)
    language = language if language in LANGUAGES else "zh"
    page = _render(counted, chosen, failures, run, language, Sounds(path.parent), compared)
    _write(path, page)
    return path


def _render(
    counted: Figures,
    chosen: Shortlist,
    failures: Sequence[Mapping[str, Any]],
    run: RunFacts,
    language: str,
    sounds: Sounds,
    compared: Comparison | None,
) -> str:
    style, script = _asset("report.css"), _asset("report.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            style=style,
            script=script,
            policy=_policy(style, script),
            language=language,
            attribute=lambda key: text(key, language),
            figures=counted,
            chosen=chosen,
            rubric=counted.rubric,
            run=run,
            failures=failures,
            histogram=charts.histogram(counted.bins, counted.rubric),
            details=chosen.details(),
            moments=chosen.moments(),
            sound=sounds.of,
            compared=compared,
        )
    )


@cache
def _environment() -> Environment:
    """Templates escape and clean whatever they print; only `Markup` made by our own code passes as it is."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        finalize=plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        cut=cut, mask=mask, clock=clock, moment=moment, short_hash=short_hash, setting=setting, at=at
    )
    environment.globals.update(
        t=both,
        pair=pair,
        word=word,
        text=text,
        percent=percent,
        shares=charts.shares,
        plot_width=charts.WIDTH,
        plot_height=charts.HEIGHT,
        few=figures.FEW,
        others=figures.OTHERS,
        most_details=shortlist.DETAILS,
        flagged_lines=FLAGGED_LINES,
        failure_lines=FAILURE_LINES,
        agent_lines=AGENT_LINES,
        item_lines=ITEM_LINES,
        most_turns=TURNS,
        unsure=UNSURE,
    )
    return environment


@cache
def _asset(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704  # our own stylesheet and script


def _policy(style: str, script: str) -> str:
    """A content security policy under which only this very style and script run, and nothing is fetched but recordings.

    `self` is where the page lies when a server gives it out, `file:` when it is opened from a disk.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "media-src 'self' file:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _write(path: Path, page: str) -> None:
    """Under a temporary name first: a reader never meets half a report, a failure never loses the old one."""
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(page, encoding="utf-8", newline="\n")
        os.replace(half, path)
    except OSError as error:
        raise OutputError(
            f"{path}: the report cannot be written ({error.strerror or error})",
            remedy="check that the folder is writable and has free space, and that the file is not open elsewhere",
        ) from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
