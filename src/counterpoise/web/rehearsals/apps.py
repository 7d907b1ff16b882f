"""The feature `rehearsals`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class RehearsalsFeature(Feature):
    """Agreements tried on the past."""

    name = "counterpoise.web.rehearsals"
    label = "rehearsals"
    prefix = "rehearsals/"
    place = Place("Rehearsal", "rehearsals:home", "rehearsal", 45)
