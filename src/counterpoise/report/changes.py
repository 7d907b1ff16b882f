"""Two agreements side by side, in words, and what past deals would have met."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from counterpoise.agreement.comparing import Change
from counterpoise.desk.replay import Replay
from counterpoise.report.wording import money

_MOST_SHOWN = 10


def print_changes(changes: Sequence[Change], console: Console) -> None:
    """Print what means something else."""
    if not changes:
        console.print("The two mean the same.")
    for change in changes:
        effect = f", {change.effect}" if change.effect else ""
        console.print(Text(f"{change.clause}: {change.kind.value}{effect}", style="bold"))
        if change.before is not None:
            console.print(Text(f"  was  {change.before}"))
        if change.after is not None:
            console.print(Text(f"  is   {change.after}"))


def print_replay(found: Replay, currency: str, console: Console) -> None:
    """Print how many past deals change verdict, and what they are worth."""
    console.print(
        Text(
            f"\nOf {found.deals:,} past deals, {found.changed:,} would have met another verdict; "
            f"they are worth {money(found.changed_net, currency)} net. Nothing is assumed about "
            "what customers or sellers would have done."
        )
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column, side in (
        ("was", "left"),
        ("is", "left"),
        ("deals", "right"),
        ("net", "right"),
        ("conceded", "right"),
    ):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for move in found.moves[:_MOST_SHOWN]:
        table.add_row(move.was, move.now, f"{move.deals:,}", money(move.net), money(move.conceded))
    if found.moves:
        console.print(table)
