"""Fit: how much of what is won lies in a persona, and what differs inside and outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from counterpoise.ledger.totals import Totals, ratio

OUTSIDE = ""
"""The persona of a deal that surely meets none."""


@dataclass(frozen=True)
class FitSide:
    """Deals inside or outside the personas. Margin is that of deals with known cost.

    `margin_per_pursued` spreads the margin of wins over all deals won or lost.
    """

    totals: Totals

    @property
    def discount(self) -> Decimal | None:
        """Return concessions over list."""
        return self.totals.conceded_rate

    @property
    def win_rate(self) -> Decimal | None:
        """Return won over won and lost."""
        return self.totals.win_rate

    @property
    def margin_per_pursued(self) -> Decimal | None:
        """Return the margin that a pursued deal brings on average, lost ones included."""
        known = self.totals.costed
        return ratio(known.margin, self.totals.deals_closed) if known.deals else None


@dataclass(frozen=True)
class Fit:
    """Share of won deals and of their net in a persona; deals whose persona is unknown stand apart.

    Shares are over the deals whose persona is known.
    """

    inside: FitSide
    outside: FitSide
    unknown: Totals

    @property
    def share_of_won(self) -> Decimal | None:
        """Return the share of won deals that meet a persona."""
        inside, outside = self.inside.totals, self.outside.totals
        return ratio(inside.deals_won, inside.deals_won + outside.deals_won)

    @property
    def share_of_net(self) -> Decimal | None:
        """Return the share of won deals' net that comes from a persona."""
        inside, outside = self.inside.totals, self.outside.totals
        return ratio(inside.net_revenue, inside.net_revenue + outside.net_revenue)


def fit(personas: Mapping[str | None, Totals]) -> Fit:
    """Compare the deals inside the personas with those outside.

    Args:
        personas: Totals by persona; `OUTSIDE` where surely none, None where unknown.
    """
    inside = [each for persona, each in personas.items() if persona]
    return Fit(
        inside=FitSide(sum(inside, Totals())),
        outside=FitSide(personas.get(OUTSIDE, Totals())),
        unknown=personas.get(None, Totals()),
    )
