"""Linking accepted leads to their deals, and taking in what the books say of leads in the room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import Scope, scope_of
from counterpoise.web.audit.entries import record
from counterpoise.web.handoffs.clocks import instant, wall
from counterpoise.web.handoffs.course import Report
from counterpoise.web.handoffs.models import LONGEST_REASON, Handoff, Happening
from counterpoise.web.handoffs.rights import deal_shown
from counterpoise.web.handoffs.states import LeadEvent, LeadState, ReportSource
from counterpoise.web.handoffs.telling import Told, tell
from counterpoise.web.live import live
from counterpoise.web.people.models import User

WITHIN = dt.timedelta(days=90)
"""How long after a lead was passed a deal of its account may be its own."""

_LONGEST = dt.timedelta(days=365)
"""For how long after it was passed the books are asked about a lead."""

_MOST_DEALS = 20


class LinkError(CounterpoiseError, ValueError):
    """A deal cannot be linked to a lead."""


@dataclass(frozen=True)
class Suggested:
    """A deal that may have come of a lead."""

    deal_id: str
    name: str
    created_at: dt.datetime


def take_in_books(now: dt.datetime | None = None) -> int:
    """Take in what the books in use say of leads in the room; return how many reports are new.

    Run again it does nothing: what the books say is kept once.
    """
    at = now or timezone.now()
    again = Handoff.objects.filter(follows=OuterRef("pk"))
    latest = Handoff.objects.filter(~Exists(again), passed_at__gt=at - _LONGEST)
    known = set(
        Happening.objects.filter(source=ReportSource.BOOKS, handoff__passed_at__gt=at - _LONGEST)
        .values_list("handoff_id", "kind", "at")
        .order_by()
    )
    return sum(_take_in(each, at, known) for each in latest.order_by("pk").iterator())


def suggestions(handoff: Handoff, scope: Scope) -> Iterator[Suggested]:
    """Yield deals of a lead's account, made after it was passed, that open to a scope."""
    if handoff.state != LeadState.ACCEPTED or handoff.deal_id or not handoff.account_id:
        return
    since = wall(handoff.passed_at)
    deals = live().deals_of_account(handoff.account_id, _MOST_DEALS)
    for deal in sorted(deals, key=lambda each: (each["created_at"], each["deal_id"])):
        is_near = since <= deal["created_at"] <= since + WITHIN and not deal["lead_id"]
        if is_near and deal_shown(scope, deal["deal_id"]):
            yield Suggested(deal["deal_id"], deal["name"] or "", deal["created_at"])


def link(user: User, handoff: Handoff, deal_id: str, now: dt.datetime | None = None) -> None:
    """Say that a suggested deal came of a lead.

    Raises:
        LinkError: If it is none of those suggested.
    """
    at = now or timezone.now()
    with transaction.atomic():
        held = Handoff.objects.select_for_update().get(pk=handoff.pk)
        if deal_id not in {each.deal_id for each in suggestions(held, scope_of(user))}:
            raise LinkError(f"{deal_id[:60]!r} is none of the deals that may have come of it.")
        tell(held, Told(Report(at, LeadEvent.LINKED, deal_id=deal_id), at, user))
        record(user, "lead.linked", f"handoff:{held.pk}", {"deal": deal_id})


def _take_in(handoff: Handoff, now: dt.datetime, known: Container[object]) -> int:
    told = _reports(handoff, now)
    reports = [each for each in told if (handoff.pk, each.kind.value, each.at) not in known]
    if not reports:
        return 0
    with transaction.atomic():
        held = Handoff.objects.select_for_update().get(pk=handoff.pk)
        new = [each for each in reports if tell(held, Told(each, now, source=ReportSource.BOOKS))]
        if new:
            kinds = ", ".join(each.kind.value for each in new)
            record(None, "lead.reported", f"handoff:{held.pk}", {"kinds": kinds})
    return len(new)


def _reports(handoff: Handoff, now: dt.datetime) -> Iterator[Report]:
    """Yield what the books say happened to a lead since it was passed."""
    row = live().lead(handoff.lead_id)
    if row is not None:
        owner = row["owner_id"] or handoff.owner_person_id
        response = instant(row["first_response_at"])
        if response is not None and _is_of(handoff, response, now):
            yield Report(response, LeadEvent.RESPONDED, owner)
        judged = instant(row["verdict_at"])
        if judged is not None and row["verdict"] and _is_of(handoff, judged, now):
            kind = LeadEvent(row["verdict"])
            reason = (row["rejection_reason"] or "(none given)")[:LONGEST_REASON]
            yield Report(judged, kind, owner, reason if kind is LeadEvent.REJECTED else "")
    deal = next(iter(live().deals_of_lead(handoff.lead_id)), None)
    if deal is not None:
        came = instant(deal["created_at"])
        if came is not None and came <= now:
            yield Report(max(came, handoff.passed_at), LeadEvent.LINKED, deal_id=deal["deal_id"])


def _is_of(handoff: Handoff, at: dt.datetime, now: dt.datetime) -> bool:
    """Tell whether something happened in this round; what the books say of a former one did not."""
    return at <= now and (handoff.round == 1 or at >= handoff.passed_at)
