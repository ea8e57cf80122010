"""More processes of the desk beside the first, at the same socket: Python keeps one core busy, a desk may need more.

All that people do is in the ledger, so it does not matter who answers them. A process beside that dies is started
again; when the first is gone, by whatever way, the others finish what they are at and end.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
import time
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from flows.processes import leave_interrupts_to_parent

if TYPE_CHECKING:
    from fastapi import FastAPI

    from review.desk.options import Options

PAUSE = 1.0  # s before a process that died is started again
PATIENCE = 5  # s for answers under way when the desk ends


def answer(app: FastAPI, listening: socket.socket) -> None:
    """Answer whoever comes to the socket, until told to end."""
    import uvicorn

    config = uvicorn.Config(
        app, log_level="warning", server_header=False, proxy_headers=True, timeout_graceful_shutdown=PATIENCE
    )
    uvicorn.Server(config).run(sockets=[listening])


def start_beside(count: int, ledger: str, options: Options, listening: socket.socket) -> None:
    """Start so many processes beside this one; returns at once. They answer at the same socket."""
    for _ in range(count):
        threading.Thread(target=_keep_one, args=(ledger, options, listening), daemon=True).start()


def _keep_one(ledger: str, options: Options, listening: socket.socket) -> None:
    spawn = multiprocessing.get_context("spawn")
    while True:
        theirs, ours = spawn.Pipe(duplex=False)
        beside = spawn.Process(target=_beside, args=(ledger, options, listening, theirs), daemon=True)
        beside.start()
        theirs.close()
        beside.join()
        ours.close()
        time.sleep(PAUSE)


def _beside(ledger: str, options: Options, listening: socket.socket, first: Connection) -> None:
    from review.desk.app import create_app
    from store.desk import Desk

    leave_interrupts_to_parent()
    threading.Thread(target=_end_with, args=(first,), daemon=True).start()
    with Desk.open(ledger) as desk:
        answer(create_app(desk, options, keeps_up=False), listening)


def _end_with(first: Connection) -> None:
    """End this process when the first one has ended: nothing is ever sent."""
    first.poll(None)
    os.kill(os.getpid(), signal.SIGTERM)
