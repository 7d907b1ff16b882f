"""Regression within units, from sums that the engine makes: what varies where nothing else does.

Least squares of an outcome on a few regressors with one effect a unit (an account × product). The
effects are taken out by demeaning: by Frisch & Waugh (1933) the slopes follow from sums of squares
and products around each unit's means (see `moments`). Errors of one account hang together (Liang &
Zeger 1986, with the factor A/(A−1)·(n−1)/(n−k)), held against Student's t with the effective number
of accounts less one, as in `contra_regression`. It assumes that what is left over is unrelated to
the regressors within a unit; it fails where few accounts have nearly all of what varies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.ledger.estimate import (
    FEW_ACCOUNTS,
    FEW_ROWS,
    Estimate,
    estimate,
    estimates,
    t_end,
)
from counterpoise.ledger.moments import Floats, Moments

STILL = 1e-6
"""Variance within units (of a fraction or a logarithm) below which a regressor does not vary."""
ALIKE = 1e-7
"""Part of a regressor's variance that must be left beside the others."""


@dataclass(frozen=True)
class Refused:
    """No estimate: why, and what to record to be able to tell."""

    why: str


@dataclass(frozen=True)
class Fit:
    """Slopes with their clustered covariance.

    Attributes:
        names: Of the regressors that vary.
        slopes: In the order of the names.
        covariance: Of the slopes.
        freedom: Degrees of freedom of each slope's error.
        still: Regressors that never vary within units, or only as others do.
        residual: Variance of what is left over.
        n: Rows.
        accounts: Accounts.
    """

    names: tuple[str, ...]
    slopes: Floats
    covariance: Floats
    freedom: Floats
    still: tuple[str, ...]
    residual: float
    n: int
    accounts: int

    def slope(self, name: str) -> Estimate | None:
        """Return one slope with its interval; None where the regressor does not vary."""
        if name not in self.names:
            return None
        at = self.names.index(name)
        variance = float(self.covariance[at, at])
        size = self.n, self.accounts
        return estimate(float(self.slopes[at]), variance, float(self.freedom[at]), size)

    @property
    def by_name(self) -> dict[str, float]:
        """Return the slopes by name."""
        return dict(zip(self.names, map(float, self.slopes), strict=True))

    def combined(
        self, value: float, gradient: Mapping[str, float], beyond: float = 0.0
    ) -> Estimate:
        """Return a function of the slopes with its interval, by the delta method.

        Args:
            value: The function at the slopes.
            gradient: Its derivative by each slope; what is not named has none.
            beyond: Variance that comes from elsewhere than the slopes.
        """
        moves = {name: np.array([each]) for name, each in gradient.items()}
        return self.combined_each(np.array([value]), moves, np.array([beyond]))[0]

    def combined_each(
        self, values: Floats, gradients: Mapping[str, Floats], beyond: Floats
    ) -> list[Estimate]:
        """Return functions of the slopes with their intervals, as `combined` does one."""
        none = np.zeros(len(values))
        moves = np.column_stack([gradients.get(name, none) for name in self.names])
        variance = np.einsum("ri,ij,rj->r", moves, self.covariance, moves)
        variance = np.maximum(variance, 0.0) + beyond
        leads = np.argmax(np.abs(moves) * np.sqrt(np.diag(self.covariance)), axis=1)
        return estimates(values, variance, self.freedom[leads], (self.n, self.accounts))


def fit(found: Moments) -> Fit | Refused:
    """Solve for the slopes; refused where too few rows, accounts or nothing that varies."""
    if found.n < FEW_ROWS or found.accounts < FEW_ACCOUNTS:
        return Refused(
            f"Too few weeks to tell: {found.n:,} of {found.accounts:,} accounts, and fewer than "
            f"{FEW_ROWS} of {FEW_ACCOUNTS} tell nothing."
        )
    total = found.grams.sum(axis=0)
    kept = _varying(total, found.n)
    if not kept:
        return Refused("Nothing that could explain volume varies within an account and product.")
    inner = np.ix_(kept, kept)
    bread = np.linalg.inv(total[inner])
    slopes = bread @ total[kept, -1]
    scores = found.grams[:, kept, -1] - found.grams[:, kept][:, :, kept] @ slopes
    spare = found.accounts / (found.accounts - 1) * (found.n - 1) / max(found.n - len(kept), 1)
    left = float(total[-1, -1] - slopes @ total[kept, -1])
    return Fit(
        names=tuple(found.names[at] for at in kept),
        slopes=slopes,
        covariance=spare * bread @ (scores.T @ scores) @ bread,
        freedom=_freedom(found.grams[:, kept][:, :, kept], bread),
        still=tuple(name for at, name in enumerate(found.names) if at not in kept),
        residual=max(left, 0.0) / max(found.n - found.units - len(kept), 1),
        n=found.n,
        accounts=found.accounts,
    )


def _varying(total: Floats, n: int) -> list[int]:
    """Return the regressors that vary by themselves, in order: later ones give way."""
    kept: list[int] = []
    for at in range(len(total) - 1):
        whole = float(total[at, at])
        if whole <= STILL * n:
            continue
        left = whole
        if kept:
            inner = total[np.ix_(kept, kept)]
            left -= float(total[at, kept] @ np.linalg.solve(inner, total[kept, at]))
        if left > ALIKE * whole:
            kept.append(at)
    return kept


def _freedom(grams: Floats, bread: Floats) -> Floats:
    """Return the effective number of accounts less one for each slope."""
    told = np.einsum("ij,ajk,ki->ai", bread, grams, bread)
    whole, squares = told.sum(axis=0), (told**2).sum(axis=0)
    return np.asarray(np.maximum(whole**2 / squares - 1.0, 1.0))


def percent(slope: Estimate, times: float = 1.0) -> Estimate:
    """Return e^(slope·times) − 1 with its interval, which moves with the slope's ends."""
    ends = (math.expm1(slope.low * times), math.expm1(slope.high * times))
    half = max(t_end(slope.freedom), 1e-9)
    return Estimate(
        value=math.expm1(slope.value * times),
        low=min(ends),
        high=max(ends),
        error=(max(ends) - min(ends)) / (2 * half),
        freedom=slope.freedom,
        n=slope.n,
        accounts=slope.accounts,
    )


def logarithm(value: ir.NumericValue) -> ir.FloatingValue:
    """Return the natural logarithm of what is above 0, else NULL."""
    number = value.cast("float64")
    found: ir.FloatingValue = ibis.ifelse(number > 0, number, ibis.null("float64")).ln()
    return found


def as_number(flag: ir.BooleanValue) -> ir.FloatingValue:
    """Return 1 for true, 0 for false, NULL where nobody knows; not every engine casts flags."""
    known = ibis.ifelse(flag, 1.0, 0.0).cast("float64")
    found: ir.FloatingValue = ibis.ifelse(flag.isnull(), ibis.null("float64"), known)
    return found
