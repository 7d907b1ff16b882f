"""Break-even of a candidate: what it would have cut from won deals, and how many it may cost.

Arithmetic on the deals that were won; it claims nothing about whether any would be lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from counterpoise.rehearse.results import Behaviour


@dataclass(frozen=True)
class BreakEven:
    """What a candidate would have cut from won deals, and the wins that this pays for.

    Attributes:
        behaviour: What sellers are taken to do whose offer the candidate does not let through.
        deals: Won deals whose discount is cut.
        cut: What is cut from them; where a missing fact leaves authority open, the least.
        cut_high: The most that it may be.
        costed_deals: Those of them whose cost is known.
        costed_cut: What is cut from these.
        margin: What these leave at the price that was agreed, after cost, customizations and
            adjustments; None where no cost is known.
        wins_to_lose: How many of these could be lost before the cut costs margin; None where no
            cost is known or nothing is cut.
        says: The same in a sentence.
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
