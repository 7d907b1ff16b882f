"""`counterpoise import`, `compare-snapshots` and `prune`: the books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli.console import ProgressBars, err, out
from counterpoise.cli.options import WorkspaceOption, the_workspace

if TYPE_CHECKING:
    from counterpoise.books import ImportReport, Workspace

_SMALL = 500_000
"""Rows of books whose look-up database is made in a second or two."""


def import_(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A folder, a file, or a database's address.")
    ],
    adapter: Annotated[
        str | None,
        typer.Option(metavar="NAME|PATH", help="The adapter; by default the one that fits best."),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take the spellings that are suggested.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Bring a source into the workspace as a new snapshot."""
    from counterpoise.books import import_books

    found = the_workspace(workspace)
    with ProgressBars() as progress:
        report = import_books(
            found,
            source,
            adapter=_adapter(adapter),
            accept=accept,
            progress=progress,
        )
        _make_lookup(found, report)
    _show_import(report)


def _make_lookup(workspace: Workspace, report: ImportReport) -> None:
    """Make small books ready for look-ups; of large ones the room's worker does it."""
    from counterpoise.books import Books, build_lookup

    if sum(table.rows for table in report.tables.values()) <= _SMALL:
        with Books.open(workspace, report.snapshot) as books:
            build_lookup(books)


def _adapter(named: str | None) -> str | Path | None:
    """Tell an adapter's folder from its name."""
    return (
        Path(named) if named and ("/" in named or "\\" in named or Path(named).is_dir()) else named
    )


def _show_import(report: ImportReport) -> None:
    from counterpoise.report import print_import

    print_import(report, out())


def compare_snapshots(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="An id, its start, `current` or `previous`.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Say why a figure of a past quarter is another now."""
    from counterpoise import books
    from counterpoise.report import print_comparison

    print_comparison(books.compare_snapshots(the_workspace(workspace), old, new), out())


def prune(
    keep: Annotated[int, typer.Option(min=1, help="How many snapshots to keep.")] = 5,
    workspace: WorkspaceOption = None,
) -> None:
    """Remove old snapshots, never the one in use."""
    from counterpoise import books
    from counterpoise.report.wording import counted

    removed = books.prune(the_workspace(workspace), keep)
    console = err()
    console.print(
        f"Removed {counted(len(removed), 'snapshot')}." if removed else "Nothing to remove."
    )
    for name in removed:
        console.print(f"  {name}")
