"""What lies beyond the data is bounded by hand-made figures."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from counterpoise.rehearse.beyond import loosened
from counterpoise.rehearse.offers import Offers
from tests.rehearse.made_offers import World, made, with_rates


def _four(limit: float = 0.15, former: float = 0.1) -> Offers:
    """Return a won and a lost deal at the former limit, one far below it, one above it."""
    offers = made(0, World(deals=4)).offers
    offers = dataclasses.replace(
        offers,
        listed=np.array([1_000.0, 2_000.0, 5_000.0, 700.0]),
        cost=np.array([500.0, 800.0, 1_000.0, 100.0]),
        won=np.array([True, False, True, True]),
        limit=np.full(4, limit),
        former_limit=np.full(4, former),
    )
    return with_rates(offers, np.array([0.1, 0.098, 0.02, 0.12]))


def test_bounds_go_from_all_won_for_less_to_all_lost_ones_won() -> None:
    found = loosened(_four())
    assert found is not None
    assert found.deals == 2
    assert found.list_revenue == 3_000.0
    assert found.margin_low == pytest.approx(-1_000 * 0.05)
    assert found.margin_high == pytest.approx(2_000 * 0.85 - 800)


def test_rate_that_is_the_limit_but_for_rounding_stands_at_it() -> None:
    offers = _four()
    above = with_rates(offers, offers.rate + np.array([1e-12, 0.0, 0.0, 0.0]))
    found = loosened(above)
    assert found is not None
    assert found.deals == 2


@pytest.mark.parametrize("limit", [0.1, 0.05])
def test_limit_that_is_not_lifted_frees_nothing(limit: float) -> None:
    assert loosened(_four(limit)) is None


def test_unknown_cost_is_left_out() -> None:
    offers = dataclasses.replace(_four(), cost=np.full(4, np.nan))
    assert loosened(offers) is None
