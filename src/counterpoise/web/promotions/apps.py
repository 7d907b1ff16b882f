"""The feature `promotions`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class PromotionsFeature(Feature):
    """The promotion calendar, requests for promotions and their approvals."""

    name = "counterpoise.web.promotions"
    label = "promotions"
    prefix = "promotions/"
    place = Place("Promotions", "promotions:calendar", "calendar", 32)

    def is_of_use(self) -> bool:
        """Tell whether the company sells through retail accounts, or has agreed on promotions."""
        from counterpoise.errors import CounterpoiseError
        from counterpoise.web import house

        try:
            latest = house.agreements().latest
        except CounterpoiseError:  # said where agreements are read
            return True
        if latest is None:
            return True
        agreed = latest.agreement
        return agreed.company.kind == "consumer_goods" or agreed.promotions is not None
