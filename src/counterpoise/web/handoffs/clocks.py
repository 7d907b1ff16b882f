"""The two clocks of a lead, in the agreement's working time: the system's and the person's.

The system's runs until somebody has the lead, the person's until the first response.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.versions import Version
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.web import house
from counterpoise.web.handoffs.course import Course
from counterpoise.web.handoffs.models import Handoff

_SOON = 4
"""A response is due soon in the last of so many parts of its time."""


@dataclass(frozen=True)
class Deadlines:
    """By when a lead that is passed now should be answered and judged; None where not agreed."""

    soon_at: dt.datetime | None
    respond_by: dt.datetime | None
    judge_by: dt.datetime | None


@dataclass(frozen=True)
class Clocks:
    """Working time that a lead took, in hours; what still runs is counted until now."""

    system: float
    is_assigned: bool
    person: float | None
    """None until somebody has it."""
    is_answered: bool


def version_of_today(now: dt.datetime | None = None) -> Version | None:
    """Return the agreement of today, else the latest, None where there is none."""
    agreements = house.agreements()
    return agreements.on(timezone.localdate(now)) or agreements.latest


def version_named(fingerprint: str) -> Version | None:
    """Return the agreement of a fingerprint; today's where it is gone."""
    for version in house.agreements().versions:
        if version.fingerprint == fingerprint:
            return version
    return version_of_today()


def deadlines(passed_at: dt.datetime, agreement: Agreement | None) -> Deadlines:
    """Return by when a lead is due: from the hand-over on, as the watch counts."""
    if agreement is None:
        return Deadlines(None, None, None)
    calendar, said = calendar_of(agreement), agreement.handoff
    within = said.first_response_within
    most = within and Duration(within.amount * (_SOON - 1) / _SOON, within.unit, within.working)
    return Deadlines(
        after(passed_at, most, calendar),
        after(passed_at, within, calendar),
        after(passed_at, said.verdict_within, calendar),
    )


def after(
    start: dt.datetime, duration: Duration | None, calendar: WorkCalendar
) -> dt.datetime | None:
    """Return the instant at which a duration has passed since another."""
    if duration is None:
        return None
    return calendar.due_at(wall(start), duration).replace(tzinfo=_zone(calendar.time_zone))


def clocks_of(handoff: Handoff | Course, calendar: WorkCalendar, now: dt.datetime) -> Clocks:
    """Return how long a lead took and takes, in working hours."""
    assigned, answered = handoff.assigned_at, handoff.responded_at
    person = _hours(calendar, assigned, answered or now) if assigned else None
    return Clocks(
        _hours(calendar, handoff.passed_at, assigned or now),
        assigned is not None,
        person,
        answered is not None,
    )


def working_hours_left(until: dt.datetime, calendar: WorkCalendar, now: dt.datetime) -> float:
    """Return the working hours from now until an instant; negative once it has passed."""
    return calendar.between(wall(now), wall(until)).total_seconds() / 3600


def calendar_of(agreement: Agreement | None) -> WorkCalendar:
    """Return the working time of an agreement, the usual one without."""
    return WorkCalendar.of(agreement.company) if agreement else WorkCalendar()


def wall(at: dt.datetime) -> dt.datetime:
    """Return an instant as the wall time of the workspace."""
    return timezone.localtime(at).replace(tzinfo=None)


def instant(wall_time: dt.datetime | None) -> dt.datetime | None:
    """Return the instant of a wall time of the workspace."""
    return None if wall_time is None else timezone.make_aware(wall_time)


def _hours(calendar: WorkCalendar, start: dt.datetime, end: dt.datetime) -> float:
    return max(0.0, calendar.between(wall(start), wall(end)).total_seconds() / 3600)


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
