"""Regressions that hold deals against others of the same mix, with errors by account.

The mix is additive: a shift a level of each factor, by least squares. Errors of one account's deals
hang together (Liang & Zeger 1986), and are held against Student's t with the effective number of
accounts less one, (Σh)² / Σh² − 1 with h an account's share of what tells the slope (after Carter,
Schnepel & Steigerwald 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

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
    """What rows are alike in: one column a level of each factor but its commonest, and a level."""

    columns: sparse.csr_array

    @property
    def count(self) -> int:
        """Return how many shifts there are."""
        return int(self.columns.shape[1])

    def left(self, values: Floats) -> Floats:
        """Return what the mix leaves of values."""
        normal = (self.columns.T @ self.columns).toarray()
        shifts = np.linalg.lstsq(normal, self.columns.T @ values, rcond=1e-9)[0]
        return np.asarray(values - self.columns @ shifts)

    def left_within(self, values: Floats, account: Ints) -> Floats:
        """Return what a mix learned within accounts leaves of values; accounts keep their level."""
        size = np.bincount(account).astype(np.float64)
        shape, ones = (len(size), len(account)), np.ones(len(account))
        member = sparse.csr_array((ones, (account, np.arange(len(account)))), shape=shape)
        sums = sparse.csr_array(member @ self.columns)
        scaled = sparse.csr_array(sums.multiply((1.0 / size)[:, None]))
        normal = (self.columns.T @ self.columns - sums.T @ scaled).toarray()
        right = self.columns.T @ values - scaled.T @ np.asarray(member @ values)
        shifts = np.linalg.lstsq(normal, right, rcond=1e-9)[0]
        return np.asarray(values - self.columns @ shifts)


def coded(column: pa.ChunkedArray) -> Ints:
    """Return a column as numbers from 0 on, what is unknown as a level of its own."""
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
    found = pc.dictionary_encode(whole, null_encoding="encode")
    return np.asarray(found.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def mix_of(factors: Sequence[Ints], rows: int) -> Mix:
    """Return the mix of factors given as numbers; rare levels of a factor stand together."""
    blocks = [np.ones((rows, 1))] if rows else [np.ones((0, 1))]
    columns = [sparse.csr_array(blocks[0]), *(_dummies(each) for each in factors if len(each))]
    return Mix(sparse.csr_array(sparse.hstack(columns, format="csr")))


def _dummies(codes: Ints) -> sparse.csr_array:
    counts = np.bincount(codes)
    rare = counts < FEWEST_OF_LEVEL
    merged = np.where(rare[codes], len(counts), codes)
    counts = np.bincount(merged)
    kept = np.flatnonzero((counts > 0) & (np.arange(len(counts)) != counts.argmax()))
    place = np.full(len(counts), -1)
    place[kept] = np.arange(len(kept))
    rows = np.flatnonzero(place[merged] >= 0)
    shape = (len(codes), len(kept))
    return sparse.csr_array((np.ones(len(rows)), (rows, place[merged][rows])), shape=shape)


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
