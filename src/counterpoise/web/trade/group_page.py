"""Pages of a brand, of an account, and of all of the trade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.web.results.reading import KeptReview
from counterpoise.web.trade.charts import Drawing, week_by_week
from counterpoise.web.trade.facts import (
    EstimateLine,
    Fact,
    Step,
    earned_steps,
    facts_of,
    most_of,
    realization,
    sold_on_deal,
    steps_of,
    volume_lines,
)
from counterpoise.web.trade.listing import Line, file_urls, lines_of
from counterpoise.web.trade.naming import account_name, account_url, brand_name, brand_url, list_url
from counterpoise.web.trade.reach import TradeReach
from counterpoise.web.trade.reading import (
    Found,
    Which,
    cells_of,
    promoted_of,
    promotions_of,
    weeks_of_group,
)

_LATEST = 12
_MOST_CELLS = 60
BRAND, ACCOUNT = "brand", "account"
_ONE_ACCOUNT = (
    "The weeks of one account are one witness, so no interval can be made of them; this is that of "
    "all accounts together."
)


@dataclass(frozen=True)
class PriceAnswer:
    """What price does to volume, or why nobody can tell."""

    value: float | None
    low: float
    high: float
    accounts: int
    is_small: bool
    why: str
    refused: str
    warnings: list[str]
    of: str
    """What it is of, where that is more than the page."""

    @property
    def less(self) -> float | None:
        """Return by how many percent volume rises when the price falls by one."""
        return None if self.value is None else -self.value


@dataclass(frozen=True)
class PartRow:
    """A brand at an account, or an account of a brand."""

    name: str
    url: str
    net: Any
    units: float
    realization: float | None
    on_deal: str
    trade_spend: Any
    earned: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class GroupPage:
    """Everything that the page of a brand or an account shows."""

    key: str
    by: str
    name: str
    told: Mapping[str, Any]
    facts: list[Fact]
    steps: list[Step]
    volume: list[EstimateLine]
    base: Mapping[str, Any] | None
    volume_refused: str
    money: list[Step]
    most: float
    earned: Mapping[str, Any] | None
    earned_refused: str
    price: PriceAnswer
    drawing: Drawing | None
    parts: list[PartRow]
    more_parts: int
    promotions: list[Line]
    found: Found
    list_url: str
    files: Mapping[str, str]


def group_page(
    kept: KeptReview,
    whole: Mapping[str, Any],
    told: Mapping[str, Any],
    named: tuple[str, str],
    reach: TradeReach,
) -> GroupPage:
    """Lay out a brand or an account.

    Args:
        kept: The review.
        whole: The figures of all of the trade.
        told: The figures of the brand or account.
        named: `brand` or `account`, and its key.
        reach: Which promotions open.
    """
    by, key = named
    found = Found([], 0, 0)
    if promoted_of(kept) is not None and key:
        which = Which(brand=key) if by == BRAND else Which(account=key)
        found = promotions_of(kept, which, reach, _LATEST)
    money, earned = told["earned"], told["earned"].get("estimate")
    steps = earned_steps(money, money["trade_spend"], earned["value"]) if earned else []
    parts = _parts(kept, by, key)
    return GroupPage(
        key=key,
        by=by,
        name=brand_name(key) if by == BRAND else account_name(key),
        told=told,
        facts=facts_of(told),
        steps=steps_of(told),
        volume=volume_lines(told["volume"]),
        base=told["volume"].get("base"),
        volume_refused=told["volume"].get("refused", ""),
        money=steps,
        most=most_of(steps),
        earned=earned,
        earned_refused=money.get("refused", ""),
        price=price_answer(told.get("elasticity") or whole["elasticity"], by),
        drawing=week_by_week(weeks_of_group(kept, by, key)),
        parts=parts[:_MOST_CELLS],
        more_parts=max(len(parts) - _MOST_CELLS, 0),
        promotions=lines_of(found),
        found=found,
        list_url=list_url(**{by: key}),
        files=file_urls(f"{by}_weeks", key=key),
    )


def price_answer(told: Mapping[str, Any], by: str = "") -> PriceAnswer:
    """Return what price does to volume; of an account that of all accounts stands in."""
    of = _ONE_ACCOUNT if by == ACCOUNT else ""
    if "refused" in told:
        return PriceAnswer(None, 0.0, 0.0, 0, False, "", told["refused"], [], of)
    found = told["estimate"]
    return PriceAnswer(
        found["value"],
        found["low"],
        found["high"],
        found["accounts"],
        found["is_small"],
        told["why"],
        "",
        told["warnings"],
        of,
    )


def _parts(kept: KeptReview, by: str, key: str) -> list[PartRow]:
    column, other = (
        ("product_family", "account_id") if by == BRAND else ("account_id", "product_family")
    )
    rows = cells_of(kept, column, key)
    return [
        PartRow(
            account_name(row[other]) if by == BRAND else brand_name(row[other]),
            account_url(row[other]) if by == BRAND else brand_url(row[other]),
            row["net_sales"],
            row["units"],
            realization(row),
            sold_on_deal(row),
            row["trade_spend"],
        )
        for row in rows
    ]


def group_rows(groups: list[Mapping[str, Any]], by: str) -> list[PartRow]:
    """Return brands or accounts as rows of the overview."""
    return [
        PartRow(
            brand_name(each["key"]) if by == BRAND else account_name(each["key"]),
            brand_url(each["key"]) if by == BRAND else account_url(each["key"]),
            each["net_sales"],
            each["units"],
            realization(each),
            sold_on_deal(each),
            each["trade_spend"],
            each["earned"].get("estimate"),
        )
        for each in groups
    ]
