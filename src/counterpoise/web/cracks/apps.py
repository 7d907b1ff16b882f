"""The feature `cracks`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class CracksFeature(Feature):
    """Cracks, their answers, owners and healing."""

    name = "counterpoise.web.cracks"
    label = "room_cracks"
    prefix = "cracks/"
    place = Place("Cracks", "cracks:home", "crack", 35)
