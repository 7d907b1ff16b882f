"""The feature `work`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class WorkFeature(Feature):
    """Jobs and chores."""

    name = "counterpoise.web.work"
    label = "work"
