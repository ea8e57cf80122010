"""`callqa models`: which weights there are and whether they are the right ones; versions of the language models."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

app = typer.Typer(
    invoke_without_command=True,
    help="Assemble and check all embedded weights and show their provenance. 检查模型权重。\n\n"
    "`list`, `show` and `rollback` are about the versions of the language heads that `callqa train` made 版本管理; "
    "they lie in CALLQA_MODELS, by default beside the assembled weights.",
)
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


@app.callback()
def models(context: typer.Context, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        _weights(as_json)


def _weights(as_json: bool) -> None:
    from models.announcements import load_announcements
    from models.registry import SHIPPED_NAME, chosen_heads
    from models.weights import EMBEDDED, embedded_folder, silero_sha256

    rows = [
        {
            "name": w.name,
            "title": w.title,
            "licence": w.licence,
            "sha256": w.sha256,
            "folder": str(embedded_folder(w.name)),
        }
        for w in EMBEDDED.values()
    ]
    rows.append(
        {
            "name": "silero-vad",
            "title": "Silero voice activity v6",
            "licence": "MIT",
            "sha256": silero_sha256(),
            "folder": "faster-whisper",
        }
    )
    version, heads = chosen_heads()
    rows.append(
        {
            "name": "heads",
            "title": f"callqa language heads for {heads.encoder}, version {version}",
            "licence": "as callqa" if version == SHIPPED_NAME else "yours",
            "sha256": heads.hash,
            "folder": "models/heads" if version == SHIPPED_NAME else str(_registry().version(int(version)).folder),
        }
    )
    rows.append(
        {
            "name": "announcement",
            "title": f"callqa announcement head for {heads.encoder}",
            "licence": "as callqa",
            "sha256": load_announcements().hash,
            "folder": "models/heads",
        }
    )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("name", "what", "licence", "sha256", caption="--json has whole hashes and folders")
    for row in rows:
        table.add_row(row["name"], row["title"], row["licence"], row["sha256"][:12])
    Console().print(table)
    Console().print("all present and as expected 全部就绪")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """All versions of the language heads, the one in use, and what happened. 版本列表。

    `shipped` is what comes with callqa; every other was adopted by
    `callqa train` because it was better than the one before it.

    [bold]Example[/bold]

    callqa models list --json
    """
    registry = _registry()
    current, events = registry.current, registry.events
    versions = [_row(v, current) for v in registry.versions()]
    if as_json:
        typer.echo(json.dumps({"versions": versions, "events": events}, ensure_ascii=False))
        return
    console = Console(highlight=False)
    table = Table("", "version 版本", "when", "reviewed sentences", "labels learnt", "heads sha256")
    for row in versions:
        cells = [row["version"], row["at"] or "", row["reviewed"], row["learnt"], row["sha256"][:12]]
        table.add_row("* in use 使用中" if row["current"] else "", *map(str, cells))
    console.print(table)
    for event in events:
        version, before = (event.get(key) or "shipped" for key in ("version", "before"))
        moved = f"version {version} in place of {before}" if "version" in event else "; ".join(_reasons(event))
        console.print(f"{event['at']} {event['what']}: {escape(moved)}", soft_wrap=True)
    console.print(f"[dim]{escape(str(registry.folder))}[/dim]", soft_wrap=True)


@app.command()
def show(
    version: Annotated[str, typer.Argument(help="A number, or shipped; default: the one in use.")] = "",
    as_json: AsJson = False,
) -> None:
    """The model card of a version: data, figures, known failures. 查看版本。

    [bold]Example[/bold]

    callqa models show 3
    """
    found = _registry().named(version)
    if as_json:
        typer.echo(json.dumps(_row(found, _registry().current) | {"facts": found.facts}, ensure_ascii=False))
        return
    Console(highlight=False).print(escape(found.card.read_text(encoding="utf-8")), soft_wrap=True)


@app.command()
def rollback(
    version: Annotated[str, typer.Argument(help="A number, or shipped; default: the one before the current.")] = "",
) -> None:
    """Bring an earlier version of the language heads back. 回退版本。

    Its files are checked first. Nothing is removed: the version left can be
    brought back the same way. Calls inspected from now on are judged by it.

    [bold]Examples[/bold]

    callqa models rollback

    callqa models rollback shipped
    """
    registry = _registry()
    found = registry.roll_back(registry.named(version).number if version else None)
    Console(highlight=False).print(f"version {found.name} is in use now 已回退")


def _registry() -> Any:
    from models.registry import Registry

    return Registry()


def _row(version: Any, current: int) -> dict[str, Any]:
    from models.heads import load_heads

    facts = version.facts
    return {
        "version": version.name,
        "current": version.number == current,
        "at": facts.get("at"),
        "reviewed": facts.get("data", {}).get("reviewed", {}).get("sentences", 0),
        "learnt": len(facts.get("learnt", ())),
        "sha256": facts.get("sha256") or load_heads().hash,
        "folder": str(version.folder),
    }


def _reasons(event: dict[str, Any]) -> list[str]:
    return list(event.get("comparison", {}).get("reasons", ()))
