"""Requests for tools that wait beyond what marketing promises."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from counterpoise.watch import Watched
from counterpoise.watch.kinds.tool_unanswered import KIND
from counterpoise.watch.watching import watch
from tests.ledger.small_books import deal
from tests.watch.fact_books import agreed, asked_of, in_memory

TEXT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
company: {working_time: {days: mon-fri, hours: "09:00-17:00"}}
roles:
  rep: {side: sales, default: true}
  marketer: {side: marketing}
promises:
  marketing:
    - {id: tools, metric: tool_request_answered, within: 2 working days}
"""
AGREED = agreed(TEXT)
FRIDAY = "2026-03-06T15:00"
IN_TIME, LATE = "2026-03-10T15:00", "2026-03-10T15:01"  # two working days later, and a minute
QUARTERS = 365 / 91.3125
PEOPLE = [
    {"person_id": "K1", "name": "Kira", "team": "Product"},
    {"person_id": "K2", "name": "Kurt", "team": "Product"},
]
DEALS = [deal(f"D{number}", list_amount=1_000_000, net_amount=900_000) for number in range(8)]


def asked(
    number: int, answered: str | None, owner: str = "K1", at: str = FRIDAY, **more: Any
) -> dict[str, Any]:
    return {
        "request_id": f"Q{number}",
        "asked_by": "R1",
        "asked_at": dt.datetime.fromisoformat(at),
        "owner_id": owner,
        "deal_id": f"D{number}",
        "answered_at": None if answered is None else dt.datetime.fromisoformat(answered),
        "verdict": None if answered is None else "answered",
        **more,
    }


REQUESTS = [
    *(asked(number, LATE) for number in range(3)),
    asked(3, IN_TIME),
    asked(4, "2026-07-02T10:00"),  # not answered by the as-of day
    asked(5, None, at="2026-06-30T12:00"),  # not due yet
    asked(6, LATE, at="2025-06-27T15:00"),  # before the window
    *(asked(number, IN_TIME, "K2", product_family="Pumps") for number in range(7, 10)),
    asked(11, None, owner=None),  # type: ignore[arg-type]  # nobody's
]


@pytest.fixture
def watched() -> Watched:
    return in_memory(AGREED, DEALS, tool_requests=REQUESTS, people=PEOPLE)


def test_counts_what_is_late_in_working_time_by_person(watched: Watched) -> None:
    found = {(each.subject.type, each.subject.id): each for each in KIND.test(watched)}
    assert {key: (each.n, each.notes["bad"]) for key, each in found.items()} == {
        ("person", "K1"): (5, 4),
        ("person", "K2"): (3, 0),
        ("team", "Product"): (8, 4),
    }
    # Four or more of five at one in ten: 5 × 0.1⁴ × 0.9 + 0.1⁵.
    assert found["person", "K1"].p == pytest.approx(5 * 0.1**4 * 0.9 + 0.1**5)
    assert found["person", "K1"].side == "marketing"


def test_stakes_what_is_conceded_on_such_deals(watched: Watched) -> None:
    found = asked_of(KIND, watched)["K1"]
    # Every deal concedes a tenth of its million; four of five is seven tenths more than allowed.
    assert float(found.stake) == pytest.approx(0.7 * 5 * 100_000 / QUARTERS, abs=0.01)
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert [row["request_id"] for row in rows] == ["Q0", "Q1", "Q2", "Q4"]
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake), abs=0.01)


def test_says_what_was_found_and_what_the_owner_was_sent(watched: Watched) -> None:
    found = asked_of(KIND, watched)["K1"]
    assert KIND.says(watched, found).startswith(
        "Kira answered 4 requests for a tool of 5 later than the promised 2 working days, or "
        "never: 80%, where the agreement lets 10% pass."
    )
    assert "within 2 working days" in KIND.next_step(watched, found)
    assert "0 of 5 said for which family or competitor" in KIND.other_view(watched, found).says


def test_becomes_a_crack_of_the_person_not_of_the_team(watched: Watched) -> None:
    found = [each for each in watch(watched).cracks if each.kind == "tool_unanswered"]
    assert [(each.subject.id, each.side) for each in found] == [("K1", "marketing")]


def test_is_silent_about_who_answers_in_time() -> None:
    kept = [asked(number, IN_TIME) for number in range(8)]
    watched = in_memory(AGREED, DEALS, tool_requests=kept, people=PEOPLE)
    assert [each.p for each in KIND.test(watched)] == [1.0]
    assert not [each for each in watch(watched).cracks if each.kind == "tool_unanswered"]


def test_is_not_watched_without_requests_or_without_a_promise() -> None:
    without = {each.kind: each.why for each in watch(in_memory(AGREED, DEALS)).not_watched}
    assert without["tool_unanswered"] == "the books hold no tool requests"
    silent = agreed(TEXT.partition("promises:")[0])
    watched = in_memory(silent, DEALS, tool_requests=REQUESTS)
    told = {each.kind: each.why for each in watch(watched).not_watched}
    assert told["tool_unanswered"].startswith("the agreement does not say how soon")
