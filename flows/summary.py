"""A run in a few words, for the ledger, the summary artifact and the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.inspect import Outcome


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
