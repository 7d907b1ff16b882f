"""Leads that sales takes up less than before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from counterpoise.watch.kinds.lead_quality import KIND
from tests.watch.lead_books import asked_of, lead, rows_of, watched_leads, won

A_QUARTER = 91.3125 / 365
CAMPAIGNS = [f"C{at}" for at in range(10)]
BEFORE, NOW = dt.datetime(2025, 9, 3, 9), dt.datetime(2026, 3, 4, 9)


def leads_of(campaign: str, handed: dt.datetime, accepted: int, of: int = 50) -> Iterator[Any]:
    for number in range(of):
        facts: dict[str, Any] = {
            "handed_over_at": handed,
            "campaign_id": campaign,
            "source": f"S{campaign[1]}" if campaign > "C1" else "S",
            "verdict": "accepted" if number < accepted else "rejected",
        }
        name = f"{campaign}-{handed:%y}-{number}"
        yield lead(name, "01-01T09:00", **facts) | {
            "first_response_at": handed + dt.timedelta(hours=1)
        }


def late(campaign: str) -> Iterator[Any]:
    for number in range(40):
        yield {
            **lead(f"late-{number}", "01-01T09:00", campaign_id=campaign, verdict="rejected"),
            "handed_over_at": NOW,
            "first_response_at": NOW + dt.timedelta(days=7),
        }


@pytest.fixture(scope="module")
def watched() -> Any:
    rows = [each for campaign in CAMPAIGNS for each in leads_of(campaign, BEFORE, 30)]
    rows += [each for campaign in CAMPAIGNS[1:] for each in leads_of(campaign, NOW, 30)]
    rows += [*leads_of("C0", NOW, 10), *late("C9")]
    names = [{"campaign_id": id_, "name": f"Campaign {id_}"} for id_ in CAMPAIGNS]
    deals = [won(f"D{id_}", f"{id_}-25-0", 2_000_000, 800_000) for id_ in CAMPAIGNS]
    return watched_leads(rows, deals, campaigns=names)


def test_holds_the_last_half_year_against_before(watched: Any) -> None:
    found = asked_of(KIND, watched)
    fallen = found["campaign", "C0"]
    assert (fallen.observed, fallen.n) == (0.2, 50)
    assert fallen.expected == pytest.approx(0.6)
    assert fallen.p is not None
    assert fallen.p < 0.005  # ten campaigns of one turn each are all that tells what is usual
    # C0 and C1 share a source: 2,400,000 of margin over 100 accepted of both half-years.
    assert float(fallen.stake) == pytest.approx(0.4 * 50 * 24_000 * A_QUARTER, abs=0.01)
    rows = rows_of(KIND.rows(watched, fallen), watched)
    assert len(rows) == 40
    parts = sum(row["stake_part"] for row in rows.values())
    assert parts == pytest.approx(float(fallen.stake), abs=0.01)
    assert KIND.says(watched, fallen).startswith("Sales takes up 20% of the leads from Campaign C0")


def test_leads_answered_late_are_not_held_against_marketing(watched: Any) -> None:
    assert asked_of(KIND, watched)["campaign", "C9"].observed == 0.6


def test_a_source_is_asked_without_its_campaign_that_fell_most(watched: Any) -> None:
    source = asked_of(KIND, watched)["source", "S"]  # C0 and C1 feed it
    assert source.observed == 0.4
    assert source.member == "C0"
    assert source.p_without is not None
    assert source.p_without > 0.1
