"""The band check, held against DoubleML."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.rehearse.band import Band, band_of, checked
from counterpoise.rehearse.estimating import Shift, Surface
from tests.rehearse.made_offers import World, made, one_each, with_rates

ABOVE = np.array([1, 1, 1, 0, 0, 0, 0, 0], dtype=np.bool_)
WON = np.array([1, 0, 1, 1, 0, 0, 1, 0], dtype=np.bool_)
NOW = np.array([0.6, 0.5, 0.7, 0.55, 0.4, 0.3, 0.65, 0.2])
THEN = np.array([0.5, 0.45, 0.55, 0.55, 0.4, 0.3, 0.65, 0.2])
CHANCE = np.array([0.5, 0.6, 0.4, 0.5, 0.25, 0.2, 0.6, 0.1])
RATE = np.array([0.12, 0.11, 0.115, 0.1, 0.09, 0.1, 0.095, 0.1])
LISTED = np.array([100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0, 800.0])


def _eight() -> tuple[Surface, Band]:
    """Return eight deals whose chances of winning, and of standing above, are given."""
    offers = made(0, World(deals=8)).offers
    offers = with_rates(offers, RATE)
    offers.won[:], offers.listed[:], offers.account[:] = WON, LISTED, np.arange(8)
    surface = made(0, World(deals=8)).surface
    surface = Surface(offers, surface.mix, surface.dose, offers.new_rate)
    surface.__dict__["fair"] = NOW, THEN
    return surface, Band(ABOVE, ~ABOVE, np.where(ABOVE, 0.0, CHANCE / (1 - CHANCE)))


def test_wins_are_those_of_doubleml() -> None:
    surface, band = _eight()
    # DoubleML 0.11.4, DoubleMLIRM with the score ATTE and these nuisances: −ATTE × 3 deals above.
    assert checked(surface, band, one_each(surface.offers)).estimate == pytest.approx(11 / 45)


def test_money_is_that_of_doubleml() -> None:
    surface, band = _eight()
    offers = surface.offers
    net = Shift(offers.listed * (1 - offers.new_rate), offers.listed * (1 - offers.rate))
    assert checked(surface, band, net).estimate == pytest.approx(298.42083333333323)


def test_error_is_that_of_what_was_won_beyond_the_chances() -> None:
    surface, band = _eight()
    found = checked(surface, band, one_each(surface.offers))
    # Above: 0.4, −0.5, 0.3; below times odds: 0.45·1, −0.4/3, −0.3/4, 0.35·1.5, −0.2/9.
    parts = [0.4, -0.5, 0.3, 0.45, -0.4 / 3, -0.075, 0.525, -0.2 / 9]
    error = sum(each * each for each in parts) ** 0.5
    assert found.high - found.low == pytest.approx(2 * 1.959964 * error)


def test_takes_in_who_stands_exactly_at_the_limit_or_two_points_above() -> None:
    offers = made(1, World(deals=400)).offers
    # Quotients of money: a tenth and twelve hundredths, but for the last digit of a float.
    rate = np.resize(np.array([0.1 + 1e-16, 0.12 + 1e-15, 0.08 - 1e-16, 0.121]), 400)
    found = made(1, World(deals=400)).surface
    surface = Surface(with_rates(offers, rate), found.mix, found.dose, np.minimum(rate, 0.1))
    band = band_of(surface)
    assert band is not None
    assert (band.above == np.isclose(rate, 0.12)).all()
    assert (band.below == (rate < 0.11)).all()


def test_deals_below_that_are_all_alike_count_whole() -> None:
    below = ~ABOVE
    assert Band(ABOVE, below, np.where(below, 0.5, 0.0)).effective_share == pytest.approx(1.0)


def test_one_deal_that_stands_for_all_is_one_effective_deal() -> None:
    odds = np.array([0, 0, 0, 1, 0, 0, 0, 0.0])
    assert Band(ABOVE, ~ABOVE, odds).effective_share == pytest.approx(1 / 5)


def test_too_few_deals_on_a_side_are_no_check() -> None:
    surface = made(0, World(deals=150)).surface
    assert band_of(surface) is None
