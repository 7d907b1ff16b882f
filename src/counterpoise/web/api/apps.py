"""The feature `api`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class ApiFeature(Feature):
    """What programs may ask."""

    name = "counterpoise.web.api"
    label = "api"
    prefix = "api/v1/"
