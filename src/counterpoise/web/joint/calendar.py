"""Joint reviews and one's own actions as calendars read them (iCalendar, RFC 5545).

Moments are written in UTC: each review is an event of its own, so that the hour by the wall clock
stays what it is when the clocks change, wherever the reader is. Days of actions are whole days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from counterpoise.web.joint.agenda import address_of
from counterpoise.web.joint.models import Action, JointReview
from counterpoise.web.joint.states import ActionState, ReviewState
from counterpoise.web.people.models import User

CONTENT_TYPE = "text/calendar; charset=utf-8"
_LONGEST = 75
"""Octets of a line."""

_BACK = dt.timedelta(days=90)
_DAY = dt.timedelta(days=1)
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})

Absolute = Callable[[str], str]
"""Makes a path of the room an address."""


def calendar_of(user: User, absolute: Absolute) -> str:
    """Return the reviews of the last ninety days and to come, and a person's open actions."""
    since = timezone.now() - _BACK
    reviews = JointReview.objects.filter(starts_at__gte=since).order_by("starts_at", "pk")
    actions = Action.objects.filter(owner=user, state=ActionState.OPEN).select_related("point")
    events = [
        *(line for review in reviews for line in _review(review, absolute)),
        *(line for action in actions for line in _action(action, absolute)),
    ]
    return _calendar(events)


def calendar_of_one(review: JointReview, absolute: Absolute) -> str:
    """Return one review as a calendar."""
    return _calendar(_review(review, absolute))


def _calendar(events: Iterable[str]) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Counterpoise//Joint reviews//EN",
        "CALSCALE:GREGORIAN",
        *_text("X-WR-CALNAME", "Joint reviews"),
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *events,
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


def _review(review: JointReview, absolute: Absolute) -> Iterator[str]:
    skipped = review.state == ReviewState.SKIPPED
    ends_at = review.starts_at + dt.timedelta(minutes=review.minutes)
    yield "BEGIN:VEVENT"
    yield f"UID:joint-review-{review.pk}@{_room()}"
    yield f"DTSTAMP:{_instant(review.ended_at or review.planned_at)}"
    yield f"DTSTART:{_instant(review.starts_at)}"
    yield f"DTEND:{_instant(ends_at)}"
    yield f"SEQUENCE:{review.moves}"
    yield f"STATUS:{'CANCELLED' if skipped else 'CONFIRMED'}"
    yield from _text("SUMMARY", "Joint review of sales and marketing")
    if review.place:
        yield from _text("LOCATION", review.place)
    yield f"URL:{absolute(reverse('joint:review', args=[review.pk]))}"
    yield "END:VEVENT"


def _action(action: Action, absolute: Absolute) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:joint-action-{action.pk}@{_room()}"
    yield f"DTSTAMP:{_instant(action.at)}"
    yield f"DTSTART;VALUE=DATE:{action.due_on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{action.due_on + _DAY:%Y%m%d}"
    yield "TRANSP:TRANSPARENT"
    yield from _text("SUMMARY", f"Due: {' '.join(action.text.split())}")
    yield f"URL:{absolute(address_of(action))}"
    yield "END:VEVENT"


def _instant(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(name: str, value: str) -> Iterator[str]:
    """Yield a property with its text escaped; control characters have no place in one."""
    clean = "".join(each for each in value if each in "\n\t" or each.isprintable())
    yield f"{name}:{clean.translate(_ESCAPES)}"


def fold(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, none of which cuts a character.

    >>> [len(piece.encode()) for piece in fold("SUMMARY:" + "ä" * 50)]
    [74, 35]
    """
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece


def _room() -> str:
    """Return one word for this room, so that two rooms of a company stay apart."""
    return f"{sha256(f'calendar {settings.SECRET_KEY}'.encode()).hexdigest()[:16]}.counterpoise"
