"""The processes of a run live and die with it.

A killed parent leaves its pool's workers, with models in memory, and Prefect's temporary server behind for ever. A
small guardian process looks at what the run has started and ends it when the run is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil

LOOK = 0.5  # s between looks


def start_guardian() -> None:
    """Watch over this process from outside; returns at once."""
    # A session of its own: Ctrl-C must reach the run and not its guardian.
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "flows.processes", str(os.getpid())]
    subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


def leave_interrupts_to_parent() -> None:
    """Make Ctrl-C the parent's business; a worker would only print a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def guard(pid: int) -> None:
    """Wait for a process to end, then end all that it had started."""
    started: dict[int, psutil.Process] = {}
    try:
        run = psutil.Process(pid)
        while run.is_running() and run.status() != psutil.STATUS_ZOMBIE:
            started |= {child.pid: child for child in run.children(recursive=True)}
            time.sleep(LOOK)
    except psutil.NoSuchProcess:
        pass
    started.pop(os.getpid(), None)
    for process in started.values():
        try:
            process.kill()  # refuses by itself where the number now belongs to another process
        except psutil.NoSuchProcess:
            continue


if __name__ == "__main__":
    guard(int(sys.argv[1]))
