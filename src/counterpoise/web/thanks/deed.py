"""Something that the other side did for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from counterpoise.agreement import Side
from counterpoise.web.people.models import User

OTHER = {Side.SALES.value: Side.MARKETING.value, Side.MARKETING.value: Side.SALES.value}
"""The other side of each; who stands above both has none."""


@dataclass(frozen=True)
class Deed:
    """Something that the other side did, as the person may read it.

    Args:
        key: What it is; the same from day to day.
        says: One sentence without its full stop.
        url: A page that opens to the person.
        at: When it happened.
        by: Who did it, None where they are not in the room.
        told: What who did it reads, where they may read less than the person.
    """

    key: str
    says: str
    url: str
    at: dt.datetime
    by: User | None
    told: str = ""


def took(span: dt.timedelta) -> str:
    """Return how soon something was done, in words.

    >>> [took(dt.timedelta(minutes=n)) for n in (0.4, 10, 59.6, 95, 600, 3000, 11520)]
    ['within a minute', 'in 10 minutes', 'in an hour', 'in 2 hours', 'in 10 hours', 'in 2 days', \
'in 8 days']
    """
    minutes = span.total_seconds() / 60
    if minutes < 1:
        return "within a minute"
    most = (59.5, 1410)  # what rounds to an hour is said in hours, what rounds to a day in days
    place = sum(minutes >= each for each in most)
    unit, name, article = ((1, "minute", "a"), (60, "hour", "an"), (1440, "day", "a"))[place]
    number = max(1, round(minutes / unit))
    return f"in {article} {name}" if number == 1 else f"in {number} {name}s"
