"""`callqa rubric test`: how well a rubric's items answer its own example dialogues."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scoring.evaluation import Status

if TYPE_CHECKING:  # every command starts without the detectors
    from scoring.example_scores import ItemScore
    from scoring.rubric import Rubric


def try_examples(
    name: Annotated[str, typer.Argument(help="Id of a shipped rubric, or path of a YAML file.")],
    item: Annotated[str | None, typer.Option(help="Only this item.")] = None,
    language: Annotated[str | None, typer.Option(help="Only dialogues in zh or en.")] = None,
    examples: Annotated[
        Path | None, typer.Option(help="File or folder of dialogues; default: examples/ beside the rubric.")
    ] = None,
    at_least: Annotated[float, typer.Option(min=0, max=1, help="What every item must reach.")] = 0.9,
    wrong: Annotated[bool, typer.Option("--wrong", help="List the wrong answers only, without the table.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="All figures and wrong answers as JSON.")] = False,
    encoder: Annotated[str | None, typer.Option(help="e5-small, or a Hugging Face encoder by name or path.")] = None,
) -> None:
    """Try a rubric on its example dialogues. 用示例对话检验评分表。

    Every dialogue says how an item must be answered. It becomes a call: its
    sentences are read by the language models, its pauses, overlaps, waits
    and pace measured as those of a recording, and the rubric answers it.

    By item: how many dialogues expect met (or partly met), missed, not
    applicable; precision and recall of `met` and of `missed`. An answer
    left open (cannot_judge) costs recall. `level` is the worse of precision
    and recall of `met`; for an item that is met when nothing bad happens
    (no dead air) also of `missed`, which is what it must find.

    Exit: 0 every item reaches --at-least, 3 some do not, 2 nothing could
    be started.

    [bold]Examples[/bold]

    callqa rubric test service --language zh

    callqa rubric test mine.yaml --examples dialogues/ --item closing
    """
    from flows.commands.inspect import chosen, settings_from
    from flows.rubric_examples import chosen_examples, examples_beside, read_examples
    from scoring.example_scores import score
    from scoring.rubric_file import load_rubric

    if language:
        chosen("--language", language, ("zh", "en"))
    rubric = load_rubric(name)
    there = chosen_examples(rubric, examples or examples_beside(name, rubric.id), item, language)
    settings = settings_from(encoder=encoder)
    from models.reader import Reader

    console = Console(stderr=True, highlight=False)
    with console.status("loading models 加载模型 …"):
        reader = Reader(*settings.language_models(), lanes=settings.lanes)
    reading = read_examples(there, rubric, reader)
    with console.status("") as status:
        calls = []
        for call in reading:
            calls.append(call)
            status.update(f"reading dialogues 读取对话 {len(calls)}/{len(there)}")
    scores = score(rubric, list(zip(there, calls, strict=True)), item)
    failed = [s.item for s in scores if (s.level or 0.0) < at_least]
    if as_json:
        told = {
            "rubric": rubric.id, "version": rubric.version, "hash": rubric.hash, "dialogues": len(there),
            "at_least": at_least, "failed": failed, "items": [s.record() for s in scores],
        }  # fmt: skip
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(rubric, scores, at_least, table=not wrong)
        without = [i.id for _, i in rubric.items() if i.id not in {s.item for s in scores}]
        if without and item is None:
            console.print(f"no examples 无示例: {', '.join(without)}", soft_wrap=True)
    raise typer.Exit(3 if failed else 0)


def _show(rubric: Rubric, scores: Sequence[ItemScore], at_least: float, *, table: bool) -> None:
    console = Console(highlight=False)
    if table:
        console.print(_table(rubric, scores, at_least))
    for s in scores:
        for v in s.wrong:
            note = f" ({v.example.dialogue.why})" if v.example.dialogue.why else ""
            quote = f" “{v.quote}”" if v.quote else ""
            line = f"{s.item}: {v.example.dialogue.id}: expected {v.expected}, came {v.answer.status}: {v.answer.why}"
            console.print(escape(f"{line}{quote}{note}"), soft_wrap=True)


def _table(rubric: Rubric, scores: Sequence[ItemScore], at_least: float) -> Table:
    from scoring.example_scores import DONE

    title = f"{rubric.name.zh} {rubric.name.en} ({rubric.id} {rubric.version})"
    table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))  # so that it fits 80 columns
    for column in ("item", "met", "miss", "n/a", "met\nP", "met\nR", "miss\nP", "miss\nR", "open", "level"):
        table.add_column(column, justify="left" if column == "item" else "right", no_wrap=True)
    for s in scores:
        level = s.level or 0.0
        left_open = sum(v.answer.status is Status.CANNOT_JUDGE for v in s.verdicts)
        table.add_row(
            s.item, str(s.count(*DONE)), str(s.count(Status.MISSED)), str(s.count(Status.NOT_APPLICABLE)),
            _rate(s.met.precision), _rate(s.met.recall), _rate(s.missed.precision), _rate(s.missed.recall),
            str(left_open), _rate(s.level) if level >= at_least else f"[red]{_rate(s.level)}[/red]",
        )  # fmt: skip
    return table


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
