"""The ledger that commands of the desk work on, which must be there already, and whose commands they are."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from store.desk import Desk

LedgerOption = Annotated[str, typer.Option(envvar="CALLQA_LEDGER", help="SQLite file or PostgreSQL URL.")]


def desk_at(ledger: str) -> Desk:
    """The desk of a ledger. Raises UsageError where there is none, OutputError where it cannot be opened."""
    from scoring.errors import UsageError
    from store.desk import Desk

    if "://" not in ledger and not Path(ledger).is_file():
        raise UsageError(
            f"there is no ledger at {ledger}",
            remedy="give --ledger, or make one: `callqa inspect` or `callqa db upgrade`",
        )
    return Desk.open(ledger)


def operator() -> str:
    """Whose command it is, for the audit log: the user of the operating system."""
    try:
        return f"command:{getpass.getuser()}"
    except (KeyError, OSError):
        return "command"
