"""Hand-overs that jump when the quarter ends, and are worth less."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from counterpoise.watch.kinds.lead_dumping import KIND
from counterpoise.watch.quarter_ends import QuarterEnds
from tests.watch.lead_books import asked_of, lead, rows_of, watched_leads, won

CAMPAIGNS = [f"C{at}" for at in range(9)]
QUARTERS = [dt.date(2025, 7, 1), dt.date(2025, 10, 1), dt.date(2026, 1, 1), dt.date(2026, 4, 1)]


def handed(campaign: str, day: dt.date, number: int, verdict: str) -> dict[str, Any]:
    moment = dt.datetime.combine(day, dt.time(9))
    return {
        **lead(f"{campaign}-{day}-{number}", "01-01T09:00", campaign_id=campaign, verdict=verdict),
        "source": f"S{campaign}",
        "handed_over_at": moment,
        "first_response_at": moment + dt.timedelta(hours=1),
    }


def usual(campaign: str) -> Iterator[dict[str, Any]]:
    """Yield a lead every third day, more than half of them taken up."""
    for number, day in enumerate(range(0, 365, 3)):
        verdict = "rejected" if number % 5 in (1, 3) else "accepted"
        yield handed(campaign, QUARTERS[0] + dt.timedelta(days=day), number, verdict)


def heap(campaign: str, verdict: str, size: int) -> Iterator[dict[str, Any]]:
    """Yield so many more eighty-four days into every quarter."""
    for first in QUARTERS:
        last = first + dt.timedelta(days=84)
        for number in range(size):
            yield handed(campaign, last, 1000 + number, verdict if number % 5 else "accepted")


@pytest.fixture(scope="module")
def watched() -> Any:
    rows = [each for campaign in CAMPAIGNS for each in usual(campaign)]
    rows += [*heap("C0", "rejected", 20), *heap("C1", "accepted", 5)]
    deals = [won(f"D{id_}", f"{id_}-{QUARTERS[0]}-0", 1_000_000, 400_000) for id_ in CAMPAIGNS]
    return watched_leads(rows, deals)


def test_names_what_jumps_and_is_worth_less(watched: Any) -> None:
    found = asked_of(KIND, watched)
    dumped = found["campaign", "C0"]
    assert dumped.n == 122 + 80
    assert dumped.observed == pytest.approx((80 + 13) / 202, abs=0.01)
    assert dumped.p is not None
    assert dumped.p < 0.005
    rows = rows_of(KIND.rows(watched, dumped), watched)
    assert sum(row["stake_part"] for row in rows.values()) == pytest.approx(
        float(dumped.stake), abs=0.01
    )
    assert "in the last 10 days of the quarter" in KIND.says(watched, dumped)


def test_a_jump_of_good_leads_is_none(watched: Any) -> None:
    welcome = asked_of(KIND, watched)["campaign", "C1"]
    assert welcome.observed > 0.2
    assert welcome.p is not None
    assert welcome.p > 0.5


def test_knows_the_quarters_that_lie_in_the_window(watched: Any) -> None:
    found = QuarterEnds.of(watched).quarters
    assert [first for first, _ in found] == QUARTERS
    assert found[0][1] == dt.date(2025, 9, 30)
