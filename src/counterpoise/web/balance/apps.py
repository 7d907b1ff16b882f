"""The feature `balance`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class BalanceFeature(Feature):
    """The home page."""

    name = "counterpoise.web.balance"
    label = "balance"
    place = Place("Balance", "balance:home", "balance", 10)
