"""`callqa db`: the ledger's tables."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The ledger's database. 数据库。")


@app.command("upgrade")
def upgrade(
    ledger: Annotated[
        str, typer.Argument(envvar="CALLQA_LEDGER", help="Path of an SQLite file, or PostgreSQL URL.")
    ] = "out/callqa.sqlite",
) -> None:
    """Make the tables of a new ledger, or bring an older one up to date. Running it again changes nothing."""
    from store.ledger import Ledger

    with Ledger.open(ledger) as opened:
        typer.echo(f"{opened.where} is up to date 已是最新")
