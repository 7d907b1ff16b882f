"""What is sent by the clock."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.notices.digest import send_digests
from counterpoise.web.notices.sending import send_due
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(seconds=15))
def send(now: dt.datetime) -> None:
    """Send what is due."""
    send_due(now)


@chore(every=dt.timedelta(minutes=5))
def write_digests(now: dt.datetime) -> None:
    """Write the digests whose time has come."""
    send_digests(now)
