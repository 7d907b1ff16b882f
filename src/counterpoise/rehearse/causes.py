"""Causes that may be used: what was known before the offer, not what was written with it or after.

A field that the outcome wrote, or that is the rate in another form, is no cause: comparing like
with like by it would compare deals of one outcome, or of one rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from counterpoise.ledger.discount_effect import MATERIAL_DIFFERENCE
from counterpoise.rehearse.dose import Dose
from counterpoise.rehearse.estimating import Surface
from counterpoise.rehearse.exact import Flags, Ints
from counterpoise.rehearse.mix import (
    LEAST_DEALS,
    Mix,
    cause_columns,
    codes_of,
    level_columns,
    mix_of,
)
from counterpoise.rehearse.offers import Floats, Offers
from counterpoise.rehearse.sampling import MOST_OFFERS, sampled

FORETELLS = 0.9
"""A field that alone ranks won above lost in so many pairs was written when that was known."""
ONE_SIDED = 0.98
"""A field that is known, or unknown, of deals that nearly all ended one way was written after."""
LEAST_ONE_SIDED = 30
TELLS_RATE = 0.9
"""A number by which the rate is told to so much of its variance is the rate in another form."""
LEAST_A_LEVEL = 10
"""A field with fewer deals a level than this is a name, not a cause."""
MOST_COLUMNS = 200
DEALS_A_COLUMN = 50
"""Fields of the source's own get a column for so many deals, those first that tell most."""
OWNER = "deal.owner_id"
MOST_OWNERS = 100
OWNER_AT = 0.01
"""Who sold it is a cause where it foretells winning at this level."""


def usable_mix(offers: Offers) -> tuple[Mix, list[str]]:
    """Return what may be used of what was known beforehand, and the fields that were no causes.

    A person's identity stays out unless it foretells winning; of very many fields of the source's
    own, those stay that tell most of winning or of the rate (double selection: Belloni,
    Chernozhukov & Hansen 2014).
    """
    others = [name for name, values in offers.causes.items() if _is_no_cause(values, offers)]
    mix = mix_of(offers, [*others, *_beyond_count(offers, others)])
    owners = level_columns(offers.owner, MOST_OWNERS)
    if owners.shape[1] and _foretells(offers, mix):
        mix = mix.joined(OWNER, owners)
    return mix, others


def mix_beside_recording(closed: Offers) -> Mix:
    """Return what is known of deals whether or not their rate is on record.

    What is recorded together with the rate, such as the goods of a deal whose lines were entered,
    would explain by itself why the rate is known, whatever the outcome did.
    """
    priced = np.isfinite(closed.rate)
    left_out = [
        name
        for name, values in closed.causes.items()
        if _is_after(values, closed.won) or _comes_with(priced, _known(values))
    ]
    return mix_of(closed, left_out, with_price=False)


def _is_no_cause(values: npt.NDArray[Any], offers: Offers) -> bool:
    return _is_after(values, offers.won) or _is_rate(values, offers)


def _is_after(values: npt.NDArray[Any], won: Flags) -> bool:
    return _tells_all(values, won) or _is_one_sided(_known(values), won)


def _comes_with(priced: Flags, known: Flags) -> bool:
    """Tell whether a field is known more often where the rate is, by more than is material."""
    if priced.all() or not priced.any():
        return False
    return bool(known[priced].mean() - known[~priced].mean() > MATERIAL_DIFFERENCE)


def _is_one_sided(known: Flags, won: Flags) -> bool:
    """Tell whether deals of which a field is known, or is not, nearly all ended one way.

    Only where the others did not, so that a field is not blamed for books of won deals.
    """
    if min(known.sum(), (~known).sum()) < LEAST_ONE_SIDED:
        return False
    with_it, without = float(won[known].mean()), float(won[~known].mean())
    shares = max(with_it, 1.0 - with_it), max(without, 1.0 - without)
    return max(shares) >= ONE_SIDED and min(shares) < FORETELLS


