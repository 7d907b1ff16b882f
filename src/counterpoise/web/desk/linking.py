"""Linking: a request about a new deal finds the deal that a later import brought.

Account, owner and amount suggest it; a person accepts it. Until then it counts for no deal. A
customer who was new is found by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from counterpoise.books.lookup import Row
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import scope_of
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.covering import TOLERANCE
from counterpoise.web.desk.models import Event, LinkRefusal, Request
from counterpoise.web.desk.newcomers import accounts_named, name_written
from counterpoise.web.desk.states import Happening
from counterpoise.web.desk.trying import wall_time
from counterpoise.web.live import live
from counterpoise.web.people.models import User

WITHIN = dt.timedelta(days=90)
"""How far apart a request and the making of its deal may lie."""

_MOST = 100
"""The most deals of an account that are looked at."""


class LinkError(CounterpoiseError, ValueError):
    """A request and a deal cannot be linked."""


def suggested_deals(request: Request) -> list[Row]:
    """Return the deals that an unlinked request may be about, the closest in time first."""
    if request.deal_id or not request.owner_person_id:
        return []
    refused = set(request.link_refusals.values_list("deal_id", flat=True))
    asked_at = wall_time(request.asked_at)
    rows = [row for each in _accounts(request) for row in live().deals_of_account(each, _MOST)]
    alike = [row for row in rows if row["deal_id"] not in refused and _is_alike(request, row)]
    return sorted(alike, key=lambda row: (abs(row["created_at"] - asked_at), row["deal_id"]))


def may_link(request: Request, user: User) -> bool:
    """Tell whether a person may say which deal a request is about."""
    is_own = request.asker_id == user.pk
    return is_own or scope_of(user).opens(request.owner_person_id or None)


def link(user: User, request: Request, deal_id: str, now: dt.datetime | None = None) -> None:
    """Accept a suggestion: from now on the request counts for the deal.

    Raises:
        LinkError: If the deal is none of those suggested, or the request has one by now.
    """
    _check(user, request, deal_id)
    at = now or timezone.now()
    with transaction.atomic():
        if not Request.objects.filter(pk=request.pk, deal_id="").update(deal_id=deal_id):
            raise LinkError(f"Request {request.pk} is linked to a deal already.")
        _tell(request, Happening.LINKED, at, user, deal_id)
        record(user, "request.linked", f"request:{request.pk}", {"deal": deal_id})


def refuse_link(user: User, request: Request, deal_id: str, now: dt.datetime | None = None) -> None:
    """Say that a suggested deal is another one; it is not suggested again.

    Raises:
        LinkError: If the deal is none of those suggested.
    """
    _check(user, request, deal_id)
    at = now or timezone.now()
    with transaction.atomic():
        _, is_new = LinkRefusal.objects.get_or_create(request=request, deal_id=deal_id)
        if is_new:
            _tell(request, Happening.NOT_LINKED, at, user, deal_id)
            record(user, "request.not_linked", f"request:{request.pk}", {"deal": deal_id})


def _check(user: User, request: Request, deal_id: str) -> None:
    if not may_link(request, user):
        raise LinkError("Who asked says which deal it became, or who is above them.")
    if deal_id not in {row["deal_id"] for row in suggested_deals(request)}:
        raise LinkError(f"Deal {deal_id} is none of those that request {request.pk} may be about.")


def _tell(request: Request, kind: Happening, at: dt.datetime, user: User, deal_id: str) -> None:
    Event.objects.create(request=request, kind=kind, at=at, actor=user, detail={"deal": deal_id})


def _accounts(request: Request) -> list[str]:
    """Return the ids of the accounts that a request may be about."""
    if request.account_id:
        return [request.account_id]
    return [str(row["account_id"]) for row in accounts_named(name_written(request.written))]


def _is_alike(request: Request, row: Row) -> bool:
    if row["owner_id"] != request.owner_person_id or row["created_at"] is None:
        return False
    if abs(row["created_at"] - wall_time(request.asked_at)) > WITHIN:
        return False
    pairs = zip((request.list_amount, request.net_amount), _amounts(row), strict=True)
    return any(_is_near(asked, known) for asked, known in pairs)


def _is_near(asked: Decimal | None, known: Decimal | None) -> bool:
    if not asked or not known:
        return False
    return abs(asked - known) <= TOLERANCE * max(asked, known)


def _amounts(row: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Return a deal's list and net, of its lines where there are lines."""
    lines = live().lines(str(row["deal_id"]))
    if not lines:
        return row["list_amount"], row["net_amount"]
    return _sum(lines, "list_price"), _sum(lines, "net_price")


def _sum(lines: list[Row], price: str) -> Decimal | None:
    if any(line[price] is None for line in lines):
        return None
    return sum((line["quantity"] * line[price] for line in lines), Decimal(0))
