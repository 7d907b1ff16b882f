"""The feature `handoffs`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class HandoffsFeature(Feature):
    """Leads that marketing passes and sales answers."""

    name = "counterpoise.web.handoffs"
    label = "handoffs"
    prefix = "handoffs/"
    place = Place("Hand-offs", "handoffs:board", "swap", 33)
