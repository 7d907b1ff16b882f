"""The effect: wins, revenue and margin that fit together, and what it says of itself."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from counterpoise.rehearse.effect import NOTHING_CUT, ON_A_WORD, PRICE_ALONE, effect_on
from counterpoise.rehearse.offers import Offers
from counterpoise.rehearse.rehearsal_json import effect_object
from counterpoise.rehearse.results import Assumptions, Behaviour, Effect, EffectStatus, Totals
from tests.rehearse.made_offers import Made, World, made, named_where, nothing, with_rates

ATTESTED = Assumptions(recording_attested=True)


@pytest.fixture(scope="module")
def company() -> Made:
    return made(0)


@pytest.fixture(scope="module")
def effect(company: Made) -> Effect:
    return effect_on(company.offers)


def _totals(effect: Effect) -> Totals:
    assert effect.totals is not None, effect.why
    return effect.totals


def test_says_what_it_rests_on(company: Made, effect: Effect) -> None:
    won = company.offers.won.sum()
    assert effect.why == (
        f"Estimated from 1,500 closed deals with a known rate, {won} of them won, like compared "
        "with like by 6 recorded causes."
    )
    assert effect.status is EffectStatus.ESTIMATED
    assert effect.behaviour is Behaviour.WITHIN_AUTHORITY
    assert effect.deals == 1_500
    assert effect.cut == (company.rate > 0.1).sum()


def test_holds_the_truth(company: Made, effect: Effect) -> None:
    wins = _totals(effect).deals_won
    assert wins.low < company.truth < wins.high < 0


def test_checks_stand_beside_it(company: Made, effect: Effect) -> None:
    assert effect.band_check is not None
    assert effect.outcome_model_only is not None
    assert effect.effective_sample_share is not None
    assert 0.5 < effect.effective_sample_share <= 1.0
    assert effect.overlap == 1.0
    assert effect.robustness is not None
    assert effect.placebo is not None
    assert 0.2 < effect.placebo.permuted < 2.0


def test_same_offers_give_the_same_effect(company: Made, effect: Effect) -> None:
    assert effect_on(company.offers) == effect


def test_order_of_the_deals_does_not_matter(company: Made, effect: Effect) -> None:
    back = company.offers.part(np.ones(1_500, dtype=np.bool_))
    names = [each.name for each in dataclasses.fields(Offers) if each.name != "causes"]
    turned = dataclasses.replace(
        back,
        **{name: getattr(back, name)[::-1].copy() for name in names},
        causes={name: values[::-1].copy() for name, values in back.causes.items()},
    )
    found = _totals(effect_on(turned)).deals_won
    assert found.estimate == pytest.approx(_totals(effect).deals_won.estimate, rel=0.02)


def test_goods_without_cost_make_margin_of_revenue(company: Made) -> None:
    free = dataclasses.replace(company.offers, cost=np.zeros(1_500))
    totals = _totals(effect_on(free))
    assert totals.margin == totals.net_revenue


def test_every_deal_costs_the_same_a_win(company: Made) -> None:
    # margin = net − cost, so a cost of 100 a deal takes a hundred for every win.
    dear = dataclasses.replace(company.offers, cost=np.full(1_500, 100.0))
    totals = _totals(effect_on(dear))
    assert totals.margin is not None
    taken = totals.net_revenue.estimate - totals.margin.estimate
    assert taken == pytest.approx(100 * totals.deals_won.estimate)


def test_margin_is_price_alone_where_winning_does_not_answer() -> None:
    company = made(2, World(answer=nothing))
    found = effect_on(company.offers)
    totals = _totals(found)
    assert not totals.deals_won.has_evidence
    assert PRICE_ALONE in found.why
    assert totals.margin is not None
    offers = company.offers
    cut = offers.listed * (offers.rate - offers.new_rate)
    expected = float((cut / (1 + np.exp(-company.odds))).sum())
    assert totals.margin.low < expected < totals.margin.high


@pytest.mark.parametrize(("known", "told"), [(0.85, True), (0.7, False)])
def test_margin_is_told_where_costs_are_known_of_most_deals(
    company: Made, known: float, told: bool
) -> None:
    cost = np.where(np.arange(1_500) < known * 1_500, company.offers.cost, np.nan)
    totals = _totals(effect_on(dataclasses.replace(company.offers, cost=cost)))
    assert (totals.margin is not None) is told


def test_candidate_that_cuts_nothing_changes_nothing(company: Made) -> None:
    offers = dataclasses.replace(company.offers, new_rate=company.offers.rate)
    found = effect_on(offers)
    totals = _totals(found)
    assert found.why == NOTHING_CUT
    assert found.cut == 0
    assert totals.deals_won == totals.margin == totals.net_revenue
    assert (totals.margin.low, totals.margin.high) == (0.0, 0.0)


def test_looser_candidate_is_bounded_and_not_estimated(company: Made) -> None:
    wide = np.full(1_500, 0.3)
    offers = dataclasses.replace(company.offers, limit=wide, former_limit=np.full(1_500, 0.1))
    found = effect_on(dataclasses.replace(offers, new_rate=offers.rate))
    assert found.loosened is not None
    assert found.loosened.deals == ((offers.rate <= 0.1) & (offers.rate >= 0.095)).sum()
    assert found.loosened.margin_low < 0 < found.loosened.margin_high


def test_cuts_that_lead_too_far_are_counted_and_left_as_they_were() -> None:
    # In row 1 nobody stood near the new rate: 200 of its deals are not estimated.
    company = made(0)
    offers = dataclasses.replace(company.offers, row=np.repeat([0, 1], [1_300, 200]))
    found = effect_on(with_rates(offers, np.where(offers.row == 1, 0.3, offers.rate)))
    cut = int((offers.rate[:1_300] > 0.1).sum())
    won = int(offers.won[1_300:].sum())
    assert found.overlap == pytest.approx(cut / (cut + 200))
    assert (
        f"200 of the {cut + 200} deals to be cut have no like at the rate that the candidate "
        "leaves. They are taken as they were, and what cutting them would do is not estimated: at "
        f"worst the {won} won ones among them are lost."
    ) in found.why


def test_fields_that_the_outcome_wrote_are_named(company: Made) -> None:
    note = named_where(~company.offers.won, "too dear")
    causes = {**company.offers.causes, "deal.attr.why": note}
    found = effect_on(dataclasses.replace(company.offers, causes=causes))
    assert found.why.endswith(
        "Left out, because price or outcome seems to have written them: deal.attr.why."
    )


def test_attested_recording_takes_out_what_it_bent() -> None:
    company = made(3, World(deals=3_000, recorded=(0.95, 0.4)))
    assert effect_on(company.offers).status is EffectStatus.REFUSED
    found = effect_on(company.offers, ATTESTED)
    wins = _totals(found).deals_won
    assert found.attested
    assert found.why.endswith(ON_A_WORD)
    assert wins.low < company.truth < wins.high
    # Of 3,000 deals the effect is told, though fewer are on record.
    whole = effect_on(made(3, World(deals=3_000)).offers)
    assert wins.estimate == pytest.approx(_totals(whole).deals_won.estimate, rel=0.35)
    assert wins.high - wins.low > 0.9 * (
        _totals(whole).deals_won.high - _totals(whole).deals_won.low
    )


def test_everything_recorded_makes_a_word_change_nothing(company: Made, effect: Effect) -> None:
    found = effect_on(company.offers, ATTESTED)
    assert found.totals == effect.totals


def _odd(name: str, offers: Offers) -> Offers:
    size = len(offers)
    some = np.arange(size) % 40 == 0
    changed = {
        "alone": {"account": np.arange(size)},
        "no causes": {"causes": {}},
        "no owners": {"owner": np.full(size, -1)},
        "rows unknown": {"row": np.full(size, -1)},
        "limits unknown": {"limit": np.full(size, np.nan), "former_limit": np.full(size, np.nan)},
        "costs unknown": {"cost": np.full(size, np.nan)},
        "huge amounts": {"listed": offers.listed * 1e12, "cost": offers.cost * 1e12},
        "one huge amount": {"listed": np.where(np.arange(size) == 7, 1e15, offers.listed)},
        "tiny cuts": {"new_rate": offers.rate - 1e-9},
        "infinite numbers": {"causes": {"x": np.where(some, np.inf, 1.0)}},
        "numbers at the edge": {"causes": {"x": np.where(some, 1e300, -1e300)}},
        "names": {"causes": {"x": offers.deal_id}},
        "one day": {"created": np.full(size, 19_000)},
        "a segment that tells all": {"won": offers.causes["account.segment"] == "Small"},
    }
    rates = {
        "above one": np.where(some, 1.7, offers.rate),
        "far above list": np.where(np.arange(size) == 7, -1e6, offers.rate),
        "two rates": np.where(np.arange(size) % 2 == 0, 0.1, 0.2),
    }
    if name in rates:
        return with_rates(offers, rates[name])
    return dataclasses.replace(offers, **changed[name])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "alone",
        "no causes",
        "no owners",
        "rows unknown",
        "limits unknown",
        "costs unknown",
        "huge amounts",
        "one huge amount",
        "tiny cuts",
        "infinite numbers",
        "numbers at the edge",
        "names",
        "one day",
        "a segment that tells all",
        "above one",
        "far above list",
        "two rates",
    ],
)
def test_odd_books_are_estimated_or_refused(name: str) -> None:
    found = effect_on(_odd(name, made(0, World(deals=500, accounts=80)).offers))
    assert (found.totals is None) is (found.status is EffectStatus.REFUSED)
    assert json.dumps(effect_object(found), allow_nan=False)


def test_one_slip_of_a_price_changes_next_to_nothing(company: Made, effect: Effect) -> None:
    slipped = np.where(np.arange(1_500) == 7, -1e6, company.offers.rate)
    found = _totals(effect_on(with_rates(company.offers, slipped))).deals_won
    assert found.estimate == pytest.approx(_totals(effect).deals_won.estimate, rel=0.1)
