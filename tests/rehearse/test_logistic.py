"""The logistic model: the top of its penalised likelihood, found by other means."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.logistic import expit, fit, left_out
from counterpoise.rehearse.offers import Floats


def _data(size: int = 80) -> tuple[Floats, Flags, Floats]:
    rng = np.random.default_rng(5)
    columns = np.column_stack([np.ones(size), rng.standard_normal((size, 3))])
    won = rng.random(size) < expit(columns @ np.array([-0.5, 1.0, -2.0, 0.0]))
    return columns, won, np.array([1e-6, 0.5, 2.0, 10.0])


def _top(columns: Floats, won: Flags, ridge: Floats) -> Floats:
    """Return the top by a general optimiser that is told no slope."""

    def depth(at: Floats) -> float:
        odds = columns @ at
        likelihood = odds[won].sum() - np.log1p(np.exp(odds)).sum()
        return float(0.5 * (ridge * at * at).sum() - likelihood)

    return np.asarray(optimize.minimize(depth, np.zeros(columns.shape[1]), tol=1e-8).x)


def test_fit_reaches_the_top_that_an_optimiser_finds() -> None:
    columns, won, ridge = _data()
    found = fit(columns, won, ridge).coefficients
    np.testing.assert_allclose(found, _top(columns, won, ridge), atol=1e-5)


def test_constant_alone_is_the_log_odds_of_the_share_won() -> None:
    won = np.array([True] * 3 + [False] * 9)
    found = fit(np.ones((12, 1)), won, np.zeros(1))
    np.testing.assert_allclose(found.coefficients, [np.log(3 / 9)])
    np.testing.assert_allclose(found.chance(np.ones((1, 1))), [0.25])


def test_ridge_holds_a_column_that_tells_all() -> None:
    won = np.arange(40) < 20
    columns = np.column_stack([np.ones(40), np.where(won, 1.0, -1.0)])
    ridge = np.array([1e-6, 1.0])
    found = fit(columns, won, ridge).coefficients
    np.testing.assert_allclose(found, _top(columns, won, ridge), atol=1e-5)
    # Where the slope is 0, ridge × coefficient is what is left of the forty outcomes.
    np.testing.assert_allclose(found[1], 40 * (1 - expit(found[1:])[0]))


def test_columns_that_say_the_same_share_what_they_say() -> None:
    columns, won, _ = _data()
    twice = np.column_stack([columns[:, :2], columns[:, 1]])
    found = fit(twice, won, np.array([1e-6, 1.0, 1.0])).coefficients
    np.testing.assert_allclose(found[1], found[2])


def test_left_out_is_near_a_fit_without_the_fold() -> None:
    columns, won, ridge = _data(2_000)
    folds = np.arange(2_000) % 5
    whole = fit(columns, won, ridge)
    for fold, found in enumerate(left_out(whole, columns, won, folds)):
        kept = folds != fold
        anew = fit(columns[kept], won[kept], ridge).coefficients
        moved = np.abs(anew - whole.coefficients).max()
        assert np.abs(found.coefficients - anew).max() < 0.1 * moved
