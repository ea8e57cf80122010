"""`callqa train`: the language models learn from what people reviewed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from flows.train import Trained

REFUSED = 3
PIPED = 160  # characters a line where no terminal tells
STEPS = {
    "tune": "tuning the encoder 微调编码器",
    "encode": "reading lines 读取语料",
    "learn": "learning labels 训练标签",
}


def train(
    reviewed: Annotated[
        list[Path] | None, typer.Option("--reviewed", help="Reviewed lines, .jsonl or .csv (see below); repeatable.")
    ] = None,
    finetune: Annotated[bool, typer.Option("--finetune", help="Tune the sentence encoder too; best on a GPU.")] = False,
    epochs: Annotated[
        float, typer.Option(min=0.1, max=100, help="With --finetune: times the encoder meets every line.")
    ] = 3.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare and tell, but adopt nothing.")] = False,
    corpus: Annotated[
        Path | None, typer.Option(help="Folder of another corpus than the shipped one, as its GUIDE.md describes.")
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(help="Learn on another sentence encoder: e5-small, or Hugging Face name or path.")
    ] = None,
) -> None:
    """Learn from reviewed lines; adopt only what is better. 用复核结果训练。

    A reviewed line says of a sentence which labels hold 复核过的句子. Mostly
    a reviewer confirms or denies a few, and the others stay open:
    {"text": "…", "role": "agent", "context": "…", "yes": ["apology"],
    "no": ["thanks"]}; or all of them: {"text": "…", "role": "customer",
    "labels": []}. Names are those of `callqa classify`, or Chinese (致歉).
    As CSV: columns text, role, context, yes, no (文本 角色 上文 是 否), names
    apart by ; and a row without an answer is skipped. "source" (来源) groups
    lines of one call.

    A quarter of all sentences, by the hash of their words, is frozen 冻结集:
    it is never learnt from by the two models that are compared. The new one
    is adopted when it repairs more reviewed sentences than it breaks, beyond
    chance, and is refused when the corpus' macro F1, or a label, falls.
    Give all reviewed files every time: what is not given is forgotten.

    Versions: `callqa models list`, `show`, `rollback` 版本与回退.

    Exit: 0 adopted (or would be), 3 refused: not better, 2 nothing could be
    started, 130 interrupted: the version in use stays.

    [bold]Examples[/bold]

    callqa train --reviewed answers.csv --dry-run

    callqa train --reviewed march.jsonl --reviewed april.jsonl
    """
    from flows.training import TrainRequest

    given = {"corpus": str(corpus)} if corpus else {}
    request = TrainRequest(
        reviewed=tuple(map(str, reviewed or ())), finetune=finetune, epochs=epochs, dry_run=dry_run, **given
    )
    console = Console(stderr=True, highlight=False)
    outcome = run(request, console, encoder=encoder)
    _tell(outcome, dry_run)
    raise typer.Exit(0 if outcome.verdict.adopt else REFUSED)


def run(request: Any, console: Console, **settings: Any) -> Trained:
    """Run the flow with progress on the screen. Raises CallqaError."""
    from flows.commands.inspect import settings_from
    from flows.training import TELLER, Training

    chosen = settings_from(**settings)
    with ExitStack() as stack:
        with console.status("starting 启动中 …"):
            with Training(request, chosen) as checked:
                checked.read()  # what is wrong with the files is told before anything starts
            from flows.processes import start_guardian
            from flows.server import carry_out, prefect_server

            start_guardian()
            server = stack.enter_context(prefect_server())
            from flows.train import train_language

            server.wait()
        TELLER.set(stack.enter_context(_Steps(console)).show)
        flow: Any = train_language
        ended = carry_out(flow, request, chosen)
    if isinstance(ended, BaseException):
        raise ended
    return ended


class _Steps:
    """Each step in a line of its own; where there is no terminal, a line when it is done."""

    def __init__(self, console: Console) -> None:
        self._console, self._tasks = console, dict[str, Any]()
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip

    def __enter__(self) -> _Steps:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, step: str, done: int, whole: int) -> None:
        """Redraw a step: so much of it is done."""
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(STEPS[step])
        self._progress.update(self._tasks[step], completed=done, total=whole)
        if done == whole and not self._console.is_terminal:
            self._console.print(f"{STEPS[step]}: {whole}", soft_wrap=True)


def _tell(outcome: Trained, dry_run: bool) -> None:
    from rich.table import Table

    from models.version_card import cells, shown

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPED
    for warning in outcome.warnings:
        console.print(f"[yellow]warning:[/yellow] {escape(warning)}", soft_wrap=True)
    table = Table(
        "label 标签", "positives", "F1 before", "F1 after", "change (95 %)", "answers 复核",
        "wrong before", "wrong after",
        title="[bold]before and after, on frozen lines 冻结集对比[/bold]", title_justify="left",
    )  # fmt: skip
    for row in outcome.verdict.labels:
        table.add_row(*cells(row))
    console.print(table)
    for name, part in (("corpus 语料", outcome.verdict.corpus), ("reviewed 复核", outcome.verdict.reviewed)):
        if part is not None:
            macro = part.macro
            told = f", macro F1 {shown(macro.floor)} -> {shown(macro.own)}" if macro else ""
            console.print(
                f"{name}: {part.lines} frozen sentences, {part.repaired} repaired, {part.broken} broken{told}",
                soft_wrap=True,
            )
    for reason in outcome.verdict.reasons:
        console.print(f"  {escape(reason)}", soft_wrap=True)
    if not outcome.verdict.adopt:
        console.print(f"[bold]refused 未采用[/bold]: version {outcome.current} stays in use", soft_wrap=True)
    elif dry_run:
        console.print(f"[bold]would be adopted 将被采用[/bold] in place of {outcome.current}; --dry-run wrote nothing")
    else:
        console.print(
            f"[bold]adopted 已采用[/bold]: version {outcome.version} in place of {outcome.current}; "
            f"card: {escape(str(outcome.card))}; back: callqa models rollback",
            soft_wrap=True,
        )
