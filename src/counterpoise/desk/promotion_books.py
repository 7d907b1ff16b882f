"""What the desk looks up about promotions: those on the calendar, and what the last ones brought.

A week of sell-through counts for a promotion where its seven days meet it. What a promotion
brought is told as it was seen: units a week while it ran against the weeks before it that were not
on deal. Nothing here says what it caused; that is `ledger.lift`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.desk.promotion_calendar import Booked, Days

WEEKS_BEFORE = 8
"""How many weeks before a promotion tell what is usual."""

MOST_SHOWN = 3
_NEAR = dt.timedelta(days=400)
_WEEK = dt.timedelta(days=7)


class Brought(NamedTuple):
    """What a promotion brought, as seen: units a week while it ran, and a usual week before it.

    `lift` is the first over the second, less one; None where nobody knows what is usual.
    """

    promotion_id: str
    days: Days
    rate: Decimal | None
    units: Decimal | None
    usual: Decimal | None
    trade_spend: Decimal | None

    @property
    def lift(self) -> Decimal | None:
        """Return how much more was sold than in a usual week."""
        if self.units is None or not self.usual:
            return None
        return (self.units / self.usual - 1).quantize(Decimal("0.001"))


class PromotionBooks(Protocol):
    """What is on record about promotions."""

    def booked_near(self, days: Days) -> Sequence[Booked]:
        """Return the promotions within 400 days of some days."""

    def families(self) -> Sequence[str]:
        """Return the families of products; none where nobody knows them."""

    def family_of(self, family: str) -> Sequence[str]:
        """Return the products of a family."""

    def last_ones(
        self, account_id: str | None, products: Sequence[str], before: dt.date
    ) -> Sequence[Brought]:
        """Return what the last promotions of these products brought, the latest first."""


class NoPromotions:
    """Know of no promotion."""

    def booked_near(self, days: Days) -> Sequence[Booked]:
        """Return none."""
        return ()

    def families(self) -> Sequence[str]:
        """Return none."""
        return ()

    def family_of(self, family: str) -> Sequence[str]:
        """Return none."""
        return ()

    def last_ones(
        self, account_id: str | None, products: Sequence[str], before: dt.date
    ) -> Sequence[Brought]:
        """Return none."""
        return ()


NO_PROMOTIONS = NoPromotions()


@dataclass(frozen=True)
class PromotionsInMemory:
    """Promotions few enough to be held."""

    booked: Sequence[Booked] = ()
    by_family: Mapping[str, Sequence[str]] | None = None
    brought: Sequence[Brought] = ()

    def booked_near(self, days: Days) -> Sequence[Booked]:
        """Return those near."""
        return [each for each in self.booked if _is_near(each.days, days)]

    def families(self) -> Sequence[str]:
        """Return the families."""
        return tuple(self.by_family or ())

    def family_of(self, family: str) -> Sequence[str]:
        """Return the products of a family."""
        return (self.by_family or {}).get(family, ())

    def last_ones(
        self, account_id: str | None, products: Sequence[str], before: dt.date
    ) -> Sequence[Brought]:
        """Return what is known of the last ones."""
        return [each for each in self.brought if each.days.last < before][:MOST_SHOWN]


@dataclass(frozen=True)
class SnapshotPromotions:
    """The promotions of a snapshot, and others beside them, such as those agreed in the room."""

    books: Books
    also: Sequence[Booked] = ()

    def booked_near(self, days: Days) -> Sequence[Booked]:
        """Return the promotions within 400 days."""
        return [*self._recorded(days), *(each for each in self.also if _is_near(each.days, days))]

    def _recorded(self, days: Days) -> Iterable[Booked]:
        if not self.books.has("promotions"):
            return []
        rows = promotions_with_family(self.books)
        near = (rows.ends_on >= days.first - _NEAR) & (rows.starts_on <= days.last + _NEAR)
        found = self.books.run(rows.filter(near).order_by("starts_on", "promotion_id"))
        return [booked_of(row) for row in found.to_pylist()]

    def families(self) -> Sequence[str]:
        """Return the families of products, and those that promotions name."""
        named = self.books.table("products").select("family")
        if self.books.has("promotions"):
            of_promotions = self.books.table("promotions")
            named = named.union(of_promotions.select(family=of_promotions.product_family))
        named = named.filter(named.family.notnull()).distinct()
        found: list[str] = self.books.run(named.order_by("family")).column(0).to_pylist()
        return found

    def family_of(self, family: str) -> Sequence[str]:
        """Return the products of a family."""
        products = self.books.table("products")
        found = products.filter(products.family == family).select("product_id")
        ids: list[str] = self.books.run(found.order_by("product_id")).column(0).to_pylist()
        return ids

    def last_ones(
        self, account_id: str | None, products: Sequence[str], before: dt.date
    ) -> Sequence[Brought]:
        """Return what the last three promotions of these products at the account brought."""
        if not self.books.has("promotions") or not products:
            return []
        rows = promotions_with_family(self.books)
        rows = rows.filter(rows.ends_on < before, rows.product_id.isin(list(products)))
        if account_id is not None:
            rows = rows.filter(rows.account_id.isnull() | (rows.account_id == account_id))
        latest = rows.order_by(rows.ends_on.desc(), "promotion_id").limit(MOST_SHOWN)
        return [self._brought(row) for row in self.books.run(latest).to_pylist()]

    def _brought(self, row: Mapping[str, Any]) -> Brought:
        days = Days(row["starts_on"], max(row["starts_on"], row["ends_on"]))
        running, usual = self._weeks(row, days)
        cost = row["trade_spend"]
        return Brought(row["promotion_id"], days, row["rate"], running, usual, cost)

    def _weeks(self, row: Mapping[str, Any], days: Days) -> tuple[Decimal | None, Decimal | None]:
        """Return units a week while a promotion ran, and in the weeks before without one."""
        if not self.books.has("sell_through"):
            return None, None
        weeks = self.books.table("sell_through")
        since = days.first - (WEEKS_BEFORE + 1) * _WEEK
        weeks = weeks.filter(
            weeks.product_id == row["product_id"], weeks.week > since, weeks.week <= days.last
        )
        if row["account_id"]:
            weeks = weeks.filter(weeks.account_id == row["account_id"])
        is_cut = (weeks.net_price < weeks.base_price) | weeks.featured | weeks.displayed
        summed = weeks.group_by("week").aggregate(
            units=weeks.units.sum(), cut=is_cut.fill_null(False).cast("int64").max()
        )
        found = self.books.run(summed).to_pylist()
        running = [each["units"] for each in found if each["week"] + _WEEK > days.first]
        before = [
            each["units"]
            for each in found
            if each["week"] + _WEEK <= days.first and not each["cut"]
        ]
        return _mean(running), _mean(before)


def _mean(units: Sequence[Decimal]) -> Decimal | None:
    return (sum(units, Decimal(0)) / len(units)).quantize(Decimal("0.1")) if units else None


def promotions_with_family(books: Books) -> ir.Table:
    """Return the promotions of the books, each with the family of its goods."""
    import ibis

    rows, products = books.table("promotions"), books.table("products")
    products = products.select(known_product=products.product_id, known_family=products.family)
    joined = rows.left_join(products, rows.product_id == products.known_product)
    family = ibis.coalesce(joined.product_family, joined.known_family)
    return joined.mutate(product_family=family).drop("known_product", "known_family")


def booked_of(row: Mapping[str, Any]) -> Booked:
    """Return a promotion of the books as the calendar lays it out."""
    return Booked(
        Days(row["starts_on"], max(row["starts_on"], row["ends_on"])),
        row["account_id"],
        row["product_id"],
        row["product_family"],
        row["trade_spend"],
        row["promotion_id"],
        row["rate"],
    )


def _is_near(one: Days, other: Days) -> bool:
    return one.last >= other.first - _NEAR and one.first <= other.last + _NEAR
