"""Word of a run's flags to people 预警通知: one digest a run, through apprise, off unless `CALLQA_NOTIFY` names where.

    digest = Digest.of(records, out="out")
    problem = notify(urls, digest) if digest else None

A digest leaves this machine, so it says which calls to look at and why in the form's words: ids of calls, scores,
severities and names of rules. What was said in a call, reasons that may quote it, and customers stay here, unless
`CALLQA_NOTIFY_REASONS` asks for the reasons.
"""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

MOST = 20  # matters told one by one; a digest is read on a telephone
LONGEST = 120  # characters of an id or a reason
SEVERITIES = ("high", "medium", "low")

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Matter:
    """One flag, or several with one key. calls: of which the first is named."""

    severity: str
    rule: str
    call_id: str
    score: float | None
    reason: str
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Digest:
    """What a run is announced with. counts: matters by severity."""

    out: str
    calls: int
    counts: Mapping[str, int] = field(default_factory=dict)
    matters: tuple[Matter, ...] = ()

    @classmethod
    def of(cls, records: Iterable[Record], out: str) -> Self | None:
        """The digest of newly judged calls; None where none is flagged. Memory grows with matters, not with calls."""
        found: dict[str, Matter] = {}
        calls = 0
        for record in records:
            calls += bool(record["flags"])
            for flag in record["flags"]:
                key = flag.get("key") or f"{flag['item']}/call:{record['call_id']}"
                known = found.get(key)
                if known is None:
                    found[key] = Matter(
                        flag["severity"], flag["item"], record["call_id"], record["score"], flag["why"][:LONGEST]
                    )
                else:
                    found[key] = Matter(
                        min(known.severity, flag["severity"], key=SEVERITIES.index), known.rule, known.call_id,
                        known.score, known.reason, known.calls + 1,
                    )  # fmt: skip
        if not found:
            return None
        ranked = sorted(found.values(), key=lambda m: (SEVERITIES.index(m.severity), -m.calls, m.call_id))
        return cls(out, calls, Counter(m.severity for m in ranked), tuple(ranked[:MOST]))

    @property
    def title(self) -> str:
        counted = ", ".join(f"{self.counts[s]} {s}" for s in SEVERITIES if self.counts.get(s))
        return f"callqa: {self.calls} calls flagged 预警通话 ({counted})"

    def body(self, *, reasons: bool = False) -> str:
        """A line a matter, the gravest first. reasons: with what was found, which may quote the call."""
        lines = []
        for m in self.matters:
            score = "-" if m.score is None else f"{m.score:g}"
            more = f" +{m.calls - 1} calls" if m.calls > 1 else ""
            reason = f": {_line(m.reason)}" if reasons else ""
            lines.append(f"[{m.severity}] {m.rule} | {_line(m.call_id)} | {score}{more}{reason}")
        rest = sum(self.counts.values()) - len(self.matters)
        return "\n".join([*lines, *([f"... {rest} more"] if rest else []), f"report: {_line(self.out)}/report.html"])


def notify(urls: Sequence[str], digest: Digest, *, reasons: bool = False) -> str | None:
    """Send a digest to every address (https://appriseit.com/services). What went wrong, or None.

    Never raises: a run is not lost over its announcement. Addresses hold passwords and are not told in problems.
    """
    try:
        import apprise
    except ImportError:
        return "CALLQA_NOTIFY: apprise is not installed; pip install 'callqa[notify]'"
    logging.getLogger("apprise").disabled = True  # it would print addresses
    try:
        with warnings.catch_warnings(action="ignore"):  # apprise still imports modules that Python will drop
            services = apprise.Apprise()
            unknown = [n for n, url in enumerate(urls, 1) if not services.add(url)]
        if unknown:
            return f"CALLQA_NOTIFY: address {unknown[0]} is none that apprise knows; nothing was sent"
        body = digest.body(reasons=reasons)
        sent = services.notify(title=digest.title, body=body, body_format=apprise.NotifyFormat.TEXT)
    except Exception as error:  # a service's plug-in may fail in any way
        return f"CALLQA_NOTIFY: {type(error).__name__}; the digest was not sent to every address"
    return None if sent else "CALLQA_NOTIFY: the digest could not be sent to every address"


def _line(text: str) -> str:
    """One line, of which nothing is markup or command."""
    return " ".join(str(text).split())[:LONGEST]
