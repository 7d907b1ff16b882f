"""Requests that wait beyond what the agreement promises, by the role that answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from counterpoise.agreement import parse_agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.watch import Watched, Watching
from counterpoise.watch.kinds.late_approval import KIND
from tests.ledger.small_books import deal
from tests.watch.fact_books import agreed, asked_of, in_memory

TEXT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
company: {working_time: {days: mon-fri, hours: "09:00-17:00"}}
roles:
  rep: {side: sales, default: true}
  sales_manager: {side: sales}
  marketer: {side: marketing}
  lead: {side: both}
approvals: {respond_within: 1 working day, remind_after: 4 working hours, escalate_to: lead}
"""
AGREED = agreed(TEXT)
FRIDAY = "2026-03-06T15:00"
QUARTERS = 365 / 91.3125
WORKING_DAYS = 261
"""From 1 July 2025 to 30 June 2026."""


def asked(
    number: int, decided: str | None, role: str | None = "sales_manager", at: str = FRIDAY
) -> dict[str, Any]:
    return {
        "approval_id": f"Q{number}",
        "deal_id": f"D{number}",
        "subject": "discount",
        "requested_by": "R1",
        "requested_at": dt.datetime.fromisoformat(at),
        "decided_role": role,
        "decided_at": None if decided is None else dt.datetime.fromisoformat(decided),
        "verdict": "approved",
    }


IN_TIME, LATE = "2026-03-09T15:00", "2026-03-10T15:00"  # a working day later, and two
APPROVALS = [
    *(asked(number, LATE) for number in range(3)),
    asked(3, IN_TIME),
    asked(4, "2026-07-02T10:00"),  # not answered by the as-of day
    asked(5, None, at="2026-06-30T12:00"),  # not due yet
    asked(6, LATE, "Sales_Manager", at="2025-06-27T15:00"),  # before the window
    *(asked(number, IN_TIME, "MARKETER") for number in range(7, 11)),
    asked(11, LATE, "somebody"),
]
DEALS = [deal(f"D{number}", list_amount=2_000_000, net_amount=2_000_000) for number in range(12)]


@pytest.fixture
def watched() -> Watched:
    return in_memory(AGREED, DEALS, approvals=APPROVALS)


def test_counts_what_is_late_in_working_time_by_role(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    assert {id_: (each.n, each.notes["bad"]) for id_, each in found.items()} == {
        "sales_manager": (5, 4),
        "marketer": (4, 0),
    }
    # Four or more of five at one in ten: 5 × 0.1⁴ × 0.9 + 0.1⁵.
    assert found["sales_manager"].p == pytest.approx(5 * 0.1**4 * 0.9 + 0.1**5)
    assert (found["sales_manager"].side, found["marketer"].side) == ("sales", "marketing")


def test_stakes_the_value_that_slips_out_of_the_quarter(watched: Watched) -> None:
    found = asked_of(KIND, watched)["sales_manager"]
    # Three waited two working days; the fourth from Friday three o'clock to 30 June: 2 hours, and
    # 82 working days of eight.
    waited = 3 * 2 + 82.25
    assert float(found.stake) == pytest.approx(2_000_000 * waited / WORKING_DAYS, rel=1e-6)


def test_takes_no_money_of_deals_that_were_lost() -> None:
    lost = [{**each, "outcome": "lost"} for each in DEALS]
    kept = [{**lost[0], "outcome": "open"}, *lost[1:]]
    found = asked_of(KIND, in_memory(AGREED, kept, approvals=APPROVALS))
    assert float(found["sales_manager"].stake) == pytest.approx(2_000_000 * 2 / WORKING_DAYS)


def test_takes_the_role_whose_turn_it_is_from_the_deal() -> None:
    unnamed = [asked(number, None, None) for number in range(4)]
    watched = in_memory(AGREED, DEALS, approvals=unnamed)
    turned = watched.judged.mutate(approver=watched.judged.deal_id.substr(0, 0) + "lead")
    found = asked_of(KIND, Watched(watched.view, AGREED, watched.agreement, turned))
    assert {id_: (each.n, each.side) for id_, each in found.items()} == {"lead": (4, "both")}


def test_times_each_request_by_the_version_of_its_day() -> None:
    former = TEXT.replace("2025-01-01, until: 2026-12-31", "2025-01-01, until: 2026-03-31")
    former = former.replace("1 working day", "3 working days")
    later = TEXT.replace("2025-01-01", "2026-04-01")
    both = Agreements.of([parse_agreement(former), parse_agreement(later)])
    spring = [asked(20 + at, "2026-04-08T15:00", at="2026-04-06T15:00") for at in range(2)]
    watched = in_memory(both, DEALS, approvals=[*APPROVALS[:4], *spring])
    found = asked_of(KIND, watched)["sales_manager"]
    assert (found.n, found.notes["bad"]) == (6, 2)  # two days were in time before April


def test_shows_the_requests_that_waited(watched: Watched) -> None:
    found = asked_of(KIND, watched)["sales_manager"]
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert {row["approval_id"]: row["hours"] for row in rows} == {
        "Q0": 16.0,
        "Q1": 16.0,
        "Q2": 16.0,
        "Q4": 82.25 * 8,
    }
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake), abs=0.01)


def test_says_who_waits_for_whom_and_what_was_agreed(watched: Watched) -> None:
    found = asked_of(KIND, watched)["sales_manager"]
    assert KIND.says(watched, found) == (
        "The role sales manager lets 4 of 5 requests wait beyond the 1 working day that the "
        "agreement promises (80%; 10% may happen), half of them for 16 working hours or more. "
        "Only 5 requests tell, so read it with care."
    )
    assert KIND.next_step(watched, found) == (
        "Remind sales manager after 4 working hours, name a deputy, and let what is overdue go to "
        "lead, as agreed (clause approvals)."
    )
    assert KIND.other_view(watched, found).figures == (
        ("Requests a week", "0.1"),
        ("Busiest week", "5"),
    )


def test_is_not_watched_where_no_time_was_agreed() -> None:
    bare = agreed(TEXT.replace("respond_within: 1 working day, ", ""))
    assert "how soon" in KIND.missing(in_memory(bare, DEALS, approvals=APPROVALS))


def test_is_found_in_a_company_and_no_other_is(
    fact_company: Watching, fact_subjects: dict[str, str]
) -> None:
    found = [each.subject.id for each in fact_company.cracks if each.kind == KIND.name]
    assert found == [fact_subjects[KIND.name]]
