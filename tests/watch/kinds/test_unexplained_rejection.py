"""Leads turned down without a reason, or never judged."""

from __future__ import annotations

import pytest

from counterpoise.watch.kinds.unexplained_rejection import KIND
from tests.watch.lead_books import asked_of, lead, rows_of, watched_leads, won

HANDED, ANSWERED = "06-10T09:00", "06-10T10:00"


def turned_down(name: str, reason: str | None) -> dict[str, object]:
    facts = {"owner_id": "P1", "verdict": "rejected", "rejection_reason": reason}
    return lead(name, HANDED, ANSWERED, **facts)


LEADS = [
    turned_down("no word", None),
    turned_down("not agreed", "meh"),
    turned_down("agreed", "No Budget"),
    lead("forgotten", HANDED, ANSWERED, owner_id="P1"),
    lead("never answered", HANDED, owner_id="P1"),  # a matter of slow hand-off
    lead("taken up", HANDED, ANSWERED, owner_id="P1", verdict="accepted"),
    lead("not yet due", "06-30T09:00", "06-30T10:00", owner_id="P1"),
]
PEOPLE = [{"person_id": "P1", "name": "Ana", "team": "North"}]


def test_counts_what_has_no_agreed_reason_and_what_nobody_judged() -> None:
    watched = watched_leads(LEADS, [won("D1", "taken up", 900_000, 300_000)], people=PEOPLE)
    found = asked_of(KIND, watched)
    assert set(found) == {("rep", "P1")}  # a team of one is that one
    ana = found["rep", "P1"]
    assert (ana.n, ana.observed) == (4, 0.75)
    rows = rows_of(KIND.rows(watched, ana), watched)
    assert set(rows) == {"no word", "not agreed", "forgotten"}
    parts = sum(float(row["stake_part"]) for row in rows.values())
    assert parts == pytest.approx(float(ana.stake), abs=0.01)
    assert KIND.says(watched, ana).startswith("Of 4 leads that Ana did not take up, 3 were turned")
    assert "(no budget, wrong persona)" in KIND.next_step(watched, ana)


def test_takes_any_reason_where_the_agreement_lists_none() -> None:
    clauses = "handoff: {verdict_within: 2 working days}"
    watched = watched_leads(LEADS, [won("D1", "taken up", 900_000, 300_000)], clauses)
    # "meh" is a reason; where no time to an answer is promised, nobody else asks after the one
    # that was never answered.
    assert asked_of(KIND, watched)["rep", "P1"].observed == 3 / 5


def test_says_why_it_cannot_be_watched() -> None:
    assert "verdict" in KIND.missing(watched_leads([lead("one", HANDED)]))
    assert "reason" in KIND.missing(watched_leads([turned_down("one", None)]))
