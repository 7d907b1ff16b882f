"""Estimates: ratios with intervals by account."""

from __future__ import annotations

import math
from collections.abc import Sequence

import ibis
import numpy as np
import pytest

from counterpoise.ledger.estimate import Sums, difference, mean_of, share_of, sums_by


def sums_of(pairs: Sequence[tuple[float, float]]) -> Sums:
    """Return the sums of accounts given as y and x."""
    y, x = np.array(pairs, dtype=float).T
    size = float(len(y))
    return Sums(y.sum(), x.sum(), y @ y, x @ y, x @ x, x.sum(), size)


def test_a_mean_varies_by_account() -> None:
    found = mean_of(sums_of([(3, 2), (7, 2)]))  # 1 with 2, and 3 with 4
    assert found is not None
    assert (found.value, found.error) == (2.5, 1.0)
    assert found.low == pytest.approx(2.5 - 12.7062, abs=1e-3)  # t with one degree of freedom
    assert (found.n, found.accounts, found.is_small) == (4, 2, True)


def test_one_account_tells_no_interval() -> None:
    assert mean_of(sums_of([(3, 2)])) is None
    assert share_of(Sums()) is None


def test_a_share_that_all_have_is_not_sure() -> None:
    found = share_of(sums_of([(1, 1)] * 40))
    assert found is not None
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.85 < found.low < 0.95  # Wilson for 40 of 40 is 0.912


def test_a_share_of_independent_rows_has_the_interval_of_wilson() -> None:
    found = share_of(sums_of([(1, 1)] * 3000 + [(0, 1)] * 7000))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.2911, 0.3091), abs=2e-4)


def test_differences_add_variances() -> None:
    one, other = sums_of([(3, 2), (7, 2)]), sums_of([(1, 2), (5, 2)])
    found = difference(one, other)
    assert found is not None
    assert (found.value, found.error) == (1.0, pytest.approx(math.sqrt(2)))
    assert found.freedom == pytest.approx(2)  # Welch: of equal variances the freedoms add up


def test_the_engine_adds_up_as_by_hand() -> None:
    rows = ibis.memtable(
        {
            "account": ["A", "A", "B", "B", "C"],
            "y": [1.0, 2.0, 3.0, 4.0, None],
            "x": [1.0, 1.0, 1.0, 1.0, 1.0],
        }
    )
    table = sums_by(rows, {"all": ibis.literal("all")}, {"it": (rows.y, rows.x)}, rows.account)
    row = ibis.duckdb.connect().to_pyarrow(table).to_pylist()[0]
    assert Sums.read(row, "it") == sums_of([(3, 2), (7, 2)])


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    chance = np.random.default_rng(4)
    held = 0
    for _ in range(600):
        size = chance.integers(1, 9, 40)
        level = chance.normal(0.1, 0.05, 40)
        y = size * level + chance.normal(0, 0.08, 40) * np.sqrt(size)
        found = mean_of(sums_of(list(zip(y.tolist(), size.tolist(), strict=True))))
        assert found is not None
        held += found.low <= 0.1 <= found.high
    assert 0.93 <= held / 600 <= 0.98
