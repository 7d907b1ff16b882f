"""The hand-over of leads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from counterpoise.agreement import Agreement
from counterpoise.books.facts import View
from counterpoise.ledger.handoff import Handoff, Kept, handoff
from tests.ledger.agreements import agreement
from tests.ledger.small_books import memory_books

AS_OF = dt.date(2026, 6, 10)  # a Wednesday
FOUR_HOURS = agreement("handoff: {first_response_within: 4 working hours}")


def lead(
    number: int, handed: str | None, answered: str | None = None, **facts: Any
) -> dict[str, Any]:
    return {
        "lead_id": f"L{number}",
        "created_at": dt.datetime(2026, 6, 1),
        "handed_over_at": _at(handed),
        "first_response_at": _at(answered),
        **facts,
    }


def _at(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(f"2026-06-{text}") if text else None


def measured(rows: list[dict[str, Any]], by: Agreement | None = FOUR_HOURS) -> Handoff:
    return handoff(View(memory_books(leads=rows), AS_OF), by)


def test_counts_answers_in_time_late_ones_and_those_overdue() -> None:
    found = measured(
        [
            lead(1, "08T09:00", "08T13:00"),  # four hours: in time
            lead(2, "08T15:00", "09T11:00"),  # two and two: in time
            lead(3, "08T09:00", "08T13:00:01"),  # a second late
            lead(4, "08T09:00"),  # never answered
            lead(5, "10T14:00"),  # three hours ago by the end of the day
        ]
    )
    assert found.response == Kept(2, 4)
    assert (found.handed_over, found.unanswered, found.not_yet_due) == (5, 1, 1)
    assert found.promised == "4 working hours"


def test_takes_the_median_of_the_working_hours_to_an_answer() -> None:
    found = measured([lead(1, "08T09:00", "08T10:00"), lead(2, "05T16:00", "08T11:00")])
    assert found.median_response_hours == Decimal(2)


def test_does_not_see_what_happened_after_the_day() -> None:
    found = measured(
        [
            lead(1, "08T09:00", "11T09:00", verdict="accepted", verdict_at=_at("11T10:00")),
            lead(2, "11T09:00"),
            lead(3, None),
        ]
    )
    assert (found.handed_over, found.unanswered, found.accepted) == (1, 1, 0)
    assert found.median_response_hours is None


def test_counts_verdicts_dated_or_not() -> None:
    found = measured(
        [
            lead(1, "08T09:00", verdict="accepted"),
            lead(2, "08T09:00", verdict="rejected", verdict_at=_at("09T09:00")),
        ]
    )
    assert (found.accepted, found.rejected) == (1, 1)


def test_calls_every_silence_unanswered_where_no_time_is_promised() -> None:
    found = measured([lead(1, "10T16:59"), lead(2, "08T09:00", "08T10:00")], None)
    assert (found.response, found.unanswered, found.promised) == (None, 1, None)


def test_is_nothing_without_leads() -> None:
    found = measured([])
    assert found == Handoff(0, 0, 0, None, 0, 0, Kept(0, 0), "4 working hours")
    assert found.response is not None
    assert found.response.share is None
