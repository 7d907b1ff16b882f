"""By when a question is answered: working time of the agreement's calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house

METRIC = "question_answered"
"""What the agreement calls the promise to answer the other side."""

USUAL = "2 working days"
"""Offered first where the agreement promises nothing."""

CHOICES = (
    "4 working hours",
    "1 working day",
    "2 working days",
    "3 working days",
    "5 working days",
    "10 working days",
)


@dataclass(frozen=True)
class Due:
    """When a reply is due, and when who owes it is reminded: once half of the time is over."""

    within: str
    at: dt.datetime
    remind_at: dt.datetime


def due(within: str, at: dt.datetime) -> Due:
    """Return when a reply is due that is asked for at an instant."""
    length, calendar = Duration.parse(within), calendar_today()
    half = Duration(length.amount / 2, length.unit, length.working)
    wall = wall_of(at)
    ends, middle = calendar.due_at(wall, length), calendar.due_at(wall, half)
    return Due(str(length), _instant(ends), _instant(middle))


def promised_within(side: str) -> str:
    """Return within which time a side promises to answer; nothing where it does not."""
    agreement = agreement_today()
    found = (
        promise.within
        for of, promise in (agreement.promises if agreement else ())
        if of == side and promise.metric == METRIC and promise.within
    )
    return str(next(found, ""))


def worked_hours(begun: dt.datetime, ended: dt.datetime) -> float:
    """Return the working hours between two instants."""
    passed = calendar_today().between(wall_of(begun), wall_of(ended))
    return passed.total_seconds() / 3600


def agreement_today() -> Agreement | None:
    """Return the agreement of today, else the latest; None where there is none to read."""
    try:
        agreements = house.agreements()
    except CounterpoiseError:  # a file that cannot be read must not keep people from talking
        return None
    version = agreements.on(timezone.localdate()) or agreements.latest
    return version.agreement if version else None


def calendar_today() -> WorkCalendar:
    """Return the working hours of today's agreement, else the usual ones."""
    agreement = agreement_today()
    return WorkCalendar.of(agreement.company) if agreement else WorkCalendar()


def wall_of(at: dt.datetime) -> dt.datetime:
    """Return the wall time of an instant where the workspace is."""
    return timezone.localtime(at).replace(tzinfo=None)


def _instant(wall: dt.datetime) -> dt.datetime:
    return timezone.make_aware(wall) if wall.tzinfo is None else wall
