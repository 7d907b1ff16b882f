"""Markdown that also reads well as it stands, at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 79


def paragraph(text: str) -> str:
    """Lay a paragraph out in lines, clauses in backticks kept whole."""
    return _filled(text, "", "")


def bullet(text: str, mark: str = "-") -> str:
    """Lay an entry of a list out in lines."""
    return _filled(text, f"{mark} ", " " * (len(mark) + 1))


def _filled(text: str, first: str, rest: str) -> str:
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay a table out, first column to the left, turned or cut in two where it is too wide.

    >>> print(table(["row", "rep"], [["standard", "5%"]]))
    | row      | rep |
    |:---------|----:|
    | standard |  5% |
    """
    whole = _drawn(header, rows)
    if _fits(whole):
        return whole
    turned = [list(line) for line in zip(header, *rows, strict=True)]
    other = _drawn(turned[0], turned[1:])
    if _fits(other):
        return other
    half = 1 + len(header[1:]) // 2
    if half in {1, len(header)}:
        return other if len(header) > 1 else whole
    keep = [0, *range(half, len(header))]
    parts = (list(range(half)), keep)
    return "\n\n".join(
        table([header[at] for at in part], [[row[at] for at in part] for row in rows])
        for part in parts
    )


def _fits(drawn: str) -> bool:
    return len(drawn.partition("\n")[0]) <= WIDTH


def _drawn(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[at]) for line in (header, *rows)) for at in range(len(header))]
    ruler = "|".join(
        f"{':' if at == 0 else '-'}{'-' * width}{'-' if at == 0 else ':'}"
        for at, width in enumerate(widths)
    )
    return "\n".join([_line(header, widths), f"|{ruler}|", *(_line(row, widths) for row in rows)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join(padded)} |"
