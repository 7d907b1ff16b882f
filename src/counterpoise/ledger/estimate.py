"""Estimates: a figure with its interval, how many rows and accounts it stands on, and how.

Rows of one account hang together, so what varies is an account. A figure is a ratio of two sums,
R = Σy / Σx (a share and a mean have x = 1). With u = y − R·x added up by account, its variance is
Σu² / (Σx)² · G / (G − 1) over G accounts (the linearised ratio; Cochran 1977, §6; Liang & Zeger
1986), held against Student's t with the accounts' effective number (Σx)² / Σx² less one. It fails
where a handful of accounts have most of the sums: the interval is wide then, and still too bold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FEW_ROWS = 30
FEW_ACCOUNTS = 8
"""Below one of these an interval is shown and nothing is said of it."""
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure, the interval that holds the true one with 95 %, and what it stands on.

    Attributes:
        value: The figure.
        low: Where the interval starts.
        high: Where it ends.
        error: The standard error.
        freedom: Degrees of freedom of the error.
        n: Rows behind it.
        accounts: Accounts behind it, each one witness.
    """

    value: float
    low: float
    high: float
    error: float
    freedom: float
    n: int
    accounts: int

    @property
    def is_small(self) -> bool:
        """Tell whether it stands on too little to say anything."""
        return self.n < FEW_ROWS or self.accounts < FEW_ACCOUNTS

    @property
    def is_clear_of_zero(self) -> bool:
        """Tell whether 0 lies outside the interval, and enough stands behind it."""
        return not self.is_small and (self.low > 0 or self.high < 0)

    def turned(self) -> Estimate:
        """Return the figure with the other sign."""
        return replace(self, value=-self.value, low=-self.high, high=-self.low)


@dataclass(frozen=True)
class Sums:
    """Sums over accounts of what a ratio is made of; those of disjoint accounts add up."""

    y: float = 0.0
    x: float = 0.0
    yy: float = 0.0
    xy: float = 0.0
    xx: float = 0.0
    n: float = 0.0
    accounts: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        """Add the sums of other accounts."""
        return Sums(*(getattr(self, name) + getattr(other, name) for name in _NAMES))

    @classmethod
    def read(cls, row: Mapping[str, float | None], name: str) -> Sums:
        """Read the sums of one measure from a row of `sums_by`."""
        return cls(*(float(row[f"{name}_{each}"] or 0.0) for each in _NAMES))

    @property
    def ratio(self) -> float:
        """Return the ratio itself, NaN where there is nothing to divide by."""
        return self.y / self.x if self.x else math.nan

    @property
    def variance(self) -> float:
        """Return the variance of the ratio; NaN with fewer than two accounts."""
        if self.accounts < 2 or not self.x:
            return math.nan
        around = self.yy - 2 * self.ratio * self.xy + self.ratio**2 * self.xx
        spare = self.accounts / (self.accounts - 1)
        return max(around, 0.0) / self.x**2 * spare

    @property
    def freedom(self) -> float:
        """Return the effective number of accounts less one."""
        return max(self.x**2 / self.xx - 1.0, 1.0) if self.xx > 0 else 1.0


_NAMES = tuple(Sums.__dataclass_fields__)


def sums_by(
    rows: ir.Table,
    keys: Mapping[str, ir.Value],
    measures: Mapping[str, tuple[ir.Value, ir.Value]],
    cluster: ir.Value,
) -> ir.Table:
    """Add up measures by keys, with what their variances are made of.

    Args:
        rows: One row a case.
        keys: Expressions to group by, by the name that they get.
        measures: By name, the y and the x of a ratio; a row without both counts for neither.
        cluster: Whose case it is.

    Returns:
        Grain: the keys. Columns: for each measure its `Sums`, each behind the measure's name.
    """
    parts: dict[str, ir.Value] = {}
    for name, (y, x) in measures.items():
        has = y.notnull() & x.notnull() & (x > 0)
        parts[f"{name}_y"] = ibis.ifelse(has, y.cast("float64"), ibis.null("float64")).sum()
        parts[f"{name}_x"] = ibis.ifelse(has, x.cast("float64"), ibis.null("float64")).sum()
        parts[f"{name}_n"] = has.cast("int32").sum()
    by_account = rows.group_by(**keys, cluster_=cluster).aggregate(**parts)
    sums: dict[str, ir.Value] = {}
    for name in measures:
        y, x = by_account[f"{name}_y"], by_account[f"{name}_x"]
        sums |= {
            f"{name}_y": y.sum(),
            f"{name}_x": x.sum(),
            f"{name}_yy": (y * y).sum(),
            f"{name}_xy": (x * y).sum(),
            f"{name}_xx": (x * x).sum(),
            f"{name}_n": by_account[f"{name}_n"].sum().cast("float64"),
            f"{name}_accounts": x.count().cast("float64"),
        }
    return by_account.group_by(*keys).aggregate(**sums)


