"""How many calls of a ledger the desk takes into its queue in a second; prints one JSON line.

    python tests/bench/take_up.py [--ledger URL] [--calls 3000]

Made-up calls of real size (stored_calls.py) are judged by the service form first, in a temporary folder unless
--ledger names a ledger, which keeps them. What was taken up before is taken up once more: the notes of news are written
anew, the queue is emptied. `longest_ms`: that the desk waited for one batch, reading and writing together.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from sqlalchemy import text

from store.desk import Desk


def measure(url: str) -> dict[str, float]:
    """Empty the queue of a ledger and fill it again."""
    with Desk.open(url) as desk:
        with desk.writing() as session:
            for table in ("queue_marks", "queue", "queue_pending"):
                session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            session.execute(text("INSERT INTO queue_pending (sha256) SELECT DISTINCT sha256 FROM evaluations"))
        began, taken, waits = time.perf_counter(), 0, []
        while True:
            start = time.perf_counter()
            some = desk.catch_up(1)
            if not some:
                break
            taken += some
            waits.append(time.perf_counter() - start)
        seconds = time.perf_counter() - began
    return {
        "calls": taken, "seconds": round(seconds, 2), "calls_per_second": round(taken / seconds, 1),
        "longest_ms": round(1000 * max(waits)),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", help="SQLite file or PostgreSQL URL that holds judged calls, or will")
    parser.add_argument("--calls", type=int, default=3000, help="calls to make where the ledger holds fewer")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.ledger or str(Path(folder) / "bench.sqlite")
        _judged(url, chosen.calls)
        print(json.dumps(measure(url)))
    return 0


def _judged(url: str, calls: int) -> None:
    """Make the ledger hold that many judged calls."""
    from stored_calls import fill

    from flows.rejudge import Piece, rejudge
    from scoring.rubric_file import load_rubric

    with Desk.open(url) as desk, desk.reading() as session:
        if session.scalar(text("SELECT count(*) FROM evaluations")) or 0:
            return
    fill(url, calls)
    form = load_rubric("service")
    with Desk.open(url) as desk:
        run = desk.ledger.begin_run(form.hash, {}, {})
        stretches = desk.ledger.cut((), calls).stretches
    for stretch in stretches:
        rejudge(Piece(stretch, (form,), (run,), url))


if __name__ == "__main__":
    sys.exit(main())
