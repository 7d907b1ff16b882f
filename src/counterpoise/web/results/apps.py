"""The feature `results`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class ResultsFeature(Feature):
    """What reviews left behind."""

    name = "counterpoise.web.results"
    label = "results"
