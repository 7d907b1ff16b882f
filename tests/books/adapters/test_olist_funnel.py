"""The figures of this real set are those that were computed from its files by another route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books.adapters.workbench import Facts, Mapped, mapped, pairs

_LAG = "epoch(won.closed_at::TIMESTAMP - won.created_at::TIMESTAMP) / 86400"


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    return Facts.of("olist_funnel", shared)


@pytest.fixture(scope="module")
def olist(root: Path, shared: Path) -> Iterator[Mapped]:
    with mapped(
        shared / "data" / "olist_funnel", root / "examples" / "adapters" / "olist_funnel"
    ) as answer:
        yield answer


def test_leads_become_deals(olist: Mapped, facts: Facts) -> None:
    rate = olist.one("SELECT count(deal_id) / count(*) FROM mapped.leads")
    assert rate == facts["mql_to_deal"]
    assert olist.one("SELECT count(*) FROM mapped.leads") == 8000
    assert olist.one("SELECT count(*) FROM mapped.deals WHERE outcome = 'won'") == 842


@pytest.mark.parametrize(
    ("fact", "figure", "digits"),
    [
        ("median_days_mql_to_won", "median({})", 6),
        ("mean_days", "avg({})", 6),
        ("p90_days", "quantile_cont({}, 0.9)", 5),
        ("won_before_contact", "count(*) FILTER ({} < 0)", 0),
    ],
)
def test_times_from_contact_to_deal(
    olist: Mapped, facts: Facts, fact: str, figure: str, digits: int
) -> None:
    found = olist.one(f"SELECT {figure.format(_LAG)} FROM mapped.deals AS won")
    assert round(found, digits) == facts[fact]


def test_an_origin_that_is_unknown_is_not_one_that_is_missing(olist: Mapped, facts: Facts) -> None:
    found = pairs(
        olist,
        "SELECT coalesce(source, '<null>'), round(count(deal_id) / count(*), 4) "
        "FROM mapped.leads GROUP BY 1",
    )
    assert found == facts["conv_by_origin"]


def test_deals_without_a_source_are_counted(olist: Mapped, facts: Facts) -> None:
    share = olist.one(
        "SELECT round(avg((coalesce(source, 'unknown') = 'unknown')::INTEGER), 6) FROM mapped.deals"
    )
    assert share == facts["closed_no_source_share"]


def test_times_differ_by_origin(olist: Mapped, facts: Facts) -> None:
    found = pairs(
        olist,
        f"SELECT coalesce(source, '<null>'), median({_LAG}) FROM mapped.deals AS won GROUP BY 1",
    )
    by_origin = facts["median_days_by_origin"]
    assert found == pytest.approx(by_origin, rel=0, abs=0.00501)


def test_declared_revenue_is_an_attribute_and_no_amount(olist: Mapped, facts: Facts) -> None:
    declared = olist.one(
        "SELECT count(*) FROM mapped.deals WHERE declared_monthly_revenue::DOUBLE > 0"
    )
    assert declared == facts["declared_revenue_positive"]
    assert not {"list_amount", "net_amount"} & set(olist.tables["deals"].columns)


def test_sellers_and_their_reps_are_there(olist: Mapped, facts: Facts) -> None:
    top = olist.one("SELECT max(n) FROM (SELECT count(*) AS n FROM mapped.deals GROUP BY owner_id)")
    assert top == facts["top_sr_deals"]
    recorded = olist.one("SELECT count(*) FROM mapped.accounts WHERE region IS NOT NULL")
    assert recorded == facts["deals_with_seller_record"]
