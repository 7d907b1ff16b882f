"""Promises that are kept too seldom, each version over its own days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from counterpoise.agreement import parse_agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.watch import Watched, Watching
from counterpoise.watch.kinds.promise_broken import KIND
from tests.ledger.small_books import deal
from tests.watch.fact_books import agreed, asked_of, in_memory

HEAD = """
agreement: counterpoise/v1
title: Test
roles: {rep: {side: sales, default: true}, marketer: {side: marketing}}
"""
TEXT = f"""{HEAD}
in_force: {{from: 2026-01-01, until: 2026-12-31}}
promises:
  marketing:
    - {{id: tools, metric: new_tools, at_least: 1, every: month}}
    - {{id: asked, metric: tool_request_answered, within: 5 working days}}
  sales:
    - {{id: offers, metric: lost_offers_recorded, at_least: 95%}}
    - {{id: bounds, metric: discounts_in_bounds, at_least: 95%}}
    - {{id: answers, metric: approval_answered, within: 2 working days}}
approvals: {{respond_within: 1 working day}}
"""
AGREED = agreed(TEXT)


def lost(number: int, net: int | None, day: str = "2026-03-10") -> dict[str, Any]:
    listed = None if net is None else 100_000
    when = dt.date.fromisoformat(day)
    return deal(f"L{number}", "lost", list_amount=listed, net_amount=net, day=when)


def tool(month: int) -> dict[str, Any]:
    return {"tool_id": f"T{month}", "title": "Sheet", "created_at": dt.datetime(2026, month, 5)}


DEALS = [
    *(lost(number, 90_000) for number in range(14)),
    *(lost(number, None) for number in range(14, 20)),
    lost(20, None, "2025-12-01"),  # no agreement was in force
    deal("W", list_amount=1_000_000, net_amount=600_000),  # 400,000 given away
]
TOOLS = [tool(month) for month in (1, 2, 4)]
QUARTERS = 365 / 91.3125


@pytest.fixture
def watched() -> Watched:
    return in_memory(AGREED, DEALS, tools=TOOLS)


def test_counts_how_often_a_share_was_kept(watched: Watched) -> None:
    found = asked_of(KIND, watched)["offers"]
    assert (found.n, found.observed, found.expected) == (20, 0.7, 0.95)
    # Six or more of twenty at one in twenty, from the table of the binomial distribution.
    assert found.p == pytest.approx(0.000329, abs=1e-6)
    assert found.side == "sales"


def test_counts_the_whole_periods_of_what_is_promised_by_count(watched: Watched) -> None:
    found = asked_of(KIND, watched)["tools"]
    assert (found.n, found.observed, found.expected) == (6, 0.5, 0.9)
    # Three or more of six at one in ten: 1 − 0.531441 − 0.354294 − 0.098415.
    assert found.p == pytest.approx(0.01585)
    assert found.side == "marketing"


def test_leaves_to_others_what_they_watch_and_what_nobody_can_tell(watched: Watched) -> None:
    assert set(asked_of(KIND, watched)) == {"offers", "tools"}


def test_watches_answers_where_the_agreement_has_no_time_for_all_requests() -> None:
    text = TEXT.replace("approvals: {respond_within: 1 working day}", "")
    approvals = [
        {
            "approval_id": f"Q{number}",
            "deal_id": "W",
            "decided_role": "rep",
            "requested_at": dt.datetime(2026, 3, 2, 10),
            "decided_at": dt.datetime(2026, 3, 30, 10),
        }
        for number in range(4)
    ]
    found = asked_of(KIND, in_memory(agreed(text), DEALS, tools=TOOLS, approvals=approvals))
    assert (found["answers"].n, found["answers"].observed) == (4, 0.0)


def test_stakes_the_share_that_is_missed_of_what_was_given(watched: Watched) -> None:
    found = asked_of(KIND, watched)["offers"]
    assert float(found.stake) == pytest.approx(0.25 * 400_000 / QUARTERS, abs=0.01)


def test_adds_up_the_versions_of_the_window_each_by_its_own_words() -> None:
    former = TEXT.replace("2026-01-01, until: 2026-12-31", "2025-07-01, until: 2025-12-31")
    both = Agreements.of(
        [parse_agreement(former.replace("1, every", "2, every")), AGREED.versions[0].agreement]
    )
    tools = [*TOOLS, {**tool(1), "tool_id": "T0", "created_at": dt.datetime(2025, 9, 1)}]
    found = asked_of(KIND, in_memory(both, DEALS, tools=tools))["tools"]
    assert (found.n, found.observed) == (12, 0.25)  # one tool was not enough in September
    assert found.since == dt.date(2025, 7, 1)
    assert [mark.label for mark in found.picture.marks] == ["2025-07-01", "2026-01-01"]


def test_asks_nothing_of_a_promise_that_was_due_too_seldom() -> None:
    few = [lost(1, None), lost(2, None), DEALS[-1]]
    assert "offers" not in asked_of(KIND, in_memory(AGREED, few, tools=TOOLS))


def test_shows_the_deals_that_lack_an_offer(watched: Watched) -> None:
    found = asked_of(KIND, watched)["offers"]
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert sorted(row["deal_id"] for row in rows) == [f"L{at}" for at in range(14, 20)]
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake))


def test_says_the_promise_and_how_often_it_was_kept(watched: Watched) -> None:
    found = asked_of(KIND, watched)["offers"]
    assert KIND.says(watched, found) == (
        "A promise of sales is broken: “Sales records the last offer of at least 95% of lost "
        "deals.” It was kept 14 of 20 times (70%), where 95% is enough. "
        "Only 20 times tell, so read it with care."
    )
    assert "clause promises.sales.offers" in KIND.next_step(watched, found)
    assert KIND.other_view(watched, found).figures == (("tools", "3 of 6"),)


def test_stakes_leads_that_are_missing_by_what_a_lead_brings() -> None:
    promised = "{id: leads, metric: qualified_leads, at_least: 3, every: month}"
    text = f"{HEAD}in_force: {{from: 2026-01-01}}\npromises: {{marketing: [{promised}]}}"
    leads = [
        {
            "lead_id": f"E{number}",
            "source": "fair",
            "created_at": dt.datetime(2026, 1, 2),
            "qualified_at": dt.datetime(2026, 1, 2),
            "handed_over_at": dt.datetime(2026, 1, 5, 10),
            "deal_id": "W" if number == 0 else None,
        }
        for number in range(4)
    ]
    deals = [deal("W", list_amount=400_000, net_amount=400_000)]
    found = asked_of(KIND, in_memory(agreed(text), deals, leads=leads))["leads"]
    # Four in January, none in five months: 15 are missing; four leads brought 400,000.
    assert (found.n, found.observed) == (6, pytest.approx(1 / 6))
    assert float(found.stake) == pytest.approx(15 * 100_000 / QUARTERS, abs=0.01)


def test_is_not_watched_without_promises() -> None:
    bare = agreed(f"{HEAD}in_force: {{from: 2026-01-01}}")
    assert KIND.missing(in_memory(bare, [])) == "the agreement has no promises"


def test_is_found_in_a_company_and_no_other_is(
    fact_company: Watching, fact_subjects: dict[str, str]
) -> None:
    found = [each.subject.id for each in fact_company.cracks if each.kind == KIND.name]
    assert found == [fact_subjects[KIND.name]]
