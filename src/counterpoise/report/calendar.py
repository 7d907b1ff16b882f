"""A promotion calendar under another agreement, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.within import Refused
from counterpoise.rehearse.calendar import CalendarRehearsal, CalendarReplay
from counterpoise.rehearse.calendar_effect import CalendarEffect
from counterpoise.rehearse.giving_way import Way
from counterpoise.report.layout import Column, figures, table
from counterpoise.report.wording import counted, money

_VERDICTS = {
    "granted": "granted",
    "needs_approval": "needs approval",
    "refused": "refused",
    "unjudged": "unjudged",
}

WAYS = {
    Way.CUT: "run at the deepest cut allowed",
    Way.SHORTENED: "run for fewer weeks",
    Way.MOVED: "start later",
    Way.NOT_RUN: "do not run",
}
"""What becomes of promotions that are newly refused, in words."""
_MOST_NAMED = 8


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
    if replay.ways:
        yield from _given_way(replay)
        yield _effect("Had those newly refused given way", found.effect, currency)
    if not isinstance(found.effect, Refused):
        for way, effect in found.by_way.items():
            yield _effect(f"Of these, {WAYS[way]}", effect, currency)


def _given_way(replay: CalendarReplay) -> Iterator[RenderableType]:
    said = ", ".join(f"{count:,} {WAYS[way]}" for way, count in replay.ways.items())
    yield Text(f"Newly refused: {said}.")
    heads = [Column("from", is_figure=False), Column("why", is_figure=False), *figures("freed")]
    first = replay.told[:_MOST_NAMED]
    named = table("", heads, first="promotion")
    for each in first:
        where = " · ".join(filter(None, (each.promotion_id, each.account_id, each.goods)))
        why = f"{each.says} ({each.clause})" if each.clause else each.says
        named.add_row(where, f"{each.starts_on:%Y-%m-%d}", why, _money(each.freed))
    yield named
    if (more := sum(replay.ways.values()) - len(first)) > 0:
        yield Text(f"and {more:,} more; `--json` names {len(replay.told)}.", style="dim")


def _effect(title: str, effect: CalendarEffect | Refused, currency: str) -> RenderableType:
    head = Text(title, style="bold")
    if isinstance(effect, Refused):
        return Group(head, Text(effect.why))
    said = Text(f"{_told(effect.units)} units; margin {_told(effect.margin)} {currency}.")
    if title.startswith("Of these"):
        return Group(head, said)
    left = f" {counted(effect.weeks_left_out, 'week')} of goods without unit cost are left out."
    assumes = effect.assumes + (left if effect.weeks_left_out else "")
    return Group(head, said, Text(assumes, style="dim"))


def _money(amount: float) -> str:
    return money(Decimal(repr(amount)))


def _told(found: Estimate) -> str:
    return f"{found.value:+,.0f} (95%: {found.low:+,.0f} to {found.high:+,.0f})".replace("-", "−")
