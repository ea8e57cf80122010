"""The population of a draw as it was, on paper as it were: text that can be kept, hashed and drawn from again."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence

from scoring.sampling import Candidate, Cell, Pick

_JSON = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def frame_text(cells: Iterable[Cell]) -> str:
    """A line of JSON for each agent's week: [agent, week, wanted, [[sha256, stratum, weight], …]], in one order."""
    lines = [
        _line([c.agent, c.week, c.wanted, [[x.sha256, x.stratum, x.weight] for x in sorted(c.calls, key=_address)]])
        for c in sorted(cells, key=lambda cell: (cell.agent, cell.week))
    ]
    return "".join(line + "\n" for line in lines)


def frame_of(text: str) -> list[Cell]:
    """The reverse of `frame_text`."""
    cells = []
    for line in text.splitlines():
        agent, week, wanted, calls = json.loads(line)
        cells.append(Cell(agent, week, wanted, tuple(Candidate(*call) for call in calls)))
    return cells


def packed(text: str) -> bytes:
    """The text, compressed."""
    return zlib.compress(text.encode(), 6)


def unpacked(data: bytes) -> str:
    """The reverse of `packed`. Raises ValueError."""
    try:
        return zlib.decompress(data).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise ValueError("the frame is damaged") from error


def result_text(picks: Sequence[Pick]) -> str:
    """A line of JSON for each call drawn: [agent, week, sha256, stratum, weight, probability to 12 digits]."""
    return "".join(
        _line(
            [p.agent, p.week, p.sha256, p.stratum, p.weight, None if p.probability is None else f"{p.probability:.12f}"]
        )
        + "\n"
        for p in sorted(picks, key=lambda p: (p.agent, p.week, p.sha256))
    )


def digest(text: str) -> str:
    """sha256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _address(call: Candidate) -> str:
    return call.sha256


def _line(value: object) -> str:
    return _JSON.encode(value)
