"""Runs in a few words, for the ledger, the summary artifact, the screen and the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flows.outcome import Outcome
from review.report import RunFacts
from store.results import Run


def headline(outcome: Outcome) -> dict[str, Any]:
    """Counts of a run."""
    return {
        "evaluated": outcome.evaluated,
        "failed": outcome.failed,
        "done_before": outcome.done_before,
        "duplicates": outcome.duplicates,
        "audio_seconds": round(outcome.audio_seconds, 1),
        "seconds": round(outcome.seconds, 1),
        "speed_x_realtime": round(outcome.speed, 1),
    }


def summary_table(outcome: Outcome) -> str:
    """The counts as a Markdown table."""
    rows = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in headline(outcome).items())
    return f"| | |\n|---|---|\n{rows}\n\nReport: `{outcome.report}`\n"


def facts_of(runs: Sequence[Run], audio_seconds: float) -> RunFacts:
    """What a report tells of the runs that made it, in the order they began. Where they differ it names each value.

    Speed and duplicates are those of a single run: over several they would count the same recordings again.
    """
    only = runs[0].counts if len(runs) == 1 else {}
    return RunFacts(
        started_at=min(run.started_at for run in runs),
        finished_at=max(run.ended_at for run in runs),
        audio_seconds=audio_seconds,
        speed_x_realtime=only.get("speed_x_realtime"),
        models=_values(run.models for run in runs),
        settings=_values(run.settings for run in runs),
        duplicates=only.get("duplicates"),
        runs=len(runs),
    )


def _values(each: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for values in each:
        for name, value in values.items():
            known = found.setdefault(name, [])
            if str(value) not in known:
                known.append(str(value))
    return {name: " / ".join(known) for name, known in found.items()}
