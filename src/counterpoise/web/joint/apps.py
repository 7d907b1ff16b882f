"""The feature `joint`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class JointFeature(Feature):
    """Joint reviews: schedule, agenda, minutes, decisions, actions and their calendar."""

    name = "counterpoise.web.joint"
    label = "joint"
    prefix = "talk/reviews/"
