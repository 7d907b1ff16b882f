"""The feature `search`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class SearchFeature(Feature):
    """One box for accounts, deals, people, clauses and requests."""

    name = "counterpoise.web.search"
    label = "search"
    prefix = "search/"
