"""The figures of this real set are those that were computed from its files by another route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books.adapters.workbench import Facts, Mapped, mapped, pairs


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    return Facts.of("complete_journey", shared)


@pytest.fixture(scope="module")
def journey(root: Path, shared: Path) -> Iterator[Mapped]:
    with mapped(
        shared / "data" / "complete_journey", root / "examples" / "adapters" / "complete_journey"
    ) as answer:
        yield answer


def test_realization_is_that_of_the_baskets(journey: Mapped, facts: Facts) -> None:
    found = journey.one("SELECT sum(paid) / sum(full_value) FROM mapped.sell_through")
    assert round(float(found), 6) == facts["retail_realization"]


def test_prices_times_units_leave_out_only_weeks_without_a_quantity(
    journey: Mapped, facts: Facts
) -> None:
    found = journey.one(
        "SELECT sum(units * net_price) / sum(units * base_price) FROM mapped.sell_through"
    )
    assert float(found) == pytest.approx(facts["retail_realization"], abs=5e-6)


def test_coupons_are_redeemed_as_often_as_campaigns_of_a_type_were(
    journey: Mapped, facts: Facts
) -> None:
    found = pairs(
        journey,
        "SELECT campaign_type, round(count(redeemed.visitor_id) / count(*), 4) "
        "FROM mapped.touches AS sent JOIN mapped.campaigns USING (campaign_id) LEFT JOIN "
        "(SELECT DISTINCT campaign_id, visitor_id FROM mapped.touches "
        "WHERE channel = 'coupon redeemed') AS redeemed "
        "ON redeemed.campaign_id = sent.campaign_id AND redeemed.visitor_id = sent.visitor_id "
        "WHERE sent.channel = 'coupon sent' GROUP BY 1",
    )
    assert found == facts["redemption_rate_by_type"]


def test_displays_and_mailers_are_unknown_where_nobody_recorded_them(journey: Mapped) -> None:
    watched = journey.one(
        "SELECT string_agg(DISTINCT account_id, ' ' ORDER BY account_id), "
        "count(*) FILTER ((featured IS NULL) <> (displayed IS NULL)) "
        "FROM mapped.sell_through WHERE featured IS NOT NULL"
    )
    assert watched == ("317 337", 0)


def test_touches_have_each_an_id_of_their_own(journey: Mapped) -> None:
    assert journey.one("SELECT count(*) - count(DISTINCT touch_id) FROM mapped.touches") == 0
