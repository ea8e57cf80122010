"""What evaluations share: tables on the screen, and files of figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from scoring.errors import OutputError

if TYPE_CHECKING:
    from models.evaluation.tables import Table

PIPED = 160  # characters a line where no terminal tells


def show(made: Sequence[Table], left_out: Sequence[str]) -> None:
    """Tables on standard output, and below them what was not measured."""
    from rich.table import Table as Screen

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPED
    for table in made:
        screen = Screen(title=f"[bold]{table.title}[/bold]", title_justify="left")
        for n, column in enumerate(table.columns):
            screen.add_column(column, overflow="fold", justify="right" if n else "left")
        for row in table.rows:
            screen.add_row(*map(escape, row))
        console.print(screen)
        for note in table.notes:
            console.print(f"[dim]{escape(note)}[/dim]")
        console.print()
    console.print("[bold]Not measured[/bold]")
    for sentence in left_out:
        console.print(f"  {escape(sentence)}")


def writable(path: Path) -> None:
    """Tell before an hour of work that its card cannot be written. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8"):
            pass
        if not path.stat().st_size:
            path.unlink()
    except OSError as error:
        raise _unwritable(path, error) from None


def write(path: Path, text: str) -> None:
    """Write a text. Raises OutputError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write {path}: {error.strerror or error}", remedy="choose another file")
