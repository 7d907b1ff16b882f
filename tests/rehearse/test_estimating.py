"""The estimator: it finds a truth that is known, and its intervals are honest."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from counterpoise.rehearse.dose import RIDGE_BEND, RIDGE_GROUP, Dose
from counterpoise.rehearse.estimating import NORMAL_95, Shift, Surface
from counterpoise.rehearse.logistic import expit
from counterpoise.rehearse.mix import mix_of
from counterpoise.rehearse.offers import Offers
from tests.rehearse.made_offers import (
    Answer,
    World,
    made,
    nothing,
    one_each,
    saturating,
    straight,
    threshold,
)

SEEDS = range(80)
FEWEST_HELD = 69
"""Of 80 honest 95 % intervals fewer hold the truth once in a thousand times."""


def _surface(seed: int, world: World) -> tuple[Surface, float]:
    company = made(seed, world)
    offers, mix = company.offers, mix_of(company.offers)
    dose = Dose.of(offers.rate, mix.groups)
    return Surface(offers, mix, dose, offers.new_rate).settled(), company.truth


@pytest.mark.parametrize("answer", [straight, saturating, threshold, nothing])
def test_intervals_hold_the_truth_as_often_as_they_say(answer: Answer) -> None:
    errors, halves = np.empty(len(SEEDS)), np.empty(len(SEEDS))
    for seed in SEEDS:
        surface, truth = _surface(seed, World(deals=900, accounts=120, answer=answer))
        found = surface.total(one_each(surface.offers))
        errors[seed], halves[seed] = found.estimate - truth, NORMAL_95 * found.error
    assert (np.abs(errors) <= halves).sum() >= FEWEST_HELD
    spread = errors.std()
    assert abs(errors.mean()) < 0.5 * spread
    assert 1.4 < halves.mean() / spread < 2.9


def test_groups_that_answer_alike_are_drawn_together() -> None:
    surface, _ = _surface(3, World(deals=4_000, accounts=400))
    assert surface.dose.group_ridge > 3 * RIDGE_GROUP


def test_groups_that_answer_otherwise_stay_apart() -> None:
    company = made(3, World(deals=4_000, accounts=400))
    offers, mix = company.offers, mix_of(company.offers)
    answers = np.array(
        [{"Small": 0.0, "Middle": 10.0, "Large": 25.0}[each] for each in _segment(offers)]
    )
    chance = expit(company.odds + answers * company.rate)
    won = np.random.default_rng(3).random(len(offers)) < chance
    apart = Surface(
        dataclasses.replace(offers, won=won), mix, Dose.of(offers.rate, mix.groups), offers.new_rate
    ).settled()
    assert apart.dose.group_ridge < RIDGE_GROUP


def test_an_answer_that_is_straight_is_drawn_to_a_line() -> None:
    surface, _ = _surface(3, World(deals=4_000, accounts=400))
    assert surface.dose.bend_ridge > 3 * RIDGE_BEND


def test_an_answer_that_bends_sharply_keeps_its_bends() -> None:
    company = made(3, World(deals=4_000, accounts=400))
    offers, mix = company.offers, mix_of(company.offers)
    chance = expit(company.odds + 4.0 * (company.rate > np.median(company.rate)))
    won = np.random.default_rng(3).random(len(offers)) < chance
    bent = Surface(
        dataclasses.replace(offers, won=won), mix, Dose.of(offers.rate, mix.groups), offers.new_rate
    ).settled()
    assert bent.dose.bend_ridge < RIDGE_BEND


def test_without_groups_and_bends_nothing_is_learnt() -> None:
    surface, _ = _surface(0, World(deals=300))
    bare = Surface(
        surface.offers,
        surface.mix,
        Dose(surface.dose.unit, (), surface.dose.groups[:, :0]),
        surface.new_rate,
    )
    assert bare.settled() is bare


def _segment(offers: Offers) -> npt.NDArray[Any]:
    return offers.causes["account.segment"]


@pytest.fixture(scope="module")
def surface() -> Surface:
    return _surface(0, World(deals=900))[0]


def test_error_is_the_root_of_the_sums_by_account_with_what_the_ridge_holds_back(
    surface: Surface,
) -> None:
    shift = one_each(surface.offers)
    found = surface.total(shift)
    chance, then = surface.model.chance(surface.columns), surface.model.chance(surface.new_columns)
    told = surface.columns.T @ (surface.columns * (chance * (1 - chance))[:, None])
    ridge = np.diag(surface.model.ridge)
    undone = np.linalg.inv(told + ridge)
    slope = surface.new_columns.T @ (then * (1 - then)) - surface.columns.T @ (
        chance * (1 - chance)
    )
    moved = surface.columns @ (undone @ (told + 2 * ridge) @ undone @ slope) * surface.residual
    by_account = np.bincount(surface.offers.account, moved)
    assert found.error == pytest.approx(np.sqrt(by_account @ by_account))


def test_weights_balance_every_column_up_to_its_ridge(surface: Surface) -> None:
    shift = one_each(surface.offers)
    weights = surface.weights(shift)
    chance = surface.model.chance(surface.columns)
    new_chance = surface.model.chance(surface.new_columns)
    noise, new_noise = chance * (1 - chance), new_chance * (1 - new_chance)
    balanced = surface.columns.T @ (weights * noise)
    target = surface.new_columns.T @ new_noise - surface.columns.T @ noise
    free = surface.model.ridge <= 1e-3
    np.testing.assert_allclose(balanced[free], target[free], atol=0.05)
    assert ((target - balanced) ** 2).sum() < 0.05 * (target**2).sum()


def test_total_without_correction_is_the_models_sum(surface: Surface) -> None:
    now, then = surface.fair
    found = surface.total(one_each(surface.offers))
    assert found.model_only == pytest.approx((then - now).sum())
    assert found.estimate == pytest.approx(
        found.model_only + found.weights @ (surface.offers.won - now)
    )


def test_what_is_counted_twice_comes_to_twice_as_much(surface: Surface) -> None:
    one = surface.total(one_each(surface.offers))
    two = np.full(len(surface.offers), 2.0)
    both = surface.total(Shift(two, two))
    assert both.estimate == pytest.approx(2 * one.estimate)
    assert both.error == pytest.approx(2 * one.error)


def test_nothing_changes_where_nothing_is_cut() -> None:
    company = made(3, World(deals=400, limit=0.9))
    found = company.surface.total(one_each(company.offers))
    assert found.estimate == pytest.approx(0.0, abs=1e-9)
    assert found.error == pytest.approx(0.0, abs=1e-9)


def test_chances_are_those_of_a_model_without_the_deals_own_account() -> None:
    company = made(4, World(deals=600, accounts=30))
    surface = company.surface
    own = surface.model.chance(surface.columns)
    now, _ = surface.fair
    by_account = np.bincount(company.offers.account, company.offers.won - own)
    apart = np.bincount(company.offers.account, company.offers.won - now)
    # What an account did itself pulls its own chances towards it.
    assert (apart**2).sum() > (by_account**2).sum()


def test_recording_by_outcome_moves_the_odds_by_its_ratio(surface: Surface) -> None:
    thinned = Surface(surface.offers, surface.mix, surface.dose, surface.new_rate, (0.8, 0.2))
    odds = np.log(surface.fair[0] / (1 - surface.fair[0]))
    np.testing.assert_allclose(thinned.fair[0], expit(odds - np.log(4)), rtol=1e-9)
    np.testing.assert_array_equal(thinned.residual, surface.residual)
