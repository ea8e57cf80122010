"""What long work shows on the screen."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from flows.progress import Seen


class ProgressLine:
    """Calls done, speed and time left in one line, redrawn; where there is no terminal, a line every tenth."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said = -1
        self._progress = Progress(
            TextColumn("calls 通话"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[facts]}"),
            TimeElapsedColumn(), console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._progress.add_task("", total=None, facts="starting 启动中 …")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Leave the line as it is."""
        self._progress.stop()

    def show(self, seen: Seen) -> None:
        """Redraw for how far the run is now."""
        left = "" if seen.left is None or seen.finished >= seen.total else f", {mmss(seen.left)} left"
        failed = f", {seen.failed} failed" if seen.failed else ""
        facts = f"{seen.speed:.1f} x real time{failed}{left}" if seen.finished else "loading models 加载模型 …"
        self.redraw(seen.finished, seen.total, facts)

    def redraw(self, finished: int, total: int, facts: str) -> None:
        """Redraw with these counts and facts."""
        self._progress.update(self._task, completed=finished, total=max(total, 1), facts=facts)
        tenth = 10 * finished // max(total, 1)
        if not self._console.is_terminal and tenth > self._said and total:
            self._said = tenth
            self._console.print(f"calls 通话 {finished}/{total}: {facts}", soft_wrap=True)


def mmss(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
