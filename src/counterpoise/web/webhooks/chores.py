"""What other programs are told by the clock."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.webhooks.gathering import gather
from counterpoise.web.webhooks.models import Message
from counterpoise.web.webhooks.sending import send_due
from counterpoise.web.work.chores import chore

_KEPT = dt.timedelta(days=30)


@chore(every=dt.timedelta(seconds=10))
def tell_programs(now: dt.datetime) -> None:
    """Tell what happened, and try again what was not taken."""
    gather(now)
    send_due(now)


@chore(every=dt.timedelta(hours=6))
def forget_messages(now: dt.datetime) -> None:
    """Forget messages of a month ago."""
    Message.objects.filter(made_at__lt=now - _KEPT).delete()
