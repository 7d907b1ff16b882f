"""Grounds for causal words, whatever the candidate."""

from __future__ import annotations

import numpy as np

from counterpoise.rehearse.grounds import against_offers
from tests.rehearse.made_offers import made, with_rates


def test_finds_nothing_against_books_in_which_discounts_win_as_modelled() -> None:
    assert against_offers(made(1).offers) is None


def test_objects_where_lost_offers_are_not_recorded() -> None:
    offers = made(1).offers
    refusal = against_offers(with_rates(offers, np.where(offers.won, offers.rate, np.nan)))
    assert refusal is not None
    assert refusal.is_about_recording
