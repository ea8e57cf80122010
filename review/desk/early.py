"""Early warnings 预警, kept: figures of every agent are much to add up, so nobody waits for it but who comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock, Thread
from time import monotonic

from review.desk import board
from scoring.errors import OutputError
from store import dashboards, tallies
from store.access import Role, Viewer
from store.columns import now
from store.dashboards import Asked
from store.desk import Desk
from store.tally import first_day

SLOW = 0.1  # s of counting above which nobody waits for it
MINUTE = 60.0  # s between two counts where counting is slow and calls are taken up all the time
MOST = 8  # weeks of forms that are kept
EVERYBODY = Viewer("", "", Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Found:
    """All warnings of a form's week, whomever they are about. looked: charts; at: when they were counted; behind: there
    are newer figures, to be counted soon."""

    warned: Sequence[board.Warned]
    looked: int
    at: datetime
    behind: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    """What was found of which version of the figures, when it began (s), and how long it took (s)."""

    found: Found
    version: int
    begun: float
    cost: float


class Early:
    """Warnings by form and week. Where counting is quick they are of the newest figures; where it is slow people see
    the last ones, told so, while others are counted behind. One count at a time: each keeps a core busy."""

    def __init__(self) -> None:
        self._counting, self._lock = Lock(), Lock()
        self._held: dict[tuple[str, date], _Held] = {}
        self._begun: set[tuple[str, date]] = set()

    def of(self, desk: Desk, form: str, until: date) -> Found:
        """The warnings of the week that a day lies in."""
        key = form, first_day(until, "week")
        with desk.reading() as session:
            version = tallies.version(session)
        held = self._held.get(key)
        if held and held.version == version:
            return held.found
        if held is None or held.cost < SLOW:
            return self._counted(desk, key, version)
        with self._lock:
            begin = monotonic() - held.begun >= MINUTE and key not in self._begun
            if begin:
                self._begun.add(key)
        if begin:
            Thread(target=self._count_behind, args=(desk, key, version), daemon=True).start()
        return replace(held.found, behind=True)

    def _count_behind(self, desk: Desk, key: tuple[str, date], version: int) -> None:
        try:
            self._counted(desk, key, version)
        except OutputError:  # the ledger does not answer: pages say so, and ask again
            pass
        finally:
            with self._lock:
                self._begun.discard(key)

    def _counted(self, desk: Desk, key: tuple[str, date], least: int) -> Found:
        """Count, unless who was before did so. least: the version of the figures that it must be of."""
        with self._counting:
            held = self._held.get(key)
            if held and held.version >= least:
                return held.found
            begun, at = monotonic(), now()
            with desk.reading() as session:
                version = tallies.version(session)
                since = key[1] - timedelta(weeks=board.WEEKS_BEFORE)
                whole = Asked(key[0], since, key[1] + timedelta(days=6))
                names = tallies.places(session, key[0])
                cells = dashboards.cells(session, EVERYBODY, whole, "week")
                of_teams, teams = board.warnings(names, "team", cells, key[1])
                cells = dashboards.cells(session, EVERYBODY, whole, "day", agents=True)
                of_agents, agents = board.warnings(names, "agent", cells, key[1])
            found = Found((*of_teams, *of_agents), teams + agents, at)
            with self._lock:
                while len(self._held) >= MOST:
                    del self._held[next(iter(self._held))]
                self._held[key] = _Held(found, version, begun, monotonic() - begun)
        return found
