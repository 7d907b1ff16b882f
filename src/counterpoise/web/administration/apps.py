"""The feature `administration`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class AdministrationFeature(Feature):
    """The way into settings."""

    name = "counterpoise.web.administration"
    label = "administration"
    prefix = "settings/"
    place = Place("Settings", "administration:settings", "settings", 90, is_for_administrators=True)
