"""`callqa transcribe`: one recording to a transcript."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from flows.commands.inspect import settings_from
from flows.commands.screen import mmss


def transcribe(
    file: Annotated[Path, typer.Argument(help="One recording.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON on standard output instead of a readable transcript.")
    ] = False,
    language: Annotated[str | None, typer.Option(help="zh, en or auto.")] = None,
    channels: Annotated[str | None, typer.Option(help="customer,agent | agent,customer | auto.")] = None,
    speech_model: Annotated[
        str | None, typer.Option(help="whisper-base, or a faster-whisper model by name or path.")
    ] = None,
) -> None:
    """Transcribe one recording by role, with times and confidences. 转写一段录音。"""
    settings = settings_from(language=language, channels=channels, speech_model=speech_model)
    from flows.shard import listen
    from models.audio import decode
    from scoring.record import measures_record, turn_record

    console = Console(stderr=True, highlight=False)
    recording = decode(file, max_seconds=settings.max_hours * 3600)
    with console.status(f"transcribing {mmss(recording.duration)} of audio …"):
        (call,) = listen([recording], settings)
    if as_json:
        words = [
            [
                {"start": w.start, "end": w.end, "text": w.text, "confidence": w.confidence}
                | ({} if w.heard is None else {"heard": w.heard})
                for w in t.words
            ]
            for t in call.turns
        ]
        turns = [turn_record(t) | {"words": w} for t, w in zip(call.turns, words, strict=True)]
        record = {
            "duration": round(call.duration, 2), "language": call.language, "turns": turns,
            "measures": measures_record(call),
        }  # fmt: skip
        typer.echo(json.dumps(record, ensure_ascii=False))
        return
    screen = Console(highlight=False)
    for turn in call.turns:
        style = {"agent": "cyan", "customer": "green"}.get(turn.role, "dim")
        screen.print(
            f"[dim]{mmss(turn.start)}[/dim] [{style}]{turn.role:8}[/{style}] {escape(turn.text)}", soft_wrap=True
        )
    if not call.turns:
        screen.print("no speech was recognised 没有识别到语音")
