"""Goals that are missed: a fact when the time is over, a chance before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement.metrics import GOAL_METRICS
from counterpoise.agreement.versions import Status
from counterpoise.watch import Watched, Watching
from counterpoise.watch.kinds.goal_gap import KIND
from tests.ledger.small_books import deal
from tests.watch.fact_books import AS_OF, agreed, asked_of, in_memory

FIRST = dt.date(2026, 1, 1)
HEAD = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2026-01-01, until: 2026-12-20}
roles: {rep: {side: sales, default: true}, marketer: {side: marketing}}
personas: [{id: maker, when: {industry: Food}}]
"""
OVER = HEAD.replace("2026-12-20", "2026-06-30")
GOALS = """
goals:
  - {id: revenue, metric: net_revenue, at_least: 6000000, shared: true}
  - {id: price, metric: price_realization, at_least: 92%, owner: sales}
  - {id: given, metric: value_given, at_most: 900000, owner: sales}
  - {id: fit, metric: persona_share_of_won, at_least: 60%, owner: marketing}
  - {id: wins, metric: win_rate, at_least: 40%}
  - {id: leads, metric: lead_win_rate, at_least: 10%, owner: marketing}
"""
QUARTERS_SO_FAR = 181 / 91.3125
QUARTERS_IN_ALL = 354 / 91.3125


def in_week(week: int, at: int, outcome: str = "won") -> dict[str, Any]:
    """Return a deal of 100,000 at 88 or 92 %, every second one in a persona."""
    return deal(
        f"{outcome}-{week}-{at}",
        outcome,
        day=FIRST + dt.timedelta(days=7 * week + 1),
        list_amount=100_000,
        net_amount=88_000 + 4_000 * (week % 2),
        persona=["maker", ""][at % 2],
    )


DEALS = [
    *(in_week(week, at) for week in range(25) for at in range(2)),
    *(in_week(week, at, "lost") for week in range(25) for at in range(2)),
]
WON, LIST, NET = 50, 5_000_000, 4_496_000  # 13 weeks at 88 %, 12 at 92 %


@pytest.fixture
def on_the_way() -> Watched:
    return in_memory(agreed(HEAD + GOALS), DEALS)


@pytest.fixture
def over() -> Watched:
    return in_memory(agreed(OVER + GOALS), DEALS)


def test_carries_revenue_on_and_finds_it_sure_to_do(on_the_way: Watched) -> None:
    found = asked_of(KIND, on_the_way)["revenue"]
    assert found.observed == pytest.approx(NET * 354 / 181)
    assert found.p is not None
    assert found.p > 0.999
    assert found.stake == 0


def test_finds_that_a_share_will_not_be_reached(on_the_way: Watched) -> None:
    found = asked_of(KIND, on_the_way)["price"]
    assert (found.observed, found.expected) == (pytest.approx(NET / LIST), 0.92)
    # The weeks lie about 2 points off: 2 ÷ √25 × √½ of error, and the goal 2.08 points away.
    assert found.p is not None
    assert found.p < 1e-4
    stake = (0.92 - NET / LIST) * LIST / QUARTERS_SO_FAR
    assert float(found.stake) == pytest.approx(stake, abs=0.01)


def test_finds_that_more_is_given_than_was_to_be(on_the_way: Watched) -> None:
    found = asked_of(KIND, on_the_way)["given"]
    projected = (LIST - NET) * 354 / 181
    assert found.observed == pytest.approx(projected)
    assert float(found.stake) == pytest.approx((projected - 900_000) / QUARTERS_IN_ALL, abs=0.01)


def test_names_the_side_of_the_owner_or_both(on_the_way: Watched) -> None:
    sides = {id_: str(each.side) for id_, each in asked_of(KIND, on_the_way).items()}
    assert sides == {
        "revenue": "both",
        "price": "sales",
        "given": "sales",
        "fit": "marketing",
        "wins": "both",
    }


def test_asks_about_every_goal_of_which_enough_is_known(on_the_way: Watched) -> None:
    dear = HEAD + "watch: {material: 30000}" + GOALS
    found = asked_of(KIND, in_memory(agreed(dear), DEALS))
    # A point of a share moves 25,000 a quarter, a twentieth of 900,000 about 11,000.
    assert set(found) == {"revenue", "wins"}
    early = in_memory(agreed(HEAD + GOALS), DEALS, dt.date(2026, 2, 15))
    assert set(asked_of(KIND, early)) == set()


