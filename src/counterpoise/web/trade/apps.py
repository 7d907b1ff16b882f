"""The feature `trade`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class TradeFeature(Feature):
    """Pages of promotions, brands and accounts, below the ledger."""

    name = "counterpoise.web.trade"
    label = "trade"
    prefix = "ledger/trade/"
