"""`counterpoise import`, `compare-snapshots` and `prune`: the books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli.console import ProgressBars, err, out
from counterpoise.cli.options import WorkspaceOption, the_workspace

if TYPE_CHECKING:
    from counterpoise.books import Comparison, ImportReport

_MOST_SHOWN = 12


def import_(
    source: Annotated[str, typer.Argument(help="A folder, a file, or a database's address.")],
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

    with ProgressBars() as progress:
        report = import_books(
            the_workspace(workspace),
            source,
            adapter=_adapter(adapter),
            accept=accept,
            progress=progress,
        )
    _show_import(report)


def _adapter(named: str | None) -> str | Path | None:
    """Tell an adapter's folder from its name."""
    return (
        Path(named) if named and ("/" in named or "\\" in named or Path(named).is_dir()) else named
    )


def _show_import(report: ImportReport) -> None:
    from rich.table import Table

    console = out()
    how = "the snapshot in use already" if report.unchanged else "a new snapshot"
    console.print(f"{report.source}, read as {report.adapter}: {how}, {report.snapshot}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("set aside", justify="right")
    for name, facts in report.tables.items():
        table.add_row(name, f"{facts.rows:,}", f"{facts.set_aside:,}" if facts.set_aside else "")
    console.print(table)
    if report.problems:
        console.print(f"\nProblems ({len(report.problems)}), each shown in the review too:")
    for problem in report.problems[:_MOST_SHOWN]:
        where = f"{problem.table}.{problem.column}" if problem.column else problem.table
        console.print(
            f"  {problem.rule.value}: {where}, {problem.rows:,} rows; {problem.effect}",
            markup=False,
        )
        console.print(f"    for example {problem.example}", markup=False, style="dim")
    if len(report.problems) > _MOST_SHOWN:
        console.print(f"  and {len(report.problems) - _MOST_SHOWN} more in the review's JSON")
    for taken in report.accepted:
        console.print(
            f"  taken: {taken.value} → {taken.suggestion}, {taken.rows:,} rows", markup=False
        )
    open_ones = [each for each in report.suggestions if each not in report.accepted]
    if open_ones:
        console.print("\nProbably misspelt; take these with --accept:")
    for each in open_ones[:_MOST_SHOWN]:
        console.print(
            f"  {each.table}.{each.column}: {each.value} → {each.suggestion}, {each.rows:,} rows",
            markup=False,
        )


def compare_snapshots(
    old: Annotated[str, typer.Argument(help="An id, its start, `current` or `previous`.")],
    new: Annotated[str, typer.Argument(help="The same.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Say why a figure of a past quarter is another now."""
    from counterpoise import books

    _show_comparison(books.compare_snapshots(the_workspace(workspace), old, new))


def _show_comparison(found: Comparison) -> None:
    console = out()
    console.print(f"{found.old} → {found.new}, both seen at the end of {found.as_of}")
    changed = [quarter for quarter in found.quarters if quarter.causes]
    if not changed:
        console.print("No figure of any quarter is another.")
    for quarter in changed:
        then, now = quarter.then, quarter.now
        console.print(
            f"\n{quarter.quarter}: net {then.net_revenue:,.2f} → {now.net_revenue:,.2f}, "
            f"list {then.list_revenue:,.2f} → {now.list_revenue:,.2f}, "
            f"deals won {then.deals:,} → {now.deals:,}"
        )
        for cause in quarter.causes:
            console.print(
                f"  {cause.cause.value}: {cause.deals:,} deals, net {cause.net_revenue:+,.2f}, "
                f"list {cause.list_revenue:+,.2f}"
            )
    for deal in found.deals[:_MOST_SHOWN]:
        console.print(
            f"  {deal.deal_id} in {deal.quarter}: {deal.cause.value} {deal.then or '(none)'} → "
            f"{deal.now or '(none)'}",
            markup=False,
        )


def prune(
    keep: Annotated[int, typer.Option(min=1, help="How many snapshots to keep.")] = 5,
    workspace: WorkspaceOption = None,
) -> None:
    """Remove old snapshots, never the one in use."""
    from counterpoise import books

    removed = books.prune(the_workspace(workspace), keep)
    console = err()
    console.print(f"Removed {len(removed)} snapshots." if removed else "Nothing to remove.")
    for name in removed:
        console.print(f"  {name}")
