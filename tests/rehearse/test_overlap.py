"""Overlap: only where like deals were seen at the new rate is anything estimated."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from counterpoise.rehearse.overlap import supported
from tests.rehearse.made_offers import World, made, with_rates


def test_rate_that_was_never_near_the_new_one_is_left_as_it_was() -> None:
    offers = made(0, World(deals=100, limit=0.1)).offers
    # Forty deals go to 0.1 in either row; only in row 0 did ten stand within a point of it.
    row = np.repeat([0, 1], 50)
    rate = np.repeat([0.095, 0.2, 0.02, 0.3], [10, 40, 10, 40])
    offers = dataclasses.replace(with_rates(offers, rate), row=row)
    new_rate, share = supported(offers)
    assert share == pytest.approx(0.5)
    np.testing.assert_array_equal(new_rate[:50], np.minimum(rate, 0.1)[:50])
    np.testing.assert_array_equal(new_rate[50:], rate[50:])


def test_nine_like_deals_are_too_few() -> None:
    offers = made(0, World(deals=20, limit=0.1)).offers
    rate = np.array([0.1] * 9 + [0.3] * 11)
    offers = dataclasses.replace(with_rates(offers, rate), row=np.zeros(20, np.int64))
    assert supported(offers)[1] == 0.0


def test_all_is_told_where_nothing_is_cut() -> None:
    offers = made(0, World(deals=50, limit=0.9)).offers
    new_rate, share = supported(offers)
    assert share == 1.0
    np.testing.assert_array_equal(new_rate, offers.rate)
