"""The feature `people`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class PeopleFeature(Feature):
    """People, their sides and roles."""

    name = "counterpoise.web.people"
    label = "people"
    prefix = "settings/people/"
