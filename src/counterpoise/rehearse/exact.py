"""Exact whole numbers: money as units of its last digit, rates as the millionths that cover them.

A concession of a share of list is within a rate exactly where the rate is at least some whole
number of millionths, since agreements write rates with up to six digits. That number says of a
deal all that any candidate asks of its price, and comparing whole numbers is exact and quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MILLION = 1_000_000
UNITS = 10_000
"""How many of the smallest units of money one is."""
NEVER = 1 << 40
"""More millionths than any authority has: a concession that nobody may grant."""
BELOW_ALL = -1
"""Fewer millionths than any floor has: a price that lies below every floor."""

_CENT = UNITS // 100
_WIDEST = 1 << 62
_FITS = _WIDEST // MILLION
"""Amounts below this have a millionfold that fits into 64 bits."""
_EXACT_IN_FLOATS = 1 << 53
_SPLIT = 24


def units_of(column: pa.ChunkedArray) -> tuple[Ints, Flags]:
    """Return a column of DECIMAL(18, 4) as units, 0 where it is NULL, and where it is known."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    known = pc.is_valid(whole).to_numpy(zero_copy_only=False)
    if not len(whole):
        return np.zeros(0, np.int64), known
    words = np.frombuffer(whole.buffers()[1], np.int64)  # pairs, the low word first
    amounts = words[2 * whole.offset : 2 * (whole.offset + len(whole)) : 2]
    return np.where(known, amounts, 0), known


def money(units: int) -> Decimal:
    """Return units as money.

    >>> money(1_234_500)
    Decimal('123.4500')
    """
    return Decimal(units).scaleb(-4)


def millionths(rate: Decimal) -> int:
    """Return a rate in millionths.

    >>> millionths(Decimal("0.125"))
    125000
    """
    return int(rate * MILLION)


def needed_for(listed: Ints, gap: Ints) -> Ints:
    """Return the least rate, in millionths, that covers a gap between list and net.

    The gap is covered by rate r iff gap ≤ list × r, so the least is ⌈gap / list⌉ in millionths; 0
    where there is no gap, `NEVER` where there is one and no list to take a share of.
    """
    asks = gap > 0
    base = np.where(asks & (listed > 0), listed, 1)
    needed = -_scaled_floor(np.where(asks, -gap, 0), base)
    return np.where(asks & (listed <= 0), NEVER, np.minimum(needed, NEVER))


def kept_share(kept: Ints, net: Ints, known: Flags) -> Ints:
    """Return the greatest floor, in millionths, that a price keeps.

    It keeps floor f iff kept ≥ net × f, so the greatest is ⌊kept / net⌋ in millionths;
    `BELOW_ALL` where there is no net, `NEVER` where what is kept is unknown.
    """
    base = np.where(net > 0, net, 1)
    share = np.where(net > 0, _scaled_floor(kept, base), BELOW_ALL)
    return np.where(known, np.clip(share, BELOW_ALL, NEVER), NEVER)


def over_authority(listed: Ints, gap: Ints, conceded: Ints, authority: Ints) -> Ints:
    """Return the part of a concession that a rate in millionths leaves uncovered, in cents."""
    covered = _scaled(listed, authority)
    over = np.maximum(gap - covered, 0)
    found: Ints = np.minimum(conceded, (over + _CENT // 2) // _CENT * _CENT)
    return found


def _scaled_floor(part: Ints, whole: Ints) -> Ints:
    """Return ⌊part × 1,000,000 / whole⌋, in Python's whole numbers where 64 bits are too few."""
    large = np.abs(part) >= _FITS
    found = np.where(large, 0, part) * MILLION // whole
    if large.any():
        found[large] = _narrow(_wide(part[large]) * MILLION // _wide(whole[large]))
    return found


def _scaled(amount: Ints, rate: Ints) -> Ints:
    """Return amount × rate / 1,000,000, a half rounded up."""
    large = np.abs(amount).astype(np.float64) * rate >= _WIDEST
    found = (np.where(large, 0, amount) * rate + MILLION // 2) // MILLION
    if large.any():
        exact = (_wide(amount[large]) * _wide(rate[large]) + MILLION // 2) // MILLION
        found[large] = _narrow(exact)
    return found


def _wide(values: Ints) -> npt.NDArray[np.object_]:
    """Return Python's whole numbers, which have room for everything."""
    return values.astype(object)


def _narrow(values: npt.NDArray[np.object_]) -> Ints:
    """Bring Python's whole numbers back to 64 bits; what is larger is beyond every rate."""
    return np.clip(values, -_WIDEST, _WIDEST).astype(np.int64)


@dataclass(frozen=True)
class Amounts:
    """Amounts in units, ready to be added up exactly, over and over.

    Sums of floating point are exact while they stay below 2^53; larger amounts come in two halves.
    """

    parts: tuple[tuple[Floats, int], ...]

    @classmethod
    def of(cls, units: Ints) -> Amounts:
        """Get amounts ready."""
        if float(np.abs(units).sum(dtype=np.float64)) < _EXACT_IN_FLOATS:
            return cls(((units.astype(np.float64), 0),))
        low = units & ((1 << _SPLIT) - 1)
        return cls((((units >> _SPLIT).astype(np.float64), _SPLIT), (low.astype(np.float64), 0)))

    def picked(self, which: Flags) -> Amounts:
        """Return some of the amounts."""
        return Amounts(tuple((part[which], shift) for part, shift in self.parts))

    def sums_by(self, codes: Ints, size: int) -> list[int]:
        """Add up by a code below a size."""
        found = [0] * size
        for part, shift in self.parts:
            sums = np.bincount(codes, weights=part, minlength=size)
            found = [total + (int(each) << shift) for total, each in zip(found, sums, strict=True)]
        return found

    @property
    def total(self) -> int:
        """Add up all of them."""
        return sum(int(part.sum()) << shift for part, shift in self.parts)
