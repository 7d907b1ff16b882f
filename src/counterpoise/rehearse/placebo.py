"""Placebos: estimates where the truth is known to be no effect.

Rates permuted among deals of the same limit row, segment and source cannot have moved any outcome;
neither can this offer have moved how the customer's former deal ended. Estimates that leave 0 out
more often than they should say that the method is not to be trusted on these books.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from counterpoise.rehearse.dose import Dose
from counterpoise.rehearse.estimating import Shift, Surface
from counterpoise.rehearse.exact import Ints
from counterpoise.rehearse.offers import Floats
from counterpoise.rehearse.results import Placebo
from counterpoise.rehearse.sampling import sampled

RUNS = 5
MOST_OFFERS = 20_000
LEAST = 100
"""Deals to be cut that are needed whose customer had a former one."""
EARLIER = "how the customer's former deal ended"


def placebo(surface: Surface) -> Placebo:
    """Estimate the change of deals won where nothing can have changed."""
    some = sampled(surface, MOST_OFFERS)
    scores = [_score(_permuted(some, run)) for run in range(RUNS)]
    permuted = math.sqrt(sum(score * score for score in scores) / RUNS)
    earlier = _earlier(some)
    return Placebo(permuted, earlier, EARLIER if earlier is not None else None)


def _score(surface: Surface) -> float:
    """Return the estimated change of deals won in standard errors."""
    one = np.ones(len(surface.offers))
    total = surface.total(Shift(one, one))
    return total.estimate / total.error if total.error > 0 else 0.0


def _permuted(surface: Surface, run: int) -> Surface:
    offers = surface.offers
    rng = np.random.default_rng(run)
    cell = _cells(offers.row, surface.mix.groups)
    order = np.lexsort((rng.random(cell.size), cell))
    rate = np.empty(cell.size)
    rate[np.lexsort((np.arange(cell.size), cell))] = offers.rate[order]
    dealt = dataclasses.replace(offers, rate=rate)
    former = surface.dose
    dose = dataclasses.replace(
        Dose.of(rate, former.groups), group_ridge=former.group_ridge, bend_ridge=former.bend_ridge
    )
    return Surface(dealt, surface.mix, dose, np.fmin(rate, offers.limit))


def _cells(row: Ints, groups: Floats) -> Ints:
    """Return a number for each limit row with each pattern of groups."""
    pattern = groups @ (2.0 ** np.arange(groups.shape[1]))
    return np.asarray(np.unique(np.column_stack([row, pattern]), axis=0, return_inverse=True)[1])


def _earlier(surface: Surface) -> float | None:
    """Return the score with the outcome of the customer's former deal in the place of winning."""
    offers = surface.offers
    order = np.lexsort((offers.created, offers.account))
    account, closed = offers.account[order], offers.closed[order]
    follows = np.zeros(account.size, dtype=np.bool_)
    follows[1:] = (account[1:] == account[:-1]) & (closed[:-1] < offers.created[order][1:])
    later = order[follows]
    cut = offers.rate[later] > surface.new_rate[later]
    if cut.sum() < LEAST:
        return None
    former = order[np.flatnonzero(follows) - 1]
    outcome = offers.won.copy()
    outcome[later] = offers.won[former]
    kept = np.zeros(account.size, dtype=np.bool_)
    kept[later] = True
    part = surface.part(kept)
    if min(outcome[kept].sum(), (~outcome[kept]).sum()) < LEAST:
        return None
    return _score(
        dataclasses.replace(part, offers=dataclasses.replace(part.offers, won=outcome[kept]))
    )