def test_is_a_plain_fact_when_the_time_is_over(over: Watched) -> None:
    found = asked_of(KIND, over)
    assert {id_: each.p for id_, each in found.items()} == {
        "revenue": None,
        "price": None,
        "fit": None,
    }
    assert found["revenue"].observed == NET
    assert float(found["revenue"].stake) == pytest.approx((6e6 - NET) / QUARTERS_SO_FAR, abs=0.01)
    assert float(found["fit"].stake) == pytest.approx(0.1 * NET / QUARTERS_SO_FAR, abs=0.01)


def test_says_where_it_goes_or_what_it_came_to(on_the_way: Watched, over: Watched) -> None:
    going = asked_of(KIND, on_the_way)["price"]
    says = KIND.says(on_the_way, going)
    assert says.startswith("On the present path price realization comes to 89.9% by 2026-12-20 (")
    assert says.endswith("), where at least 92% is the goal.")
    came = asked_of(KIND, over)["fit"]
    assert KIND.says(over, came) == (
        "The goal of at least 60% persona share of won was missed: it came to 50% from 2026-01-01 "
        "to 2026-06-30."
    )
    assert "clause goals.fit" in KIND.next_step(over, came)
    assert KIND.other_view(over, came).figures[1] == ("Found by sales", "4,496,000 USD")


def test_says_that_nobody_signed_a_draft() -> None:
    draft = in_memory(agreed(HEAD + GOALS, Status.AS_IF), DEALS)
    assert "Nobody has signed that goal" in KIND.says(draft, asked_of(KIND, draft)["price"])


@pytest.mark.parametrize(
    ("goal", "behind", "count"),
    [("price", "won", 50), ("fit", "won", 25), ("revenue", "lost", 50)],
)
def test_shows_what_the_gap_is_made_of(over: Watched, goal: str, behind: str, count: int) -> None:
    found = asked_of(KIND, over)[goal]
    rows = over.books.run(KIND.rows(over, found)).to_pylist()
    assert len(rows) == count
    assert {row["outcome"] for row in rows} == {behind}
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake))


LEADS = [
    {
        "lead_id": f"E{at}",
        "created_at": dt.datetime(2026, 1, 2),
        "qualified_at": dt.datetime(2026, 1, 2),
        "handed_over_at": dt.datetime(2026, 2, 2),
        "verdict": "accepted" if at < 3 else "rejected",
        "verdict_at": dt.datetime(2026, 2, 3),
        "deal_id": "won-0-0" if at == 0 else None,
    }
    for at in range(10)
]


GOODS = [{"product_id": "P", "family": "juice"}]
WEEKS = [
    {
        "week": dt.date(2026, 1, 5) + dt.timedelta(weeks=at),
        "account_id": f"A{at % 2}",
        "product_id": "P",
        "units": Decimal(50_000 + at),
        "net_price": Decimal(8 - at % 3),
        "base_price": Decimal(10),
        "trade_spend": Decimal(90_000 + at),
    }
    for at in range(24)
]


@pytest.mark.parametrize("metric", sorted(GOAL_METRICS))
def test_turns_every_missed_goal_into_money_and_rows(metric: str) -> None:
    bound = "at_most: 1 day" if metric == "cycle_time" else "at_least: 99999999"
    if GOAL_METRICS[metric].unit == "share":
        bound = "at_least: 99%"
    deals = [
        {
            **each,
            "cost_amount": 50_000,
            "customization_cost": 100,
            "leakage": 100,
            "created_at": dt.datetime(2026, 1, 1),
            "closed_at": dt.datetime(2026, 1, 11),
        }
        for each in DEALS
    ]
    text = f"{OVER}goals: [{{id: it, metric: {metric}, {bound}}}]\n"
    if metric in {"share_on_deal", "trade_spend_share", "trade_spend"}:  # less is better
        text = text.replace("at_least: 99%", "at_most: 1%").replace(
            "at_least: 99999999", "at_most: 1"
        )
    watched = in_memory(agreed(text), deals, AS_OF, leads=LEADS, sell_through=WEEKS, products=GOODS)
    found = asked_of(KIND, watched).get("it")
    assert found is not None
    assert found.stake > 0
    rows = watched.books.run(KIND.rows(watched, found)).to_pylist()
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(found.stake))


def test_is_not_watched_without_goals() -> None:
    assert KIND.missing(in_memory(agreed(HEAD), [])) == "the agreement has no goals"


def test_is_found_in_a_company_and_no_other_is(
    fact_company: Watching, fact_subjects: dict[str, str]
) -> None:
    found = [each.subject.id for each in fact_company.cracks if each.kind == KIND.name]
    assert found == [fact_subjects[KIND.name]]
