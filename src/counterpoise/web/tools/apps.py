"""The feature `tools`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class ToolsFeature(Feature):
    """The library of value tools, their uses, and what sellers ask marketing for."""

    name = "counterpoise.web.tools"
    label = "tools"
    prefix = "tools/"
    place = Place("Tools", "tools:library", "tool", 50)
