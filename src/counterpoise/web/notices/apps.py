"""The feature `notices`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class NoticesFeature(Feature):
    """What people are told, and how."""

    name = "counterpoise.web.notices"
    label = "notices"
    prefix = "account/notices/"
