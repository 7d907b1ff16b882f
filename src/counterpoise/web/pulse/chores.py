"""What the pulse does by the clock."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.pulse.life import keep_asking
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(minutes=15))
def ask_and_count(now: dt.datetime) -> None:
    """Open and close pulses by their days."""
    keep_asking(now)
