"""Leads answered late or never, of people and of teams."""

from __future__ import annotations

import pytest

from counterpoise.watch.kinds.slow_handoff import KIND
from tests.watch.lead_books import asked_of, lead, rows_of, watched_leads, won

PEOPLE = [
    {"person_id": "P1", "name": "Ana", "team": "North"},
    {"person_id": "P2", "name": "Ben", "team": "North"},
    {"person_id": "P3", "name": "Cyd", "team": "South"},
]
IN_TIME, LATE = "06-24T10:00", "06-29T10:00"
LEADS = [
    *(lead(f"late{n}", "06-24T09:00", LATE, owner_id="P1") for n in range(2)),
    lead("never", "06-24T09:00", owner_id="P1"),
    lead("kept", "06-24T09:00", IN_TIME, owner_id="P1"),
    lead("not yet", "06-30T15:00", owner_id="P1"),
    *(lead(f"ben{n}", "06-24T09:00", IN_TIME, owner_id="P2") for n in range(4)),
    *(lead(f"cyd{n}", "06-24T09:00", LATE, owner_id="P3") for n in range(2)),
]
# Six leads are answered in time or not yet due; they are worth 100,000 each.
DEALS = [won("D1", "kept", 1_000_000, 400_000)]
A_QUARTER = 91.3125 / 365


def test_counts_late_and_silent_leads_against_what_may_pass() -> None:
    watched = watched_leads(LEADS, DEALS, people=PEOPLE)
    found = asked_of(KIND, watched)
    assert set(found) == {("rep", "P1"), ("rep", "P2"), ("team", "North")}  # two are too few
    ana = found["rep", "P1"]
    assert (ana.n, ana.observed, ana.expected) == (4, 0.75, pytest.approx(0.1))
    assert ana.p == pytest.approx(4 * 0.1**3 * 0.9 + 0.1**4)
    assert float(ana.stake) == pytest.approx(0.65 * 4 * 100_000 * A_QUARTER, abs=0.01)
    assert found["rep", "P2"].p == 1.0
    rows = rows_of(KIND.rows(watched, ana), watched)
    assert set(rows) == {"late0", "late1", "never"}
    parts = sum(float(row["stake_part"]) for row in rows.values())
    assert parts == pytest.approx(float(ana.stake), abs=0.01)
    assert KIND.says(watched, ana).startswith("Ana answered 3 leads of 4 later than the promised 4")
    assert "handoff.first_response_within" in KIND.next_step(watched, ana)
    assert KIND.other_view(watched, ana).figures[0] == ("Leads handed over to them", "5")


def test_a_team_is_asked_without_the_member_who_adds_most() -> None:
    found = asked_of(KIND, watched_leads(LEADS, DEALS, people=PEOPLE))
    north = found["team", "North"]
    none, one, two = 0.9**8, 8 * 0.1 * 0.9**7, 28 * 0.1**2 * 0.9**6
    assert (north.n, north.p) == (8, pytest.approx(1 - none - one - two))
    assert (north.member, north.p_without) == ("P1", 1.0)
    assert found["rep", "P1"].group == "North"


def test_says_why_it_cannot_be_watched() -> None:
    assert "promises no time" in KIND.missing(watched_leads(LEADS, clauses=""))
    unanswered = [lead("one", "06-24T09:00")]
    assert "no lead has a first response" in KIND.missing(watched_leads(unanswered))
    assert KIND.missing(watched_leads(LEADS)) == ""
