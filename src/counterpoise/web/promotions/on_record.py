"""What is on record about promotions: those of the books, and those that were agreed in the room.

The promotions and products of a snapshot are read once and kept; a promotion that was agreed here
counts until the books know it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from counterpoise.books import Books, Workspace
from counterpoise.books.lock import LockHeldError
from counterpoise.desk.promotion_books import (
    Brought,
    SnapshotPromotions,
    booked_of,
    promotions_with_family,
)
from counterpoise.desk.promotion_calendar import Booked, Days
from counterpoise.web import house
from counterpoise.web.live import live
from counterpoise.web.promotions.models import AGREED, AskedPromotion
from counterpoise.web.results.figures import turn

TURN = "promotions"
"""What is asked and answered takes turns: of two for the same weeks one is first."""

MOST_KEPT = 100_000
"""The most promotions of a snapshot that are kept, the latest."""

ROOM = "room-"
"""How ids of promotions begin that were agreed in the room."""

_NEAR = dt.timedelta(days=400)


@dataclass(frozen=True)
class Product:
    """A product as people pick it."""

    product_id: str
    name: str
    family: str

    @property
    def entry(self) -> str:
        """Return what stands in the field once it is chosen."""
        return f"{self.name} ({self.product_id})" if self.name else self.product_id


@dataclass(frozen=True)
class Known:
    """What a snapshot knows: its promotions, in the order of their days, and its products."""

    booked: tuple[Booked, ...] = ()
    products: tuple[Product, ...] = ()

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Return the families of products, and those that promotions name."""
        of_promotions = {each.product_family for each in self.booked if each.product_family}
        return tuple(sorted(of_promotions | {each.family for each in self.products if each.family}))

    @cached_property
    def by_id(self) -> dict[str, Product]:
        """Return the products by their id."""
        return {each.product_id: each for each in self.products}

    @cached_property
    def by_name(self) -> dict[str, str]:
        """Return the ids of products by a name in small letters that one alone has."""
        found: dict[str, list[str]] = {}
        for each in self.products:
            found.setdefault(each.name.casefold(), []).append(each.product_id)
        return {name: ids[0] for name, ids in found.items() if len(ids) == 1}

    def family_of(self, family: str) -> tuple[str, ...]:
        """Return the products of a family."""
        return tuple(each.product_id for each in self.products if each.family == family)


def known() -> Known:
    """Return what the snapshot in use knows; nothing before the first import."""
    snapshot = live().snapshot
    return _known(house.workspace().root, snapshot) if snapshot else Known()


@lru_cache(maxsize=2)
def _known(root: Path, snapshot: str) -> Known:
    with Books.open(Workspace.open(root), snapshot) as books:
        return Known(tuple(_booked(books)), tuple(_products(books)))


def _booked(books: Books) -> Sequence[Booked]:
    if not books.has("promotions"):
        return []
    rows = promotions_with_family(books)
    rows = rows.filter(~rows.promotion_id.startswith(ROOM))  # the room reads its own from itself
    latest = rows.order_by(rows.starts_on.desc(), "promotion_id").limit(MOST_KEPT)
    found = [booked_of(row) for row in books.run(latest).to_pylist()]
    return sorted(found, key=lambda each: (each.days, each.promotion_id or ""))


def _products(books: Books) -> Sequence[Product]:
    products = books.table("products")
    rows = products.select("product_id", "name", "family").order_by("product_id").limit(MOST_KEPT)
    return [
        Product(row["product_id"], row["name"] or "", row["family"] or "")
        for row in books.run(rows).to_pylist()
    ]


def agreed(but: int | None = None) -> list[Booked]:
    """Return the promotions that were agreed in the room and that the books do not know yet."""
    books, asked = known(), AskedPromotion.objects.filter(state__in=AGREED).exclude(pk=but or 0)
    there = {(each.account_id, each.product_id, each.days.first) for each in books.booked}
    return [
        each
        for promotion in asked.order_by("starts_on", "pk")
        for each in booked_from(promotion)
        if (each.account_id, each.product_id, each.days.first) not in there
    ]


def booked_from(promotion: AskedPromotion) -> list[Booked]:
    """Return a promotion of the room as the calendar lays it out, one a product.

    The first carries what all of it costs.
    """
    days = Days(promotion.starts_on, promotion.ends_on)
    named, by_id = promotion.products or [None], known().by_id
    return [
        Booked(
            days,
            promotion.account_id or None,
            product_id,
            (by_id[product_id].family if product_id in by_id else promotion.product_family) or None,
            None if at else promotion.trade_spend,
            f"{ROOM}{promotion.pk}",
            promotion.depth,
        )
        for at, product_id in enumerate(named)
    ]


@dataclass(frozen=True)
class RoomPromotions:
    """What the desk looks up about promotions in the room; `but` is left out of what is agreed."""

    but: int | None = None

    def booked_near(self, days: Days) -> Sequence[Booked]:
        """Return the promotions within 400 days."""
        return [
            each
            for each in (*known().booked, *agreed(self.but))
            if each.days.last >= days.first - _NEAR and each.days.first <= days.last + _NEAR
        ]

    def families(self) -> Sequence[str]:
        """Return the families of products."""
        return known().families

    def family_of(self, family: str) -> Sequence[str]:
        """Return the products of a family."""
        return known().family_of(family)

    def last_ones(
        self, account_id: str | None, products: Sequence[str], before: dt.date
    ) -> Sequence[Brought]:
        """Return what the last promotions of these products brought; none while many ask."""
        snapshot = live().snapshot
        if not snapshot or not products:
            return ()
        return _last_ones(house.workspace().root, snapshot, account_id, tuple(products), before)


@lru_cache(maxsize=256)
def _looked_up(
    root: Path, snapshot: str, account_id: str | None, products: tuple[str, ...], before: dt.date
) -> Sequence[Brought]:
    with turn(), Books.open(Workspace.open(root), snapshot) as books:
        return tuple(SnapshotPromotions(books).last_ones(account_id, products, before))


def _last_ones(
    root: Path, snapshot: str, account_id: str | None, products: tuple[str, ...], before: dt.date
) -> Sequence[Brought]:
    try:
        return _looked_up(root, snapshot, account_id, products, before)
    except LockHeldError:
        return ()
