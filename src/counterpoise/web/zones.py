"""Time zones by their IANA names: what a person may choose, and the clock that they read."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

LONGEST_ZONE = 64
_AREAS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()
)


@cache
def names() -> tuple[str, ...]:
    """Return the zones on offer, places of the world and UTC, without their old names.

    >>> "Europe/Lisbon" in names(), "UTC" in names(), "EST5EDT" in names()
    (True, True, False)
    """
    found = (name for name in available_timezones() if name.partition("/")[0] in _AREAS)
    return ("UTC", *sorted(found))


def zone_of(name: str) -> ZoneInfo | None:
    """Return a person's zone; None, for the room's, where they chose none or it is no more.

    >>> str(zone_of("Asia/Tokyo")), zone_of("Nowhere/Else"), zone_of("")
    ('Asia/Tokyo', None, None)
    """
    return ZoneInfo(name) if name in names() else None
