"""Brands and promotions as a search finds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.results.reading import KeptReview, latest
from counterpoise.web.trade.naming import (
    account_name,
    account_url,
    brand_url,
    promotion_name,
    promotion_url,
)
from counterpoise.web.trade.reach import reach_of
from counterpoise.web.trade.reading import promotion_of, shelf_of


def find(user: User, words: str, limit: int) -> Sequence[Hit]:
    """Return the brands and retail accounts that words name, and a promotion by its id."""
    typed, kept = words.replace("\x00", "").strip(), latest()
    if not typed or kept is None or shelf_of(kept) is None:
        return ()
    return [*_promotion(user, kept, typed), *_groups(kept, typed.casefold(), limit)]


def _promotion(user: User, kept: KeptReview, typed: str) -> Iterator[Hit]:
    found = promotion_of(kept, typed, reach_of(user, kept)) if kept.tables.has("promoted") else None
    if found:
        days = f"{found['promotion_id']} · {found['starts_on']} to {found['ends_on']}"
        yield Hit(promotion_name(found), days, promotion_url(typed), "promotion")


def _groups(kept: KeptReview, typed: str, limit: int) -> Iterator[Hit]:
    shelf = shelf_of(kept) or {"brands": [], "accounts": []}
    keys = [each["key"] for each in shelf["brands"] if each["key"]]
    brands = (each for each in keys if typed in each.casefold())
    for _, key in zip(range(limit), brands, strict=False):
        yield Hit(key, "brand", brand_url(key), "brand")
    named = ((each["key"], account_name(each["key"])) for each in shelf["accounts"])
    met = (each for each in named if typed in each[1].casefold() or typed == each[0].casefold())
    for _, (key, name) in zip(range(limit), met, strict=False):
        yield Hit(
            name, f"{key} · what it sells and what promotions earn", account_url(key), "shelf"
        )
