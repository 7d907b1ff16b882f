"""Leakage: won deals above authority that nobody validly approved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement.versions import Agreements, Status
from counterpoise.watch import Watched, Watching
from counterpoise.watch.kinds.leakage import KIND
from tests.ledger.small_books import deal, deals_of
from tests.watch.fact_books import agreed, asked_of, in_memory

AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-08-01, until: 2026-12-31}
roles: {rep: {side: sales, default: true}, manager: {side: sales}}
approvals: {respond_within: 1 working day}
"""
AGREED = agreed(AGREEMENT)
PEOPLE = [{"person_id": "R1", "name": "Ada"}, {"person_id": "R2", "name": "Bo"}]
QUARTERS = 365 / 91.3125


def made(id_: str, owner: str, leakage: Decimal | int = 10_000, **facts: Any) -> dict[str, Any]:
    """Return a judged deal of 100,000 at 20 %, of which 10,000 are above authority."""
    return deal(
        id_,
        list_amount=100_000,
        net_amount=80_000,
        within_authority=10_000,
        leakage=leakage,
        approved=facts.pop("approved", 10_000 - leakage),
        **{"owner_id": owner, "owner__team": "North", "agreement": "of the day", **facts},
    )


def asked(deal_id: str, subject: str = "discount", day: str = "2025-08-04") -> dict[str, Any]:
    return {
        "approval_id": f"Q-{deal_id}",
        "deal_id": deal_id,
        "subject": subject,
        "requested_at": dt.datetime.fromisoformat(f"{day}T10:00"),
        "decided_at": dt.datetime.fromisoformat(f"{day}T12:00"),
        "verdict": "approved",
    }


DEALS = [
    *(made(f"A{number}", "R1") for number in range(5)),
    made("A5", "R1", 0),
    *(made(f"B{number}", "R2", 0) for number in range(5)),
    made("A-lost", "R1", outcome="lost"),
    made("A-open", "R1", outcome="open"),
    made("A-within", "R1", 0, approved=0),
    made("A-cent", "R1", approved=0, leakage=Decimal("0.005")),  # rounding, not a concession
    made("A-unknown", "R1", 0, approved=5_000, unjudged=5_000),
    made("A-before", "R1", agreement=None),
    made("A-unrecorded", "R1", day=dt.date(2025, 8, 3)),  # before the first request on record
    made("A-older", "R1", day=dt.date(2025, 6, 30)),  # before the window
]


def watching(approvals: list[dict[str, Any]], agreements: Agreements = AGREED) -> Watched:
    return in_memory(agreements, DEALS, people=PEOPLE, approvals=approvals)


@pytest.fixture(scope="module")
def watched() -> Watched:
    return watching([asked("A5"), asked("B0")])


def test_counts_won_deals_above_authority_of_days_in_force(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    assert {id_: (each.n, each.notes["bad"]) for id_, each in found.items()} == {
        "R1": (6, 5),
        "R2": (5, 0),
        "North": (11, 5),
    }
    assert found["R1"].p == pytest.approx(6 * 0.1**5 * 0.9 + 0.1**6)
    assert found["R2"].p == 1.0
    assert (found["R1"].observed, found["R1"].expected) == (5 / 6, pytest.approx(0.1))


def test_stakes_all_that_leaks_a_quarter_as_the_ledger_counts_it(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    assert float(found["R1"].stake) == pytest.approx(50_000 / QUARTERS, abs=0.01)
    assert found["R2"].stake == 0
    same = {"A0", "A1", "A2", "A3", "A4", "A5"}
    period = replace(watched.period, deals=deals_of(d for d in DEALS if d["deal_id"] in same))
    assert float(period.totals.leakage) == 50_000.0


def test_shows_the_deals_that_leak(watched: Watched) -> None:
    rows = watched.books.run(KIND.rows(watched, asked_of(KIND, watched)["R1"])).to_pylist()
    assert sorted(row["deal_id"] for row in rows) == ["A0", "A1", "A2", "A3", "A4"]
    assert [row["stake_part"] for row in rows] == pytest.approx([10_000 / QUARTERS] * 5)


def test_says_what_happened_and_what_to_do(watched: Watched) -> None:
    found = asked_of(KIND, watched)["R1"]
    assert KIND.says(watched, found) == (
        "Ada gave more than allowed without a valid approval on 5 of 6 won deals above authority "
        "(83%; 10% may happen): 12,509 USD a quarter leaks. "
        "Only 6 deals tell, so read it with care."
    )
    assert "which answers within 1 working day" in KIND.next_step(watched, found)
    assert KIND.other_view(watched, found).figures[0] == ("Requests", "1")


def test_says_that_a_draft_bound_nobody() -> None:
    drafted = watching([asked("A5")], agreed(AGREEMENT, Status.AS_IF))
    assert "nobody has signed it yet" in KIND.says(drafted, asked_of(KIND, drafted)["R1"])


def test_asks_nobody_who_could_not_reach_the_material_stake() -> None:
    dear = agreed(AGREEMENT + "watch: {material: 15000}")
    assert set(asked_of(KIND, watching([asked("A5")], dear))) == {"North"}


def test_is_not_watched_where_no_approval_of_a_discount_is_on_record() -> None:
    assert "approvals" in KIND.needs
    assert KIND.missing(watching([asked("A5", "customization")])) == (
        "the books record no approvals of discounts"
    )
    assert KIND.missing(watching([asked("A5")])) == ""


def test_is_found_in_a_company_and_nobody_else_is(
    fact_company: Watching, fact_subjects: dict[str, str]
) -> None:
    found = [each.subject.id for each in fact_company.cracks if each.kind == "leakage"]
    assert found == [fact_subjects["leakage"]]
