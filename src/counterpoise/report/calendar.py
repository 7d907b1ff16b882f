"""A promotion calendar under another agreement, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.within import Refused
from counterpoise.rehearse.calendar import CalendarEffect, CalendarRehearsal
from counterpoise.report.layout import Column, figures, table
from counterpoise.report.wording import counted, money

_VERDICTS = {
    "granted": "granted",
    "needs_approval": "needs approval",
    "refused": "refused",
    "unjudged": "unjudged",
}


def calendar_parts(found: CalendarRehearsal, currency: str) -> Iterator[RenderableType]:
    """Show which promotions would meet another answer, the spend, and the effect or why not."""
    replay = found.replay
    yield Group(
        Text("Promotions", style="bold"),
        Text(
            f"{counted(replay.verdicts_changed, 'promotion')} of {replay.promotions:,} would meet "
            f"another answer. Trade spend of {_money(replay.freed)} {currency} would be freed "
            f"and {_money(replay.allowed)} let through, of {_money(replay.spend)}."
        ),
    )
    if replay.verdicts_changed:
        heads = [Column("would be", is_figure=False), *figures("promotions")]
        moves = table("", heads, first="was")
        for (then, now), count in replay.changed.items():
            if then != now:
                moves.add_row(_VERDICTS[then], _VERDICTS[now], f"{count:,}")
        yield moves
    for who, count in replay.approvals.items():
        yield Text(f"{who.replace('_', ' ')} would be asked {counted(count, 'time')}.")
    yield _effect(found.effect, currency)


def _effect(effect: CalendarEffect | Refused, currency: str) -> RenderableType:
    head = Text("Without those newly refused", style="bold")
    if isinstance(effect, Refused):
        return Group(head, Text(effect.why))
    return Group(
        head,
        Text(f"{_told(effect.units)} units; margin {_told(effect.margin)} {currency}."),
        Text(effect.assumes, style="dim"),
    )


def _money(amount: float) -> str:
    return money(Decimal(repr(amount)))


def _told(found: Estimate) -> str:
    return f"{found.value:+,.0f} (95%: {found.low:+,.0f} to {found.high:+,.0f})".replace("-", "−")
