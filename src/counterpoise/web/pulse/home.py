"""What the pulse adds to the home page: that it waits, and that one was counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.pulse.answering import standing
from counterpoise.web.pulse.models import Pulse
from counterpoise.web.signs import Signs

_KIND = "pulse"


def signs_of_waiting(user: User) -> Signs:  # noqa: ARG001 - one pulse for all
    """Return the pulse that takes answers."""
    return (Pulse.objects.filter(closed_on=None),)


def signs_of_news(user: User, since: dt.datetime) -> Signs:  # noqa: ARG001 - for everybody
    """Return pulses that were counted and have something to show."""
    day = timezone.localdate(since)
    return (Pulse.objects.filter(closed_on__gt=day, figures__isnull=False),)


def waits_for(user: User) -> Sequence[Item]:
    """Return the open pulse while a person has not taken part; a side too small is not pressed."""
    found = standing(user)
    if found is None or found.has_answered or found.is_small:
        return ()
    says = "Say how the two sides work together: twelve ratings, nobody learns whose"
    return (Item(says, reverse("pulse:answer"), _end(found.pulse), _KIND),)


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return pulses that were counted and have something to show."""
    (counted,) = signs_of_news(user, since)
    return [
        Item("Both sides said how they work together", _url(), _noon(pulse.closed_on), _KIND)
        for pulse in counted.distinct()[:3]
        if pulse.closed_on
    ]


def _url() -> str:
    return reverse("pulse:pulse")


def _end(pulse: Pulse) -> dt.datetime:
    after = pulse.closes_on + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(after, dt.time()))


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
