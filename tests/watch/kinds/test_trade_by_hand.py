"""Features that did not happen, promotions that clash, shares on deal: weeks worked out by hand."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest
from scipy import stats

from counterpoise.agreement.document import Side
from counterpoise.watch import Watched
from counterpoise.watch import kind as kinds
from counterpoise.watch.kinds import (
    base_price_drift,
    calendar_clash,
    losing_promotion,
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


def asked(
    kind: Any, goods: list[dict[str, Any]] = GOODS, **tables: Any
) -> tuple[Watched, dict[str, kinds.Tested]]:
    """Return what a kind finds in these books, by subject."""
    names = [{"account_id": id_, "name": id_.lower()} for id_ in ("A", "B")]
    watched = in_memory(
        AGREEMENT, [], dt.date(2026, 6, 28), products=goods, accounts=names, **tables
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


def test_what_a_promotion_earned_is_what_it_sold_more_less_what_it_gave_and_cost() -> None:
    # Units are 100 x (base / net)^2, so a cut to 5.00 sells 400 and one to 8.00 sells 156.25.
    #
    #               sold    margin     without     spend   earned
    # deep, P1       400  x (5 - 5)  - 100 x (10 - 5)  - 300   = -800
    # shallow, P3 156.25  x (8 - 2)  - 100 x (10 - 2)  - 100   =  +37.50
    goods = [{**GOODS[0], "unit_cost": Decimal(5)}, {**GOODS[2], "unit_cost": Decimal(2)}]
    weeks, offers = [], []
    for number in range(10):
        account, when = f"A{number}", 3 + number % 5
        for product, net, units, spend in (("P1", 5, "400", 300), ("P3", 8, "156.25", 100)):
            for at in range(12):
                facts = {"net_price": Decimal(net), "units": Decimal(units)} if at == when else {}
                weeks.append(week(at, account, product, **{"net_price": Decimal(10), **facts}))
            named = {"product_id": product, "kind": "price_off", "trade_spend": Decimal(spend)}
            offers.append(offer(f"{product}-{number}", when, account, **named))
    _, found = asked(losing_promotion, goods, sell_through=weeks, promotions=offers)
    deep, shallow = found["P1-4"], found["P3-4"]
    assert deep.observed == pytest.approx(-800, abs=0.01)
    assert float(deep.stake) == pytest.approx(800 / QUARTERS, abs=0.01)
    assert shallow.observed == pytest.approx(37.50, abs=0.01)
    assert deep.p is not None
    assert shallow.p is not None
    assert deep.p < 0.001 < 0.9 < shallow.p
    assert (shallow.stake, deep.side) == (0, Side.SALES)
    both = found["A4"]  # of the account: both together
    assert both.observed == pytest.approx(-762.50, abs=0.01)


@pytest.mark.parametrize(("volume", "price"), [(-0.5, 0.0), (0.0, -0.4), (0.0, 0.0)])
def test_base_falls_by_what_the_half_year_before_was_on_deal(volume: float, price: float) -> None:
    # Every fourth or every eighth week is on deal, by turns of half the days. Without promotion
    # 1,000 x e^(volume x past) sell at 10 x e^(price x past), give or take a thousandth; past is
    # the share of the 26 weeks before that was on deal.
    weeks, pasts, length = [], [], 70
    for number in range(10):
        often = [(at < length // 2) == (number % 2 == 0) for at in range(length)]
        on = [(at + number) % (4 if often[at] else 8) == 0 for at in range(length)]
        for at in range(length):
            before = on[max(0, at - 26) : at]
            past = sum(before) / len(before) if before else 0.0
            noise = 1 + 0.001 * ((at * 7 + number * 3) % 5 - 2)
            units = round(1_000 * math.exp(volume * past) * noise * (2 if on[at] else 1), 4)
            wobble = 1 + 0.001 * ((at * 3 + number) % 7 - 3)
            base = round(10 * math.exp(price * past) * wobble, 4)
            net = round(base * (0.8 if on[at] else 1), 4)
            told = {"units": units, "base_price": base, "net_price": net}
            facts: dict[str, Any] = {name: Decimal(str(value)) for name, value in told.items()}
            weeks.append(week(length - 1 - at, f"A{number}", **facts))
            if at >= length - 26:
                pasts.append(past)
    watched, _ = asked(base_price_drift, sell_through=weeks)
    found = {each.variant: each for each in base_price_drift.KIND.test(watched)}
    usual = sum(pasts) / len(pasts)
    for variant, fades in (("volume", volume), ("price", price)):
        each = found[variant]
        assert (each.subject.id, each.observed) == ("juice", pytest.approx(fades * usual, abs=0.01))
        assert each.p is not None
        assert (each.p < 0.001) == (fades < 0)
