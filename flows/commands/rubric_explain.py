"""`callqa rubric explain`: how one answer of one call came about, from the ledger, without its audio."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.call import Call
    from scoring.likeness import Likeness
    from scoring.rubric import Rubric


def explain(
    call: Annotated[str, typer.Argument(help="Id of an inspected call, name of its file, or start of its sha256.")],
    item: Annotated[str, typer.Argument(help="Id of an item; `all` for every one.")],
    out: Annotated[Path, typer.Option(help="Folder of results; its ledger is read unless --ledger is given.")] = Path(
        "out"
    ),
    ledger: Annotated[str | None, typer.Option(envvar="CALLQA_LEDGER", help="SQLite file or PostgreSQL URL.")] = None,
    rubric: Annotated[str, typer.Option(help="Id of a shipped rubric, or path of a YAML file.")] = "service",
    as_json: Annotated[bool, typer.Option("--json", help="The tree as JSON.")] = False,
) -> None:
    """Tell how an answer came about, condition by condition. 解释某项得分的由来。

    A line a condition: whether it holds (yes, no, unsure), how sure that is, its keys and the reason; below it where
    to listen. Conditions that others are made of are indented. The call is judged anew from what was heard in it.
    """
    from difflib import get_close_matches

    from scoring.errors import UsageError
    from scoring.explain import explain as tell
    from scoring.rubric_file import load_rubric

    form = load_rubric(rubric)
    items = [i.id for _, i in form.items()]
    if item != "all" and item not in items:
        near = get_close_matches(item, items, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(items)}"
        raise UsageError(f"{form.id} {form.version} has no item {item!r}", remedy=hint)
    heard = _with_likeness(_stored(call, ledger, out), form)
    told = [tell(heard, form, name) for name in (items if item == "all" else [item])]
    if as_json:
        typer.echo(json.dumps([t.record() for t in told], ensure_ascii=False))
        return
    typer.echo(f"{heard.id}, {form.id} {form.version}")
    for explanation in told:
        typer.echo("\n".join(explanation.lines()))


def _stored(name: str, ledger: str | None, out: Path) -> Call:
    """The one call of that name. Raises UsageError."""
    from flows.plan import LEDGER_FILE
    from scoring.errors import UsageError
    from store.ledger import Ledger

    where = ledger or str(out / LEDGER_FILE)
    if "://" not in where and not Path(where).is_file():
        raise UsageError(f"there is no ledger at {where}", remedy="inspect calls first, or give --ledger")
    with Ledger.open(where) as opened:
        found = opened.calls_named(name)
    if not found:
        raise UsageError(f"{where} holds no call {name!r}", remedy="give the call_id that evaluations.csv lists")
    if len(found) > 1:
        some = ", ".join(sha256[:12] for sha256, _ in found)
        raise UsageError(f"several calls are called {name!r}", remedy=f"give the start of one's sha256: {some}")
    return found[0][1]


def _with_likeness(call: Call, form: Rubric) -> Call:
    """The call with what the form wants compared by meaning; the encoder loads only where it wants something."""
    from scoring.likeness import likened

    def compare(said: Sequence[str], wordings: Sequence[str]) -> Likeness:
        from flows.settings import Settings
        from flows.shard import reader

        return reader(Settings()).likeness(said, wordings)

    return likened(call, form.asks, compare)
