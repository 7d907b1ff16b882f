"""The feature `shell`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class ShellFeature(Feature):
    """The frame of every page."""

    name = "counterpoise.web.shell"
    label = "shell"
