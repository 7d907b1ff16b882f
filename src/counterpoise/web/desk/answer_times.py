"""Answer times: how long a role usually takes, in working time, from the books and the room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from django.utils import timezone

from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.lookup import Lookup
from counterpoise.web.desk.models import Answer
from counterpoise.web.live import live

MOST_COUNTED = 200
"""The latest answers that count, of the books and of the room each."""

FEWEST = 3
"""Fewer answers than this say nothing about what is usual."""

_HOUR = dt.timedelta(hours=1)
Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class AnswerTime:
    """The median working time from request to answer, and of how many answers."""

    hours: float
    answers: int


def answer_time(role: str, calendar: WorkCalendar) -> AnswerTime | None:
    """Return how long a role usually takes, None where too few answers tell."""
    spent = [*_of_books(live(), role, calendar), *_hours(_of_room(role), calendar)]
    if len(spent) < FEWEST:
        return None
    return AnswerTime(median(spent), len(spent))


@lru_cache(maxsize=64)
def _of_books(lookup: Lookup, role: str, calendar: WorkCalendar) -> tuple[float, ...]:
    rows = lookup.approvals_of_role(role, MOST_COUNTED)
    spans = [(row["requested_at"], row["decided_at"]) for row in rows]
    return tuple(_hours([span for span in spans if None not in span], calendar))


def _of_room(role: str) -> list[Span]:
    """Return when the room's latest answers of a role were asked and given, as wall time."""
    found = (
        Answer.objects.filter(step__role=role)
        .order_by("-decided_at", "-id")
        .values_list("request__asked_at", "decided_at")[:MOST_COUNTED]
    )
    return [(_wall(asked_at), _wall(decided_at)) for asked_at, decided_at in found]


def _hours(spans: Sequence[Span], calendar: WorkCalendar) -> list[float]:
    return [calendar.between(*span) / _HOUR for span in spans if span[0] <= span[1]]


def _wall(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at).replace(tzinfo=None)
