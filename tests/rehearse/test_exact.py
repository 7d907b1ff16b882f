"""Whole numbers that say exactly which rates cover a concession, whatever its size."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.rehearse.exact import (
    BELOW_ALL,
    MILLION,
    NEVER,
    Amounts,
    kept_share,
    needed_for,
    over_authority,
    units_of,
)

_UNITS = st.integers(-(10**17), 10**17)
_RATES = st.integers(0, 1_500_000)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


@given(listed=_UNITS, net=_UNITS, rate=_RATES)
def test_a_rate_covers_a_gap_exactly_where_it_is_at_least_what_is_needed(
    listed: int, net: int, rate: int
) -> None:
    gap = listed - net
    (needed,) = needed_for(ints(listed), ints(gap))
    covers = gap <= 0 or (listed > 0 and gap <= listed * Fraction(rate, MILLION))
    assert bool(rate >= needed) is covers


@given(kept=_UNITS, net=_UNITS, floor=st.integers(0, MILLION))
def test_a_price_lies_below_a_floor_exactly_where_that_is_above_what_it_keeps(
    kept: int, net: int, floor: int
) -> None:
    (share,) = kept_share(ints(kept), ints(net), np.array([True]))
    assert bool(floor > share) is (net <= 0 or kept < net * Fraction(floor, MILLION))


@given(listed=st.integers(0, 10**17), given_=st.integers(0, 10**17), rate=_RATES)
def test_what_exceeds_authority_is_rounded_as_the_ledger_rounds_it(
    listed: int, given_: int, rate: int
) -> None:
    gap = min(listed, given_)
    covered = _rounded(Decimal(listed * rate) / MILLION, Decimal(1))
    over = _rounded(max(Decimal(0), gap - covered), Decimal(100))
    (found,) = over_authority(ints(listed), ints(gap), ints(gap), ints(rate))
    assert found == min(Decimal(gap), over)


def _rounded(amount: Decimal, unit: Decimal) -> Decimal:
    return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def test_knows_what_no_rate_covers_and_what_is_unknown() -> None:
    assert needed_for(ints(0, -5, 0), ints(1, 1, 0)).tolist() == [NEVER, NEVER, 0]
    unknown = kept_share(ints(0, 5), ints(10, 0), np.array([False, True]))
    assert unknown.tolist() == [NEVER, BELOW_ALL]


def test_reads_amounts_of_any_slice_of_a_column() -> None:
    column = pa.array([Decimal("1.5"), None, Decimal("-99999999999999.9999")], pa.decimal128(18, 4))
    amounts, known = units_of(column)
    assert amounts.tolist() == [15_000, 0, -(10**18 - 1)]
    assert known.tolist() == [True, False, True]
    assert units_of(column[2:])[0].tolist() == [-(10**18 - 1)]
    assert units_of(pa.chunked_array([], pa.decimal128(18, 4)))[0].tolist() == []


@given(st.lists(st.tuples(st.integers(0, 2), _UNITS), max_size=20))
def test_sums_are_exact_however_large(rows: list[tuple[int, int]]) -> None:
    codes, amounts = ints(*(code for code, _ in rows)), ints(*(amount for _, amount in rows))
    wanted = [sum(amount for code, amount in rows if code == each) for each in range(3)]
    found = Amounts.of(amounts)
    assert found.sums_by(codes, 3) == wanted
    assert found.total == sum(wanted)
