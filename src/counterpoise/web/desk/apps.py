"""The feature `desk`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class DeskFeature(Feature):
    """Questions to the desk, requests on record and their approvals."""

    name = "counterpoise.web.desk"
    label = "room_desk"
    prefix = "desk/"
    place = Place(label="Desk", url_name="desk:start", icon="desk", order=30)
