"""The sides fall silent: questions without a reply, joint reviews skipped."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from counterpoise.watch import Watched
from counterpoise.watch.kinds.silence import KIND
from counterpoise.watch.watching import watch
from tests.ledger.small_books import deal
from tests.watch.fact_books import agreed, asked_of, in_memory

AGREED = agreed("""
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  marketer: {side: marketing}
watch: {material: 1000, promises_kept: 90%}
""")
DEALS = [
    deal(f"D{number}", list_amount=1_000_000, net_amount=900_000, outcome="won")
    for number in range(8)
]
QUARTERS = 365 / 91.3125
DAY = dt.timedelta(days=1)


def asked(number: int, owner: str, late: int | None, due: dt.datetime) -> dict[str, Any]:
    """Return a question; `late`: days after it was due, None for never."""
    return {
        "question_id": f"Q{owner}{number}",
        "asked_at": due - 3 * DAY,
        "asker_side": "sales" if owner == "marketing" else "marketing",
        "owner_side": owner,
        "due_at": due,
        "answered_at": None if late is None else due + late * DAY,
    }


MAY, JUNE = dt.datetime(2026, 5, 4, 12), dt.datetime(2026, 6, 1, 12)
QUESTIONS = [
    *(
        asked(number, "marketing", None if number % 2 else 2, MAY + number * DAY)
        for number in range(9)
    ),
    asked(9, "marketing", -1, JUNE),
    *(asked(number, "sales", -1, MAY + number * DAY) for number in range(12)),
    asked(99, "marketing", None, dt.datetime(2026, 7, 2, 12)),  # not due yet
    {**asked(98, "marketing", None, MAY), "asker_side": "marketing"},  # among themselves
]
REVIEWS = [
    {
        "review_id": f"J{number}",
        "due_on": dt.date(2026, 4, 6) + 7 * number * DAY,
        "outcome": "skipped" if number in {3, 4, 5, 7} else "held",
        "decisions": 1,
        "actions": 1,
    }
    for number in range(10)
]


@pytest.fixture
def watched() -> Watched:
    return in_memory(AGREED, DEALS, questions=QUESTIONS, joint_reviews=REVIEWS)


def test_holds_each_side_against_what_is_let_pass(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    marketing, sales = found["marketing"], found["sales"]
    assert (marketing.observed, marketing.n) == (pytest.approx(0.9), 10)
    assert marketing.expected == pytest.approx(0.1)
    # at least 9 of 10 where each is silent with 0.1: 10 × 0.1^9 × 0.9 + 0.1^10
    assert marketing.p == pytest.approx(9.1e-9)
    assert float(marketing.stake) == pytest.approx(0.8 * 800_000 / QUARTERS, abs=0.01)
    assert (sales.observed, sales.p, sales.stake) == (0.0, 1.0, 0)


def test_counts_reviews_that_were_skipped(watched: Watched) -> None:
    reviews = asked_of(KIND, watched)["company"]
    assert (reviews.observed, reviews.n, reviews.side) == (0.4, 10, "both")
    # at least 4 of 10 with 0.1 each
    assert reviews.p == pytest.approx(0.0127952)
    assert reviews.since == dt.date(2026, 4, 1)


def test_rows_add_up_to_the_stake(watched: Watched) -> None:
    for subject, ids in (
        ("company", ["J3", "J4", "J5", "J7"]),
        ("marketing", [f"Qmarketing{number}" for number in range(9)]),
    ):
        found = asked_of(KIND, watched)[subject]
        rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
        assert [next(iter(row.values())) for row in rows] == ids
        assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake), abs=0.01)


def test_says_it_aloud_with_the_other_side_beside_it(watched: Watched) -> None:
    says = {each.side: each.says for each in watch(watched).cracks if each.kind == "silence"}
    assert says["marketing"] == (
        "9 of 10 questions that the other side asked marketing got no reply in time: 90%, where "
        "10% are let pass. Only 10 questions tell, so read it with care."
    )
    found = asked_of(KIND, watched)
    assert KIND.other_view(watched, found["marketing"]).says == (
        "Meanwhile sales answered 12 of 12 questions in time."
    )
    assert "marketing answered 1 of 10" in KIND.other_view(watched, found["company"]).says
    assert "let marketing answer" in KIND.next_step(watched, found["marketing"])
    assert "clause review.every" in KIND.next_step(watched, found["company"])


def test_is_not_watched_where_nobody_asked_and_nobody_met() -> None:
    without = {each.kind: each.why for each in watch(in_memory(AGREED, DEALS)).not_watched}
    assert without["silence"] == (
        "no question between the sides was due in the last year, and no joint review"
    )


def test_asks_nobody_on_two_questions() -> None:
    few = in_memory(AGREED, DEALS, questions=QUESTIONS[:2])
    assert list(KIND.test(few)) == []
