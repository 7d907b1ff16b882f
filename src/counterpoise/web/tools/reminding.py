"""What is done about tools and messages by the clock: owners, reminders, what is overdue or over.

Run again at any time, it does nothing twice: what it marks is marked only where it was not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.audit.entries import record
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags.figures import day
from counterpoise.web.tools.inbox import message_title
from counterpoise.web.tools.library import cards
from counterpoise.web.tools.messages import named
from counterpoise.web.tools.models import Message
from counterpoise.web.tools.owners import owner_for, possible_owners
from counterpoise.web.tools.states import MessageState

_LATEST = dt.timedelta(days=1)


def give_owners() -> int:
    """Give messages that nobody owns an owner, once marketing has somebody; return how many."""
    waiting = Message.objects.filter(state=MessageState.OPEN, owner=None)
    waiting |= Message.objects.filter(state=MessageState.OPEN, owner__is_active=False)
    return sum(_give_owner(message) for message in waiting.order_by("at", "pk"))


def mark(now: dt.datetime) -> int:
    """Mark whose owner is to be reminded, and what is overdue; return how many."""
    reminded = _marked("reminded_at", now, remind_at__lte=now)
    return reminded + _marked("overdue_at", now, due_at__lt=now)


def tell(now: dt.datetime) -> int:
    """Tell people what happened of late and was not told yet; return how many notices there are."""
    recent = now - _LATEST
    sent = Message.objects.filter(at__gt=recent) | Message.objects.filter(
        state=MessageState.OPEN, reminded_at__gt=recent
    )
    sent |= Message.objects.filter(settled_at__gt=recent)
    sent |= Message.objects.filter(state=MessageState.OPEN, overdue_at__gt=recent)
    related = ("sender", "owner", "settled_by")
    found = sent.select_related(*related).distinct().order_by("pk")
    notices = [notice for message in found for notice in _notices(message)]
    notices += list(_expiring(timezone.localdate(now)))
    return sum(
        notify(user, subject, text, url, key=key) is not None
        for user, subject, text, url, key in notices
    )


_Told = tuple[User, str, str, str, str]


def _notices(message: Message) -> Iterator[_Told]:
    url = reverse("tools:message", args=[message.pk])
    key, title = f"tool-message:{message.pk}", message_title(message)
    what = "request for a tool" if message.is_request else "word from a customer"
    if not message.is_open:
        if message.settled_by_id != message.sender_id:
            subject = f"Your {what} was {message.state}"
            yield message.sender, subject, title, url, f"{key}:{message.state}"
        return
    if message.owner is not None:
        yield message.owner, f"A {what} waits for you", title, url, f"{key}:{message.owner_id}"
        if message.reminded_at:
            subject = f"A {what} still waits for you"
            yield message.owner, subject, title, url, f"{key}:reminded:{message.owner_id}"
    if message.overdue_at:
        for user in _overseers(message):
            yield user, f"A {what} is overdue", title, url, f"{key}:overdue"


def _overseers(message: Message) -> list[User]:
    """Return who hears of an overdue message on either side: sender, owner, and who signs."""
    signing = User.objects.filter(
        is_active=True, may_sign=True, side__in=[Side.MARKETING, Side.BOTH]
    )
    found = {user.pk: user for user in (message.sender, message.owner, *signing) if user}
    return list(found.values())


def _expiring(today: dt.date) -> Iterator[_Told]:
    """Yield what owners hear before the last day of their tools, and once it is past."""
    ending = [card for card in cards() if card.owner_id and not card.is_retired]
    ending = [card for card in ending if card.ends_soon(today) or card.is_over(today)]
    owners = User.objects.in_bulk({card.owner_id for card in ending if card.owner_id})
    for card in ending:
        assert card.owner_id is not None
        is_over = card.is_over(today)
        said = "is over" if is_over else "is offered until"
        url = reverse("tools:tool", args=[card.tool_id])
        text = f"{card.title}: renew it, or retire it."
        key = f"tool-ends:{card.tool_id}:{card.expires_on}:{'over' if is_over else 'soon'}"
        yield owners[card.owner_id], f"A tool {said} {day(card.expires_on)}", text, url, key


def _give_owner(message: Message) -> bool:
    able = [user for user in possible_owners() if user.pk != message.sender_id]
    owner = owner_for(message.product_family, able)
    if owner is None:
        return False
    with transaction.atomic():
        found = Message.objects.filter(
            pk=message.pk, state=MessageState.OPEN, owner=message.owner_id
        )
        if not found.update(owner=owner):
            return False
        detail = {"to": f"person:{owner.pk}"}
        record(None, f"tool_{message.kind}.given_owner", named(message), {**detail})
    return True


def _marked(column: str, now: dt.datetime, **due: dt.datetime) -> int:
    """Mark open messages in a column that is empty, each with an entry of the trail."""
    waiting = Message.objects.filter(state=MessageState.OPEN, **{column: None}, **due)
    done = 0
    for message in waiting.order_by("pk"):
        with transaction.atomic():
            still = Message.objects.filter(pk=message.pk, state=MessageState.OPEN, **{column: None})
            if still.update(**{column: now}):
                deed = column.removesuffix("_at")
                record(None, f"tool_{message.kind}.{deed}", named(message))
                done += 1
    return done
