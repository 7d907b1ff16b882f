"""What hand-offs add to the home page: leads that wait for a person, and what came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.handoffs.models import Handoff, Happening
from counterpoise.web.handoffs.naming import title_of
from counterpoise.web.handoffs.rights import may_pass, visible_to
from counterpoise.web.handoffs.states import OPEN, LeadEvent, LeadState
from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.signs import Signs

_MOST = 20
_FEW = 3
"""So many of a kind stand each on its own line."""
_KIND = "lead"


def signs_of_waiting(user: User) -> Signs:
    """Return open leads of a person, and those that came back to them."""
    return (Handoff.objects.filter(_mine(user), state__in=sorted(OPEN)), _came_back(user))


def signs_of_news(user: User, since: dt.datetime) -> Signs:
    """Return what became of the leads that a person passed, or was given."""
    theirs = Q(
        handoff__passed_by=user, kind__in=[LeadEvent.ACCEPTED, LeadEvent.REJECTED, LeadEvent.LINKED]
    )
    if user.person_id:
        theirs |= Q(person_id=user.person_id, kind=LeadEvent.ASSIGNED)
    return (Happening.objects.filter(theirs, recorded_at__gt=since).exclude(actor=user),)


def waits_for(user: User) -> Sequence[Item]:
    """Return the leads that a person has to answer or judge, and those that came back to them."""
    found = visible_to(user).filter(_mine(user), state__in=sorted(OPEN))
    due = found.order_by(F("respond_by").asc(nulls_last=True), "pk")[:_MOST]
    return [*map(_waiting, due), *_returned(user)]


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return what became of the leads that a person passed, or was given."""
    (news,) = signs_of_news(user, since)
    found = news.select_related("handoff").order_by("-recorded_at", "-id")
    return [_news(each) for each in found[:_MOST]]


def _waiting(handoff: Handoff) -> Item:
    is_answered = handoff.state == LeadState.ANSWERED
    says = f"{'Judge' if is_answered else 'Answer'} the lead of {title_of(handoff)}"
    due_at = handoff.judge_by if is_answered else handoff.respond_by
    return Item(says, _url(handoff), due_at, _KIND)


def _returned(user: User) -> list[Item]:
    if not may_pass(user):
        return []
    found = _came_back(user).order_by("-verdict_at", "-pk")
    rows = list(found[: _FEW + 1])
    if len(rows) > _FEW:
        says = f"{found.count()} leads came back to you with a reason"
        board = reverse("handoffs:board") + "?board=marketing&tab=returned"
        return [Item(says, board, None, _KIND)]
    return [
        Item(f"Came back, {each.reason}: {title_of(each)}", _url(each), None, _KIND)
        for each in rows
    ]


def _mine(user: User) -> Q:
    mine = Q(owner_person_id=user.person_id) if user.person_id else Q(pk__in=[])
    if user.role and user.side != Side.MARKETING:
        mine |= Q(escalated_to=user.role, state__in=[LeadState.WAITING, LeadState.ASSIGNED])
    return mine


def _came_back(user: User) -> QuerySet[Handoff]:
    again = Handoff.objects.filter(follows=OuterRef("pk"))
    fresh = timezone.now() - dt.timedelta(days=30)
    return Handoff.objects.filter(
        ~Exists(again), passed_by=user, state=LeadState.REJECTED.value, verdict_at__gt=fresh
    )


def _news(happening: Happening) -> Item:
    handoff, title = happening.handoff, title_of(happening.handoff)
    says = {
        LeadEvent.ASSIGNED: f"You were given the lead of {title}",
        LeadEvent.ACCEPTED: f"Sales accepted your lead of {title}",
        LeadEvent.REJECTED: f"Sales returned your lead of {title}: {happening.reason}",
        LeadEvent.LINKED: f"Your lead of {title} became a deal",
    }[LeadEvent(happening.kind)]
    return Item(says, _url(handoff), happening.recorded_at, _KIND)


def _url(handoff: Handoff) -> str:
    return reverse("handoffs:lead", args=[handoff.pk])
