"""Break-even: what one point more costs, and how many more wins it takes to pay for it.

Arithmetic on the deals that were won, at their average margin; it claims nothing about whether
the wins would come.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from counterpoise.ledger.totals import Costed, ratio

POINT = Decimal("0.01")


@dataclass(frozen=True)
class BreakEven:
    """What conceding `points` more of list on every deal would cost, and what would pay for it.

    `more_wins` is None where no number of wins pays, or where no cost is known.
    """

    points: Decimal
    deals: int
    cost: Decimal
    margin: Decimal
    margin_per_deal: Decimal | None
    more_wins: int | None
    more_wins_rate: Decimal | None
    says: str


def break_even(costed: Costed, points: Decimal = Decimal(1)) -> BreakEven:
    """Work out what `points` more of list would cost, and the wins that would pay for it.

    Conceding a share p of list L on each of n deals costs p·L and leaves M − p·L of the margin M;
    wins pay it back at the average margin that is left, so n·p·L / (M − p·L) more are needed.

    Args:
        costed: Won deals with list, net and cost known.
        points: How many points of list, 1 for one percent.
    """
    cost = costed.list_revenue * points * POINT
    left = costed.margin - cost
    wins = costed.deals * cost / left if costed.deals and left > 0 else None
    whole = None if wins is None else int(wins.to_integral_value(ROUND_CEILING))
    return BreakEven(
        points=points,
        deals=costed.deals,
        cost=cost,
        margin=costed.margin,
        margin_per_deal=ratio(costed.margin, costed.deals),
        more_wins=whole,
        more_wins_rate=None if wins is None else ratio(wins, costed.deals),
        says=_words(costed, points, cost, whole),
    )


def _words(costed: Costed, points: Decimal, cost: Decimal, wins: int | None) -> str:
    size = f"{points:f} {'point' if points == 1 else 'points'} more"
    if not costed.deals:
        return (
            "No won deal has list, net and cost known, so it cannot be told what "
            f"{size} would take to pay for; record unit costs of products."
        )
    if wins is None:
        return f"{size} of list costs {cost:,.0f}, all the margin there is: no wins pay for it."
    deals = f"{wins:,} more {'win' if wins == 1 else 'wins'} on {costed.deals:,}"
    return f"{size} of list costs {cost:,.0f} and pays only with {deals}."
