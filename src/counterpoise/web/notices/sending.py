"""Sending what is due: each delivery is claimed, sent, and marked, and never sent twice."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable

from django.db.models import Exists, F, OuterRef

from counterpoise.web.notices.addresses import only_outside
from counterpoise.web.notices.letter import letter_of
from counterpoise.web.notices.models import Delivery, Notice, State, Way
from counterpoise.web.notices.telling import preference_of
from counterpoise.web.people.inviting import home_address

logger = logging.getLogger(__name__)

MOST_TRIES = 5
_SILENT = dt.timedelta(minutes=10)
_AT_ONCE = 100


class NotSentError(Exception):
    """A notice could not be handed over; it surely did not go out."""


def send_due(now: dt.datetime) -> int:
    """Send what is due, and return how much went out."""
    _give_up_lost(now)
    due = Delivery.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "pk")
    ids = list(due.values_list("pk", flat=True)[:_AT_ONCE])
    return sum(_send(pk, now) for pk in ids)


def forget_words(until: dt.datetime) -> int:
    """Empty what was told until an instant, and return how much; that it was told stays.

    It quotes people and says what waited for whom, and nobody reads it here again.
    """
    on_its_way = Delivery.objects.filter(
        notice=OuterRef("pk"), state__in=[State.WAITING, State.SENDING]
    )
    told = Notice.objects.filter(made_at__lte=until).exclude(text="")
    return told.exclude(Exists(on_its_way)).update(text="")


def _send(pk: int, now: dt.datetime) -> bool:
    mine = Delivery.objects.filter(pk=pk, state=State.WAITING)
    if not mine.update(state=State.SENDING, touched_at=now, tries=F("tries") + 1):
        return False
    delivery = Delivery.objects.select_related("notice__user").get(pk=pk)
    try:
        if delivery.notice.user.is_active:
            _WAYS[Way(delivery.way)](delivery)
    except NotSentError as error:
        _try_again(delivery, now, str(error))
        return False
    Delivery.objects.filter(pk=pk).update(state=State.SENT, failure="")
    return True


def _try_again(delivery: Delivery, now: dt.datetime, why: str) -> None:
    """Wait longer with every try, and give up after some."""
    is_over = delivery.tries >= MOST_TRIES
    logger.warning("notice not sent", extra={"delivery": delivery.pk, "tries": delivery.tries})
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.FAILED if is_over else State.WAITING,
        due_at=now + dt.timedelta(minutes=2**delivery.tries),
        failure=why[:300],
    )


def _give_up_lost(now: dt.datetime) -> None:
    silent = Delivery.objects.filter(state=State.SENDING, touched_at__lte=now - _SILENT)
    silent.update(state=State.LOST, failure="the worker died while it was sent")


def _by_mail(delivery: Delivery) -> None:
    from django.core.mail import send_mail

    notice = delivery.notice
    try:
        html = letter_of(notice.subject, notice.text, _address(notice))
        send_mail(notice.subject, _body(notice), None, [notice.user.email], html_message=html)
    except (smtplib.SMTPException, OSError) as error:
        raise NotSentError(f"mail: {type(error).__name__}") from error


def _by_chat(delivery: Delivery) -> None:
    import apprise

    address = preference_of(delivery.notice.user).chat_address
    sender = apprise.Apprise()
    if not address or not sender.add(address):
        raise NotSentError("chat: no address that can be used")
    with only_outside():
        is_sent = sender.notify(title=delivery.notice.subject, body=_body(delivery.notice))
    if not is_sent:
        raise NotSentError("chat: refused, unreachable, or not on the public internet")


def _body(notice: Notice) -> str:
    address = _address(notice)
    return f"{notice.text}\n\n{address}" if address else notice.text


def _address(notice: Notice) -> str:
    return f"{home_address()}{notice.url}" if notice.url else ""


_WAYS: dict[Way, Callable[[Delivery], None]] = {Way.MAIL: _by_mail, Way.CHAT: _by_chat}
