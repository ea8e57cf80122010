"""`callqa evaluate`: how good the models are; here `evaluate speech`, on recordings whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows.commands.evaluate_language import language
from flows.commands.figures import show, writable, write
from scoring.errors import UsageError

if TYPE_CHECKING:
    from models.evaluation.manifest import Item

NEEDED = {"jiwer": "jiwer", "pyannote.metrics": "pyannote.metrics"}

app = typer.Typer(no_args_is_help=True, help="Measure the models on data whose truth is known. 评测模型。")
app.command("language")(language)


@app.command()
def speech(
    manifest: Annotated[Path, typer.Argument(help="manifest.jsonl: one JSON object a recording (see below).")],
    audio: Annotated[
        Path | None, typer.Option(help="Folder the manifest's paths start from; default: the manifest's own.")
    ] = None,
    sets: Annotated[
        str | None, typer.Option(help="Only these sets, with commas; a set is a folder of the manifest.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many recordings of each set.")] = None,
    peer: Annotated[
        bool, typer.Option("--peer/--no-peer", help="Also run plain faster-whisper on the same recordings (slow).")
    ] = True,
    language: Annotated[
        str, typer.Option(help="auto: both sides hear the language, as in use; manifest: both are told it.")
    ] = "auto",
    transcripts: Annotated[
        Path | None,
        typer.Option(help="Keep what was heard in this file: an interrupted run goes on, a new scoring is quick."),
    ] = None,
    card: Annotated[Path | None, typer.Option(help="Write the model card here, e.g. models/cards/speech.md.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON on standard output.")] = False,
    speech_model: Annotated[
        str | None, typer.Option(help="whisper-base, or a faster-whisper model by name or path.")
    ] = None,
) -> None:
    """Measure speech: wrong words, wrong roles, made-up words, confidence. 评测语音识别。

    Recordings are heard as in use and compared with what the manifest says:
    CER (zh) or WER (en) by set with bootstrap intervals, beside it plain
    faster-whisper on the same weights and whether the difference is more
    than chance; roles by word; diarization (DER) on one channel, and on
    stereo mixed to one; words on music; announcements taken for an agent;
    whether a confidence of 0.8 is right 8 times in 10.

    A line of the manifest: {"audio": "set/1.wav", "lang": "zh", "text": "…"};
    for calls also "segments": [{"role": "agent", "start": 0.5, "end": 2.0,
    "text": "…"}] and "channels": {"0": "customer", "1": "agent"}; "kind" is
    "hold_music" where nobody speaks, "ivr_prompt" where a machine does.

    Exit: 0 all heard, 3 some could not be read (they are named), 2 nothing
    could be started.

    [bold]Examples[/bold]

    callqa evaluate speech data/manifest.jsonl --limit 40 --no-peer

    callqa evaluate speech data/manifest.jsonl --transcripts heard.jsonl
    --card models/cards/speech.md
    """
    _need(NEEDED)
    from flows.commands.inspect import chosen, settings_from

    told = chosen("--language", language, ("auto", "manifest")) == "manifest"
    settings = settings_from(language="auto", channels="auto", speech_model=speech_model)
    from models.evaluation.manifest import read_manifest

    items = _choice(read_manifest(manifest, audio), sets, limit)
    known = [i for i in items if i.measurable]
    if not known:
        raise UsageError("no recording has a reference", remedy='give lines "text", "segments" or "kind"')
    if card:
        writable(card)
    from flows.evaluation import Listener
    from models.evaluation.card import About, record
    from models.evaluation.card import card as write_card
    from models.evaluation.scores import score
    from models.evaluation.tables import not_measured, tables
    from models.evaluation.transcripts import Transcripts

    console = Console(stderr=True, highlight=False)
    listener = Listener(settings, Transcripts(transcripts), told=told, peer=peer)
    with _progress(console) as progress:
        task = progress.add_task("", total=len(known))
        heard, unheard = listener(known, lambda more: progress.advance(task, more))
    for lost in unheard:
        console.print(f"[bold red]not heard:[/bold red] {escape(lost.reason)} -> {escape(lost.remedy)}", soft_wrap=True)
    if not heard:
        raise UsageError("no recording could be heard", remedy="check --audio and the manifest's paths")
    with console.status("scoring …"):
        scores = score(heard)
        left_out = not_measured(items, scores, [lost.item for lost in unheard], peer)
        if limit or sets:
            left_out.append("Chosen with " + " and ".join(_chosen_by(sets, limit)) + ": the rest of the manifest.")
        about = About(
            date.today().isoformat(), settings.models(), settings.that_matter(), told, peer, tuple(left_out)
        )  # fmt: skip
        made = tables(scores)
    if card:
        write(card, write_card(scores, about))
    if as_json:
        typer.echo(json.dumps(record(scores, about), ensure_ascii=False))
    else:
        show(made, left_out)
        if card:
            console.print(f"written: {card}", soft_wrap=True)
    raise typer.Exit(3 if unheard else 0)


def _need(packages: dict[str, str]) -> None:
    """Raises UsageError when a package of the `evaluate` extra is absent."""
    missing = []
    for module, package in packages.items():
        try:
            found = find_spec(module)
        except ModuleNotFoundError:  # the package around it is absent
            found = None
        if found is None:
            missing.append(package)
    if missing:
        raise UsageError(
            f"evaluation needs {' and '.join(missing)}, not installed",
            remedy="run `pip install '.[evaluate]'` in callqa's folder",
        )


def _choice(items: Sequence[Item], sets: str | None, limit: int | None) -> list[Item]:
    """Items of the sets asked for, the first of each. Raises UsageError naming the sets there are."""
    there = list(dict.fromkeys(i.group for i in items))
    wanted = [name.strip().rstrip("/") for name in sets.split(",") if name.strip()] if sets else there
    unknown = [name for name in wanted if name not in there]
    if unknown or not wanted:
        raise UsageError(f"no set {', '.join(unknown) or sets!r} in the manifest", remedy=f"use {', '.join(there)}")
    kept: list[Item] = []
    for name in there:
        if name in wanted:
            kept += [i for i in items if i.group == name][:limit]
    return kept


def _chosen_by(sets: str | None, limit: int | None) -> list[str]:
    return [f"--sets {sets}"] * bool(sets) + [f"--limit {limit}"] * bool(limit)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("recordings 录音"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip
