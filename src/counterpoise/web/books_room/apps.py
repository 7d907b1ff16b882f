"""The feature `facts`."""

from __future__ import annotations

from counterpoise.web.places import Feature, Place


class BooksFeature(Feature):
    """Sources, imports, problems and snapshots."""

    name = "counterpoise.web.books_room"
    label = "facts"
    prefix = "books/"
    place = Place("Books", "facts:books", "books", order=60)
