"""What the desk does by the clock: remind, hand on, end."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.desk.escalation import escalate
from counterpoise.web.desk.notices import tell_what_happened
from counterpoise.web.work.chores import chore

EVERY = dt.timedelta(minutes=5)


@chore(every=EVERY)
def remind_and_hand_on(now: dt.datetime) -> None:
    """Remind of requests that wait, and hand on those that are overdue."""
    escalate(now)


@chore(every=dt.timedelta(seconds=15))
def tell(now: dt.datetime) -> None:
    """Tell people what happened to requests."""
    tell_what_happened(now)
