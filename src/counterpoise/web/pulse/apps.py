"""The feature `pulse`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class PulseFeature(Feature):
    """A short survey of both sides, again and again."""

    name = "counterpoise.web.pulse"
    label = "pulse"
    prefix = "talk/pulse/"
