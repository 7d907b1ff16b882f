"""Contra-effects: estimates whose truth is known, and words that go no further than they may."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pytest

from counterpoise.books.facts import View
from counterpoise.ledger import contra_deals
from counterpoise.ledger.contra import (
    RATES_OF_LOST,
    Association,
    Question,
    next_rate,
    touched_rate,
    touched_wins,
)
from counterpoise.ledger.contra_deals import compared, read_deals, repeat_rates
from counterpoise.ledger.contra_next import Steps
from counterpoise.ledger.contra_regression import mix_of
from counterpoise.ledger.contra_words import Grounds, contra_object, reservation, says
from counterpoise.ledger.estimate import Estimate
from tests.ledger.contra_rows import made
from tests.ledger.disk_books import books_of
from tests.ledger.fit_rows import judged, sold
from tests.ledger.small_books import memory_books

AS_OF = dt.date(2026, 6, 30)
TIMES = 80
TENTH = pytest.approx(0.1)
NEXT = "customers held against each other"


@pytest.mark.parametrize(("wins", "rate", "again"), [(0.0, 0.0, 0.0), (0.08, -0.02, 0.4)])
def test_intervals_hold_the_truth(wins: float, rate: float, again: float) -> None:
    truths = {touched_wins: wins, touched_rate: rate, next_rate: again}
    held = dict.fromkeys(truths, 0)
    for seed in range(TIMES):
        deals = made(seed, customers=200, wins=wins, rate=rate, again=again)
        for ask, truth in truths.items():
            found = ask(deals).estimate
            assert found is not None
            held[ask] += found.low <= truth <= found.high
    assert min(held.values()) >= 0.89 * TIMES  # 95% less what 80 draws may miss by chance


def test_the_mix_and_the_customer_are_what_misleads_the_plain_figures() -> None:
    deals = made(1, customers=1200)
    wins = touched_wins(deals)
    plain = wins.beside["as they are, the mix left aside"]
    assert plain.low > 0
    assert wins.estimate is not None
    assert not wins.estimate.is_clear_of_zero
    after = next_rate(deals)
    assert after.beside[NEXT].low > 0.3
    assert after.estimate is not None
    assert not after.estimate.is_clear_of_zero


def test_holds_each_deal_against_what_follows() -> None:
    account = np.array([0, 0, 0, 0, 1, 1])
    rate = np.array([0.1, 0.2, 0.4, 0.9, 0.0, 0.8])  # their mean is 0.4
    steps = Steps.of(account, rate, mix_of((), 6))
    assert steps.before == pytest.approx([-0.3, -0.2, 0.0, -0.4])
    assert steps.after.tolist() == [2, 1, 0, 0]
    assert steps.now_on[:2] == pytest.approx([0.2 - 0.65, 0.4 - 0.9])
    assert steps.before_on[:2] == pytest.approx([0.1 - 0.3, 0.2 - 0.4])
    assert (len(steps), steps.customers) == (4, 1)


def test_refuses_where_nobody_was_touched() -> None:
    deals = made(2, customers=60)
    deals.touched[:] = False
    found = touched_wins(deals)
    assert found.estimate is None
    assert found.why.startswith("Too few touched deals to compare: 0 of 0 accounts")


def test_refuses_the_next_deal_where_hardly_anybody_came_back() -> None:
    found = next_rate(made(3, customers=20))
    assert found.estimate is None
    assert found.why.startswith("Too few customers with three priced deals or more")


def test_warns_where_rates_of_lost_deals_are_not_on_record() -> None:
    deals = made(4)
    deals.rate[~deals.won & (np.arange(len(deals)) % 2 == 0)] = np.nan
    assert touched_rate(deals).warnings == (RATES_OF_LOST,)
    assert next_rate(deals).warnings == (RATES_OF_LOST,)
    assert touched_wins(deals).warnings == ()


def test_reads_whole_accounts_of_very_many_deals(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [sold(f"D{at}", f"A{at % 40:02}", "maker") for at in range(200)]
    books = memory_books()
    monkeypatch.setattr(type(books), "is_large", True)
    monkeypatch.setattr(contra_deals, "MOST_DEALS", 52)
    view = View(books, AS_OF)
    found = read_deals(view, books.keep(compared(view, judged(rows)), "compared"))
    assert np.bincount(found.account).tolist() == [5] * 10  # whole accounts, 52 deals at most


def told(question: Question, value: float, low: float, high: float, **facts: Any) -> Association:
    return Association(question, Estimate(value, low, high, 0.01, 99.0, 900, 100), **facts)


def test_uses_causal_words_only_on_grounds() -> None:
    found = told(Question.TOUCHED_WINS, 0.041, 0.012, 0.07)
    bare, firm = Grounds(hold=False, why="Lost offers are not recorded."), Grounds(hold=True)
    assert says(found, bare) == (
        "Deals that marketing touched before they began are won 4.1 points more often than others "
        "of the same mix (95% interval +1.2 to +7.0 points; 900 deals of 100 customers)."
    )
    assert reservation(found, bare) == (
        "This is what goes together, not what causes it. Lost offers are not recorded."
    )
    assert says(found, firm).startswith("Marketing's touch before the deal raises its chance")
    assert "nobody recorded" in reservation(found, firm)


def test_a_warning_keeps_causal_words_away() -> None:
    found = told(Question.NEXT_RATE, 0.3, 0.1, 0.5, warnings=(RATES_OF_LOST,))
    assert says(found, Grounds(hold=True)) == (
        "Ten points more off than usual for a customer go with 3.0 points more off at its next "
        "deal (95% interval +1.0 to +5.0 points; 900 deals of 100 customers)."
    )
    assert "not what causes it" in reservation(found, Grounds(hold=True))


def test_says_what_is_not_sure_and_what_cannot_be_told() -> None:
    unsure = told(Question.TOUCHED_RATE, -0.004, -0.012, 0.004)
    refused = Association(Question.TOUCHED_WINS, None, why="Too few.")
    first, second = contra_object((unsure, refused), Grounds(hold=True))
    assert first["says"].startswith("No sure difference in how far deals that marketing touched")
    assert (first["is_cause"], first["status"]) == (False, "told")
    assert (second["status"], second["says"], second["estimate"]) == ("refused", "Too few.", None)


def test_reads_who_was_touched_before_the_deal_began(tmp_path: Path) -> None:
    began = dt.datetime(2026, 2, 1)  # ten days before the deals are closed
    before, after = began - dt.timedelta(days=3), began + dt.timedelta(days=2)
    long_ago = began - dt.timedelta(days=366)
    touches = [(before, "A", None), (after, "B", None), (long_ago, "C", None), (before, None, "L")]
    tables: dict[str, list[dict[str, Any]]] = {
        "deals": [],
        "leads": [{"lead_id": "L", "account_id": "D", "created_at": before}],
        "touches": [
            {
                "touch_id": str(number),
                "touched_at": at,
                "channel": "web",
                "account_id": account,
                "lead_id": lead,
            }
            for number, (at, account, lead) in enumerate(touches)
        ],
        "offers": [{"offer_id": "1", "deal_id": "A2", "offered_at": before}],
    }
    deals = judged(
        [
            sold("A1", "A", "maker"),
            sold("A2", "A", "maker"),  # was offered before the touch
            sold("B1", "B", "maker"),
            sold("C1", "C", "maker", net_amount=None),
            sold("D1", "D", ""),  # its account's lead was touched
            sold("E1", None, "", lead_id="L", outcome="lost"),
            sold("F1", "F", "", outcome="open"),
        ]
    )
    with books_of(tmp_path / "books", tables) as books:
        view = View(books, AS_OF)
        table = books.keep(compared(view, deals), "compared")
        found = read_deals(view, table)
        before = books.run(repeat_rates(table).filter(ibis._.rate_before.notnull())).to_pylist()
    assert before == [{"deal_id": "A2", "touched": False, "rate": TENTH, "rate_before": TENTH}]
    touched = dict(zip(["E1", "A1", "A2", "B1", "C1", "D1"], found.touched.tolist(), strict=True))
    assert touched == {
        "A1": True,
        "A2": False,
        "B1": False,
        "C1": False,
        "D1": True,
        "E1": True,
    }
    assert found.rate == pytest.approx([0.1, 0.1, 0.1, 0.1, np.nan, 0.1], nan_ok=True)
    assert found.won.tolist() == [False, True, True, True, True, True]
    assert found.factors["repeat"].tolist() == [0, 0, 1, 0, 0, 0]
