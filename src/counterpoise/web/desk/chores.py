"""What the desk does by the clock: remind, hand on, end."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.desk.escalation import escalate
from counterpoise.web.work.chores import chore

EVERY = dt.timedelta(minutes=5)


@chore(every=EVERY)
def remind_and_hand_on(now: dt.datetime) -> None:
    """Remind of requests that wait, and hand on those that are overdue."""
    escalate(now)
