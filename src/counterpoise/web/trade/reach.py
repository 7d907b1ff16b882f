"""Whose promotions open: who asked, who leads the account, who leads the brand, and those above.

A promotion opens to a person as a deal does. On the side of sales it opens to who asked for it, to
who asked for others at the same account, and to those above them. On the side of marketing it opens
to whose campaign it belongs to, and to those who lead its brand: who own a campaign of the brand,
or asked for a promotion of it. Who stands on both sides sees all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir
from django.core.cache import caches

from counterpoise.agreement import Side
from counterpoise.web.access import Reach, Scope, scope_of
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.results.trade import PROMOTED


@dataclass(frozen=True)
class TradeReach:
    """The promotions that open: all of them, or those with one of these ids."""

    is_everything: bool
    requested_by: frozenset[str] = frozenset()
    campaign_id: frozenset[str] = frozenset()
    account_id: frozenset[str] = frozenset()
    product_family: frozenset[str] = frozenset()

    def opens(self, promotion: Mapping[str, Any]) -> bool:
        """Tell whether a promotion opens, by its columns."""
        return self.is_everything or any(
            promotion[name] in getattr(self, name) for name in _COLUMNS
        )

    def among(self, promotions: ir.Table) -> ir.Table:
        """Return those of the promotions that open."""
        if self.is_everything:
            return promotions
        tests = [
            promotions[name].isin(sorted(getattr(self, name)))
            for name in _COLUMNS
            if getattr(self, name)
        ]
        return promotions.filter(reduce(or_, tests, ibis.literal(False)))


_KEEP_SECONDS = 3600
_COLUMNS = ("requested_by", "campaign_id", "account_id", "product_family")


def reach_of(user: User, kept: KeptReview) -> TradeReach:
    """Return which promotions of a review open to a person."""
    scope = scope_of(user)
    if scope.reach is Reach.EVERYTHING:
        return TradeReach(is_everything=True)
    if not scope.owners or not kept.tables.has(PROMOTED):
        return TradeReach(is_everything=False)
    if user.side == Side.MARKETING:
        brands = _asked_for(kept, scope, "product_family") | _campaign_brands(scope)
        return TradeReach(
            is_everything=False,
            requested_by=scope.owners,
            campaign_id=scope.campaigns,
            product_family=brands,
        )
    return TradeReach(
        is_everything=False,
        requested_by=scope.owners,
        account_id=_asked_for(kept, scope, "account_id"),
    )


def opened_ids(user: User, kept: KeptReview | None, ids: Collection[str]) -> frozenset[str]:
    """Return those of some promotions, by id, whose pages open to a person."""
    if kept is None or not ids or not kept.tables.has(PROMOTED):
        return frozenset()
    rows = kept.tables.table(PROMOTED)
    found = reach_of(user, kept).among(rows.filter(rows.promotion_id.isin(sorted(ids))))
    named = kept.tables.run(found.select("promotion_id")).column("promotion_id")
    return frozenset(named.to_pylist())


def _asked_for(kept: KeptReview, scope: Scope, column: str) -> frozenset[str]:
    """Return what the people of a scope asked for, asked once a scope: many may read a thread."""

    def ask() -> frozenset[str]:
        rows = kept.tables.table(PROMOTED)
        own = rows.filter(rows.requested_by.isin(sorted(scope.owners)))
        found = kept.tables.run(own.select(column).distinct()).column(column).to_pylist()
        return frozenset(each for each in found if each)

    name = f"trade:{kept.key}:{scope.key}:{column}"
    found: frozenset[str] | None = caches["pages"].get_or_set(name, ask, _KEEP_SECONDS)
    return found or frozenset()


def _campaign_brands(scope: Scope) -> frozenset[str]:
    own = (row for row in live().campaigns() if row["owner_id"] in scope.owners)
    return frozenset(row["product_family"] for row in own if row["product_family"])
