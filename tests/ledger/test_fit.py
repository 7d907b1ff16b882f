"""Fit with the personas."""

from __future__ import annotations

from decimal import Decimal

from counterpoise.ledger.fit import fit
from counterpoise.ledger.totals import Totals


def totals(won: int, lost: int, net: int, cost: int = 0) -> Totals:
    return Totals(
        deals_won=won,
        deals_lost=lost,
        priced_deals=won,
        net_revenue=Decimal(net),
        net_priced=Decimal(net),
        list_revenue=Decimal(net) * 2,
        conceded=Decimal(net),
        cost=Decimal(cost),
    )


def test_shares_are_over_deals_whose_persona_is_known() -> None:
    found = fit(
        {
            "maker": totals(2, 2, 30),
            "lab": totals(1, 0, 10),
            "": totals(1, 3, 60),
            None: totals(5, 0, 500),
        }
    )
    assert (found.share_of_won, found.share_of_net) == (Decimal("0.75"), Decimal("0.4"))
    assert found.unknown.deals_won == 5


def test_compares_inside_with_outside() -> None:
    found = fit({"maker": totals(2, 2, 100, cost=60), "": totals(1, 3, 100, cost=80)})
    assert (found.inside.win_rate, found.outside.win_rate) == (Decimal("0.5"), Decimal("0.25"))
    assert (found.inside.margin_per_pursued, found.outside.margin_per_pursued) == (10, 5)
    assert found.inside.discount == Decimal("0.5")


def test_tells_no_margin_where_no_cost_is_known() -> None:
    uncosted = Totals(
        deals_won=1,
        priced_deals=1,
        uncosted_deals=1,
        net_priced=Decimal(5),
        uncosted_net=Decimal(5),
    )
    assert fit({"maker": uncosted}).inside.margin_per_pursued is None


def test_has_no_share_without_any_win() -> None:
    assert fit({"": totals(0, 4, 0)}).share_of_won is None
