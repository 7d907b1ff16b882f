"""Two agreements side by side, in words, and what past deals would have met."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from counterpoise.agreement.comparing import Change
from counterpoise.desk.replay import Compared, Move, PromotionMove, PromotionReplay, Replay
from counterpoise.report.layout import Column, figures, table
from counterpoise.report.wording import counted, money

_MOST_SHOWN = 10


def print_changes(changes: Sequence[Change], console: Console) -> None:
    """Print what means something else."""
    if not changes:
        console.print("The two mean the same.")
    for change in changes:
        effect = f", {change.effect}" if change.effect else ""
        console.print(Text(f"{change.clause}: {change.kind.value}{effect}", style="bold"))
        if change.before is not None:
            console.print(_told("was", change.before))
        if change.after is not None:
            console.print(_told("is", change.after))


def print_replay(found: Compared, currency: str, console: Console) -> None:
    """Print how many past deals and promotions change verdict, and what they are worth."""
    if found.deals.deals or found.promotions is None:
        console.print()
        console.print(Text(_replayed(found.deals, currency)))
        if found.deals.moves:
            console.print()
            console.print(_moves(found.deals.moves))
    if found.promotions is not None:
        console.print()
        console.print(Text(_replayed_promotions(found.promotions, currency)))
        if found.promotions.moves:
            console.print()
            console.print(_promotion_moves(found.promotions.moves))


def _told(when: str, said: str) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim")
    grid.add_row(f"  {when:3}", Text(said))
    return grid


def _replayed(found: Replay, currency: str) -> str:
    past = counted(found.deals, "past deal")
    if not found.changed:
        return f"Of {past}, none would have met another verdict."
    they = "it is" if found.changed == 1 else "together they are"
    return (
        f"Of {past}, {found.changed:,} would have met another verdict; "
        f"{they} worth {money(found.changed_net, currency)} net. "
        "Nothing is assumed about what customers or sellers would have done."
    )


def _moves(moves: Sequence[Move]) -> Table:
    made = table(
        "", [Column("is", is_figure=False), *figures("deals", "net", "conceded")], first="was"
    )
    for move in moves[:_MOST_SHOWN]:
        made.add_row(move.was, move.now, f"{move.deals:,}", money(move.net), money(move.conceded))
    if len(moves) > _MOST_SHOWN:
        made.caption, made.caption_justify = f"{len(moves) - _MOST_SHOWN} more moves", "left"
    return made


def _replayed_promotions(found: PromotionReplay, currency: str) -> str:
    past = counted(found.promotions, "past promotion")
    if not found.changed:
        return f"Of {past}, none would have met another verdict."
    they = "it" if found.changed == 1 else "together they"
    spend = money(found.changed_spend, currency)
    return f"Of {past}, {found.changed:,} would have met another verdict; {they} cost {spend}."


def _promotion_moves(moves: Sequence[PromotionMove]) -> Table:
    made = table(
        "", [Column("is", is_figure=False), *figures("promotions", "trade spend")], first="was"
    )
    for move in moves[:_MOST_SHOWN]:
        made.add_row(move.was, move.now, f"{move.promotions:,}", money(move.spend))
    if len(moves) > _MOST_SHOWN:
        made.caption, made.caption_justify = f"{len(moves) - _MOST_SHOWN} more moves", "left"
    return made
