"""What the search finds by itself: accounts, deals that open, people, and clauses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.books.lookup import Lookup
from counterpoise.web.access import EVERYTHING, Scope, scope_of
from counterpoise.web.ledger.openness import opens_person
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.search.clauses import find_clauses

_SOME, _MANY = 5, 40
"""How many times as many deals are looked at as are shown, first and at last."""


def find(user: User, words: str, limit: int) -> list[Hit]:
    """Return the accounts, deals, people and clauses that the words name."""
    lookup, scope = live(), scope_of(user)
    return [
        *_accounts(lookup, words, limit),
        *_deals(lookup, scope, words, limit),
        *_people(lookup, scope, words, limit),
        *find_clauses(words, limit),
    ]


def _accounts(lookup: Lookup, words: str, limit: int) -> Iterator[Hit]:
    for row in lookup.find_accounts(words, limit):
        told = [row["account_id"], row["segment"], row["industry"]]
        url = f"{reverse('ledger:deals')}?{urlencode({'account': row['account_id']})}"
        yield Hit(row["name"] or row["account_id"], _said(told), url, "account")


def _deals(lookup: Lookup, scope: Scope, words: str, limit: int) -> Iterator[Hit]:
    """Yield deals that open; more are looked at where many do not."""
    opened: list[str] = []
    for many in (1,) if scope == EVERYTHING else (_SOME, _MANY):
        met = lookup.find_owners(words, limit * many)
        opened = [deal for deal, owner in met.items() if _opens(lookup, scope, deal, owner)]
        if len(opened) >= limit or len(met) < limit * many:
            break
    for row in lookup.deals(opened[:limit]).values():
        told = [row["deal_id"], row["outcome"], row["closed_at"] and f"{row['closed_at']:%Y-%m-%d}"]
        url = reverse("ledger:deal", args=[row["deal_id"]])
        yield Hit(row["name"] or row["deal_id"], _said(told), url, "deal")


def _opens(lookup: Lookup, scope: Scope, deal_id: str, owner_id: str | None) -> bool:
    campaigns = lookup.deal_campaigns(deal_id) if scope.campaigns else frozenset()
    return scope.opens(owner_id, campaigns)


def _people(lookup: Lookup, scope: Scope, words: str, limit: int) -> Iterator[Hit]:
    """Yield people by id or by the beginnings of their names."""
    terms = words.casefold().split()
    found = (row for row in lookup.people() if _is_meant(row, terms))
    for _, row in zip(range(limit), found, strict=False):
        where = _where(row, scope)
        url = f"{reverse('ledger:home')}?{urlencode(where)}"
        told = [row["person_id"], row["role"], row["team"]]
        yield Hit(row["name"] or row["person_id"], _said(told), url, "person")


def _where(row: dict[str, Any], scope: Scope) -> dict[str, str]:
    """Return what the ledger shows of a person: their figures where these open, else the team's."""
    if opens_person(scope, row["person_id"]) or not row["team"]:
        return {"owner": row["person_id"]}
    return {"team": row["team"]}


def _is_meant(row: dict[str, Any], terms: list[str]) -> bool:
    told = [row["person_id"].casefold(), *(row["name"] or "").casefold().split()]
    return all(any(word.startswith(term) for word in told) for term in terms)


def _said(parts: list[Any]) -> str:
    return " · ".join(str(part) for part in parts if part)
