"""When people of a made-up company said what they say: in working time, before the present."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone

from counterpoise.agreement.working_time import WorkCalendar

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Moments:
    """Moments of working days around the present."""

    now: dt.datetime
    calendar: WorkCalendar

    def before(self, days: int, hour: int, minute: int = 0) -> dt.datetime:
        """Return a moment so many working days before today, today not counted."""
        day = next(islice(self._days(-_DAY), days - 1, None))
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))

    def day_after(self, days: int) -> dt.date:
        """Return the day so many working days after today, today not counted."""
        return next(islice(self._days(_DAY), days - 1, None))

    def _days(self, step: dt.timedelta) -> Iterator[dt.date]:
        day = timezone.localdate(self.now)
        while True:
            day += step
            if self.calendar.is_working_day(day):
                yield day
