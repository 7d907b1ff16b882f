"""Sending what is due: claimed by one worker, tried again for about two days, then given up.

An endpoint may be told twice, when a worker dies between sending and noting it: the message keeps
its `webhook-id`, by which a receiver knows it again.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db.models import F

from counterpoise.web.webhooks import posting
from counterpoise.web.webhooks.models import Endpoint, Sending, State
from counterpoise.web.webhooks.signing import headers_of

logger = logging.getLogger(__name__)

WAITS = tuple(
    dt.timedelta(seconds=each) for each in (5, 60, 300, 1800, 7200, 18_000, 36_000, 86_400)
)
"""How long to wait after each try that failed; after the last, a message is given up."""

_SILENT = dt.timedelta(minutes=5)
_AT_ONCE = 50
_GONE = 410
"""The answer by which an endpoint says that it wants no more."""


def send_due(now: dt.datetime) -> int:
    """Send what is due, and return how much was taken."""
    lost = Sending.objects.filter(state=State.SENDING, touched_at__lte=now - _SILENT)
    lost.update(state=State.WAITING, due_at=now)
    due = Sending.objects.filter(state=State.WAITING, due_at__lte=now, endpoint__is_on=True)
    ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:_AT_ONCE])
    return sum(_send(pk, now) for pk in ids)


def _send(pk: int, now: dt.datetime) -> bool:
    mine = Sending.objects.filter(pk=pk, state=State.WAITING)
    if not mine.update(state=State.SENDING, touched_at=now, tries=F("tries") + 1):
        return False
    sending = Sending.objects.select_related("message", "endpoint").get(pk=pk)
    body = sending.message.body.encode()
    headers = headers_of(
        sending.endpoint, f"msg_{sending.message_id}", int(now.timestamp()), body
    ) | {"content-type": "application/json", "user-agent": "Counterpoise"}
    try:
        status = posting.post(sending.endpoint.url, headers, body)
    except (posting.NotTakenError, posting.EndpointError) as error:
        return _try_again(sending, now, str(error))
    if 200 <= status < 300:
        Sending.objects.filter(pk=pk).update(state=State.SENT, failure="")
        return True
    if status == _GONE:
        Endpoint.objects.filter(pk=sending.endpoint_id).update(is_on=False)
    return _try_again(sending, now, f"answered {status}")


def _try_again(sending: Sending, now: dt.datetime, why: str) -> bool:
    is_over = sending.tries > len(WAITS)
    logger.warning("webhook not taken", extra={"sending": sending.pk, "tries": sending.tries})
    Sending.objects.filter(pk=sending.pk).update(
        state=State.FAILED if is_over else State.WAITING,
        due_at=now if is_over else now + WAITS[sending.tries - 1],
        failure=why[:200],
    )
    return False
