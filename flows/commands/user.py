"""`callqa user`: who may log in at the desk."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from flows.commands import user_token
from flows.commands.desk_ledger import LedgerOption, desk_at, operator
from flows.commands.inspect import chosen

app = typer.Typer(no_args_is_help=True, help="Who may log in at the desk. 质检台用户。")
app.add_typer(user_token.app, name="token")
ROLES = ("admin", "qa", "team_leader", "trainer", "compliance", "agent")
Login = Annotated[str, typer.Argument(help="What they log in with.")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command("add")
def add(
    login: Login,
    role: Annotated[str, typer.Option(help=" | ".join(ROLES))],
    name: Annotated[str, typer.Option(help="Name as colleagues know it.")] = "",
    agent: Annotated[str | None, typer.Option(help="For agents: who they are in the calls' metadata.")] = None,
    team: Annotated[list[str] | None, typer.Option(help="For team leaders: a team of theirs; repeat it.")] = None,
    password_stdin: FromInput = False,
    ledger: LedgerOption = "out/callqa.sqlite",
) -> None:
    """Add a user; the password is asked for.

    Agents see their own calls, team leaders those of their teams, the others all. Administrators and QA review;
    they and compliance may see personal data unmasked, which is recorded.
    """
    from store import users
    from store.access import Role

    role = chosen("--role", role, ROLES)
    with desk_at(ledger) as desk:
        password = _password(password_stdin)
        with desk.writing() as session:
            users.add(
                session, login, password, Role(role), by=operator(), name=name, agent=agent, teams=tuple(team or ())
            )
    typer.echo(f"{users.known_as(login)} ({role}) may log in 已添加")


@app.command("list")
def everybody(ledger: LedgerOption = "out/callqa.sqlite") -> None:
    """List the users. 用户列表。"""
    from store import users

    with desk_at(ledger) as desk, desk.reading() as session:
        for user in users.everybody(session):
            of = user.agent or ", ".join(user.teams)
            shut = "disabled 已停用" if user.disabled_at else ""
            typer.echo("\t".join((user.login, user.role, user.name, of, shut)).rstrip())


@app.command("passwd")
def passwd(login: Login, password_stdin: FromInput = False, ledger: LedgerOption = "out/callqa.sqlite") -> None:
    """Give a user a new password; they are logged out everywhere. 重设密码。"""
    from store import users

    with desk_at(ledger) as desk:
        password = _password(password_stdin)
        with desk.writing() as session:
            users.change_password(session, login, password, by=operator())
    typer.echo(f"{login}: new password 已修改")


@app.command("disable")
def disable(login: Login, ledger: LedgerOption = "out/callqa.sqlite") -> None:
    """Shut a user out, at once; what they did stays recorded. 停用账号。"""
    from store import users

    with desk_at(ledger) as desk, desk.writing() as session:
        users.disable(session, login, by=operator())
    typer.echo(f"{login}: disabled 已停用")


def _password(from_input: bool) -> str:
    from scoring.errors import UsageError

    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("password 密码: ")
    if getpass.getpass("again 再输一次: ") != password:
        raise UsageError("the passwords differ", remedy="run the command again")
    return password
