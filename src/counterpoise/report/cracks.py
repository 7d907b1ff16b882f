"""The cracks in the terminal: each side's, by money, and what was not watched."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from counterpoise.ledger import Crack, Review
from counterpoise.report.layout import points
from counterpoise.report.watch_wording import SideCracks, asked, by_side, silent, together
from counterpoise.report.wording import money

_MOST_OF_A_SIDE = 4


def cracks_parts(review: Review) -> Iterator[RenderableType]:
    """Yield what the watch found, side by side; nothing of a review without the watch."""
    state = review.watch
    if state is not None:
        head = Text("Cracks", style="bold")
        said = [each for each in (together(review, state), asked(review, state)) if each]
        yield Group(head, *map(Text, said))
        if review.cracks:
            yield from (_side(each) for each in by_side(review))


def silent_parts(review: Review) -> Iterator[RenderableType]:
    """Yield what was not watched, and why."""
    said = silent(review)
    if said and review.watch is None:
        yield Group(*map(Text, said))
    elif said:
        yield Group(Text("What is not watched", style="bold"), points(said))


def _side(found: SideCracks) -> RenderableType:
    if not found.cracks:
        return Text.assemble((found.title, "bold"), ": nothing found.")
    head = Text.assemble((found.title, "bold"), f", {money(found.stake)} a quarter")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for crack in found.cracks[:_MOST_OF_A_SIDE]:
        grid.add_row(f"{crack.stake:,.0f}", _crack(crack))
    rest = len(found.cracks) - _MOST_OF_A_SIDE
    more = [Text(f"{rest} more in --json", style="dim")] if rest > 0 else []
    return Group(head, grid, *more)


def _crack(crack: Crack) -> Group:
    step = Table.grid(padding=(0, 1, 0, 0))
    step.add_column()
    step.add_column(overflow="fold", style="dim")
    step.add_row("→", Text(crack.next_step))
    return Group(Text.assemble(crack.says, (f" Since {crack.since}.", "dim")), step)
