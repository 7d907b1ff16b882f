"""The feature `promotions`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class PromotionsFeature(Feature):
    """The promotion calendar, requests for promotions and their approvals."""

    name = "counterpoise.web.promotions"
    label = "promotions"
    prefix = "promotions/"
    place = Place("Promotions", "promotions:calendar", "calendar", 32)
