"""Who takes leads up: the people of sales in the books, what they hold, and who is away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Q

from counterpoise.agreement import Agreement, Side
from counterpoise.agreement.versions import Version
from counterpoise.books.lookup import Lookup
from counterpoise.desk.predicates import predicate_of
from counterpoise.web.desk.deciders import active_delegations
from counterpoise.web.handoffs.clocks import version_named
from counterpoise.web.handoffs.leads import Lead, facts_of, lead_fields
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.routing import Asked, Seller
from counterpoise.web.handoffs.states import OPEN
from counterpoise.web.live import live
from counterpoise.web.people.ladder import ladder_role

_OWNER_ATTRIBUTE = "attr__owner_id"
_MOST_DEALS = 20


def sellers_now(version: Version, now: dt.datetime) -> list[Seller]:
    """Return the people of sales with what they hold now."""
    held = {
        row["owner_person_id"]: (row["holds"], row["last_at"])
        for row in Handoff.objects.exclude(owner_person_id="")
        .values("owner_person_id")
        .annotate(holds=Count("pk", filter=Q(state__in=OPEN)), last_at=Max("assigned_at"))
        .order_by()
    }
    away = set(active_delegations(now).values_list("giver__person_id", flat=True))
    takers = _takers(live(), version.fingerprint)
    return [
        Seller(
            row["person_id"],
            row["team"] or "",
            row["region"] or "",
            row["person_id"] in takers,
            row["person_id"] in away,
            *held.get(row["person_id"], (0, None)),
        )
        for row in people_of_sales()
    ]


@lru_cache(maxsize=4)
def _takers(books: Lookup, fingerprint: str) -> frozenset[str]:
    """Return who has a role that takes leads up."""
    version = version_named(fingerprint)
    assert version is not None, "leads are routed by an agreement that is there"
    roles = roles_that_take(version.agreement)
    return frozenset(
        row["person_id"]
        for row in people_of_sales()
        if ladder_role(row, version.agreement, books.attributes) in roles
    )


def people_of_sales() -> Iterator[Mapping[str, Any]]:
    """Yield the people of sales who are there still."""
    return (
        row for row in live().people() if row["side"] == Side.SALES and row["active"] is not False
    )


def roles_that_take(agreement: Agreement) -> frozenset[str]:
    """Return the roles that take leads up: those agreed, else the lowest of sales."""
    if agreement.handoff.routing.to:
        return frozenset(agreement.handoff.routing.to)
    of_sales = (name for name, role in agreement.roles.items() if role.side is Side.SALES)
    lowest = next(of_sales, None)
    return frozenset({lowest} if lowest else agreement.roles)


def asked_of(lead: Lead, version: Version) -> Asked:
    """Return what a lead's route turns on."""
    facts, fields = facts_of(lead, version), lead_fields(live())
    rows = version.agreement.handoff.routing.teams
    met = (row for row in rows if predicate_of(row.when, fields).truth(facts))
    region = str(facts.get("account__region") or "")
    return Asked(account_owner(lead.account_id), "" if rows else region, next(met, None))


def account_owner(account_id: str) -> str:
    """Return who has an account: as the books say, else whose open or last deal it is."""
    books = live()
    account = books.account(account_id) if account_id else None
    if account is None:
        return ""
    if account.get(_OWNER_ATTRIBUTE):
        return str(account[_OWNER_ATTRIBUTE])
    deals = [each for each in books.deals_of_account(account_id, _MOST_DEALS) if each["owner_id"]]
    latest = sorted(deals, key=lambda deal: deal["outcome"] != "open")
    return latest[0]["owner_id"] if latest else ""
