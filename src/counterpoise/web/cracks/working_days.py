"""The time in which a person may answer before others see: working days of the agreement."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house

FIRST_LOOK = Duration.parse("2 working days")


def two_working_days_after(at: dt.datetime) -> dt.datetime:
    """Return the instant at which two working days of the agreement's calendar have passed."""
    calendar = _calendar()
    zone = ZoneInfo(house.workspace().time_zone)
    due = calendar.due_at(at.astimezone(zone).replace(tzinfo=None), FIRST_LOOK)
    return due.replace(tzinfo=zone)


def _calendar() -> WorkCalendar:
    """Return the calendar of today's agreement, else of the latest, else the usual one."""
    try:
        agreements = house.agreements()
    except CounterpoiseError:  # a file that cannot be read must not keep a review from being used
        return WorkCalendar()
    version = agreements.on(timezone.localdate()) or agreements.latest
    return WorkCalendar.of(version.agreement.company) if version else WorkCalendar()
