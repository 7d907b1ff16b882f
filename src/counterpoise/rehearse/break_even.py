"""Break-even of a candidate: what it would have cut from won deals, and how many it may cost.

Arithmetic on the deals that were won; it claims nothing about whether any would be lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from counterpoise.ledger.totals import ratio
from counterpoise.rehearse.answering import Answers
from counterpoise.rehearse.exact import Flags, Ints, money
from counterpoise.rehearse.results import Behaviour

_FIGURE = {Behaviour.WITHIN_AUTHORITY: "authority", Behaviour.ESCALATE: "top"}
_WHO = {
    Behaviour.WITHIN_AUTHORITY: ("its owner may grant alone", "their owners may grant alone"),
    Behaviour.ESCALATE: ("anybody may grant", "anybody may grant"),
}


@dataclass(frozen=True)
class BreakEven:
    """What a candidate would have cut from won deals, and the wins that this pays for.

    Attributes:
        behaviour: What sellers are taken to do whose offer the candidate does not let through.
        deals: Won deals whose discount is surely cut.
        cut: What is cut from them.
        cut_high: What is cut where everything that is unknown speaks for a cut.
        costed_deals: Those of the deals whose cost is known.
        costed_cut: What is cut from these.
        margin: What these leave at the price that was agreed, after cost, customizations and
            adjustments; None where no cost is known.
        wins_to_lose: How many of these could be lost before the cut costs margin; None where no
            cost is known.
        says: The same in words.
    """

    behaviour: Behaviour
    deals: int
    cut: Decimal
    cut_high: Decimal
    costed_deals: int
    costed_cut: Decimal
    margin: Decimal | None
    wins_to_lose: int | None
    says: str

    @property
    def share_to_lose(self) -> Decimal | None:
        """Return the wins that could be lost over the deals whose cost is known."""
        return None if self.wins_to_lose is None else ratio(self.wins_to_lose, self.costed_deals)


def break_even_of(now: Answers, behaviour: Behaviour) -> BreakEven:
    """Work out what a candidate cuts from won deals, and the wins that would pay for it.

    A deal is cut by the part of its concession above what its owner may grant alone, or above
    the most that anybody on the ladder may. Over n won deals that are cut by C in all and leave a
    margin M as they were sold, the margin after the cut is M + C, (M + C) / n a win. Losing k of
    them costs k (M + C) / n, so the cut is spent with k = n C / (M + C), rounded down; where
    M + C is not above 0, losing all of them costs nothing.

    Args:
        now: What the candidate answers.
        behaviour: What sellers are taken to do.
    """
    past = now.past
    figure = _FIGURE[behaviour]
    least, most = (now.over(figure, lenient=lenient) for lenient in (True, False))
    cut = past.won & (least > 0)
    costed = cut & past.has_cost
    saved, left = _sum(least, costed), _sum(past.margin, costed)
    deals, known = int(cut.sum()), int(costed.sum())
    total = money(_sum(least, cut))
    wins = _wins_to_lose(known, saved, left) if known else None
    return BreakEven(
        behaviour=behaviour,
        deals=deals,
        cut=total,
        cut_high=money(_sum(most, past.won)),
        costed_deals=known,
        costed_cut=money(saved),
        margin=money(left) if known else None,
        wins_to_lose=wins,
        says=_words(behaviour, deals, total, known, wins),
    )


def _sum(amounts: Ints, which: Flags) -> int:
    return int(amounts[which].sum(dtype=object)) if which.any() else 0


def _wins_to_lose(deals: int, cut: int, margin: int) -> int:
    """Return how many of the deals could be lost before the cut is spent.

    >>> _wins_to_lose(10, 200, 800), _wins_to_lose(10, 200, -300)
    (2, 10)
    """
    after = margin + cut
    if after <= 0:
        return deals
    lost = Decimal(deals * cut) / after
    return min(deals, int(lost.to_integral_value(ROUND_FLOOR)))


def _words(behaviour: Behaviour, deals: int, cut: Decimal, known: int, wins: int | None) -> str:
    one, many = _WHO[behaviour]
    if not deals:
        return f"No won deal gave away more than {one}: the candidate cuts none."
    if deals == 1:
        said = f"1 won deal gave away more than {one}; kept to that, it would have brought "
        said += f"{cut:,.0f} more, had it been won the same."
    else:
        said = f"{deals:,} won deals gave away more than {many}; kept to that, they would have "
        said += f"brought {cut:,.0f} more, had all been won the same."
    if wins is None:
        return (
            f"{said} What losing some of them would cost cannot be told: none has its cost on "
            "record; record unit costs of products."
        )
    those = "them" if known == deals else f"the {known:,} whose cost is known"
    if not wins:
        return (
            f"{said} Losing {'it' if deals == 1 else f'one of {those}'} would cost more than that."
        )
    if deals == 1:
        return f"{said} Losing it would cost nothing."
    return f"{said} Up to {wins:,} of {those} could be lost before that costs margin."
