"""The feature `ledger`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class LedgerFeature(Feature):
    """Where value was made and where it was given away."""

    name = "counterpoise.web.ledger"
    label = "room_ledger"
    prefix = "ledger/"
    place = Place("Ledger", "ledger:home", "ledger", 40)
