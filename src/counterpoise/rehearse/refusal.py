"""Refusal: when the books cannot tell what another agreement would have done, and why.

Each objection is a function that returns None or what is wrong, with its numbers. The first
decides; replay and break-even stand without an estimate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from counterpoise.ledger.discount_effect import (
    FEWEST,
    MATERIAL_DIFFERENCE,
    RECORD,
    Recorded,
    plain_objection,
)
from counterpoise.rehearse.causes import mix_beside_recording
from counterpoise.rehearse.estimating import NORMAL_95, Estimated, Surface
from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.logistic import curvature, fit
from counterpoise.rehearse.offers import Floats, Offers
from counterpoise.rehearse.sampling import MOST_OFFERS, sampled
from counterpoise.rehearse.trust import straight

LEAST_OVERLAP = 0.5
"""Share of the deals to be cut whose new rate must have been given to their like."""
LEAST_CUSTOMERS = 20
"""Independent customers that an error by account needs, by their effective number."""
ONE_SIDED_5 = 1.644854
SMALLER_STEPS = (
    "Try the candidate on a part of the accounts first, or move the limits by smaller steps and "
    "rehearse again."
)
RECORD_CUSTOMER = (
    "Record on each deal the customer who decides, not the partner that it goes through."
)
RECORD_CAUSE = (
    "Record what makes a deal hard before the offer is made: the competitor, the budget, who "
    "decides, how urgent it is."
)


@dataclass(frozen=True)
class Refusal:
    """Why an effect is not estimated, the numbers behind it, and what to record from now on."""

    why: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    record: tuple[str, ...] = (RECORD,)
    is_about_recording: bool = False


def before_estimating(closed: Offers, *, attested: bool) -> Refusal | None:
    """Return what stands against any estimate from these books, if anything.

    Args:
        closed: All closed deals; the rate is NaN where unknown.
        attested: Whether somebody vouches that recording depends on the outcome alone.
    """
    known = np.isfinite(closed.rate)
    won, lost = (_recorded(closed, known, side) for side in (closed.won, ~closed.won))
    if why := plain_objection(won, lost):
        return Refusal(why, _shares(won, lost), is_about_recording=True)
    if refusal := _few_customers(closed.part(known)):
        return refusal
    return None if attested else _recorded_differently(closed, known, _shares(won, lost))


def _recorded(closed: Offers, known: Flags, side: Flags) -> Recorded:
    rates = closed.rate[side & known]
    return Recorded(
        deals=int(side.sum()),
        known=int(rates.size),
        rate_sum=float(rates.sum()),
        square_sum=float(rates @ rates),
    )


def _few_customers(offers: Offers) -> Refusal | None:
    """Object where nearly all deals are those of a few: what one of them did says little of others.

    The effective number of customers is Kish's, (Σn)² / Σn² over their numbers of deals.
    """
    counts = np.bincount(offers.account).astype(np.float64)
    customers = float(counts.sum() ** 2 / (counts @ counts))
    if customers >= LEAST_CUSTOMERS:
        return None
    return Refusal(
        f"Too few customers: {len(offers):,} deals with a known rate are as good as those of "
        f"{customers:.0f}. Deals of one customer go together, and fewer than {LEAST_CUSTOMERS} "
        "customers do not tell what others would do.",
        {"customers": customers},
        (RECORD_CUSTOMER,),
    )


def _shares(won: Recorded, lost: Recorded) -> dict[str, float]:
    return {"recorded_of_won": won.share, "recorded_of_lost": lost.share}


def _recorded_differently(
    closed: Offers, known: Flags, shares: Mapping[str, float]
) -> Refusal | None:
    """Object where a rate is on record more often on one side, deals of the same mix compared."""
    mix = mix_beside_recording(closed)
    columns = np.column_stack([closed.won.astype(np.float64), mix.columns])
    difference, error = first_coefficient(columns, known.astype(np.float64), closed)
    low, high = difference - NORMAL_95 * error, difference + NORMAL_95 * error
    if abs(difference) <= MATERIAL_DIFFERENCE or low <= 0.0 <= high:
        return None
    return Refusal(
        f"Whether a rate is on record depends on how the deal ended: on "
        f"{shares['recorded_of_won']:.1%} of won and {shares['recorded_of_lost']:.1%} of lost "
        f"deals; {difference * 100:+.1f} points among deals of the same mix (95% interval "
        f"{low * 100:+.1f} to {high * 100:+.1f}).",
        {**shares, "difference": difference, "low": low, "high": high},
        is_about_recording=True,
    )


def first_coefficient(columns: Floats, outcome: Floats, offers: Offers) -> tuple[float, float]:
    """Return the first coefficient of a linear regression and its standard error by account."""
    ridge = np.full(columns.shape[1], 1e-6)
    information = columns.T @ columns + np.diag(ridge)
    found = np.linalg.solve(information, columns.T @ outcome)
    weights = columns @ np.linalg.solve(information, np.eye(columns.shape[1])[0])
    parts = np.bincount(offers.account, weights * (outcome - columns @ found))
    return float(found[0]), math.sqrt(float(parts @ parts))


def after_estimating(surface: Surface, wins: Estimated, overlap: float) -> Refusal | None:
    """Return what stands against this estimate, if anything; the first objection decides.

    Args:
        surface: What was fitted.
        wins: The estimated change of deals won.
        overlap: The share of the deals to be cut that have their like at the new rate.
    """
    for objection in _objections(surface, wins, overlap):
        if found := objection():
            return found
    return None


def _objections(
    surface: Surface, wins: Estimated, overlap: float
) -> Iterator[Callable[[], Refusal | None]]:
    yield lambda: _zeros_stand_for_unknown(surface)
    yield lambda: _more_discount_wins_less(surface, wins)
    yield lambda: _no_overlap(overlap)


def _zeros_stand_for_unknown(surface: Surface) -> Refusal | None:
    """Object where deals at exactly list win unlike what the others foretell of them.

    The model is fitted to the deals that are not at list, and asked about those that are. The
    whole interval has to lie beyond `MATERIAL_DIFFERENCE`.
    """
    surface = sampled(surface, MOST_OFFERS)
    offers = surface.offers
    at_list = offers.rate == 0.0
    others = ~at_list
    if min(at_list.sum(), offers.won[others].sum(), (~offers.won[others]).sum()) < FEWEST:
        return None
    columns = surface.columns[others]
    model = fit(columns, offers.won[others], surface.model.ridge)
    asked = surface.columns[at_list]
    chance = model.chance(asked)
    noise = chance * (1.0 - chance)
    slope = (asked * noise[:, None]).mean(axis=0)
    spread = curvature(columns, model.chance(columns), surface.model.ridge)
    drawn = float(slope @ np.linalg.solve(spread, slope))
    found, expected = float(offers.won[at_list].mean()), float(chance.mean())
    margin = NORMAL_95 * math.sqrt(drawn + float(noise.sum()) / noise.size**2)
    difference = found - expected
    if abs(difference) - margin <= MATERIAL_DIFFERENCE:
        return None
    low, high = difference - margin, difference + margin
    return Refusal(
        f'A rate of exactly 0 seems to stand for "not recorded": {found:.1%} of '
        f"{int(at_list.sum()):,} deals at list are won, where the others foretell {expected:.1%} "
        f"(95% interval of the difference {low * 100:+.1f} to {high * 100:+.1f} points).",
        {"won_at_list": found, "foretold": expected, "low": low, "high": high},
        (RECORD, "Leave the rate empty where nobody knows it."),
        is_about_recording=True,
    )


def _more_discount_wins_less(surface: Surface, wins: Estimated) -> Refusal | None:
    """Object where a higher rate goes with fewer wins: somebody knew what nobody recorded.

    The slope is that of a straight line, unconstrained; the estimate has to say the same by more
    than its error, so that a line through a bent answer does not decide alone.
    """
    line = straight(surface)
    at = line.columns.shape[1] - 1
    slope = float(line.model.coefficients[at])
    chance = line.model.chance(line.columns)
    information = curvature(line.columns, chance, line.model.ridge)
    weights = line.columns @ np.linalg.solve(information, np.eye(at + 1)[at])
    parts = np.bincount(line.offers.account, weights * (line.offers.won - chance))
    error = math.sqrt(float(parts @ parts)) or math.inf
    if slope / error >= -ONE_SIDED_5 or wins.estimate <= wins.error:
        return None
    point = slope / line.dose.unit / 100.0
    return Refusal(
        "Deals with a higher rate are won less often, deals of the same mix compared: one point "
        f"more goes with {point:+.3f} in the log-odds of winning (one-sided p = "
        f"{float(special.ndtr(slope / error)):.3f}). Discounts hardly drive customers away, so "
        "something that nobody recorded moves both: sellers give more where they expect to lose.",
        {"slope_per_point": point, "z": slope / error},
        (RECORD_CAUSE,),
    )


def _no_overlap(overlap: float) -> Refusal | None:
    if overlap >= LEAST_OVERLAP:
        return None
    return Refusal(
        f"The candidate leads where nobody has been: only {overlap:.0%} of the deals that it would "
        "cut have their like at the rate that it leaves. What would have come of the others can "
        "only be guessed.",
        {"overlap": overlap},
        (SMALLER_STEPS,),
    )
