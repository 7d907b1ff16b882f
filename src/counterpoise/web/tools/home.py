"""What the tools add to the home page: what waits on either side, and what the other side did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.signs import Signs
from counterpoise.web.tools.inbox import message_title, overdue
from counterpoise.web.tools.library import cards, titles
from counterpoise.web.tools.models import Message, Tool, Use
from counterpoise.web.tools.rights import may_make, may_use
from counterpoise.web.tools.states import MessageState

_MOST = 20
_FEW = 3
_KIND = "tool"


def signs_of_waiting(user: User) -> Signs:
    """Return messages that wait, and tools of a person that may end."""
    if not may_make(user):
        return ()
    ending = Tool.objects.filter(owner=user, retired_at=None).exclude(expires_on=None)
    return (Message.objects.filter(state=MessageState.OPEN).exclude(sender=user), ending)


def signs_of_news(user: User, since: dt.datetime) -> Signs:
    """Return what became of a person's messages, new tools, and uses that helped."""
    found: list[QuerySet[Any]] = [_settled(user, since), _late(user, since)]
    if may_use(user):
        found.append(_made(user, since))
    if may_make(user):
        found.append(_helped(since))
    return found


def waits_for(user: User) -> Sequence[Item]:
    """Return messages that wait for a person's answer, and tools of theirs that end.

    Who stands above both sides sees what is overdue, whoever owns it.
    """
    if not may_make(user):
        return ()
    mine = Q(owner=user) | Q(owner=None)
    if user.side == Side.BOTH and user.may_sign:
        mine |= overdue()
    found = Message.objects.filter(mine, state=MessageState.OPEN).exclude(sender=user)
    waiting = [_waiting(message) for message in found.order_by("due_at", "at", "pk")[:_MOST]]
    return [*waiting, *_ending(user)]


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return answers to one's own messages, new tools for sellers, and thanks for marketing."""
    items = [*_answers(user, since)]
    if may_use(user):
        items += _new_tools(user, since)
    if may_make(user):
        items += _thanks(since)
    return items


def _waiting(message: Message) -> Item:
    act = "Answer the request" if message.is_request else "Answer what was heard"
    late = "overdue: " if message.due_at and message.due_at < timezone.now() else ""
    url = reverse("tools:message", args=[message.pk])
    return Item(f"{act}, {late}{message_title(message)}", url, message.due_at, _KIND)


def _ending(user: User) -> Iterator[Item]:
    today = timezone.localdate()
    if not Tool.objects.filter(owner=user, retired_at=None).exclude(expires_on=None).exists():
        return
    for card in cards():
        if card.owner_id != user.pk or card.is_retired or card.expires_on is None:
            continue
        if card.ends_soon(today) or card.is_over(today):
            end = dt.datetime.combine(card.expires_on + dt.timedelta(days=1), dt.time())
            url = reverse("tools:tool", args=[card.tool_id])
            yield Item(f"Renew or retire {card.title}", url, timezone.make_aware(end), _KIND)


def _answers(user: User, since: dt.datetime) -> Iterator[Item]:
    for message in _settled(user, since).order_by("-settled_at")[:_MOST]:
        what = "Your request" if message.is_request else "What you heard"
        url = reverse("tools:message", args=[message.pk])
        says = f"{what} was {message.state}: {message_title(message)}"
        yield Item(says, url, message.settled_at, _KIND)
    for message in _late(user, since)[:_MOST]:
        url = reverse("tools:message", args=[message.pk])
        says = f"Marketing is late with an answer: {message_title(message)}"
        yield Item(says, url, message.overdue_at, _KIND)


def _new_tools(user: User, since: dt.datetime) -> list[Item]:
    made = list(_made(user, since).order_by("-made_at", "-pk")[: _MOST + 1])
    if len(made) > _FEW:
        says = f"Marketing made {len(made)} new tools"
        return [Item(says, reverse("tools:library"), made[0].made_at, _KIND)]
    return [
        Item(
            f"Marketing made a tool: {each.title}",
            reverse("tools:tool", args=[each.tool_id]),
            each.made_at,
            _KIND,
        )
        for each in made
    ]


def _thanks(since: dt.datetime) -> list[Item]:
    """Return which tools helped sellers, without names of people or deals."""
    by_tool: dict[str, list[Use]] = {}
    for use in _helped(since).order_by("-helped_at")[:200]:
        by_tool.setdefault(use.tool_id, []).append(use)
    known = titles(list(by_tool))
    return [
        Item(
            f"{known[tool_id]} helped sellers{_times(len(uses))}",
            reverse("tools:tool", args=[tool_id]),
            uses[0].helped_at,
            _KIND,
        )
        for tool_id, uses in list(by_tool.items())[:_MOST]
    ]


def _settled(user: User, since: dt.datetime) -> QuerySet[Message]:
    return Message.objects.filter(sender=user, settled_at__gt=since).exclude(settled_by=user)


def _late(user: User, since: dt.datetime) -> QuerySet[Message]:
    return Message.objects.filter(sender=user, overdue_at__gt=since, state=MessageState.OPEN)


def _made(user: User, since: dt.datetime) -> QuerySet[Tool]:
    found = Tool.objects.filter(made_at__gt=since, is_imported=False, retired_at=None)
    return found.exclude(made_by=user)


def _helped(since: dt.datetime) -> QuerySet[Use]:
    return Use.objects.filter(helped_at__gt=since)


def _times(count: int) -> str:
    return "" if count == 1 else f" {count} times"
