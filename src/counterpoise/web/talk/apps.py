"""The feature `talk`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class TalkFeature(Feature):
    """Threads about things, questions, and the campaign calendar."""

    name = "counterpoise.web.talk"
    label = "talk"
    prefix = "talk/"
    place = Place("Talk", "talk:home", "comment", 37)
