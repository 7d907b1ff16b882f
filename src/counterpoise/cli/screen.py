"""The console that results and messages are printed on."""

from __future__ import annotations

import io
import re
import sys
from typing import TextIO

from rich.console import Console

from counterpoise.cli.leaving import ReaderLeftError

_PLAIN_WIDTH = 80


class Trimmed(io.TextIOBase):
    """A stream that leaves out the blanks before line ends, which fill tables up."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text without the blanks before its line ends."""
        self._stream.write(re.sub(r" +(?=\n)", "", text))
        return len(text)

    def flush(self) -> None:
        """Pass on what is written."""
        self._stream.flush()


class Screen(Console):
    """A console that is plain and 80 columns wide where nobody watches."""

    def __init__(self, *, to_errors: bool) -> None:
        stream = sys.stderr if to_errors else sys.stdout
        is_watched = stream.isatty()
        super().__init__(
            file=None if is_watched else Trimmed(stream),  # type: ignore[arg-type]
            stderr=to_errors,
            width=None if is_watched else _PLAIN_WIDTH,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def on_broken_pipe(self) -> None:
        """Tell whoever runs the command that nobody reads on.

        Raises:
            ReaderLeftError: Always.
        """
        raise ReaderLeftError
