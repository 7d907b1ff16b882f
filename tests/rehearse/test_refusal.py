"""Refusals, each by its own small data, with its numbers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from counterpoise.rehearse.effect import effect_on
from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.offers import Offers
from counterpoise.rehearse.refusal import before_estimating
from counterpoise.rehearse.results import Assumptions, Effect, EffectStatus
from tests.rehearse.made_offers import World, made, named_where, nothing, with_cause, with_rates

ATTESTED = Assumptions(recording_attested=True)


def _recorded(offers: Offers, known: Flags) -> Offers:
    return with_rates(offers, np.where(known, offers.rate, np.nan))


def _refused(offers: Offers, assumed: Assumptions | None = None) -> Effect:
    found = effect_on(offers, assumed)
    assert found.status is EffectStatus.REFUSED
    assert found.totals is None
    assert found.record_from_now_on
    return found


@pytest.fixture(scope="module")
def sound() -> Offers:
    """Return 800 deals with nothing to object to."""
    return made(0, World(deals=800)).offers


def test_nothing_is_objected_to_sound_books(sound: Offers) -> None:
    assert effect_on(sound).status is EffectStatus.ESTIMATED


def test_lost_offers_that_are_not_recorded(sound: Offers) -> None:
    found = _refused(_recorded(sound, sound.won))
    won = int(sound.won.sum())
    assert found.why.startswith(
        f"Lost offers are not recorded: 0 of {800 - won} lost deals say what price was offered, "
        f"against {won} of {won} won ones."
    )
    assert found.numbers is not None
    assert found.numbers["recorded_of_won"] == 1.0
    assert found.numbers["recorded_of_lost"] == 0.0
    cut = sound.won & (sound.rate > sound.limit)
    assert found.numbers["deals_won_at_worst"] == -cut.sum()
    assert found.numbers["deals_won_at_best"] == (~sound.won).sum()
    assert "last price put to the customer" in found.record_from_now_on[0]


def test_lost_offers_that_are_not_recorded_are_not_mended_by_a_word(sound: Offers) -> None:
    assert "Lost offers" in _refused(_recorded(sound, sound.won), ATTESTED).why


def test_rates_recorded_more_often_on_won_deals(sound: Offers) -> None:
    every_second = np.arange(800) % 2 == 0
    found = _refused(_recorded(sound, sound.won | every_second))
    assert found.why.startswith("Whether a rate is on record depends on how the deal ended")
    assert found.numbers is not None
    lost = found.numbers["recorded_of_lost"]
    assert found.numbers["difference"] == pytest.approx(1.0 - lost, abs=0.05)
    assert 0.05 < found.numbers["low"] < found.numbers["difference"] < found.numbers["high"]


def _by_source(offers: Offers) -> Offers:
    """Return deals of the web that are lost more often, and rarely have a rate on record."""
    rng = np.random.default_rng(1)
    web = offers.causes["deal.source"] == "web"
    won = np.where(web, offers.won & (rng.random(web.size) < 0.5), offers.won)
    kept = rng.random(web.size) < np.where(web, 0.5, 0.98)
    return _recorded(dataclasses.replace(offers, won=won), kept)


def test_recording_that_the_mix_explains_is_no_objection() -> None:
    offers = _by_source(made(0, World(deals=2_000)).offers)
    known = np.isfinite(offers.rate)
    assert known[offers.won].mean() - known[~offers.won].mean() > 0.05
    assert before_estimating(offers, attested=False) is None


@pytest.mark.parametrize("field", ["row", "goods"])
def test_what_is_known_with_the_rate_alone_does_not_explain_its_recording(
    sound: Offers, field: str
) -> None:
    every_second = np.arange(800) % 2 == 0
    offers = _recorded(sound, sound.won | every_second)
    known = np.isfinite(offers.rate)
    if field == "row":
        offers = dataclasses.replace(offers, row=np.where(known, offers.row, -1))
    else:
        goods = named_where(known, "Orion")
        goods[:300][known[:300]] = "Vega"
        offers = with_cause(offers, "product_family", goods)
    refusal = before_estimating(offers, attested=False)
    assert refusal is not None
    assert refusal.numbers["difference"] > 0.3


def test_zeros_that_stand_for_unknown(sound: Offers) -> None:
    offers = made(0, World(deals=2_000)).offers
    forgotten = ~offers.won & (np.arange(2_000) % 2 == 0)
    found = _refused(with_rates(offers, np.where(forgotten, 0.0, offers.rate)))
    assert found.why.startswith('A rate of exactly 0 seems to stand for "not recorded"')
    assert found.numbers is not None
    assert found.numbers["won_at_list"] < found.numbers["foretold"] - 0.05
    assert found.numbers["high"] < -0.05
    assert "Leave the rate empty" in found.record_from_now_on[1]


def test_deals_at_list_that_win_less_because_nothing_was_given_are_no_fault() -> None:
    offers = made(5, World(deals=2_000)).offers
    assert (offers.rate == 0).sum() >= 50
    assert effect_on(offers).status is EffectStatus.ESTIMATED


def test_discounts_that_seem_to_drive_customers_away() -> None:
    found = _refused(made(0, World(answer=nothing, hidden=1.0)).offers)
    assert found.why.startswith("Deals with a higher rate are won less often")
    assert found.numbers is not None
    assert found.numbers["slope_per_point"] < 0
    assert found.numbers["z"] < -1.644854
    assert "before the offer" in found.record_from_now_on[0]


def test_rates_that_nobody_ever_gave(sound: Offers) -> None:
    high = with_rates(sound, 0.2 + sound.rate)
    found = _refused(high)
    assert found.why.startswith("The candidate leads where nobody has been: only 0%")
    assert found.numbers == {"overlap": 0.0}


def test_too_few_deals() -> None:
    found = _refused(made(0, World(deals=90, accounts=60)).offers)
    assert found.why.startswith("Too few deals: ")


def test_too_few_customers(sound: Offers) -> None:
    # Half of all deals are one customer's: 1 / (0.5² + 400 / 800²) are four customers.
    account = np.where(np.arange(800) < 400, 0, np.arange(800))
    found = _refused(dataclasses.replace(sound, account=account))
    assert found.why.startswith(
        "Too few customers: 800 deals with a known rate are as good as those of 4."
    )
    assert found.numbers is not None
    assert found.numbers["customers"] == pytest.approx(1 / (0.25 + 400 / 800**2))


def test_rates_that_do_not_vary(sound: Offers) -> None:
    found = _refused(with_rates(sound, np.full(800, 0.2)))
    assert found.why.startswith("Rates hardly vary (standard deviation 0.00 points)")


@pytest.mark.parametrize(("ended", "word"), [(True, "lost"), (False, "won")])
def test_deals_that_all_ended_one_way(sound: Offers, ended: bool, word: str) -> None:
    found = _refused(dataclasses.replace(sound, won=np.full(800, ended)))
    assert found.why.startswith(f"The books hold no {word} deals to compare with.")


def test_books_without_closed_deals(sound: Offers) -> None:
    found = _refused(sound.part(np.zeros(800, dtype=np.bool_)))
    assert found.deals == found.cut == 0
