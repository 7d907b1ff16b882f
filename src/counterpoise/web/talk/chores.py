"""What talk does by the clock."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.talk import reminding
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(minutes=5))
def see_what_waits(now: dt.datetime) -> None:
    """Remind of questions that wait, and see what is overdue."""
    reminding.mark(now)


@chore(every=dt.timedelta(minutes=1))
def tell_of_talk(now: dt.datetime) -> None:
    """Tell people of questions, answers, and where they were named."""
    reminding.tell(now)
