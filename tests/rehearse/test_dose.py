"""The dose: a slope, a slope a group, and bends."""

from __future__ import annotations

import numpy as np

from counterpoise.rehearse.dose import Dose


def test_columns_are_a_slope_one_a_group_and_one_a_bend() -> None:
    dose = Dose(0.1, (0.05, 0.2), np.array([[1.0], [0.0]]))
    found = dose.columns(np.array([0.1, 0.3]))
    np.testing.assert_allclose(found, [[1.0, 1.0, 0.5, 0.0], [3.0, 0.0, 2.5, 1.0]])
    assert dose.ridge.size == 4


def test_knots_lie_among_rates_below_list_and_apart() -> None:
    rate = np.repeat([0.0, 0.1, 0.2, 0.3], 100)
    assert Dose.of(rate, np.empty((400, 0))).knots == (0.1, 0.2, 0.3)


def test_deals_above_list_tell_a_bend_at_list() -> None:
    rate = np.repeat([-0.1, 0.1, 0.2, 0.3], [30, 100, 100, 100])
    groups = np.empty((330, 0))
    assert Dose.of(rate, groups).knots == (0.0, 0.1, 0.2, 0.3)
    assert Dose.of(rate[1:], groups[1:]).knots == (0.1, 0.2, 0.3)


def test_few_rates_below_list_have_no_bends() -> None:
    rate = np.repeat([0.0, 0.1], [300, 20])
    assert Dose.of(rate, np.empty((320, 0))).knots == ()


def test_one_slip_of_a_price_moves_neither_unit_nor_knots() -> None:
    rate = np.repeat([0.0, 0.1, 0.2, 0.3], 250)
    slipped = rate.copy()
    slipped[0] = -1e6
    usual, found = (Dose.of(each, np.empty((1_000, 0))) for each in (rate, slipped))
    assert found.knots == usual.knots
    assert found.unit < 1.05 * usual.unit
    assert np.isfinite(found.columns(slipped)).all()
    assert np.abs(found.columns(slipped)).max() < 10
