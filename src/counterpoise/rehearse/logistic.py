"""A logistic model with a ridge of its own for each column, fitted by Newton's method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.rehearse.exact import Flags, Ints
from counterpoise.rehearse.offers import Floats

MOST_STEPS = 50
CLOSE = 1e-8


@dataclass(frozen=True)
class Fit:
    """Coefficients, and the ridge under which they were found."""

    coefficients: Floats
    ridge: Floats

    def chance(self, columns: Floats) -> Floats:
        """Return the chance of winning, a row each."""
        return expit(columns @ self.coefficients)


def expit(odds: Floats) -> Floats:
    """Return the chance at given log-odds.

    >>> import numpy as np
    >>> expit(np.array([0.0, 800.0, -800.0])).tolist()
    [0.5, 1.0, 0.0]
    """
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * odds)))


def fit(columns: Floats, won: Flags, ridge: Floats, start: Floats | None = None) -> Fit:
    """Fit a logistic model, penalised by half the sum of ridge × coefficient².

    Newton's method with halved steps where one would not improve; the penalised likelihood is
    concave, so there is one top.

    Args:
        columns: Offers × columns.
        won: Whether each was won.
        ridge: A penalty a column, the precision of a normal prior around 0.
        start: Coefficients near the top, if some are known.
    """
    outcome = won.astype(np.float64)
    found = np.zeros(columns.shape[1]) if start is None else start
    height = _height(columns, outcome, ridge, found)
    for _ in range(MOST_STEPS):
        chance = expit(columns @ found)
        slope = columns.T @ (outcome - chance) - ridge * found
        step = np.linalg.solve(curvature(columns, chance, ridge), slope)
        share = 1.0
        while (reached := _height(columns, outcome, ridge, found + share * step)) < height - CLOSE:
            share /= 2.0
        found, height = found + share * step, reached
        if np.abs(step).max() < CLOSE:
            break
    return Fit(found, ridge)


def curvature(columns: Floats, chance: Floats, ridge: Floats) -> Floats:
    """Return the information of a fit: Σ v·b·bᵀ with v = chance × (1 − chance), and the ridge."""
    spread = columns * np.sqrt(chance * (1.0 - chance))[:, None]
    found = spread.T @ spread  # of one matrix with itself half is computed
    found[np.diag_indices_from(found)] += ridge
    return np.asarray(found)


def left_out(model: Fit, columns: Floats, won: Flags, folds: Ints) -> list[Fit]:
    """Return the model as it would be without each fold: one Newton step from the whole fit.

    The whole fit has no slope left, so what is left without a fold is minus the fold's own slope.
    """
    chance = model.chance(columns)
    whole = curvature(columns, chance, model.ridge)
    residual = won - chance
    fits = []
    for fold in range(int(folds.max()) + 1):
        of_fold = folds == fold
        part = columns[of_fold]
        rest = whole - curvature(part, chance[of_fold], np.zeros(model.ridge.size))
        step = np.linalg.solve(rest, part.T @ residual[of_fold])
        fits.append(Fit(model.coefficients - step, model.ridge))
    return fits


def _height(columns: Floats, outcome: Floats, ridge: Floats, at: Floats) -> float:
    odds = columns @ at
    likelihood = outcome @ odds - np.logaddexp(0.0, odds).sum()
    return float(likelihood - 0.5 * (ridge * at) @ at)
