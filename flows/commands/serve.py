"""`callqa serve`: the desk."""

from __future__ import annotations

import errno
import socket
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.desk_ledger import LedgerOption, desk_at


def serve(
    ledger: LedgerOption = "out/callqa.sqlite",
    host: Annotated[
        str, typer.Option(envvar="CALLQA_DESK_HOST", help="Address to listen at; 127.0.0.1: only this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="CALLQA_DESK_PORT", min=0, max=65535, help="Port; 0: any.")] = 8765,
    recordings: Annotated[
        Path, typer.Option(envvar="CALLQA_RECORDINGS", help="Folder that relative paths of recordings start from.")
    ] = Path(),
    rubric: Annotated[
        list[str] | None,
        typer.Option(envvar="CALLQA_RUBRICS", help="Rubrics of your own (YAML) that judged calls here; repeat it."),
    ] = None,
    https: Annotated[
        bool,
        typer.Option(
            "--https",
            envvar="CALLQA_DESK_HTTPS",
            help="Browsers come by https, through a proxy of yours: secure cookies.",
        ),
    ] = False,
    claim_minutes: Annotated[
        int,
        typer.Option(
            envvar="CALLQA_CLAIM_MINUTES", min=5, max=10080, help="Minutes until a claimed call is free again."
        ),
    ] = 120,
    appeal_days: Annotated[
        float, typer.Option(envvar="CALLQA_APPEAL_DAYS", min=0, max=366, help="Days in which agents may appeal.")
    ] = 7,
    appeal_hours: Annotated[
        float,
        typer.Option(envvar="CALLQA_APPEAL_HOURS", min=1, max=8784, help="Hours for each later step of an appeal."),
    ] = 72,
    trust_bar: Annotated[
        float,
        typer.Option(
            envvar="CALLQA_TRUST_BAR",
            min=0,
            max=1,
            help="Agreement with people (low end of its interval) below which an item is marked advisory.",
        ),
    ] = 0.8,
    whole_sound: Annotated[
        bool,
        typer.Option(
            "--whole-sound",
            envvar="CALLQA_WHOLE_SOUND",
            help="Leave numbers and mail addresses to be heard; else they are silent until somebody unmasks the call.",
        ),
    ] = False,
    workers: Annotated[
        int,
        typer.Option(envvar="CALLQA_DESK_WORKERS", min=1, max=64, help="Processes that answer; one keeps a core busy."),
    ] = 1,
) -> None:
    """Open the desk: queue, calls with sound and evidence, review. 质检台。

    Add the first user with `callqa user add NAME --role admin`. Behind a proxy, have it pass Host on and set
    X-Forwarded-For; that is believed from this machine only.

    [bold]Example[/bold]

    callqa serve --ledger out/callqa.sqlite --port 8765
    """
    from flows.desk_processes import answer, start_beside
    from review.desk.app import create_app
    from review.desk.options import Options
    from scoring.errors import UsageError
    from scoring.rubric_file import load_rubric
    from scoring.trust import Bar
    from store import users
    from store.appeals import Terms

    forms = tuple(map(load_rubric, rubric or ()))
    if not recordings.is_dir():
        raise UsageError(f"{recordings} is no folder", remedy="name the folder that recordings' paths start from")
    with desk_at(ledger) as desk, _bound(host, port) as listening:
        with desk.reading() as session:
            if not users.anybody(session):
                raise UsageError("nobody can log in yet", remedy="callqa user add NAME --role admin")
        step = timedelta(hours=appeal_hours)
        terms = Terms(timedelta(days=appeal_days), step, step, step)
        options = Options(recordings.absolute(), https, forms, claim_minutes, terms, Bar(trust_bar), whole_sound)
        app = create_app(desk, options)
        start_beside(workers - 1, ledger, options, listening)
        name = f"[{host}]" if ":" in host else host
        typer.echo(f"desk 质检台: http://{name}:{listening.getsockname()[1]}  (Ctrl-C ends it)")
        answer(app, listening)


def _bound(host: str, port: int) -> socket.socket:
    """A socket at the address. Raises UsageError: taken, not ours, not allowed."""
    from scoring.errors import UsageError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        remedies = {
            errno.EADDRINUSE: "another program listens there (perhaps a desk): stop it, or give another --port",
            errno.EACCES: "ports below 1024 are for administrators: give another --port",
            errno.EADDRNOTAVAIL: "give --host an address of this machine",
        }
        remedy = remedies.get(error.errno or 0, "give --host an address of this machine, and another --port")
        raise UsageError(f"cannot listen at {host}:{port}: {error.strerror or error}", remedy=remedy) from None
    return listening
