"""Causes that may be used: what was known before the offer, not what the outcome wrote back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from counterpoise.rehearse.dose import Dose
from counterpoise.rehearse.estimating import Surface
from counterpoise.rehearse.exact import Flags, Ints
from counterpoise.rehearse.mix import Mix, codes_of, level_columns, mix_of
from counterpoise.rehearse.offers import Floats, Offers

FORETELLS = 0.9
"""A field that alone ranks won above lost in so many pairs was written when that was known."""
LEAST_A_LEVEL = 10
"""A field with fewer deals a level than this is a name, not a cause."""
OWNER = "deal.owner_id"
OWNER_AT = 0.01
"""Who sold it is a cause where it foretells winning at this level."""


def usable_mix(offers: Offers) -> tuple[Mix, list[str]]:
    """Return what may be used of what was known beforehand, and the fields left out as leaks.

    A person's identity stays out unless it foretells winning.
    """
    leaks = list(_leaks(offers))
    mix = mix_of(offers, leaks)
    owners = level_columns(offers.owner)
    if owners.shape[1] and _foretells(offers, mix):
        mix = mix.joined(OWNER, owners)
    return mix, leaks


def _leaks(offers: Offers) -> Iterator[str]:
    for name, values in offers.causes.items():
        if _tells_all(values, offers.won):
            yield name


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
    surface = Surface(offers, mix, Dose.of(offers.rate, mix.groups), offers.rate)
    chance = surface.model.chance(surface.columns)
    owner = offers.owner + 1
    beyond = np.bincount(owner, offers.won - chance)
    noise = np.bincount(owner, chance * (1.0 - chance))
    many = np.bincount(owner) >= 20
    score = float((beyond[many] ** 2 / noise[many]).sum())
    return bool(stats.chi2.sf(score, max(int(many.sum()) - 1, 1)) < OWNER_AT)
