"""The feature `agreements`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class AgreementsFeature(Feature):
    """What both sides agreed, and how they come to agree."""

    name = "counterpoise.web.agreements"
    label = "agreements"
    prefix = "agreement/"
    place = Place("Agreement", "agreements:read", "agreement", 20)
