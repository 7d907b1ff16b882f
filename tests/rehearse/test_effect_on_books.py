"""The effect on the books of a made-up company: read rightly, and of one piece with the replay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pytest

from counterpoise.agreement import Agreement
from counterpoise.books.facts import latest_day
from counterpoise.rehearse import Replaying
from counterpoise.rehearse.break_even import break_even_of
from counterpoise.rehearse.counting import Counting
from counterpoise.rehearse.effect import effect_of
from counterpoise.rehearse.offers import Offers, closed_offers
from counterpoise.rehearse.results import Assumptions, Behaviour
from tests.sharing import made_once
from tests.watch.fact_books import make_fact_company, open_fact_company


def _halved(agreement: Agreement) -> Agreement:
    limits = tuple(
        row.model_copy(update={"up_to": {who: most / 2 for who, most in row.up_to.items()}})
        for row in agreement.discounts.limits
    )
    discounts = agreement.discounts.model_copy(update={"limits": limits})
    return agreement.model_copy(update={"discounts": discounts})


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counting]:
    folder = made_once(tmp_path_factory, "fact_company", make_fact_company)
    books, agreements = open_fact_company(folder)
    with books:
        replaying = Replaying.of(books, agreements, latest_day(books, dt.date(2030, 1, 1)))
        assert agreements.latest is not None
        yield replaying.counting(_halved(agreements.latest.agreement))


@pytest.fixture(scope="module")
def offers(counting: Counting) -> Offers:
    return closed_offers(counting, Behaviour.WITHIN_AUTHORITY)


def test_every_won_and_lost_deal_is_an_offer(counting: Counting, offers: Offers) -> None:
    ended = counting.past.table["outcome"].to_pylist()
    assert len(offers) == ended.count("won") + ended.count("lost")
    assert offers.won.sum() == ended.count("won")


def test_what_is_cut_of_won_deals_is_what_the_break_even_says(
    counting: Counting, offers: Offers
) -> None:
    known = offers.won & np.isfinite(offers.rate)
    cut = (offers.listed * (offers.rate - offers.new_rate))[known].sum()
    pays = break_even_of(counting.now, Behaviour.WITHIN_AUTHORITY)
    assert cut == pytest.approx(float(pays.cut), abs=0.01)


def test_nothing_is_left_above_its_limit(offers: Offers) -> None:
    known = np.isfinite(offers.rate) & np.isfinite(offers.limit)
    assert known.mean() > 0.5
    half_a_cent = 0.0051 / offers.listed[known]
    assert (offers.new_rate[known] <= offers.limit[known] + half_a_cent).all()
    assert (offers.new_rate[known] <= offers.rate[known]).all()


def test_escalating_cuts_less(counting: Counting, offers: Offers) -> None:
    further = closed_offers(counting, Behaviour.ESCALATE)
    known = np.isfinite(offers.rate)
    assert (further.new_rate[known] >= offers.new_rate[known] - 1e-12).all()
    assert further.new_rate[known].sum() > offers.new_rate[known].sum()


def test_lost_offers_that_a_fault_kept_off_record_are_noticed(
    counting: Counting, offers: Offers
) -> None:
    # The company's planted fault: 15 of 100 lost deals were closed without their last price.
    found = effect_of(counting, Assumptions())
    assert found.why.startswith("Whether a rate is on record depends on how the deal ended")
    assert found.deals == np.isfinite(offers.rate).sum()
    assert found.cut == ((offers.rate - offers.new_rate) > 1e-6).sum()


def test_effect_is_estimated_on_a_reviewers_word(counting: Counting, offers: Offers) -> None:
    found = effect_of(counting, Assumptions(recording_attested=True))
    assert found.totals is not None, found.why
    assert found.totals.deals_won.low < 0
    assert found.why.startswith(f"Estimated from {found.deals:,} closed deals with a known rate")
    assert found.why.endswith("the estimate rests on that word.")
