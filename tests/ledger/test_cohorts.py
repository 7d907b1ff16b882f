"""Shares of leads by age are those worked out by hand, and as sure as another route says."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.ledger.aalen_johansen import Age, by_age, incidence
from counterpoise.ledger.cohorts import Outcomes, follow
from counterpoise.ledger.fiscal import month_number

JANUARY = month_number(dt.date(2026, 1, 1))
END = dt.datetime(2026, 6, 1)


def test_follows_leads_by_hand() -> None:
    """Ten leads: at age 2 two won and one lost, three are 3 days old, at 5 one won.

    F(2) = 2/10. Before 5 survive 7/10, four are at risk, so F(5) = 2/10 + 7/10 · 1/4 = 0.375.
    """
    found = incidence([Age(2, 2, 1, 0), Age(3, 0, 0, 3), Age(5, 1, 0, 0), Age(9, 0, 0, 3)])
    assert by_age(found, 1).share == 0
    assert by_age(found, 4).share == pytest.approx(0.2)
    assert by_age(found, 9).share == pytest.approx(0.375)
    assert by_age(found, 5).at_risk == 4
    assert by_age(found, 4).variance == pytest.approx(0.2 * 0.8 / 10)


_AGES = st.lists(
    st.tuples(*(st.integers(0, 4) for _ in range(3))).filter(any), min_size=1, max_size=8
)


@settings(max_examples=40)
@given(_AGES)
def test_is_as_sure_as_the_product_of_transitions_says(counts: list[tuple[int, int, int]]) -> None:
    """Carry the covariance of the three states from age to age (multinomial at each)."""
    found = incidence(Age(at, *each) for at, each in enumerate(counts))
    at_risk = sum(sum(each) for each in counts)
    state, covariance = np.array([1.0, 0.0, 0.0]), np.zeros((3, 3))
    for each, (meant, other, censored) in zip(found, counts, strict=True):
        moved = np.array([meant, other]) / at_risk
        step = np.eye(3)
        step[0] = [1 - moved.sum(), *moved]
        noise = np.zeros((3, 3))
        noise[1:, 1:] = (np.diag(moved) - np.outer(moved, moved)) / at_risk
        noise[0, 1:] = noise[1:, 0] = -noise[1:, 1:].sum(axis=0)
        noise[0, 0] = noise[1:, 1:].sum()
        covariance = step.T @ covariance @ step + state[0] ** 2 * noise
        state = state @ step
        assert each.share == pytest.approx(state[1])
        assert each.variance == pytest.approx(covariance[1, 1], abs=1e-12)
        at_risk -= meant + other + censored


@given(st.integers(1, 60), st.integers(0, 60))
def test_is_a_plain_share_where_nobody_is_censored(won: int, lost: int) -> None:
    n = won + lost
    (found,) = incidence([Age(1, won, lost, 0)])
    assert found.share == pytest.approx(won / n)
    assert found.variance == pytest.approx(won / n * (lost / n) / n, abs=1e-12)
    low, high = found.interval
    assert 0 <= low <= found.share <= high <= 1


def _of(*ages: tuple[int, int, int, int]) -> Outcomes:
    won = tuple(Age(*each) for each in ages)
    return Outcomes(won, tuple(Age(age, other, meant, rest) for age, meant, other, rest in ages))


def test_compares_cohorts_at_the_longest_age_that_both_reached() -> None:
    """January is 120 days behind on 1 June, April 31: by 31 days 2 of 10 were won, and 1 of 4."""
    april = JANUARY + 3
    found = follow(
        {
            JANUARY: _of((10, 2, 0, 0), (40, 2, 0, 0), (130, 0, 0, 6)),
            april: _of((20, 1, 0, 0), (45, 0, 1, 2)),
        },
        END,
    )
    one, two = found.cohorts
    assert (one.reached, two.reached) == (120, 31)
    (both,) = found.compared
    assert (both.age, both.share_before, both.share) == (31, pytest.approx(0.2), 0.25)
    assert both.low < 0 < both.high
    assert not both.differs


def test_says_which_cohorts_are_young() -> None:
    """Of all that is won nine in ten are won by age 40: April is only 31 days behind."""
    found = follow(
        {
            JANUARY: _of((10, 2, 0, 0), (40, 2, 0, 0), (130, 0, 0, 6)),
            JANUARY + 3: _of((20, 1, 0, 0), (45, 0, 1, 2)),
        },
        END,
    )
    assert found.judged_from == 40
    assert [each.is_young for each in found.cohorts] == [False, True]
    assert [each.is_small for each in found.cohorts] == [True, True]


def test_nobody_won_of_ten_may_be_three_in_ten() -> None:
    """1 - 0.025 ** (1 / 10) is 0.3085, the exact upper end (Clopper and Pearson)."""
    found = by_age(incidence([Age(5, 0, 0, 10)]), 4)
    assert found.interval == (0.0, pytest.approx(0.3085, abs=1e-4))


def test_judges_nobody_where_nothing_is_won() -> None:
    found = follow({JANUARY: _of((130, 0, 0, 6))}, END)
    assert found.judged_from is None
    assert found.cohorts[0].is_young
