"""Placebos are about 1 where the truth is no effect."""

from __future__ import annotations

import dataclasses

import numpy as np

from counterpoise.rehearse.placebo import EARLIER, placebo
from tests.rehearse.made_offers import World, made

WORLD = World(deals=700, accounts=90)


def test_permuted_rates_score_about_one() -> None:
    scores = np.array([placebo(made(seed, WORLD).surface).permuted for seed in range(12)])
    # Twelve times five squares of about 1 each: 60 ± 11.
    assert 0.75 < np.sqrt((scores**2).mean()) < 1.3


def test_former_deals_score_about_one() -> None:
    found = [placebo(made(seed, WORLD).surface) for seed in range(12)]
    assert all(each.earlier_is == EARLIER for each in found)
    scores = np.array([each.earlier for each in found], dtype=np.float64)
    assert 0.4 < np.sqrt((scores**2).mean()) < 1.8


def test_customers_with_one_deal_have_no_former_one() -> None:
    surface = made(0, WORLD).surface
    alone = dataclasses.replace(surface.offers, account=np.arange(len(surface.offers)))
    found = placebo(dataclasses.replace(surface, offers=alone))
    assert found.earlier is None
    assert found.earlier_is is None


def test_same_books_score_the_same_again() -> None:
    assert placebo(made(0, WORLD).surface) == placebo(made(0, WORLD).surface)
