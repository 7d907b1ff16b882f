"""The path of a goal: its figure at the end, and how surely."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.ledger.goals import GoalState, goal_states
from counterpoise.ledger.period import Period
from counterpoise.watch.paths import MEASURED, Path, by_week, path_of
from tests.ledger.agreements import agreement
from tests.ledger.small_books import deal
from tests.watch.fact_books import agreed, in_memory

FIRST = dt.date(2026, 1, 1)
WEEKS = 10
LAST = FIRST + dt.timedelta(days=7 * WEEKS - 1)
UNTIL = FIRST + dt.timedelta(days=14 * WEEKS - 1)  # twice as long
TEXT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2026-01-01, until: 2026-12-31}
roles: {rep: {side: sales, default: true}, marketer: {side: marketing}}
"""


def in_week(week: int, name: str, outcome: str = "won", **facts: Any) -> dict[str, Any]:
    day = FIRST + dt.timedelta(days=7 * week + 3)
    return deal(f"{name}-{week}", outcome, day=day, **facts)


def period_of(goals: str, deals: Iterable[dict[str, Any]], **tables: Any) -> Period:
    agreements = agreed(f"{TEXT}goals: [{goals}]\n")
    watched = in_memory(agreements, deals, LAST, **tables)
    return replace(watched.period, first=FIRST, last=LAST)


def state_of(period: Period) -> GoalState:
    (state,) = goal_states(period, UNTIL)
    return state


# 100,000 and 300,000 by turns: 2,000,000 so far.
TURNS = [
    in_week(week, "D", list_amount=400_000, net_amount=100_000 + 200_000 * (week % 2))
    for week in range(WEEKS)
]
REVENUE = "{id: revenue, metric: net_revenue, at_least: 5000000}"


def test_carries_on_what_adds_up_at_the_pace_so_far() -> None:
    period = period_of(REVENUE, TURNS)
    path = path_of(state_of(period), period, UNTIL)
    assert path is not None
    assert (path.actual, path.projected, path.gone) == (2_000_000.0, 4_000_000.0, 0.5)
    # Ten weeks off by 100,000 each, of twenty, half of them to come:
    # 20 × √(10 / 9 × 10 × 100,000² × ½) / 10.
    assert path.error == pytest.approx(20 * math.sqrt(10 / 9 * 10 * 1e10 / 2) / 10)


def test_is_sure_of_a_share_as_far_as_weeks_agree() -> None:
    goal = "{id: price, metric: price_realization, at_least: 60%}"
    period = period_of(goal, TURNS)
    path = path_of(state_of(period), period, UNTIL)
    assert path is not None
    assert (path.actual, path.projected) == (0.5, 0.5)
    # Each week lies 100,000 off half of its 400,000; the sum of list is 4,000,000.
    assert path.error == pytest.approx(math.sqrt(10 / 9 * 10 * 1e10 / 2) / 4e6)


def test_takes_a_share_without_an_end_for_a_sample() -> None:
    period = period_of("{id: price, metric: price_realization, at_least: 60%}", TURNS)
    state = state_of(period)
    endless, ended = path_of(state, period, None), path_of(state, period, UNTIL)
    assert endless is not None
    assert ended is not None
    assert endless.error == pytest.approx(ended.error * math.sqrt(2))


def test_tells_no_sum_without_an_end() -> None:
    period = period_of(REVENUE, TURNS)
    assert path_of(state_of(period), period, None) is None


def test_leaves_nothing_to_chance_at_the_end() -> None:
    period = period_of(REVENUE, TURNS)
    path = path_of(state_of(period), period, LAST)
    assert path == Path(2_000_000.0, 2_000_000.0, 0.0, 0, 1.0)
    assert path.p(5_000_000, at_least=True) is None
    assert path.interval == (2_000_000.0, 2_000_000.0)


def test_tells_no_sum_before_half_of_the_time_without_a_year_before() -> None:
    period = period_of(REVENUE, TURNS)
    later = UNTIL + dt.timedelta(days=1)
    assert path_of(state_of(period), period, later) is None


def test_tells_nothing_of_a_few_weeks() -> None:
    period = replace(period_of(REVENUE, TURNS), last=FIRST + dt.timedelta(days=48))
    assert path_of(state_of(period), period, UNTIL) is None


