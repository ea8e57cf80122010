"""`callqa audit`: the log of who looked at what and who changed what."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.desk_ledger import LedgerOption, desk_at

app = typer.Typer(no_args_is_help=True, help="The desk's audit log. 审计日志。")


@app.command("verify")
def verify(
    noted: Annotated[
        str | None, typer.Option(help="What an earlier check printed, NUMBER:HASH: that line must still be there.")
    ] = None,
    ledger: LedgerOption = "out/callqa.sqlite",
) -> None:
    """Check that no line was changed, dropped or inserted. 校验审计日志。

    Each line vouches for those before it; only the end could be cut off unseen. Keep what this prints elsewhere, and
    give it as --noted next time.

    Exit: 0 whole, 1 broken.
    """
    from scoring.errors import UsageError
    from store import audit

    number, _, digest = (noted or "").partition(":")
    if noted is not None and not (number.isdecimal() and number.isascii() and digest):
        raise UsageError(f"--noted {noted!r} is not NUMBER:HASH", remedy="give the line that an earlier check printed")
    with desk_at(ledger) as desk, desk.reading() as session:
        found = audit.verify(session, number=int(number) if noted else None, hash=digest or None)
    if found.broken:
        typer.echo(f"broken 已被篡改: {found.broken}; whole up to line {found.number}", err=True)
        raise typer.Exit(1)
    typer.echo(f"whole 完整: {found.number}:{found.hash}")
