"""What the worker looks after: imports by the clock."""

from __future__ import annotations

import contextlib
import datetime as dt

from counterpoise.web import house
from counterpoise.web.books_room.jobs import IMPORT
from counterpoise.web.books_room.models import Schedule
from counterpoise.web.books_room.schedule import next_after
from counterpoise.web.books_room.sources import ALLOWED
from counterpoise.web.work.chores import chore
from counterpoise.web.work.jobs import JobRunningError, start_job


@chore(every=dt.timedelta(seconds=30))
def import_what_is_due(now: dt.datetime) -> None:
    """Ask for the imports whose time has come; one that finds another running waits for it."""
    zone = house.workspace().time_zone
    for due in Schedule.objects.filter(next_at__lte=now):
        with contextlib.suppress(JobRunningError):
            start_job(IMPORT, {"source": f"{ALLOWED}{due.source_id}"})
            following = next_after(now, due.at, due.weekday, zone)
            Schedule.objects.filter(pk=due.pk, next_at=due.next_at).update(next_at=following)
