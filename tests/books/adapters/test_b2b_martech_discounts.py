"""The figures of this real set are those that were computed from its files by another route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books.adapters.workbench import Facts, Mapped, mapped, pairs


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    return Facts.of("b2b_martech_discounts", shared)


@pytest.fixture(scope="module")
def martech(root: Path, shared: Path) -> Iterator[Mapped]:
    with mapped(
        shared / "data" / "b2b_martech_discounts",
        root / "examples" / "adapters" / "b2b_martech_discounts",
    ) as answer:
        yield answer


def test_every_row_is_a_deal(martech: Mapped, facts: Facts) -> None:
    assert martech.one("SELECT count(*) FROM mapped.deals") == facts["rows"]


def test_every_spelling_of_a_stage_has_an_outcome(martech: Mapped, facts: Facts) -> None:
    outcomes = pairs(martech, "SELECT outcome, count(*) FROM mapped.deals GROUP BY outcome")
    assert outcomes == {"won": 534, "lost": 971}
    rate = martech.one("SELECT round(avg((outcome = 'won')::INTEGER), 6) FROM mapped.deals")
    assert rate == facts["win_rate"]


@pytest.mark.parametrize(
    ("fact", "figure"),
    [
        ("won_net_realization", "round(sum(net) / sum(list), 6)"),
        ("won_amount_sum", "sum(list)"),
        ("won_discount_sum", "sum(discount) FILTER (list IS NOT NULL)"),
        (
            "not_paid_share_of_won_net",
            "round(sum(net) FILTER (stage = 'Closed Won - Not Paid') / sum(net), 6)",
        ),
    ],
)
def test_sums_of_won_deals_are_exact(martech: Mapped, facts: Facts, fact: str, figure: str) -> None:
    found = martech.one(
        f"SELECT {figure} FROM (SELECT *, net_amount::DECIMAL(18, 4) AS net, "
        'list_amount::DECIMAL(18, 4) AS list, "Discount Amount"::DECIMAL(18, 4) AS discount '
        "FROM mapped.deals WHERE outcome = 'won')"
    )
    assert found == facts[fact]


def test_rows_without_an_amount_are_kept(martech: Mapped, facts: Facts) -> None:
    missing = martech.one("SELECT count(*) FROM mapped.deals WHERE list_amount IS NULL")
    assert missing == facts["amount_missing"]


def test_a_blank_net_amount_is_what_the_discount_leaves(martech: Mapped) -> None:
    found = martech.one(
        "SELECT list_amount, net_amount::DECIMAL(18, 4) FROM mapped.deals WHERE deal_id = '1369'"
    )
    assert found == ("22000", 0)


def test_discounts_differ_by_type(martech: Mapped, facts: Facts) -> None:
    found = pairs(
        martech,
        'SELECT "Type", round(sum("Discount Amount"::DECIMAL(18, 4)) '
        "/ sum(list_amount::DECIMAL(18, 4)), 4) FROM mapped.deals "
        "WHERE outcome = 'won' GROUP BY \"Type\"",
    )
    assert found == facts["disc_pct_by_type"]


@pytest.mark.parametrize(
    ("fact", "group"),
    [
        ("win_by_type", '"Type"'),
        ("win_by_new_logo", '"New Logo"'),
        (
            "win_rate_discount_recorded_vs_not",
            "CASE WHEN \"Discount Amount\"::DECIMAL(18, 4) > 0 THEN 'True' ELSE 'False' END",
        ),
    ],
)
def test_win_rates_differ(martech: Mapped, facts: Facts, fact: str, group: str) -> None:
    found = pairs(
        martech,
        f"SELECT {group}, round(avg((outcome = 'won')::INTEGER), 4) FROM mapped.deals GROUP BY 1",
    )
    assert found == facts[fact]


def test_days_are_read_month_first(martech: Mapped, facts: Facts) -> None:
    days = "date_diff('day', strptime(created_at, '%m/%d/%y'), strptime(closed_at, '%m/%d/%y'))"
    found = martech.one(
        f"SELECT median({days}) FILTER (outcome = 'won'), "
        f"median({days}) FILTER (outcome = 'lost'), count(*) FILTER ({days} < 0) "
        "FROM mapped.deals"
    )
    cycle = facts["median_cycle_won_lost"]
    assert found == (*cycle, facts["neg_cycle_rows"])


def test_the_negative_discount_is_kept(martech: Mapped) -> None:
    found = martech.one(
        'SELECT list_amount, net_amount, "Discount Amount" FROM mapped.deals '
        "WHERE \"Discount Amount\" LIKE '%-%'"
    )
    assert found == ("60000", "74400", "-14400")


def test_terms_follow_from_the_billing_plan(martech: Mapped) -> None:
    found = pairs(
        martech, 'SELECT DISTINCT "Billing Plan", term_months FROM mapped.deals ORDER BY ALL'
    )
    assert found == {
        "2 Years": 24,
        "3 Months": 3,
        "3 Years": 36,
        "4 Years": 48,
        "5 Years": 60,
        "9 Months": 9,
        "Annual": 12,
        "Quarterly": None,
        None: None,
    }
