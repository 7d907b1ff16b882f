"""The figures of this real set are those that were computed from its files by another route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.books.adapters.workbench import Facts, Mapped, mapped, pairs

_LINES = """
    SELECT d.*, l.* EXCLUDE (deal_id), l.net_price::DECIMAL(18, 4) AS net,
        p.list_price::DECIMAL(18, 4) AS list
    FROM mapped.deals AS d
    JOIN mapped.deal_lines AS l USING (deal_id)
    LEFT JOIN mapped.products AS p ON p.product_id = replace(l.product_id, 'GTXPro', 'GTX Pro')
"""


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    return Facts.of("maven_crm_sales", shared)


@pytest.fixture(scope="module")
def maven(root: Path, shared: Path) -> Iterator[Mapped]:
    with mapped(
        shared / "data" / "maven_crm_sales", root / "examples" / "adapters" / "maven_crm_sales"
    ) as answer:
        yield answer


@pytest.fixture(scope="module", params=["maven_crm_sales", "maven_crm_sales_usdates"])
def either_maven(request: Any, root: Path, shared: Path) -> Iterator[Mapped]:
    adapter = root / "examples" / "adapters" / "maven_crm_sales"
    with mapped(shared / "data" / request.param, adapter) as answer:
        yield answer


def test_every_stage_is_there(maven: Mapped, facts: Facts) -> None:
    counts = pairs(maven, "SELECT stage, count(*) FROM mapped.deals GROUP BY stage")
    assert counts == facts["stage_counts"]


def test_outcomes_follow_from_stages(maven: Mapped) -> None:
    counts = pairs(maven, "SELECT outcome, count(*) FROM mapped.deals GROUP BY outcome")
    assert counts == {"won": 4238, "lost": 2473, "open": 2089}


def test_the_misspelt_product_is_left_to_the_import(maven: Mapped, facts: Facts) -> None:
    unmatched = maven.one(
        "SELECT count(*) FROM mapped.deal_lines ANTI JOIN mapped.products USING (product_id)"
    )
    assert unmatched == facts["unmatched_product_rows"]


def test_realization_is_that_of_all_won_deals(either_maven: Mapped, facts: Facts) -> None:
    realized = either_maven.one(
        f"SELECT round(sum(net) / sum(list), 6) FROM ({_LINES}) WHERE outcome = 'won'"
    )
    assert realized == facts["realization_won"]


def test_an_exact_join_would_give_another_realization(maven: Mapped, facts: Facts) -> None:
    dropped = _LINES.replace("replace(l.product_id, 'GTXPro', 'GTX Pro')", "l.product_id")
    realized = maven.one(
        f"SELECT round(sum(net) / sum(list), 6) FROM ({dropped}) "
        "WHERE outcome = 'won' AND list IS NOT NULL"
    )
    assert realized == facts["realization_won_exact_join_WRONG"]


@pytest.mark.parametrize(
    ("fact", "figure"),
    [
        ("won_close_value_sum", "sum(net)"),
        ("won_list_sum", "sum(list)"),
        ("gross_leakage", "sum(greatest(list - net, 0))"),
        ("gross_premium", "sum(greatest(net - list, 0))"),
    ],
)
def test_sums_are_exact(either_maven: Mapped, facts: Facts, fact: str, figure: str) -> None:
    found = either_maven.one(f"SELECT {figure} FROM ({_LINES}) WHERE outcome = 'won'")
    assert found == facts[fact]


def test_deals_are_below_above_and_at_list(either_maven: Mapped, facts: Facts) -> None:
    found = either_maven.one(
        "SELECT count(*) FILTER (net < list), count(*) FILTER (net > list), "
        f"count(*) FILTER (net = list) FROM ({_LINES}) WHERE outcome = 'won'"
    )
    assert list(found) == facts["n_below_above_equal"]


@pytest.mark.parametrize(
    ("fact", "figure", "order"),
    [
        ("rep_realization_lowest", "round(sum(net) / sum(list), 6)", "ASC"),
        ("rep_realization_highest", "round(sum(net) / sum(list), 6)", "DESC"),
        ("rep_gross_leakage_top", "sum(greatest(list - net, 0))", "DESC"),
    ],
)
def test_reps_are_told_apart(
    maven: Mapped, facts: Facts, fact: str, figure: str, order: str
) -> None:
    found = maven.one(
        f"SELECT owner_id, {figure} AS figure FROM ({_LINES}) WHERE outcome = 'won' "
        f"GROUP BY owner_id ORDER BY figure {order} LIMIT 1"
    )
    assert dict([found]) == facts[fact]


def test_the_win_rate_is_that_of_closed_deals(either_maven: Mapped, facts: Facts) -> None:
    rate = either_maven.one(
        "SELECT round(avg((outcome = 'won')::INTEGER), 6) FROM mapped.deals "
        "WHERE outcome IN ('won', 'lost')"
    )
    assert rate == facts["win_rate"]


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_days_to_close_are_those_of_the_files(
    either_maven: Mapped, facts: Facts, outcome: str
) -> None:
    closed, engaged = (
        f"strptime({column}, ['%Y-%m-%d', '%m/%d/%Y'])" for column in ("closed_at", "created_at")
    )
    median = either_maven.one(
        f"SELECT median(date_diff('day', {engaged}, {closed})) FROM mapped.deals "
        f"WHERE outcome = '{outcome}'"
    )
    assert median == facts[f"median_days_engage_to_close_{outcome}"]


def test_only_open_deals_have_no_account(maven: Mapped, facts: Facts) -> None:
    found = maven.one(
        "SELECT count(*), count(*) FILTER (outcome = 'open') FROM mapped.deals "
        "WHERE account_id IS NULL"
    )
    expected = facts["null_account"]
    assert found == (expected, expected)


def test_what_a_lost_deal_was_offered_at_is_unknown(either_maven: Mapped) -> None:
    prices = either_maven.one(f"SELECT count(net), count(*) FROM ({_LINES}) WHERE outcome = 'lost'")
    assert prices == (0, 2473)


def test_reps_have_managers_and_managers_are_people(maven: Mapped) -> None:
    roles = pairs(maven, "SELECT role, count(*) FROM mapped.people GROUP BY role")
    assert roles == {"rep": 35, "manager": 6}
    assert (
        maven.one(
            "SELECT count(*) FROM mapped.people AS p "
            "ANTI JOIN mapped.people AS m ON m.person_id = p.manager_id WHERE p.role = 'rep'"
        )
        == 0
    )


def test_revenue_is_in_money_and_not_in_millions(maven: Mapped) -> None:
    revenue = maven.one(
        "SELECT annual_revenue FROM mapped.accounts WHERE name = 'Acme Corporation'"
    )
    assert revenue == 1_100_040_000


def test_deals_without_ids_are_told_apart(either_maven: Mapped) -> None:
    rows, ids = either_maven.one("SELECT count(*), count(DISTINCT deal_id) FROM mapped.deals")
    assert rows == ids


def test_deals_can_be_named_by_their_line(either_maven: Mapped) -> None:
    for table in ("deals", "deal_lines"):
        provenance = either_maven.tables[table].provenance
        assert provenance is not None
        assert provenance.name == "sales_pipeline"
