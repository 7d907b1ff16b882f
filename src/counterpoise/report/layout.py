"""How the terminal is laid out: tables without lines, and points that hang under their mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_WIDEST_NAME = 30


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, and whether it holds figures, which stand to the right."""

    head: str
    is_figure: bool = True


def table(title: str, columns: Iterable[Column], first: str = "") -> Table:
    """Return an empty table under its title; its first column names the rows."""
    made = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="dim",
    )
    made.add_column(first, overflow="ellipsis", no_wrap=True, max_width=_WIDEST_NAME)
    for column in columns:
        made.add_column(
            column.head, justify="right" if column.is_figure else "left", no_wrap=column.is_figure
        )
    return made


def figures(*heads: str) -> list[Column]:
    """Return columns that hold figures."""
    return [Column(head) for head in heads]


def points(said: Iterable[str | Text], mark: str = "·", indent: int = 0) -> Padding:
    """Return sentences as points, each hanging under its mark."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column()
    grid.add_column(overflow="fold")
    for each in said:
        grid.add_row(mark, Text(each) if isinstance(each, str) else each)
    return Padding(grid, (0, 0, 0, indent), expand=False)
