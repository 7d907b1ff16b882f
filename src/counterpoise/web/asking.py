"""What a question to the desk is answered by at this moment: the facts in use, and the time."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from counterpoise.books.lookup import Lookup
from counterpoise.desk import NO_BOOKS, BookFacts
from counterpoise.desk.lookup_facts import LookupFacts
from counterpoise.web import house
from counterpoise.web.live import live


def facts() -> BookFacts:
    """Return the facts of the snapshot in use; before the first import every id may exist."""
    lookup = live()
    return _facts_of(lookup) if lookup.snapshot else NO_BOOKS


def now() -> dt.datetime:
    """Return the wall time of the workspace, to the second."""
    zone = ZoneInfo(house.workspace().time_zone)
    return dt.datetime.now(zone).replace(tzinfo=None, microsecond=0)


@lru_cache(maxsize=2)
def _facts_of(lookup: Lookup) -> LookupFacts:
    return LookupFacts(lookup)