def _is_rate(values: npt.NDArray[Any], offers: Offers) -> bool:
    """Tell whether a number, or what share of list it is, tells nearly all of the rate."""
    if values.dtype == object:
        return False
    return any(
        _told(_tenths(each), offers.rate) >= TELLS_RATE for each in (values, values / offers.listed)
    )


def _told(codes: Ints, values: Floats) -> float:
    """Return the share of a variance that lies between groups, counted by degree of freedom."""
    counts = np.bincount(codes)
    groups = int((counts > 0).sum())
    beyond = values - values.mean()
    whole = float(beyond @ beyond)
    if whole <= 0.0 or groups >= values.size:
        return 0.0
    means = np.bincount(codes, beyond) / np.maximum(counts, 1)
    left = whole - float(counts @ means**2)
    return 1.0 - left / whole * (values.size - 1) / (values.size - groups)


def _beyond_count(offers: Offers, left_out: Sequence[str]) -> list[str]:
    """Return those fields of the source's own for which there are too few deals."""
    named = [name for name in offers.causes if ".attr." in name and name not in left_out]
    width = {name: cause_columns(offers.causes[name]).shape[1] for name in named}
    left = min(MOST_COLUMNS, len(offers) // DEALS_A_COLUMN)
    if sum(width.values()) <= left:
        return []
    beyond = []
    for name in sorted(named, key=lambda name: -_tells(offers.causes[name], offers)):
        if width[name] > left:
            beyond.append(name)
        else:
            left -= width[name]
    return beyond


def _tells(values: npt.NDArray[Any], offers: Offers) -> float:
    """Return how much a field tells of winning or of the rate, whichever is more."""
    codes = _frequent(codes_of(values)) if values.dtype == object else _tenths(values)
    return max(_told(codes, offers.won.astype(np.float64)), _told(codes, offers.rate))


def _frequent(codes: Ints) -> Ints:
    """Return codes with all rare levels as one."""
    counts = np.bincount(codes)
    return np.asarray(np.where(counts[codes] >= LEAST_DEALS, codes + 1, 0))


def _known(values: npt.NDArray[Any]) -> Flags:
    if values.dtype == object:
        return np.array([value is not None for value in values], dtype=np.bool_)
    return np.asarray(np.isfinite(values))


def _tells_all(values: npt.NDArray[Any], won: Flags) -> bool:
    """Tell whether a field alone ranks nearly every won deal above the lost ones, or below.

    A category is ranked by how often each of its levels is won, an unknown value being a level.
    """
    codes = codes_of(values) if values.dtype == object else _tenths(values)
    counts, wins = np.bincount(codes), np.bincount(codes, won)
    if counts.size > values.size / LEAST_A_LEVEL:
        return False
    order = np.argsort(wins / np.maximum(counts, 1))
    losses = (counts - wins)[order]
    above = wins[order] @ (np.cumsum(losses) - losses / 2.0)
    return bool(above >= FORETELLS * wins.sum() * losses.sum())


def _tenths(values: Floats) -> Ints:
    """Return which tenth of the known values each lies in; 0 where it is unknown."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(values.size, dtype=np.int64)
    bounds = np.unique(np.quantile(values[known], np.linspace(0.0, 1.0, 11)[1:-1]))
    return np.asarray(np.where(known, np.searchsorted(bounds, values, "right") + 1, 0))


def _foretells(offers: Offers, mix: Mix) -> bool:
    """Tell whether owners differ in what they win of like deals, beyond chance.

    The sum over owners of (won − foretold)² / variance is chi-squared where they do not.
    """
    whole = Surface(offers, mix, Dose.of(offers.rate, mix.groups), offers.rate)
    surface = sampled(whole, MOST_OFFERS)
    chance = surface.model.chance(surface.columns)
    owner = surface.offers.owner + 1
    beyond = np.bincount(owner, surface.offers.won - chance)
    noise = np.bincount(owner, chance * (1.0 - chance))
    many = np.bincount(owner) >= 20
    score = float((beyond[many] ** 2 / noise[many]).sum())
    return bool(special.chdtrc(max(int(many.sum()) - 1, 1), score) < OWNER_AT)