def mean_of(sums: Sums) -> Estimate | None:
    """Return a ratio of sums with its interval; None where fewer than two accounts tell."""
    if math.isnan(sums.variance):
        return None
    return estimate(sums.ratio, sums.variance, sums.freedom, _size(sums))


def share_of(sums: Sums) -> Estimate | None:
    """Return a share of rows with its interval, which stays within 0 and 1; None without rows.

    Wilson's interval (1927) with the number of independent rows that the variance by account
    stands for (Korn & Graubard 1998); where all or none of them have it, an account is a row.
    """
    if not sums.n:
        return None
    found, error = sums.ratio, sums.variance
    spread = found * (1.0 - found)
    rows = spread / error if spread > 0 and error > 0 else sums.accounts
    rows = min(max(rows, 1.0), sums.n)
    t = t_end(sums.freedom)
    middle = (found + t**2 / (2 * rows)) / (1 + t**2 / rows)
    half = t / (1 + t**2 / rows) * math.sqrt(spread / rows + t**2 / (4 * rows**2))
    return Estimate(
        value=found,
        low=max(0.0, middle - half),
        high=min(1.0, middle + half),
        error=math.sqrt(spread / rows),
        freedom=sums.freedom,
        n=int(sums.n),
        accounts=int(sums.accounts),
    )


def difference(one: Sums, other: Sums) -> Estimate | None:
    """Return by how much one ratio lies above another of other accounts, with its interval.

    The degrees of freedom are Welch's (1947), the rows and accounts those of the smaller side.
    """
    both = one.variance + other.variance
    if math.isnan(both):
        return None
    parts = one.variance**2 / one.freedom + other.variance**2 / other.freedom
    freedom = both**2 / parts if parts > 0 else min(one.freedom, other.freedom)
    size = int(min(one.n, other.n)), int(min(one.accounts, other.accounts))
    return estimate(one.ratio - other.ratio, both, freedom, size)


def estimate(
    value: float, variance: float, freedom: float, size: tuple[int, int], times: int = 1
) -> Estimate:
    """Return a figure with its interval.

    Args:
        value: The figure.
        variance: Of the figure.
        freedom: Degrees of freedom of the variance.
        size: Rows and accounts behind it.
        times: Of how many figures the intervals hold all together (Bonferroni).
    """
    error = math.sqrt(variance)
    half = t_end(freedom, times) * error
    return Estimate(value, value - half, value + half, error, freedom, *size)


def estimates(
    values: Floats, variances: Floats, freedoms: Floats, size: tuple[int, int]
) -> list[Estimate]:
    """Return many figures of the same rows with their intervals, as `estimate` does one."""
    errors = np.sqrt(variances)
    halves = np.array([t_end(each) for each in freedoms.tolist()]) * errors
    columns = (values, values - halves, values + halves, errors, freedoms)
    n, accounts = (repeat(each) for each in size)
    return list(map(Estimate, *(column.tolist() for column in columns), n, accounts))


@lru_cache(maxsize=4_096)
def t_end(freedom: float, times: int = 1) -> float:
    """Return how many standard errors an interval reaches to each side.

    >>> round(t_end(10), 3), round(t_end(1e9), 3)
    (2.228, 1.96)
    """
    from scipy import stats

    return float(stats.t.ppf(1.0 - (1.0 - LEVEL) / 2 / times, freedom))


def _size(sums: Sums) -> tuple[int, int]:
    return int(sums.n), int(sums.accounts)
