"""The feature `thanks`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class ThanksFeature(Feature):
    """What the other side did for you, one click to thank."""

    name = "counterpoise.web.thanks"
    label = "thanks"
    prefix = "talk/thanks/"
