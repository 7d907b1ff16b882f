"""What the tools do by the clock."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.tools import reminding
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(minutes=5))
def see_what_waits(now: dt.datetime) -> None:
    """Give messages owners, remind of those that wait, and see what is overdue."""
    reminding.give_owners()
    reminding.mark(now)


@chore(every=dt.timedelta(minutes=1))
def tell_about_tools(now: dt.datetime) -> None:
    """Tell people what happened to messages, and whose tools end."""
    reminding.tell(now)
