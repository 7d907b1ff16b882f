"""A rehearsal in the terminal: what changes, who is asked how often, and what can be told of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from counterpoise.rehearse.rehearsing import Rehearsal
from counterpoise.rehearse.replay import Answer, Counts, GroupReplay, Load, Move, Replay
from counterpoise.report.calendar import calendar_parts
from counterpoise.report.layout import Column, figures, table
from counterpoise.report.rehearsed_effect import effect_parts
from counterpoise.report.wording import GROUPINGS, NOTHING, counted, money, share, signed, words

_MOST_MOVES = 8
_MOST_ROWS = 6
_SELDOM = 0.1
_TABLES = ("segment", "product_family", "team", "quarter")
"""The groupings that are shown unasked; persons are not among them: nobody is ranked here."""


def print_rehearsal(found: Rehearsal, console: Console) -> None:
    """Print a rehearsal: the replay, what would pay for it, and its effect or why none is told."""
    for at, part in enumerate(_parts(found)):
        if at:
            console.print()
        console.print(part)


def _parts(found: Rehearsal) -> Iterator[RenderableType]:
    replay = found.replay
    yield _head(found)
    if found.calendar:
        yield from calendar_parts(found.calendar, found.currency)
    if not found.deals:
        return
    yield _changes(replay, found.currency)
    if replay.moves:
        yield _moves(replay.moves, "was", "would be")
    if replay.first_answers:
        yield _moves(replay.first_answers, "on days without agreement", "would be")
    yield _counts(replay)
    yield _loads(replay)
    yield from _groupings(replay)
    yield Group(Text("What would pay for it", style="bold"), Text(found.break_even.says))
    yield from effect_parts(found.effect)


def _head(found: Rehearsal) -> Group:
    title = Text(f"Rehearsal of {found.title}, in {found.currency}", style="bold")
    if found.from_ is None or found.until is None:
        return Group(title, Text(f"No deal was closed by {found.as_of}."))
    said = (
        f"{counted(found.deals, 'deal')} closed from {found.from_} to {found.until}, answered by "
        "the agreement of their day and by this one."
    )
    return Group(title, Text(said))


def _changes(replay: Replay, currency: str) -> Group:
    changed = replay.changed
    if not changed.deals:
        said = "No deal would have met another answer."
    else:
        they = "it is" if changed.deals == 1 else "together they are"
        said = (
            f"{counted(changed.deals, 'deal')} would have met another answer; {they} worth "
            f"{money(changed.net, currency)} net. Nothing is assumed about what customers or "
            "sellers would have done."
        )
    return Group(Text("What changes", style="bold"), Text(said), *map(Text, _beside(replay)))


def _beside(replay: Replay) -> Iterator[str]:
    """Say what changes besides: exclusions, the floor, and what cannot be placed in time."""
    for what, newly, no_longer in (
        ("excluded from discounts", replay.newly_excluded, replay.no_longer_excluded),
        ("stopped by the margin floor", replay.newly_below_floor, replay.no_longer_below_floor),
    ):
        if newly or no_longer:
            more, less = counted(newly, "deal"), f"{no_longer:,} no longer"
            yield f"{more} would be newly {what}, {less}."
    first = sum(move.sums.deals for move in replay.first_answers)
    if first:
        closed = f"{counted(first, 'deal')} closed on days that no agreement covers"
        yield f"{closed}; what this one answers there changes no verdict."
    if replay.undated:
        yield f"Nobody knows the day of {counted(replay.undated, 'deal')}: no agreement covers it."


def _moves(moves: Sequence[Move], was: str, now: str) -> Table:
    heads = figures("deals", "net", "conceded")
    made = table("", [Column(now, is_figure=False), *heads], first=was)
    made.columns[0].overflow, made.columns[0].no_wrap = "fold", False
    for move in moves[:_MOST_MOVES]:
        sums, told = move.sums, (_said(move.was), _said(move.now))
        made.add_row(*told, f"{sums.deals:,}", money(sums.net), money(sums.conceded))
    if len(moves) > _MOST_MOVES:
        made.caption, made.caption_justify = f"{len(moves) - _MOST_MOVES} more in --json", "left"
    return made


def _said(answer: Answer) -> str:
    """Write an answer; roles stand as the agreement writes them."""
    return answer.says if answer.roles else words(answer.says)


def _counts(replay: Replay) -> Table:
    """Show how many deals are answered how, by both."""
    made = table("How deals are answered", figures("as agreed", "candidate", "change"))
    was, now = vars(replay.was.counts), vars(replay.now.counts)
    for name in vars(Counts()):
        if was[name] or now[name]:
            change = signed(Decimal(now[name] - was[name]))
            said = words(name)
            made.add_row(said[:1].upper() + said[1:], f"{was[name]:,}", f"{now[name]:,}", change)
    within = (replay.was.within_authority, replay.now.within_authority)
    change = signed(within[1] - within[0])
    made.add_row("Conceded alone, on wins", *map(money, within), change)
    return made


def _loads(replay: Replay) -> RenderableType:
    """Show whose approval is asked how often."""
    heads = [*figures("as agreed", "candidate"), Column("busiest week", is_figure=False)]
    made = table("Approvals a week", heads)
    was = {load.role: load for load in replay.was.loads}
    for load in replay.now.loads:
        former = was.get(load.role)
        if load.deals or (former and former.deals):
            made.add_row(load.role, _a_week(former), _a_week(load), _busiest(load))
    if not made.row_count:
        return Text("Nobody's approval is asked, before or after.")
    return made


def _a_week(load: Load | None) -> str:
    """Write how many a week there are; few of them with a digit more, so that they show."""
    if load is None:
        return NOTHING
    often = float(load.a_week)
    return f"{often:,.2f}" if 0 < often < _SELDOM else f"{often:,.1f}"


def _busiest(load: Load) -> str:
    if load.busiest_week is None:
        return NOTHING
    return f"{load.busiest:,} in the week of {load.busiest_week}"


def _groupings(replay: Replay) -> Iterator[Table]:
    """Show where it changes: the usual groupings that tell apart, then those asked for."""
    if not replay.changed.deals:
        return
    for name in _TABLES:
        if len(replay.by.get(name, ())) > 1:
            yield _grouping(GROUPINGS[name], replay.by[name], in_time=name == "quarter")
    for name, rows in replay.by.items():
        if name not in GROUPINGS:
            yield _grouping(name, rows, in_time=False)


def _grouping(title: str, rows: Sequence[GroupReplay], *, in_time: bool) -> Table:
    heads = figures("deals", "change", "of deals", "net of them")
    made = table(f"By {title[:1].lower()}{title[1:]}", heads)
    shown = rows[-_MOST_ROWS:] if in_time else rows[:_MOST_ROWS]
    for row in shown:
        changed = row.changed
        made.add_row(
            Text(row.name),
            f"{row.deals:,}",
            f"{changed.deals:,}",
            share(Decimal(changed.deals) / row.deals if row.deals else None),
            money(changed.net),
        )
    if len(rows) > len(shown):
        made.caption = f"{len(rows) - len(shown)} {'earlier' if in_time else 'more'} in --json"
        made.caption_justify = "left"
    return made
