"""Budgets: a plain fact of the present period, or of the whole one before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement import parse_agreement
from counterpoise.agreement.versions import Agreements, Status
from counterpoise.watch import Watched, Watching
from counterpoise.watch.kinds.budget_overrun import KIND
from tests.ledger.small_books import deal
from tests.watch.fact_books import agreed, asked_of, in_memory

HEAD = """
agreement: counterpoise/v1
title: Test
roles: {rep: {side: sales, default: true}, marketer: {side: marketing}}
"""
BUDGETS = """
budgets:
  - {id: given, of: concessions, side: sales, every: quarter, amount: 30000}
  - {id: offers, of: promotion_spend, side: marketing, every: month, amount: 4000}
  - {id: campaigns, of: campaign_spend, side: marketing, every: year, amount: 50000}
"""
TEXT = f"{HEAD}in_force: {{from: 2026-01-01, until: 2026-12-31}}\n{BUDGETS}"
AGREED = agreed(TEXT)


def won(id_: str, day: str, given: int, **facts: Any) -> dict[str, Any]:
    listed = 100_000
    return deal(
        id_,
        list_amount=listed,
        net_amount=listed - given,
        day=dt.date.fromisoformat(day),
        **facts,
    )


DEALS = [
    won("D1", "2026-04-10", 20_000),
    won("D2", "2026-05-20", 12_000),  # 32,000: beyond from here on
    won("D3", "2026-06-20", 8_000),
    won("D4", "2026-06-21", 0),
    won("D5", "2026-06-22", 9_000, outcome="lost"),
    won("D6", "2026-02-01", 29_000),
]
PROMOTIONS = [
    {"promotion_id": f"P{at}", "starts_on": dt.date.fromisoformat(day), "trade_spend": spend}
    for at, (day, spend) in enumerate(
        [("2026-06-02", Decimal(3_000)), ("2026-05-03", Decimal(9_000)), ("2026-04-03", None)]
    )
]


@pytest.fixture
def watched() -> Watched:
    return in_memory(AGREED, DEALS, promotions=PROMOTIONS)


def test_finds_what_is_spent_beyond_the_present_period(watched: Watched) -> None:
    found = asked_of(KIND, watched)["given"]
    assert (found.observed, found.expected, found.p) == (40_000.0, 30_000.0, None)
    assert found.stake == Decimal(10_000)
    assert found.since == dt.date(2026, 5, 20)
    assert (found.side, found.n) == ("sales", 3)


def test_looks_at_the_whole_period_before_where_the_present_one_keeps(watched: Watched) -> None:
    found = asked_of(KIND, watched)["offers"]
    assert (found.observed, found.expected, found.stake) == (9_000.0, 4_000.0, Decimal(5_000))
    assert found.since == dt.date(2026, 5, 3)
    assert [(mark.label, mark.value, mark.is_subject) for mark in found.picture.marks] == [
        ("2026-05-01", 9_000.0, True),
        ("2026-06-01", 3_000.0, False),
    ]


def test_yields_nothing_of_a_budget_that_keeps_or_that_nobody_knows(watched: Watched) -> None:
    assert set(asked_of(KIND, watched)) == {"given", "offers"}


def test_takes_a_quarter_of_what_a_year_was_overrun_by() -> None:
    campaigns = [
        {"campaign_id": "C", "started_at": dt.datetime(2026, 3, 1), "spend": Decimal(90_000)}
    ]
    found = asked_of(KIND, in_memory(AGREED, [], campaigns=campaigns))["campaigns"]
    assert found.stake == Decimal(10_000)


def test_holds_the_period_before_against_the_budget_of_its_own_version() -> None:
    former = f"{HEAD}in_force: {{from: 2025-07-01, until: 2026-03-31}}\n{BUDGETS}"
    later = TEXT.replace("2026-01-01", "2026-04-01").replace("30000", "50000")
    both = Agreements.of([parse_agreement(former), parse_agreement(later)])
    spent = [won("D1", "2026-03-20", 40_000), won("D2", "2026-06-20", 45_000)]
    found = asked_of(KIND, in_memory(both, spent))["given"]
    assert (found.observed, found.expected) == (40_000.0, 30_000.0)
    assert set(asked_of(KIND, in_memory(agreed(later), spent))) == set()


def test_shares_the_overrun_among_the_rows(watched: Watched) -> None:
    found = asked_of(KIND, watched)["given"]
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert {row["deal_id"]: row["stake_part"] for row in rows} == {
        "D1": pytest.approx(5_000),
        "D2": pytest.approx(3_000),
        "D3": pytest.approx(2_000),
    }


def test_says_what_was_spent_and_agreed(watched: Watched) -> None:
    found = asked_of(KIND, watched)["given"]
    assert KIND.says(watched, found) == (
        "Concessions came to 40,000 USD in the quarter from 2026-04-01 to 2026-06-30, where "
        "30,000 USD were agreed: 10,000 USD more."
    )
    assert "clause budgets.given" in KIND.next_step(watched, found)
    assert KIND.other_view(watched, found).figures == (
        ("Net revenue", "360,000 USD"),
        ("Before", "71,000 USD"),
    )


def test_says_so_far_within_a_period_and_that_a_draft_binds_nobody() -> None:
    draft = agreed(TEXT, Status.AS_IF)
    early = in_memory(draft, DEALS, dt.date(2026, 5, 31), promotions=PROMOTIONS)
    says = KIND.says(early, asked_of(KIND, early)["given"])
    assert "32,000 USD so far in the quarter" in says
    assert "Nobody has signed that budget" in says


def test_is_not_watched_without_budgets() -> None:
    bare = agreed(f"{HEAD}in_force: {{from: 2026-01-01}}")
    assert KIND.missing(in_memory(bare, [])) == "the agreement has no budgets"


def test_is_found_in_a_company_and_no_other_is(
    fact_company: Watching, fact_subjects: dict[str, str]
) -> None:
    found = [each.subject.id for each in fact_company.cracks if each.kind == KIND.name]
    assert found == [fact_subjects[KIND.name]]
