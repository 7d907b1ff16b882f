"""What goes to the terminal: words on standard error, results on standard output."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from counterpoise.cli.leaving import ReaderLeftError

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from counterpoise.cli.screen import Screen

_PATIENCE_SECONDS = 1.0


def out() -> Screen:
    """Return the console for results."""
    from counterpoise.cli.screen import Screen

    return Screen(to_errors=False)


def err() -> Screen:
    """Return the console for messages."""
    from counterpoise.cli.screen import Screen

    return Screen(to_errors=True)


def write(text: str) -> None:
    """Write a result as it is, with one line end.

    Raises:
        ReaderLeftError: If nobody reads it.
    """
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderLeftError from error


class ProgressBars:
    """Show how far long work is, on standard error: bars, or lines where nobody watches."""

    def __init__(self) -> None:
        self._console = err()
        self._bars: Bars | None = None
        self._task: TaskID | None = None
        self._title = ""
        self._last = time.monotonic()
        self._said = ""

    def start(self, title: str, total: int | None = None) -> None:
        """Begin a step."""
        self.done()
        self._title = title
        if self._console.is_terminal:
            self._open()
            if self._bars:
                self._task = self._bars.add_task(title, total=total)
        else:
            self._tell()

    def advance(self, amount: int = 1) -> None:
        """Move the bar on; where nobody watches, say the step if the last word is a second old."""
        if self._bars and self._task is not None:
            self._bars.advance(self._task, amount)
        else:
            self._tell()

    def done(self) -> None:
        """End the step."""
        if self._bars and self._task is not None:
            self._bars.remove_task(self._task)
        self._task = None

    def close(self) -> None:
        """Take the bars away."""
        self.done()
        if self._bars:
            self._bars.stop()
            self._bars = None

    def _open(self) -> None:
        if self._bars:
            return
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._bars.start()

    def _tell(self) -> None:
        now = time.monotonic()
        if self._title and self._title != self._said and now - self._last > _PATIENCE_SECONDS:
            self._said, self._last = self._title, now
            self._console.print(f"{self._title} …")

    def __enter__(self) -> ProgressBars:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