def test_takes_the_pace_of_the_same_days_a_year_before_where_it_is_kinder() -> None:
    # A year before a quarter of it had come by the middle: the other half brings three quarters.
    before = [
        {**each, "deal_id": f"{each['deal_id']}-{copy}-{half}", "day": day}
        for each in TURNS
        for half, copies in ((0, 1), (1, 3))
        for copy in range(copies)
        for day in [each["day"] - dt.timedelta(days=365) + dt.timedelta(days=70 * half)]
    ]
    period = period_of(REVENUE, [*TURNS, *before])
    path = path_of(state_of(period), period, UNTIL)
    assert path is not None
    assert path.projected == pytest.approx(8_000_000.0)
    assert path.error > 20 * math.sqrt(10 / 9 * 10 * 1e10 / 2) / 10
    at_most = period_of(REVENUE.replace("at_least", "at_most"), [*TURNS, *before])
    path = path_of(state_of(at_most), at_most, UNTIL)
    assert path is not None
    assert path.projected == pytest.approx(4_000_000.0)


def test_counts_empty_weeks_and_a_short_last_one_of_what_adds_up() -> None:
    period = replace(period_of(REVENUE, TURNS[:3]), last=FIRST + dt.timedelta(days=29))
    weeks = by_week("net_revenue", period)
    assert [(week.number, week.y) for week in weeks] == [
        (0, 100_000.0),
        (1, 300_000.0),
        (2, 100_000.0),
        (3, 0.0),
        (4, 0.0),
    ]
    assert [week.x for week in weeks] == pytest.approx([1, 1, 1, 1, 2 / 7])


@pytest.mark.parametrize(("target", "chance"), [(4_000_000, 0.5), (3_000_000, 0.91)])
def test_gives_the_chance_that_the_goal_is_met(target: int, chance: float) -> None:
    path = Path(actual=2e6, projected=4e6, error=7e5, weeks=10, gone=0.5)
    assert path.p(target, at_least=True) == pytest.approx(chance, abs=0.01)
    assert path.p(target, at_least=False) == pytest.approx(1 - chance, abs=0.01)


DEALS = [
    in_week(
        week,
        f"{outcome}{at}",
        outcome,
        list_amount=50_000 + 7_000 * week,
        net_amount=50_000 + 7_000 * week - 900 * at,
        cost_amount=None if at == 2 else 20_000,
        persona=["", "maker", None][at % 3],
        leakage=100 * at,
        customization_cost=50,
        created_at=dt.datetime(2025, 12, 1 + at + week),
        closed_at=dt.datetime(2026, 1, 1 + at) + dt.timedelta(weeks=week),
    )
    for week in range(WEEKS)
    for at in range(4)
    for outcome in ("won", "lost")
]
LEADS = [
    {
        "lead_id": f"E{week}-{at}",
        "created_at": dt.datetime(2026, 1, 1),
        "qualified_at": dt.datetime(2026, 1, 2) + dt.timedelta(weeks=week),
        "handed_over_at": dt.datetime(2026, 1, 3, 10) + dt.timedelta(weeks=week),
        "verdict": ["accepted", "rejected", None][at],
        "verdict_at": dt.datetime(2026, 1, 4) + dt.timedelta(weeks=week),
        "deal_id": f"won{at}-{week}" if at else None,
    }
    for week in range(WEEKS)
    for at in range(3)
]


SOLD = [
    {
        "week": dt.date(2026, 1, 5) + dt.timedelta(weeks=at % WEEKS),
        "account_id": "A",
        "product_id": f"P{at}",
        "units": Decimal(100 + at),
        "net_price": Decimal(8 - at % 3),
        "base_price": Decimal(8) if at % 4 else None,
        "trade_spend": Decimal(20 + at),
    }
    for at in range(2 * WEEKS)
]
TABLES = {"leads": LEADS, "sell_through": SOLD, "products": [{"product_id": "P0"}]}


@pytest.mark.parametrize("metric", sorted(MEASURED - {"cycle_time"}))
def test_weeks_add_up_to_the_figure_of_the_ledger(metric: str) -> None:
    target = "10 days" if metric == "cycle_time" else "1"
    period = period_of(f"{{id: goal, metric: {metric}, at_least: {target}}}", DEALS, **TABLES)
    weeks = by_week(metric, period)
    y, x = sum(week.y for week in weeks), sum(week.x for week in weeks)
    state = state_of(period)
    assert state.actual is not None
    is_sum = all(week.x == 1 for week in weeks) and metric not in {"win_rate"}
    told = y if is_sum else y / x
    assert Decimal(repr(told)) == pytest.approx(state.actual, rel=Decimal("1e-9"))


def test_measures_every_metric_that_a_goal_may_be_about() -> None:
    from counterpoise.agreement.metrics import GOAL_METRICS

    assert frozenset(GOAL_METRICS) == MEASURED
    assert agreement().goals == ()
