"""How fast the desk answers while 20 people work at it; prints one JSON line.

    python tests/bench/desk.py [--ledger URL] [--calls 2000] [--full] [--seconds 30] [--think 3] [--users 20]
        [--workers 2]

A ledger of made-up stored calls of real size (stored_calls.py), judged by the shipped form and taken up by the queue,
is worked at by people of all roles through the real `callqa serve`, a process of its own, over HTTP with kept
connections: they list, filter and turn pages of the queue, search for Chinese and English words, open calls and look at
dashboards; each kind of page was opened once before. First with time to think between two pages (exponential, the
mean is --think), then without any. Without --ledger, an SQLite file in a temporary folder; a ledger that is given
(SQLite file or PostgreSQL URL) keeps its calls for the next time. --prepare S only makes the ledger, for about so many
seconds, and says whether it is ready. --full: 2,500 made calls and 39 copies of each (copied_calls.py).

Times are until the last byte, in ms; this process shares the cores with the server. under_300: whether the 95th
percentile of queue, search and dashboards, all their pages together, is under 300 ms. peak_mb: of the desk's
first process.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).parent))

from copied_calls import COPIES, copy
from stored_calls import fill

from flows.rejudge import Piece, rejudge
from flows.settings import cores
from scoring.rubric_file import load_rubric
from store import users
from store.access import Role
from store.desk import Desk
from store.ledger import Ledger

PASSWORD = "correct horse bench 9"  # noqa: S105
ROLES = (Role.QA,) * 9 + (Role.TEAM_LEADER,) * 5 + (Role.AGENT,) * 3 + (Role.TRAINER, Role.COMPLIANCE, Role.ADMIN)
WORDS = (
    "退款",
    "投诉",
    "宽带",
    "核实",
    "您好",
    "非常抱歉",
    "维修师傅 上门",
    "refund",
    "account",
    "sorry for the",
    "reference",
)
FIELDS = ("review=open", "flag=high", "flag=any", "scenario=complaint", "most=60", "team=T3", "missed=empathy",
          "since=2026-03-01&until=2026-03-31")  # fmt: skip
BOARDS = ("", "/items", "/people", "/mix", "/kpi")
SPANS = ("", "since=2026-01-01&step=month", "team=T5", "scenario=complaint", "agent=A017", "step=day&since=2026-11-01")
PROMISED = 300  # ms
SETTLE = 15  # s until further processes of the desk answer, too
PIECE = 500  # calls judged or taken up at a time


def stock(url: str, calls: int, seconds: float, *, copies: bool) -> bool:
    """Make the ledger hold that many calls in its queue, and users. Whether that was done in the time."""
    until, form = time.monotonic() + seconds, load_rubric("service")
    with Ledger.open(url) as ledger:
        ledger.keep_rubric(form)
        have, run = ledger.cut((), 1000).total, ledger.begin_run(form.hash, {}, {})
    for wanted in (*range(have + PIECE, calls, PIECE), calls):
        if wanted > have and time.monotonic() < until:
            fill(url, wanted)
    with Desk.open(url) as desk:
        if have <= calls:  # no copies yet
            stretches = desk.ledger.cut((), PIECE).stretches
            with multiprocessing.get_context("spawn").Pool(cores()) as pool:
                for at in range(0, len(stretches), cores()):
                    if time.monotonic() < until:
                        pool.map(
                            rejudge, [Piece(stretch, (form,), (run,), url) for stretch in stretches[at : at + cores()]]
                        )
            while time.monotonic() < until and desk.catch_up(1):
                pass
        with desk.writing() as session:
            known = {user.login for user in users.everybody(session)}
            for n, role in enumerate(ROLES):
                if f"user{n}" not in known:
                    who = {"agent": f"A{17 * n:03d}", "teams": (f"T{n % 12}",)}
                    users.add(session, f"user{n}", PASSWORD, role, by="bench", **who)
    return time.monotonic() < until and (not copies or copy(url, calls, until))


@contextmanager
def serving(url: str, folder: Path, workers: int = 1) -> Iterator[tuple[int, int]]:
    """The desk, as people start it: its port and (first) process."""
    command = [sys.executable, "-c", "from flows.main import main; main()", "serve", "--ledger", url, "--port", "0"]
    server = subprocess.Popen(
        [*command, "--recordings", str(folder), "--workers", str(workers)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"COLUMNS": "200"},
    )
    try:
        assert server.stdout
        for line in server.stdout:
            if found := re.search(r":(\d+)\s", line):
                break
        else:
            raise SystemExit("the desk did not start")
        yield int(found[1]), server.pid
    finally:
        server.terminate()
        server.wait(20)


@dataclass
class Clock:
    """Times by kind of page, ms; and what went wrong."""

    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: int = 0

    def figures(self) -> dict[str, dict[str, float]]:
        everything = [ms for each in self.times.values() for ms in each]
        return {
            kind: {"n": len(ms)} | {f"p{q}": round(_part(ms, q), 1) for q in (50, 95, 99)}
            for kind, ms in (*sorted(self.times.items()), ("all", everything)) if ms
        }  # fmt: skip

    def quick(self) -> dict[str, bool]:
        """Whether each kind that the product promises it of is answered within PROMISED, at the 95th percentile."""
        return {
            kind: bool(times) and _part(times, 95) < PROMISED
            for kind in ("queue", "search", "dashboards")
            for times in [[ms for name, each in self.times.items() if name.startswith(kind) for ms in each]]
        }


def _part(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


class Person:
    """Somebody at a browser: one connection, one cookie."""

    def __init__(self, port: int, number: int) -> None:
        self.chance = random.Random(number)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie, self.calls, self.next, self.clock = "", list[str](), "", Clock()
        page = self.get("/login")
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        sent = {"login": f"user{number}", "password": PASSWORD, "csrf": token[1] if token else "", "next": "/"}
        self.connection.request("POST", "/login", urlencode(sent), self._headers() | {
            "Content-Type": "application/x-www-form-urlencoded"
        })  # fmt: skip
        answer = self.connection.getresponse()
        answer.read()
        self._keep(answer)
        if answer.status != 303:
            raise SystemExit(f"user{number} cannot log in: {answer.status}")
        self.calls = re.findall(r'href="/calls/([0-9a-f]{64})', self.get("/calls"))

    def work(self, until: float, think: float) -> None:
        """Look at one page after another until the time is over."""
        ways: Sequence[tuple[Callable[[], tuple[str, str]], int]] = (
            (lambda: ("queue", "/calls"), 15), (lambda: ("queue_filtered", f"/calls?{self.chance.choice(FIELDS)}"), 12),
            (lambda: ("queue_next", self.next or "/calls"), 8),
            (lambda: ("search", f"/calls?words={quote(self.chance.choice(WORDS))}"), 15),
            (lambda: ("call", f"/calls/{self.chance.choice(self.calls)}"), 30), (self._board, 20),
        )  # fmt: skip
        while time.monotonic() < until:
            if think:
                time.sleep(min(self.chance.expovariate(1 / think), max(0.0, until - time.monotonic())))
                if time.monotonic() >= until:  # still thinking: all who are would ask at the same moment
                    return
            (way,) = self.chance.choices([w for w, _ in ways], [weight for _, weight in ways])
            kind, path = way()
            began = time.perf_counter()
            try:
                page = self.get(path)
            except (OSError, http.client.HTTPException, ValueError):
                self.clock.errors += 1
                self.connection.close()
                continue
            self.clock.times[kind].append(1000 * (time.perf_counter() - began))
            if kind != "call":
                self.calls = re.findall(r'href="/calls/([0-9a-f]{64})', page) or self.calls
            if kind.startswith("queue"):
                after = re.search(r'rel="next" href="([^"]+)"', page)
                self.next = after[1].replace("&amp;", "&") if after else ""

    def get(self, path: str) -> str:
        """A page. Raises ValueError where it is none."""
        try:
            self.connection.request("GET", path, headers=self._headers())
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # it had been idle: browsers try again as well
            self.connection.close()
            self.connection.request("GET", path, headers=self._headers())
            answer = self.connection.getresponse()
        page = answer.read().decode()
        self._keep(answer)
        if answer.status != 200:
            raise ValueError(f"{path}: {answer.status}")
        return page

    def _board(self) -> tuple[str, str]:
        board = self.chance.choice(BOARDS)
        return f"dashboards{board}", f"/dashboards{board}?{self.chance.choice(SPANS)}"

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Accept-Language": self.chance.choice(("zh-CN", "en"))}

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        kept = dict(pair.split("=", 1) for pair in self.cookie.split("; ") if pair)
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.split(";")[0].partition("=")
            kept[name] = value
        self.cookie = "; ".join(f"{name}={value}" for name, value in kept.items())


def crowd(people: Sequence[Person], seconds: float, think: float) -> dict[str, object]:
    """Let people work at the same time; the figures of all."""
    for person in people:
        person.clock = Clock()
    began = time.monotonic()
    threads = [threading.Thread(target=p.work, args=(began + seconds, think)) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Clock(errors=sum(p.clock.errors for p in people))
    for person in people:
        for kind, times in person.clock.times.items():
            whole.times[kind] += times
    took, requests = time.monotonic() - began, sum(map(len, whole.times.values()))
    return {
        "think_s": think, "seconds": round(took, 1), "requests": requests, "errors": whole.errors,
        "a_second": round(requests / took, 1), "under_300": whole.quick(), "ms": whole.figures(),
    }  # fmt: skip


def peak_mb(process: int) -> float:
    """The most memory that a process had (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    return round(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)  # type: ignore[index]


def main() -> int:
    """Make the ledger, let people work, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", help="SQLite file or PostgreSQL URL to put the calls into")
    parser.add_argument("--calls", type=int, default=2000, help="calls in the queue (default 2000)")
    parser.add_argument("--full", action="store_true", help="100,000 calls")
    parser.add_argument("--seconds", type=float, default=30, help="of each round (default 30)")
    parser.add_argument("--think", type=float, default=3, help="mean time between two pages of a person, s (default 3)")
    parser.add_argument("--users", type=int, default=20, help="people at work (default 20, at most 20)")
    parser.add_argument("--workers", type=int, default=cores(), help="processes of the desk (default: cores)")
    parser.add_argument("--prepare", type=float, metavar="S", help="only make the ledger, for so many seconds")
    chosen = parser.parse_args()
    made = 2500 if chosen.full else chosen.calls
    calls = made * (1 + COPIES) if chosen.full else made
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.ledger or str(Path(folder) / "desk.sqlite")
        ready = stock(url, made, chosen.prepare or float("inf"), copies=chosen.full)
        if chosen.prepare:
            print(json.dumps({"ready": ready, "calls": calls}))
            return 0
        with serving(url, Path(folder), chosen.workers) as (port, process):
            time.sleep(SETTLE * (chosen.workers > 1))
            people = [Person(port, n) for n in range(min(chosen.users, len(ROLES)))]
            for path in ("/calls?words=x", f"/calls/{people[0].calls[0]}", *(f"/dashboards{b}" for b in BOARDS)):
                people[0].get(path)  # templates are compiled when first used
            rounds = [crowd(people, chosen.seconds, think) for think in (chosen.think, 0.0)]
            memory = peak_mb(process)
    database = "postgresql" if "://" in url and not url.startswith("sqlite") else "sqlite"
    print(json.dumps({
        "database": database, "calls": calls, "cores": cores(), "users": len(people), "with_thinking": rounds[0],
        "without": rounds[1], "peak_mb": memory,
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
