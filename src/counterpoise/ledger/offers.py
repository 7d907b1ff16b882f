"""First offer against last: how far the rate moves while a deal is negotiated.

Rates are those of single offers, list and net in one currency, so nothing is converted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.totals import ratio


@dataclass(frozen=True)
class OfferMovement:
    """Mean first and last rate of deals that have an offer with list and net known.

    `moved` counts deals whose last rate is above their first. Means are over deals, unweighted.
    """

    deals: int
    first_rate: Decimal | None
    last_rate: Decimal | None
    moved: int

    @property
    def movement(self) -> Decimal | None:
        """Return by how much the rate rose from the first offer to the last."""
        if self.first_rate is None or self.last_rate is None:
            return None
        return self.last_rate - self.first_rate


@dataclass(frozen=True)
class Offers:
    """Movement in all, by outcome and by grouping; and how often lost deals carry their offers."""

    all: OfferMovement
    by_outcome: dict[str | None, OfferMovement]
    by: dict[str, dict[str | None, OfferMovement]]
    lost_deals: int
    lost_with_offer: int

    @property
    def lost_share(self) -> Decimal | None:
        """Return the share of lost deals that have an offer on record."""
        return ratio(self.lost_with_offer, self.lost_deals)


def first_and_last(offers: ir.Table) -> ir.Table:
    """Return the rate of each deal's first and last offer; at one instant the lower id is first.

    Grain: a deal with an offer that has list and net. Columns `first_rate` and `last_rate`.
    """
    whole = offers.filter(offers.list_amount > 0, offers.net_amount.notnull())
    rate = 1 - whole.net_amount.cast("float64") / whole.list_amount.cast("float64").nullif(0)
    in_time = ibis.window(group_by="deal_id", order_by=["offered_at", "offer_id"])
    back = ibis.window(
        group_by="deal_id", order_by=[ibis.desc("offered_at"), ibis.desc("offer_id")]
    )
    placed = whole.select(
        "deal_id",
        rate=rate,
        place=ibis.row_number().over(in_time),
        from_end=ibis.row_number().over(back),
    )
    return placed.group_by("deal_id").aggregate(
        first_rate=placed.rate.max(where=placed.place == 0),
        last_rate=placed.rate.max(where=placed.from_end == 0),
    )


def movement_by(moved: ir.Table, *keys: str) -> ir.Table:
    """Average the movement of deals. Grain: the keys."""
    sums = {
        "deals": moved.count(),
        "first_rate": moved.first_rate.mean(),
        "last_rate": moved.last_rate.mean(),
        "moved": (moved.last_rate > moved.first_rate).sum(),
    }
    return moved.group_by(*keys).aggregate(**sums) if keys else moved.aggregate(**sums)


def offers(books: Books, deals: ir.Table, seen: ir.Table, keys: Mapping[str, str]) -> Offers:
    """Measure how rates move from first to last offer.

    Args:
        books: Where the queries run.
        deals: One row a deal, with outcome and the columns of the keys.
        seen: The offers made by the as-of day.
        keys: The column of each grouping, by its name.
    """
    columns = tuple(dict.fromkeys(("deal_id", "outcome", *keys.values())))
    moved = books.keep(first_and_last(seen).inner_join(deals.select(*columns), "deal_id"), "offers")
    lost = deals.filter(deals.outcome == "lost")
    count = lost.aggregate(deals=lost.count())
    return Offers(
        all=_movement(books.run(movement_by(moved)).to_pylist()[0]),
        by_outcome=_read(books, moved, "outcome"),
        by={name: _read(books, moved, column) for name, column in keys.items()},
        lost_deals=books.run(count).to_pylist()[0]["deals"],
        lost_with_offer=books.run(_with_offer(lost, seen)).to_pylist()[0]["deals"],
    )


def _with_offer(lost: ir.Table, seen: ir.Table) -> ir.Table:
    found = lost.select("deal_id").semi_join(seen.select("deal_id"), "deal_id")
    return found.aggregate(deals=found.count())


def _read(books: Books, moved: ir.Table, key: str) -> dict[str | None, OfferMovement]:
    return {row[key]: _movement(row) for row in books.run(movement_by(moved, key)).to_pylist()}


def _movement(row: Mapping[str, Any]) -> OfferMovement:
    return OfferMovement(
        row["deals"], _rate(row["first_rate"]), _rate(row["last_rate"]), row["moved"] or 0
    )


def _rate(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value)))
