"""How many stored calls are judged again in a second, and in how much memory; prints one JSON line.

    python tests/bench/rescore.py [--ledger URL] [--calls 1000 10000] [--full] [--rubric service]

Made-up calls of real size (stored_calls.py) are put into a ledger, SQLite in a temporary folder unless --ledger says
otherwise; a ledger that is given keeps them for the next time. Processes are started before the clock; each count is
judged under a version of the form of its own. `evaluate_ms`: of a call's share within a process; `peak_mb`: of the
largest process.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parent))

from stored_calls import fill

from flows.rejudge import Piece, Tally, rejudge
from flows.settings import cores
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store.ledger import Ledger

PIECE = 500  # calls


def judge(piece: Piece) -> tuple[Tally, float]:
    """In a worker process: a piece, and the process's peak memory so far, MB."""
    return rejudge(piece), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(url: str, rubric: Rubric, calls: int, pool: multiprocessing.pool.Pool) -> dict[str, float]:
    """Judge the first calls of a ledger by a version of the form that nobody has used."""
    version = {"version": f"bench-{uuid4().hex[:8]}"}
    form = Rubric.model_validate(rubric.model_dump(mode="json", by_alias=True) | version)
    with Ledger.open(url) as ledger:
        run = ledger.begin_run(form.hash, {}, {})
        stretches = ledger.cut((), min(PIECE, -(-calls // cores()))).stretches
    per_piece = min(PIECE, -(-calls // cores()))
    chosen = stretches[: -(-calls // per_piece)]
    began = time.perf_counter()
    tally, peak = Tally.of(1), 0.0
    for done, memory in pool.imap_unordered(judge, [Piece(s, (form,), (run,), url) for s in chosen]):
        tally.add(done)
        peak = max(peak, memory)
    seconds = time.perf_counter() - began
    judged = tally.judged[0]
    return {
        "calls": judged, "seconds": round(seconds, 2), "calls_per_second": round(judged / seconds, 1),
        "evaluate_ms": round(1000 * tally.evaluating / judged, 2), "peak_mb": round(peak),
        "failed": tally.failed[0], "unread": tally.unread,
    }  # fmt: skip


def main() -> int:
    """Measure each count and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", help="SQLite file or PostgreSQL URL to put the calls into")
    parser.add_argument("--calls", type=int, nargs="+", default=[1000, 10_000], help="counts to measure")
    parser.add_argument("--full", action="store_true", help="100,000 calls as well")
    parser.add_argument("--rubric", default="service", help="form to judge by")
    chosen = parser.parse_args()
    counts = sorted({*chosen.calls, *([100_000] if chosen.full else [])})
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(cores()) as pool:
        url = chosen.ledger or str(Path(folder) / "bench.sqlite")
        rubric, runs = load_rubric(chosen.rubric), []
        for count in counts:
            fill(url, count)
            runs.append(measure(url, rubric, count, pool))
    database = "postgresql" if "://" in url and not url.startswith("sqlite") else "sqlite"
    print(json.dumps({"database": database, "cores": cores(), "rubric": rubric.id, "runs": runs}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
