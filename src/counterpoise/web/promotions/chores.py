"""What promotions do by the clock: remind, hand on, end, tell."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.promotions.escalation import escalate
from counterpoise.web.promotions.notices import tell_what_happened
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(minutes=5))
def remind_and_hand_on_promotions(now: dt.datetime) -> None:
    """Remind of promotions that wait, and hand on those that are overdue."""
    escalate(now)


@chore(every=dt.timedelta(seconds=15))
def tell_of_promotions(now: dt.datetime) -> None:
    """Tell people what happened to promotions."""
    tell_what_happened(now)
