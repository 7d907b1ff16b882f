"""What marketing promises those who write to it, in the working time of the agreement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.agreement.document import Promise, Side
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.web import house
from counterpoise.web.tools.states import MessageKind

_METRICS = {
    MessageKind.REQUEST: "tool_request_answered",
    MessageKind.NOTE: "question_answered",
}


@dataclass(frozen=True)
class Promised:
    """By when a message is answered: a promise of the agreement that stood when it was sent.

    All is None where the agreement promises nothing.
    """

    agreement: str = ""
    promise: Promise | None = None
    due_at: dt.datetime | None = None
    remind_at: dt.datetime | None = None

    @cached_property
    def within(self) -> Duration | None:
        """Return the promised time."""
        return self.promise.within if self.promise else None


def promised(kind: MessageKind, at: dt.datetime) -> Promised:
    """Return by when a message of this moment is answered, and when its owner is reminded.

    Owners are reminded when half of the promised time is over.
    """
    agreements = house.agreements()
    version = agreements.on(timezone.localdate(at)) or agreements.latest
    if version is None:
        return Promised()
    promise = promise_of(kind, version.agreement)
    if promise is None or promise.within is None:
        return Promised(version.fingerprint)
    calendar, within = WorkCalendar.of(version.agreement.company), promise.within
    half = Duration(within.amount / 2, within.unit, within.working)
    wall = timezone.localtime(at).replace(tzinfo=None)
    return Promised(
        version.fingerprint,
        promise,
        _instant(calendar.due_at(wall, within)),
        _instant(calendar.due_at(wall, half)),
    )


def promise_of(kind: MessageKind, agreement: Agreement) -> Promise | None:
    """Return what marketing promises about such messages."""
    metric = _METRICS[kind]
    own = (each for side, each in agreement.promises if side is Side.MARKETING)
    return next((each for each in own if each.metric == metric), None)


def _instant(wall: dt.datetime) -> dt.datetime:
    return timezone.make_aware(wall) if wall.tzinfo is None else wall
