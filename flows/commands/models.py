"""`callqa models`: which weights there are, where they come from, and whether they are the right ones."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def models(
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Assemble and check all embedded weights and show their provenance. 检查模型权重。"""
    from models.announcements import load_announcements
    from models.heads import load_heads
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
    heads = load_heads()
    rows.append(
        {
            "name": "heads",
            "title": f"callqa language heads for {heads.encoder}",
            "licence": "as callqa",
            "sha256": heads.hash,
            "folder": "models/heads",
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
