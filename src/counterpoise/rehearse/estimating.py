"""The estimator: an outcome model, and weights that take out what it gets wrong on average.

The target is the sum over the deals at hand of h′·μ(x, d′) − h·μ(x, d), where d′ is the rate that
the candidate leaves and h is 1, net, or net − cost at either rate: what would have come of these
very deals, neither a population's mean nor what happened to come.

The outcome model alone is biased where its form is wrong or its ridge pulls. The sum is linear in
small changes of the log-odds, so there are weights w over the deals, in the span of the model's
columns, that tell by how much the sum is off for any error in that span: they balance the columns
between actual and target. Adding Σ w·(y − μ), with μ fitted without the deal's own account, takes
the error out (Chernozhukov, Newey & Singh 2022, automatic debiasing; for the weights' form,
Hirshberg & Wager 2021). What is random is the outcome alone. A ridge keeps the weights from taking
out all of it: what they leave, t·A⁻¹·R·A⁻¹·B with A the information, R the ridge and t the slope of
the sum, moves with the same outcomes and belongs to the error (twicing, Tukey 1977). The standard
error is the root of the sum of squares, by account, of both weights times (y − μ).

How far the slopes of groups are drawn together, and the answer to a line, is learnt from the deals
(empirical Bayes; MacKay 1992): where groups answer alike and nothing bends, slopes and bends cost
little precision; where they differ, they stay.

Fails where the answer to the rate bends between the knots, where a cause is missing, or where
nothing like d′ was ever seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from counterpoise.rehearse.dose import Dose
from counterpoise.rehearse.exact import Flags, Ints
from counterpoise.rehearse.logistic import Fit, curvature, expit, fit, left_out
from counterpoise.rehearse.mix import Mix
from counterpoise.rehearse.offers import Floats, Offers

NORMAL_95 = 1.959964
FOLDS = 5
RIDGE_MIX = 1.0
RIDGE_CONSTANT = 1e-6
ALIKE = (10.0, 1e3)
STRAIGHT = (0.3, 50.0)
"""Bounds of the precisions that are learnt: slopes of groups lie within a third to a thirtieth,
bends within 1.8 to 0.14. A bend that few deals tell of is doubted, never ruled out."""
SETTLED = 1.1
MOST_ROUNDS = 8
_TINY = 1e-12


@dataclass(frozen=True)
class Shift:
    """What is summed over deals: h at the candidate's rate and h at the actual one."""

    after: Floats
    before: Floats


@dataclass(frozen=True)
class Estimated:
    """One sum, estimated.

    Attributes:
        estimate: With the correction.
        error: Standard error, by account.
        model_only: Without the correction.
        weights: A weight each offer.
    """

    estimate: float
    error: float
    model_only: float
    weights: Floats


