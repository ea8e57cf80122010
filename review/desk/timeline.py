"""The call as a picture in two lanes: who spoke when, where nobody did, where both did, and where the evidence lies.

Geometry only, in a field of 1000 by `HEIGHT`; the template draws it as SVG, which needs no script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 1000.0, 52.0
LANES = {"agent": 3.0, "customer": 21.0}  # top edge; both and machines share the field between
LANE = 15.0
MARKS = 40.0  # top edge of the row of evidence
LEAST = 1.2  # width of what is too short to be seen


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle. kind: its class; turn: index, None for what is no turn; at: s, where a click plays from."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    at: float
    end: float
    turn: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Drawn in this order: gaps under turns under overlaps; marks in a row of their own. ticks: s."""

    seconds: float
    gaps: tuple[Block, ...]
    turns: tuple[Block, ...]
    overlaps: tuple[Block, ...]
    marks: tuple[Block, ...]
    ticks: tuple[tuple[float, float], ...]


def timeline(record: Mapping[str, Any]) -> Timeline:
    """The picture of a record (`scoring.record`)."""
    seconds = max(float(record["duration"]), max((t["end"] for t in record["turns"]), default=0.0), 0.1)
    scale = WIDTH / seconds
    measures = record["measures"]

    def block(span: Mapping[str, Any], y: float, height: float, kind: str, **more: Any) -> Block:
        start, end = float(span["start"]), float(span["end"])
        return Block(
            round(start * scale, 2), y, round(max((end - start) * scale, LEAST), 2), height, kind, start, end, **more
        )

    both = LANES["customer"] + LANE - LANES["agent"]
    gaps = [block(s, LANES["agent"], both, "silence") for s in measures.get("silences") or ()]
    gaps += [block(h, LANES["agent"], both, "hold") for h in measures.get("holds") or ()]
    turns = [
        block(t, LANES.get(t["role"], (LANES["agent"] + LANES["customer"]) / 2), LANE, _kind(t["role"]), turn=i)
        for i, t in enumerate(record["turns"])
    ]
    overlaps = [block(o, LANES["agent"], both, "overlap") for o in measures.get("overlaps") or ()]
    marks = [
        block(e, MARKS, 9.0, answer["status"], label=answer["item"])
        for answer in record["answers"]
        if answer["status"] in ("missed", "partly_met", "met")
        for e in answer["evidence"]
        if e["end"] - e["start"] < 0.9 * seconds  # the whole call is no place
    ]
    order = {"met": 0, "partly_met": 1, "missed": 2}  # the gravest is drawn last
    return Timeline(
        seconds, tuple(gaps), tuple(turns), tuple(overlaps),
        tuple(sorted(marks, key=lambda m: order[m.kind])), tuple(_ticks(seconds, scale)),
    )  # fmt: skip


def _kind(role: str) -> str:
    return role if role in LANES else "system"


def _ticks(seconds: float, scale: float) -> Iterable[tuple[float, float]]:
    step = next((s for s in (5, 10, 15, 30, 60, 120, 300, 600, 1800) if seconds / s <= 10), 3600)
    return ((float(at), round(at * scale, 2)) for at in range(0, int(seconds) + 1, step))
