"""What is sent by the clock."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.notices.digest import send_digests
from counterpoise.web.notices.sending import forget_words, send_due
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(seconds=15))
def send(now: dt.datetime) -> None:
    """Send what is due."""
    send_due(now)


@chore(every=dt.timedelta(minutes=5))
def write_digests(now: dt.datetime) -> None:
    """Write the digests whose time has come."""
    send_digests(now)


@chore(every=dt.timedelta(hours=1))
def forget_what_was_told(now: dt.datetime) -> None:
    """Empty notices two days after they were told."""
    forget_words(now - dt.timedelta(days=2))
