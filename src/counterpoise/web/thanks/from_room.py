"""Deeds that the room knows of: approvals, answers, tools, and leads that were taken up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from counterpoise.agreement import Side
from counterpoise.web.desk.models import Answer
from counterpoise.web.desk.naming import request_title
from counterpoise.web.desk.states import Said
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.thanks.deed import OTHER, Deed, took
from counterpoise.web.tools.inbox import message_title
from counterpoise.web.tools.library import Card, card_of
from counterpoise.web.tools.models import Message, Tool, Use
from counterpoise.web.tools.rights import deal_opens
from counterpoise.web.tools.states import MessageState

_MOST = 30


def deeds(user: User, since: dt.datetime) -> Iterator[Deed]:
    """Yield what the other side did for a person in the room since an instant."""
    other = OTHER.get(user.side)
    if other is None:
        return
    yield from _approvals(user, other, since)
    if user.side == Side.SALES:
        yield from _answers(user, since)
        yield from _tools(user, since)
    else:
        yield from _leads(user, since)


def _approvals(user: User, other: str, since: dt.datetime) -> Iterator[Deed]:
    found = Answer.objects.filter(
        asker=user, said=Said.APPROVED, decided_by__side=other, decided_at__gte=since
    )
    for each in found.select_related("request", "decided_by").order_by("-decided_at")[:_MOST]:
        soon = took(each.decided_at - each.request.asked_at)
        says = f"{each.decided_by} approved {request_title(each.request)} {soon}"
        url = reverse("desk:request", args=[each.request_id])
        yield Deed(f"approval:{each.pk}", says, url, each.decided_at, each.decided_by)


def _answers(user: User, since: dt.datetime) -> Iterator[Deed]:
    found = Message.objects.filter(
        sender=user, state=MessageState.ANSWERED, settled_at__gte=since
    ).exclude(settled_by=user)
    for each in found.select_related("settled_by").order_by("-settled_at")[:_MOST]:
        if each.settled_at and each.settled_by:
            what = "request" if each.is_request else "word from a customer"
            soon = took(each.settled_at - each.at)
            says = f"{each.settled_by} answered your {what} {soon}: {message_title(each)}"
            url = reverse("tools:message", args=[each.pk])
            yield Deed(f"message:{each.pk}", says, url, each.settled_at, each.settled_by)


def _tools(user: User, since: dt.datetime) -> Iterator[Deed]:
    """Yield tools that a seller used, won or lost; one that was used often stands once a deal."""
    seen = set()
    for use in Use.objects.filter(user=user, at__gte=since).order_by("-at")[:_MOST]:
        card = card_of(use.tool_id)
        key = f"tool:{use.tool_id}:{use.deal_id}"
        if card is None or key in seen:
            continue
        seen.add(key)
        helped = "helped you" if use.helped_at else "was beside you"
        url = reverse("tools:tool", args=[use.tool_id])
        told, by = f"“{card.title}” {helped}", _maker(card)
        says = f"{told}{_on(use.deal_id)}"
        opens = by is not None and deal_opens(by, use.deal_id)
        yield Deed(key, says, url, use.at, by, says if opens else told)


def _maker(card: Card) -> User | None:
    """Return who owns a tool, else who made it; None for an imported one that nobody owns."""
    if card.owner_id:
        return User.objects.filter(pk=card.owner_id).first()
    made = Tool.objects.filter(tool_id=card.tool_id, is_imported=False).select_related("made_by")
    return next((tool.made_by for tool in made), None)


def _on(deal_id: str) -> str:
    deal = live().deal(deal_id) if deal_id else None
    if deal is None:
        return ""
    ends = {"won": ", which you won", "lost": ", even though it was lost"}
    return f" on {deal.get('name') or deal_id}{ends.get(deal.get('outcome') or '', '')}"


def _leads(user: User, since: dt.datetime) -> Iterator[Deed]:
    found = Handoff.objects.filter(passed_by=user, responded_at__gte=since)
    by_person = {each.person_id: each for each in User.objects.exclude(person_id="")}
    for each in found.order_by("-responded_at")[:_MOST]:
        by = by_person.get(each.responder_id)
        if each.responded_at is None or by is None:
            continue
        soon = took(max(each.responded_at - each.passed_at, dt.timedelta()))
        says = f"{by} answered your lead {soon}: {each.about or each.lead_id}"
        url = reverse("handoffs:lead", args=[each.pk])
        yield Deed(f"lead:{each.lead_id}:{each.round}", says, url, each.responded_at, by)
