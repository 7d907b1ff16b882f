"""Robustness: what a cause that nobody recorded would have to do."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from counterpoise.rehearse.results import Robustness
from counterpoise.rehearse.trust import equal_share, robustness, scale_of, straight
from tests.rehearse.made_offers import Made, World, made, nothing, one_each


def _trust(company: Made) -> Robustness:
    surface = company.surface
    return robustness(surface, {"deals_won": surface.total(one_each(surface.offers))})


def test_share_of_both_that_moves_by_a_part_of_the_scale() -> None:
    # R² / (1 − R) = (1/2)² / (1 − 1/2) = 1/2
    assert equal_share(math.sqrt(0.5)) == pytest.approx(0.5)


def test_bound_is_scale_times_the_root_of_both_strengths() -> None:
    found = Robustness(0.1, 0.05, None, fragile=False, scale={"margin": 1_000.0})
    # 1,000 × √(0.04 × 0.2 / 0.8)
    assert found.bound("margin", 0.04, 0.2) == pytest.approx(100.0)


def test_scale_is_the_root_of_both_sums_of_squares() -> None:
    surface = made(0, World(deals=400)).surface
    total = surface.total(one_each(surface.offers))
    squares = (surface.residual**2).sum() * (total.weights**2).sum()
    assert scale_of(surface, total) == pytest.approx(squares**0.5)


def test_strong_effect_without_a_hidden_cause_is_not_fragile() -> None:
    fragile = [_trust(made(seed)).fragile for seed in range(8)]
    assert sum(fragile) <= 1


def test_hidden_cause_makes_it_fragile_where_it_hides_the_effect() -> None:
    fragile = [_trust(made(seed, World(hidden=1.2))).fragile for seed in range(8)]
    assert sum(fragile) >= 7


def test_no_effect_takes_no_cause_to_undo() -> None:
    assert _trust(made(0, World(answer=nothing))).value == 0.0


def test_strongest_cause_is_the_one_that_moves_rate_and_winning_most() -> None:
    company = made(0)
    hidden = np.random.default_rng(3).standard_normal(len(company.offers))
    rate = np.clip(company.rate + 0.05 * hidden, 0.0, 0.5)
    won = np.where(hidden > 1.0, False, np.where(hidden < -1.0, True, company.offers.won))
    offers = dataclasses.replace(
        company.offers,
        rate=rate,
        new_rate=np.minimum(rate, 0.1),
        won=won,
        causes={**company.offers.causes, "deal.attr.known": hidden},
    )
    found = _trust(dataclasses.replace(company, offers=offers))
    assert found.strongest == "deal.attr.known"
    assert found.strongest_recorded > 0.1


def test_straight_line_has_one_column_of_the_rate() -> None:
    surface = made(0, World(deals=400)).surface
    line = straight(surface)
    assert line.columns.shape[1] == surface.mix.columns.shape[1] + 1


def test_as_many_fields_as_deals_are_no_stumbling_block() -> None:
    company = made(0, World(deals=140, accounts=70))
    rng = np.random.default_rng(0)
    for at in range(200):
        company.offers.causes[f"account.field{at}"] = rng.standard_normal(140)
    assert 0.0 <= _trust(company).strongest_recorded <= 1.0
