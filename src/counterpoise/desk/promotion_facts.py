"""Facts of a promotion request: what was claimed, filled up with what the books know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterpoise.books.spelling import unknown
from counterpoise.desk.book_facts import BookFacts, Record
from counterpoise.desk.facts import local_time
from counterpoise.desk.promotion import AskedPromotion, PromotionReady
from counterpoise.desk.promotion_books import PromotionBooks
from counterpoise.desk.promotion_calendar import Booked
from counterpoise.desk.promotion_request import PromotionRequest
from counterpoise.desk.request import Problem, RequestError


@dataclass(frozen=True)
class Goods:
    """One product of a request, a family, or everything, with what the books know of it."""

    product_id: str | None
    family: str | None
    name: str | None
    record: Record


@dataclass(frozen=True)
class PromotionCase:
    """A request with its facts: the account, the goods, and what else is on the calendar."""

    request: PromotionRequest
    day: dt.date
    account: Record
    goods: tuple[Goods, ...]
    others: Sequence[Booked]

    def asked(self, request: PromotionRequest) -> list[AskedPromotion]:
        """Return each part of a request that differs from this one in terms and days alone."""
        return [self._of(request, goods) for goods in self.goods]

    def _of(self, request: PromotionRequest, goods: Goods) -> AskedPromotion:
        facts: dict[str, Any] = {f"account__{name}": fact for name, fact in self.account.items()}
        facts |= {f"product__{name}": fact for name, fact in goods.record.items()}
        facts |= {
            "account_id": request.account_id,
            "product_id": goods.product_id,
            "product_family": goods.family,
            "product__family": goods.family,
            "starts_on": request.days.first,
            "ends_on": request.days.last,
            "rate": request.depth,
            "depth": request.depth,
            "weeks": Decimal(request.days.weeks),
            "kind": request.told_kind,
            "featured": request.featured or request.told_kind == "feature",
            "displayed": request.displayed or request.told_kind == "display",
            "trade_spend": request.trade_spend,
        }
        facts |= request.claims
        booked = Booked(
            request.days,
            request.account_id,
            goods.product_id,
            goods.family,
            request.trade_spend,
            rate=request.depth,
        )
        return AskedPromotion(facts, booked, self.others)


def promotion_case(
    request: PromotionRequest, ready: PromotionReady, books: BookFacts, on_deal: PromotionBooks
) -> PromotionCase:
    """Gather the facts of a request.

    Raises:
        RequestError: If the role is not on the ladder, or an id or family is unknown.
    """
    problems: list[Problem] = []
    day = local_time(request.asked_at, ready.ready).date()
    if request.asked_by not in ready.ready.ranks:
        says = unknown("role", request.asked_by, ready.ready.ranks)
        problems.append(Problem("asked_by", says))
    account: Record = {}
    if request.account_id is not None:
        found = books.account(request.account_id, day)
        if found is None:
            near = books.nearest_account(request.account_id)
            problems.append(_unknown_id("account_id", "account", request.account_id, near))
        account = found or {}
    goods = tuple(_goods(request, day, books, problems))
    family, families = request.product_family, on_deal.families()
    if family is not None and not request.products and families and family not in families:
        problems.append(Problem("promotion.product_family", unknown("family", family, families)))
    if problems:
        raise RequestError(problems)
    return PromotionCase(request, day, account, goods, on_deal.booked_near(request.days))


def _goods(
    request: PromotionRequest, day: dt.date, books: BookFacts, problems: list[Problem]
) -> list[Goods]:
    if not request.products:
        return [Goods(None, request.product_family, request.product_family, {})]
    goods = []
    for product_id in request.products:
        found = books.product(product_id, day)
        if found is None:
            near = books.nearest_product(product_id)
            problems.append(_unknown_id("products", "product", product_id, near))
            continue
        family = found.get("family") or request.product_family
        goods.append(Goods(product_id, family, found.get("name") or product_id, found))
    return goods


def _unknown_id(field: str, what: str, found: str, near: str | None) -> Problem:
    hint = f"; the nearest is {near!r}" if near else ""
    return Problem(f"promotion.{field}", f"no {what} {found!r} is in the books{hint}")
