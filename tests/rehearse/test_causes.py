"""Causes: what was known before the offer, and what was written with it or after."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from counterpoise.rehearse.causes import OWNER, mix_beside_recording, usable_mix
from counterpoise.rehearse.offers import Offers
from tests.rehearse.made_offers import Made, World, made, named_where, with_cause


@pytest.fixture(scope="module")
def company() -> Made:
    return made(1)


def _left_out(offers: Offers) -> list[str]:
    return usable_mix(offers)[1]


def test_uses_what_was_known_before(company: Made) -> None:
    assert _left_out(company.offers) == []


def test_leaves_out_a_field_that_the_outcome_wrote(company: Made) -> None:
    told = np.where(company.offers.won, "signed", "gone").astype(object)
    assert _left_out(with_cause(company.offers, "deal.attr.end", told)) == ["deal.attr.end"]


def test_leaves_out_a_number_that_the_outcome_wrote(company: Made) -> None:
    paid = np.where(company.offers.won, company.offers.listed, 0.0)
    assert _left_out(with_cause(company.offers, "deal.attr.paid", paid)) == ["deal.attr.paid"]


def test_leaves_out_a_field_that_only_some_lost_deals_have(company: Made) -> None:
    asked = np.arange(len(company.offers)) % 3 == 0
    note = named_where(asked & ~company.offers.won, "too dear")
    assert _left_out(with_cause(company.offers, "deal.attr.note", note)) == ["deal.attr.note"]


def test_keeps_an_optional_field_that_wins_less(company: Made) -> None:
    rng = np.random.default_rng(0)
    named = rng.random(len(company.offers)) < np.where(company.offers.won, 0.3, 0.6)
    competitor = named_where(named, "Rival")
    offers = with_cause(company.offers, "deal.competitor", competitor)
    mix, left_out = usable_mix(offers)
    assert left_out == []
    assert "deal.competitor" in mix.named


def test_blames_no_field_where_nearly_all_deals_are_won(company: Made) -> None:
    won = np.arange(len(company.offers)) >= 20
    named = named_where(np.arange(len(company.offers)) % 2 == 0, "Rival")
    offers = dataclasses.replace(company.offers, won=won)
    assert _left_out(with_cause(offers, "deal.competitor", named)) == []


@pytest.mark.parametrize("form", ["amount", "percent"])
def test_leaves_out_the_rate_in_another_form(company: Made, form: str) -> None:
    offers = company.offers
    given = offers.rate * (offers.listed if form == "amount" else 100.0)
    offers = with_cause(offers, "deal.attr.given", np.where(given > 0, given, np.nan))
    assert _left_out(offers) == ["deal.attr.given"]


def test_name_with_a_level_a_deal_is_no_cause_and_no_leak(company: Made) -> None:
    offers = with_cause(company.offers, "deal.attr.number", company.offers.deal_id)
    mix, left_out = usable_mix(offers)
    assert left_out == []
    assert "deal.attr.number" not in mix.named


def test_of_very_many_fields_those_stay_that_tell_most(company: Made) -> None:
    rng = np.random.default_rng(0)
    offers = company.offers
    for at in range(40):
        noise = np.array([f"v{level}" for level in rng.integers(0, 20, len(offers))], dtype=object)
        offers = with_cause(offers, f"deal.attr.noise{at}", noise)
    urgent = rng.random(len(offers)) < np.where(offers.won, 0.4, 0.6)
    offers = with_cause(offers, "deal.attr.urgent", urgent.astype(np.float64))
    mix, _ = usable_mix(offers)
    assert "deal.attr.urgent" in mix.named
    own = sum(name.startswith("deal.attr.") for name in mix.causes)
    assert own <= len(offers) / 50


def test_who_sold_it_enters_only_where_that_foretells_winning(company: Made) -> None:
    assert OWNER not in usable_mix(company.offers)[0].named
    assert OWNER in usable_mix(made(1, World(of_owner=1.0)).offers)[0].named


def test_unknown_owners_are_no_cause(company: Made) -> None:
    nobody = dataclasses.replace(company.offers, owner=np.full(len(company.offers), -1))
    assert OWNER not in usable_mix(nobody)[0].named


def test_what_is_recorded_with_the_rate_does_not_explain_its_recording() -> None:
    offers = made(2, World(recorded=(0.9, 0.5))).offers
    known = np.isfinite(offers.rate)
    goods = named_where(known, "Orion")
    goods[:200][known[:200]] = "Vega"
    mix = mix_beside_recording(with_cause(offers, "product_family", goods))
    assert mix.named == ("season", "account.segment", "deal.source", "account.employees")
