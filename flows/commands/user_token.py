"""`callqa user token`: what programs show instead of a password."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.desk_ledger import LedgerOption, desk_at, operator
from flows.commands.inspect import chosen

app = typer.Typer(no_args_is_help=True, help="API tokens of users. 接口令牌。")
SCOPES = ("read", "read+review")
Login = Annotated[str, typer.Argument(help="Whose it is: a program has at most this user's rights.")]
Name = Annotated[str, typer.Argument(help="What it is for.")]


@app.command("add")
def add(
    login: Login,
    name: Name,
    scope: Annotated[str, typer.Option(help=" | ".join(SCOPES))] = "read",
    days: Annotated[int, typer.Option(min=1, max=365, help="Days until it ends.")] = 90,
    ledger: LedgerOption = "out/callqa.sqlite",
) -> None:
    """Make a token and print it, this once; the ledger keeps only its hash. 新建令牌。

    [bold]Example[/bold]

    callqa user token add wang "daily report" --days 30
    """
    from store import tokens
    from store.tokens import Scope

    scope = chosen("--scope", scope, SCOPES)
    with desk_at(ledger) as desk, desk.writing() as session:
        secret = tokens.issue(session, login, name, Scope(scope), by=operator(), days=days)
    typer.echo(secret)


@app.command("list")
def everything(
    login: Annotated[str | None, typer.Argument(help="Of this user; by default of all.")] = None,
    ledger: LedgerOption = "out/callqa.sqlite",
) -> None:
    """List tokens: user, name, scope, when they end, when they were last used. 令牌列表。"""
    from review.plain import moment, plain
    from store import tokens

    with desk_at(ledger) as desk, desk.reading() as session:
        for token in tokens.of(session, login):
            used = moment(token.used_at) if token.used_at else "never used 未使用"
            state = "" if token.live else "over 已过期"
            fields = (token.login, plain(token.name), token.scope.value, moment(token.expires_at), used, state)
            typer.echo("\t".join(fields).rstrip())


@app.command("revoke")
def revoke(login: Login, name: Name, ledger: LedgerOption = "out/callqa.sqlite") -> None:
    """Take a token back, at once. 撤销令牌。"""
    from store import tokens

    with desk_at(ledger) as desk, desk.writing() as session:
        tokens.revoke(session, login, by=operator(), name=name)
    typer.echo(f"{login}: {name} revoked 已撤销")
