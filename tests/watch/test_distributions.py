"""The distributions agree with SciPy's own over what the judge asks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from counterpoise.watch.distributions import (
    adjusted,
    binomial_at_least,
    drawn_at_least,
    exact_interval,
    normal_density,
    normal_end,
    t_above,
    t_end,
    trimmed_mean,
)


@pytest.mark.parametrize("freedom", [1, 5, 31, 400, np.inf])
def test_tails_of_t_are_those_of_scipy(freedom: float) -> None:
    values = np.array([-3.0, -0.5, 0.0, 1.0, 4.0, 12.0])
    assert t_above(values, freedom) == pytest.approx(stats.t.sf(values, freedom), rel=1e-10)
    for share in (0.5, 0.025, 1e-6):
        assert t_end(share, freedom) == pytest.approx(stats.t.isf(share, freedom), rel=1e-9)


def test_takes_degrees_of_freedom_one_a_value() -> None:
    found = t_above(np.array([2.0, 2.0, np.nan]), np.array([3.0, np.inf, 5.0]))
    assert found[:2] == pytest.approx([stats.t.sf(2, 3), stats.norm.sf(2)])
    assert np.isnan(found[2])


def test_the_normal_is_that_of_scipy() -> None:
    assert normal_end(0.025) == pytest.approx(stats.norm.isf(0.025))
    assert normal_density(1.3) == pytest.approx(stats.norm.pdf(1.3))


def test_binomials_are_those_of_scipy() -> None:
    count, n = np.array([0, 1, 7, 20, 21]), np.array([20, 20, 20, 20, 20])
    expected = stats.binom.sf(count - 1, n, 0.1)
    assert binomial_at_least(count, n, 0.1) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("count", [0, 1, 3, 6, 7])
def test_draws_are_those_of_scipy(count: int) -> None:
    expected = stats.hypergeom.sf(count - 1, 40, 9, 6)
    assert drawn_at_least(count, 6, 9, 40) == pytest.approx(expected, rel=1e-9)


def test_draws_nothing_that_cannot_be() -> None:
    assert drawn_at_least(2, 9, 5, 10) == pytest.approx(stats.hypergeom.sf(1, 10, 5, 9))
    assert drawn_at_least(4, 9, 5, 10) == 1.0


@pytest.mark.parametrize(("count", "n"), [(0, 10), (1, 10), (10, 10), (250, 1000)])
def test_intervals_are_those_of_scipy(count: int, n: int) -> None:
    found = stats.binomtest(count, n).proportion_ci(0.95, "exact")
    assert exact_interval(count, n) == pytest.approx((found.low, found.high), abs=1e-9)


def test_adjusts_and_trims_like_scipy() -> None:
    draws = np.random.default_rng(1).uniform(size=101)
    assert adjusted(draws) == pytest.approx(stats.false_discovery_control(draws))
    assert trimmed_mean(draws, 0.1) == pytest.approx(stats.trim_mean(draws, 0.1))
