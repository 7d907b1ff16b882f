"""The feature `promises`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class PromisesFeature(Feature):
    """What both sides promised, due and kept; budgets used and left."""

    name = "counterpoise.web.promises"
    label = "promises"
    prefix = "talk/promises/"
