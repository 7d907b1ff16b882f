"""Features that did not happen, promotions that clash, shares on deal: weeks worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from scipy import stats

from counterpoise.watch import Watched
from counterpoise.watch import kind as kinds
from counterpoise.watch.kinds import (
    calendar_clash,
    promotion_dependence,
    unsupported_promotion,
)
from tests.watch.fact_books import agreed, in_memory

AGREEMENT = agreed("""
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
company: {kind: consumer_goods}
roles:
  account_manager: {side: sales, default: true}
  brand_manager: {side: marketing}
watch: {false_alarms: 10%, material: 100, promises_kept: 90%}
""")
MONDAY = dt.date(2026, 6, 22)
"""The first day of the last week of the books."""
QUARTERS = 365 / 91.3125
GOODS = [
    {"product_id": "P1", "family": "juice", "name": "One"},
    {"product_id": "P2", "family": "juice", "name": "Two"},
    {"product_id": "P3", "family": "tea", "name": "Three"},
]


def week(back: int, account: str, product: str = "P1", **facts: Any) -> dict[str, Any]:
    """Return a week so many weeks before the last: 100 units at 8.00, base price 10.00."""
    return {
        "week": MONDAY - dt.timedelta(weeks=back),
        "account_id": account,
        "product_id": product,
        "units": Decimal(100),
        "net_price": Decimal(8),
        "base_price": Decimal(10),
        "featured": None,
        "displayed": None,
        "trade_spend": None,
        **facts,
    }


def offer(id_: str, back: int, account: str, **facts: Any) -> dict[str, Any]:
    """Return a feature of one week for one product at an account."""
    starts = MONDAY - dt.timedelta(weeks=back)
    return {
        "promotion_id": id_,
        "account_id": account,
        "product_id": "P1",
        "starts_on": starts,
        "ends_on": starts + dt.timedelta(days=6),
        "kind": "feature",
        **facts,
    }


def asked(kind: Any, **tables: Any) -> tuple[Watched, dict[str, kinds.Tested]]:
    """Return what a kind finds in these books, by subject."""
    names = [{"account_id": id_, "name": id_.lower()} for id_ in ("A", "B")]
    watched = in_memory(
        AGREEMENT, [], dt.date(2026, 6, 28), products=GOODS, accounts=names, **tables
    )
    assert kind.KIND.missing(watched) == ""
    return watched, {each.subject.id: each for each in kind.KIND.test(watched)}


def test_a_planned_feature_that_no_week_shows_did_not_happen() -> None:
    weeks = [week(at, "A", featured=at >= 4) for at in range(10)]
    weeks += [week(at, "B", featured=True) for at in range(10)]
    offers = [offer(f"{one}{at}", at, one) for at in range(10) for one in "AB"]
    offers.append(offer("A10", 3, "A", kind="price_off"))  # plans no sign
    offers.append(offer("A11", 4, "A", kind="display"))  # displays are on no record
    watched, found = asked(unsupported_promotion, sell_through=weeks, promotions=offers)
    assert set(found) == {"A", "B"}
    bad = found["A"]
    assert (bad.n, bad.observed, bad.expected) == (10, pytest.approx(0.4), pytest.approx(0.1))
    assert bad.p == pytest.approx(stats.binom.sf(3, 10, 0.1))
    assert (bad.subject.name, found["B"].observed) == ("a", 0.0)
    rows = watched.books.run(unsupported_promotion.KIND.rows(watched, bad)).to_pylist()
    assert {row["promotion_id"] for row in rows} == {"A0", "A1", "A2", "A3"}


def test_what_they_cost_is_the_price_given_and_the_trade_spend() -> None:
    weeks = [week(at, "A", featured=False) for at in range(4)]
    offers = [offer(f"M{at}", at, "A", trade_spend=Decimal(300)) for at in range(4)]
    _, found = asked(unsupported_promotion, sell_through=weeks, promotions=offers)
    # 4 x (100 units x 2.00 below base + 300), of which a tenth may slip
    assert float(found["A"].stake) == pytest.approx(0.9 * 4 * 500 / QUARTERS, abs=0.01)


def test_two_promotions_on_the_same_goods_in_a_week_clash() -> None:
    weeks = [week(at, "A", good) for at in range(6) for good in ("P1", "P2", "P3")]
    offers = [offer(f"M{at}", at, "A") for at in range(6)]
    offers.append(offer("N0", 0, "A"))  # as M0
    offers.append(offer("N1", 1, "A", product_id="P3"))  # another family
    offers.append(offer("N2", 2, "A", product_id="P2"))  # the family, of nobody's campaign
    watched, found = asked(calendar_clash, sell_through=weeks, promotions=offers)
    assert (found["A"].n, found["A"].notes["bad"]) == (9, 2)
    rows = watched.books.run(calendar_clash.KIND.rows(watched, found["A"])).to_pylist()
    assert {(row["promotion_id"], row["against"]) for row in rows} == {("M0", "N0"), ("N0", "M0")}


def test_another_campaign_on_the_same_family_clashes() -> None:
    weeks = [week(at, "A", good) for at in range(4) for good in ("P1", "P2")]
    offers = [offer(f"M{at}", at, "A", campaign_id="C1") for at in range(4)]
    offers.append(offer("N0", 0, "A", product_id="P2", campaign_id="C2"))
    offers.append(offer("N1", 1, "A", product_id="P2", campaign_id="C1"))
    _, found = asked(calendar_clash, sell_through=weeks, promotions=offers)
    assert (found["A"].n, found["A"].notes["bad"]) == (6, 2)


def test_the_share_on_deal_is_held_against_the_same_days_a_year_before() -> None:
    weeks = []
    for at in range(80):
        for number in range(8):
            more = number > 0 and at < 26 and at % 4 == 2
            price = Decimal(8) if at % 4 == 0 or more else Decimal(10)
            weeks.append(week(at, f"A{number}", net_price=price))
            weeks.append(week(at, f"A{number}", "P3", net_price=Decimal(10)))
    _, found = asked(promotion_dependence, sell_through=weeks)
    # 13 of 26 weeks on deal at seven accounts and 7 at one; 7 of 26 at all a year before
    assert found["juice"].observed == pytest.approx((7 * 13 + 7) / (8 * 26))
    assert found["juice"].notes["before"] == pytest.approx(7 / 26)
    assert found["company"].observed == pytest.approx((7 * 13 + 7) / (16 * 26))
