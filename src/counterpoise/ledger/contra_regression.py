"""Regressions that hold deals against others of the same mix, with errors by account.

The mix is additive: a shift a level of each factor, by least squares. Errors of one account's deals
hang together (Liang & Zeger 1986), and are held against Student's t with the effective number of
accounts less one, (Σh)² / Σh² − 1 with h an account's share of what tells the slope (after Carter,
Schnepel & Steigerwald 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from counterpoise.ledger.estimate import Estimate, estimate

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST_OF_LEVEL = 10
"""Rows below which a level of a factor stands with the other rare ones."""
WEAKEST = 10.0
"""F of the first stage below which an instrument tells nothing (Staiger & Stock 1997)."""


@dataclass(frozen=True)
class Mix:
    """What rows are alike in: a shift for each level of each factor but its commonest, and a level.

    Attributes:
        rows: How many rows there are.
        factors: For each factor the place of each row's shift, its commonest level's being the
            last, which stands for none.
        sizes: How many shifts each factor has.
    """

    rows: int
    factors: tuple[Ints, ...]
    sizes: tuple[int, ...]

    @property
    def count(self) -> int:
        """Return how many shifts there are, the level included."""
        return 1 + sum(self.sizes)

    def left(self, values: Floats) -> Floats:
        """Return what the mix leaves of values."""
        return self._beyond(values, _solved(self._normal, self._sums(values)))

    def left_within(self, values: Floats, account: Ints) -> Floats:
        """Return what a mix learned within accounts leaves of values; accounts keep their level."""
        size = np.bincount(account).astype(np.float64)
        by_account = np.column_stack([size, *self._by_account(account, len(size))])
        scaled = by_account / size[:, None]
        normal = self._normal - by_account.T @ scaled
        right = self._sums(values) - scaled.T @ np.bincount(account, values)
        return self._beyond(values, _solved(normal, right))

    def _beyond(self, values: Floats, shifts: Floats) -> Floats:
        found, first = values - shifts[0], 1
        for codes, size in zip(self.factors, self.sizes, strict=True):
            found -= np.append(shifts[first : first + size], 0.0)[codes]
            first += size
        return np.asarray(found)

    def _sums(self, values: Floats) -> Floats:
        """Return the sum of values over the rows of each shift."""
        parts = [
            np.bincount(codes, values, size + 1)[:size]
            for codes, size in zip(self.factors, self.sizes, strict=True)
        ]
        return np.concatenate([[values.sum()], *parts])

    @cached_property
    def _normal(self) -> Floats:
        """Return how many rows any two shifts have in common."""
        ends = np.cumsum([1, *self.sizes])
        found = np.zeros((self.count, self.count))
        found[0, :] = found[:, 0] = self._sums(np.ones(self.rows))
        for at, one in enumerate(self.factors):
            for other in range(at, len(self.factors)):
                shape = self.sizes[at] + 1, self.sizes[other] + 1
                pairs = np.bincount(
                    one * shape[1] + self.factors[other], minlength=shape[0] * shape[1]
                )
                block = pairs.reshape(shape)[:-1, :-1]
                rows, columns = (slice(ends[each], ends[each + 1]) for each in (at, other))
                found[rows, columns], found[columns, rows] = block, block.T
        return found

    def _by_account(self, account: Ints, accounts: int) -> Iterator[Floats]:
        for codes, size in zip(self.factors, self.sizes, strict=True):
            pairs = np.bincount(account * (size + 1) + codes, minlength=accounts * (size + 1))
            yield pairs.reshape(accounts, size + 1)[:, :size].astype(np.float64)


def _solved(normal: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(normal, right, rcond=1e-9)[0])


def coded(column: pa.ChunkedArray) -> Ints:
    """Return a column as numbers from 0 on, what is unknown as a level of its own."""
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
    found = pc.dictionary_encode(whole, null_encoding="encode")
    return np.asarray(found.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def mix_of(factors: Sequence[Ints], rows: int) -> Mix:
    """Return the mix of factors given as numbers; rare levels of a factor stand together."""
    placed = [_placed(each) for each in factors if len(each)]
    return Mix(rows, tuple(codes for codes, _ in placed), tuple(size for _, size in placed))


def _placed(codes: Ints) -> tuple[Ints, int]:
    """Return the place of each row's shift among those of its factor, and how many there are."""
    counts = np.bincount(codes)
    merged = np.where(counts < FEWEST_OF_LEVEL, len(counts), np.arange(len(counts)))
    rows = np.bincount(merged, counts, len(counts) + 1)
    kept = np.flatnonzero((rows > 0) & (np.arange(len(rows)) != rows.argmax()))
    place = np.full(len(rows), len(kept))
    place[kept] = np.arange(len(kept))
    found: Ints = place[merged][codes]
    return found, len(kept)


def slope(x: Floats, y: Floats, mix: Mix, account: Ints) -> Estimate | None:
    """Return how much y rises with x among rows of the same mix; None where x does not vary."""
    told, left = mix.left(x), mix.left(y)
    weight = float(told @ told)
    if weight <= 1e-9 * max(len(x), 1):
        return None
    found = float(told @ left) / weight
    spare = (len(x) - 1) / max(len(x) - mix.count - 1, 1)
    return _clustered(found, told * (left - found * told), told * told, account, spare)


def instrumented(z: Floats, x: Floats, y: Floats, account: Ints) -> Estimate | None:
    """Return how much y rises with x, told by an instrument; None where that is too weak."""
    weight = float(z @ x)
    by_account = np.bincount(account, z * x)
    if weight**2 < WEAKEST * float(by_account @ by_account):
        return None
    found = float(z @ y) / weight
    return _clustered(found, z * (y - found * x), z * x, account, 1.0)


def _clustered(
    value: float, scores: Floats, weights: Floats, account: Ints, spare: float
) -> Estimate | None:
    present = np.unique(account)
    sums = np.bincount(account, scores)
    shares = np.bincount(account, weights)
    if len(present) < 2:
        return None
    spare *= len(present) / (len(present) - 1)
    variance = float(sums @ sums) / float(weights.sum()) ** 2 * spare
    freedom = max(float(weights.sum()) ** 2 / float(shares @ shares) - 1.0, 1.0)
    return estimate(value, variance, freedom, (len(scores), len(present)))