@dataclass(frozen=True)
class Surface:
    """The chance of winning over mix and rate, fitted to offers and ready to be summed over.

    Attributes:
        offers: The offers that it was fitted to.
        mix: Their columns.
        dose: The columns of a rate.
        new_rate: The rate that is put in the place of each.
        recorded: The share of won and of lost deals that are among the offers. Where they differ
            and recording depends on the outcome alone, the model's log-odds are off by the log of
            their ratio and each offer stands for 1 / share deals (Prentice & Pyke 1979).
    """

    offers: Offers
    mix: Mix
    dose: Dose
    new_rate: Floats
    recorded: tuple[float, float] = (1.0, 1.0)

    def part(self, kept: Flags) -> Surface:
        """Return the surface over some of the offers."""
        return Surface(
            self.offers.part(kept),
            self.mix.part(kept),
            self.dose.part(kept),
            self.new_rate[kept],
            self.recorded,
        )

    def settled(self) -> Surface:
        """Return the surface with groups as alike, and an answer as straight, as the deals say.

        The precision a of k coefficients with posterior mean b and variance V is (k − a·tr V) / Σb²
        at the top of the evidence, which is found by putting it in until it stays within a tenth.
        """
        first = self.mix.columns.shape[1] + 1
        if first == self.columns.shape[1]:
            return self
        groups, bends = np.split(
            np.arange(first, self.columns.shape[1]), [self.dose.groups.shape[1]]
        )
        settled, found = self, self.model.coefficients
        for _ in range(MOST_ROUNDS):
            former, ridge = settled.dose, settled.ridge
            information = curvature(self.columns, expit(self.columns @ found), ridge)
            spread = np.linalg.inv(information).diagonal()
            dose = replace(
                former,
                group_ridge=_precision(found[groups], spread[groups], former.group_ridge, ALIKE),
                bend_ridge=_precision(found[bends], spread[bends], former.bend_ridge, STRAIGHT),
            )
            settled = replace(self, dose=dose)
            if _is_near(former.group_ridge, dose.group_ridge) and _is_near(
                former.bend_ridge, dose.bend_ridge
            ):
                break
            found = fit(self.columns, self.offers.won, settled.ridge, found).coefficients
        return settled

    @cached_property
    def columns(self) -> Floats:
        """Return the columns at the actual rates."""
        return np.column_stack([self.mix.columns, self.dose.columns(self.offers.rate)])

    @cached_property
    def new_columns(self) -> Floats:
        """Return the columns at the candidate's rates."""
        return np.column_stack([self.mix.columns, self.dose.columns(self.new_rate)])

    @cached_property
    def model(self) -> Fit:
        """Return the outcome model, fitted to all offers."""
        return fit(self.columns, self.offers.won, self.ridge)

    @property
    def ridge(self) -> Floats:
        """Return the penalty of each column."""
        mix = np.full(self.mix.columns.shape[1], RIDGE_MIX)
        mix[0] = RIDGE_CONSTANT
        return np.concatenate([mix, self.dose.ridge])

    @cached_property
    def _fair_odds(self) -> tuple[Floats, Floats]:
        """Return log-odds among the offers, at actual and new rates, without the deal's account."""
        folds = self._folds
        now, then = np.empty(folds.size), np.empty(folds.size)
        for fold, model in enumerate(left_out(self.model, self.columns, self.offers.won, folds)):
            here = folds == fold
            now[here] = self.columns[here] @ model.coefficients
            then[here] = self.new_columns[here] @ model.coefficients
        return now, then

    @cached_property
    def fair(self) -> tuple[Floats, Floats]:
        """Return each chance, at the actual and the new rate, by a model without its account."""
        now, then = self._fair_odds
        return expit(now - self._offset), expit(then - self._offset)

    @cached_property
    def residual(self) -> Floats:
        """Return what was won beyond the chance, by a model without the deal's account."""
        return np.asarray(self.offers.won - expit(self._fair_odds[0]))

    @property
    def _offset(self) -> float:
        """Return by how much recording lifts the log-odds."""
        return float(np.log(self.recorded[0] / self.recorded[1]))

    @cached_property
    def counts(self) -> Floats:
        """Return how many closed deals each offer stands for."""
        of_won, of_lost = self.recorded
        return np.where(self.offers.won, 1.0 / of_won, 1.0 / of_lost)

    @cached_property
    def _folds(self) -> Ints:
        """Deal accounts into folds, the same way each time."""
        accounts = int(self.offers.account.max()) + 1
        return np.random.default_rng(accounts).integers(0, FOLDS, accounts)[self.offers.account]

    @cached_property
    def _spread(self) -> tuple[Floats, Floats]:
        """Return v = μ(1 − μ) at the actual and the new rates."""
        odds = (each @ self.model.coefficients for each in (self.columns, self.new_columns))
        now, then = (expit(each - self._offset) for each in odds)
        return now * (1.0 - now), then * (1.0 - then)

    @cached_property
    def _information(self) -> Floats:
        return curvature(self.columns, self.model.chance(self.columns), self.model.ridge)

    def weights(self, shift: Shift) -> Floats:
        """Return the balancing weights: the least noise among those that balance the columns."""
        target = self._target(shift)
        return np.asarray(self.columns @ np.linalg.solve(self._information, target))

    def left_with(self, stay: Flags, shift: Shift) -> tuple[Floats, Floats]:
        """Return residual and weights of a model with some of the columns, one step from this."""
        kept = np.ix_(stay, stay)
        information = self._information[kept]
        carried = self._information[np.ix_(stay, ~stay)] @ self.model.coefficients[~stay]
        coefficients = self.model.coefficients[stay] + np.linalg.solve(information, carried)
        columns = self.columns[:, stay]
        weights = columns @ np.linalg.solve(information, self._target(shift)[stay])
        return self.offers.won - expit(columns @ coefficients), np.asarray(weights)

    def _target(self, shift: Shift) -> Floats:
        """Return what the weights have to balance: the slope of the sum in the coefficients."""
        now, then = self._spread
        after, before = shift.after * self.counts, shift.before * self.counts
        return np.asarray(self.new_columns.T @ (after * then) - self.columns.T @ (before * now))

    def total(self, shift: Shift) -> Estimated:
        """Estimate one sum."""
        now, then = self.fair
        of_deal = shift.after * then - shift.before * now
        model_only = float(of_deal @ self.counts)
        weights = self.weights(shift)
        corrected = model_only + float(weights @ self.residual)
        moved = (weights + self._left_by_ridge(shift)) * self.residual
        by_account = np.bincount(self.offers.account, moved)
        error = float(np.sqrt(by_account @ by_account + self._unseen(of_deal)))
        return Estimated(corrected, error, model_only, weights)

    def _left_by_ridge(self, shift: Shift) -> Floats:
        """Return by how much more each outcome moves the sum, as the ridge holds weights back."""
        held = self.ridge * np.linalg.solve(self._information, self._target(shift))
        return np.asarray(self.columns @ np.linalg.solve(self._information, held))

    def _unseen(self, of_deal: Floats) -> float:
        """Return the variance that comes of deals which others of the same outcome stand for."""
        won = self.offers.won
        sides = zip((of_deal[won], of_deal[~won]), self.recorded, strict=True)
        return sum(
            each.size * (1.0 - share) / share**2 * float(each.var())
            for each, share in sides
            if each.size
        )


def _precision(found: Floats, spread: Floats, former: float, bounds: tuple[float, float]) -> float:
    """Return the precision that coefficients and their variances tell, or the former for none."""
    if not found.size:
        return former
    told = (found.size - former * float(spread.sum())) / max(float(found @ found), _TINY)
    return min(max(told, bounds[0]), bounds[1])


def _is_near(former: float, found: float) -> bool:
    return max(former / found, found / former) <= SETTLED
