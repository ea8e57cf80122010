"""Worker processes that live and die with the run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

LOOK = 1.0  # s between looks at whether the parent is still there


def stay_with_parent() -> None:
    """Make this worker end when its parent is gone, and leave Ctrl-C to the parent.

    A pool's workers outlive a parent that was killed; they would keep models in memory and write to a ledger that the
    next run has taken over.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="stay-with-parent").start()


def stop_workers() -> None:
    """End all worker processes at once; the ledger holds what they finished."""
    for process in multiprocessing.active_children():
        process.kill()
