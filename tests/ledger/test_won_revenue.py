"""Won revenue beside a report's figure: every difference by its cause, worked out by hand."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.facts import View
from counterpoise.ledger.won_revenue import (
    Cause,
    Difference,
    WonRevenue,
    explain,
    won_revenue,
)

DEALS = """\
deal_id,outcome,created_at,closed_at,list_amount,net_amount,currency
D1,won,2026-01-01,2026-01-10,1200,1000,USD
D2,won,2026-01-01,2026-02-01,500,500,EUR
D3,won,2026-01-01,2026-03-01,400,300,USD
D4,won,2026-01-01,2026-03-02,700,,USD
D5,cancelled,2026-01-01,2026-03-03,250,250,USD
D6,won,2026-01-01,2026-08-01,90,90,USD
D7,won,2026-01-01,,40,40,USD
D8,won,2026-01-01,2026-03-04,,60,USD
D9,lost,2026-01-01,2026-03-05,999,999,USD
D1,won,2026-01-01,2026-01-10,1200,1000,USD
D10,won,2026-01-01,2026-03-06,77,77,CHF
"""
LINES = "deal_id,line_no,quantity,list_price,net_price\nD3,1,1,200,150\n"
RATES = "currency,valid_from,rate\nEUR,2026-01-01,2\n"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WonRevenue]:
    folder = tmp_path_factory.mktemp("export")
    for name, text in (("deals", DEALS), ("deal_lines", LINES), ("exchange_rates", RATES)):
        (folder / f"{name}.csv").write_text(text)
    workspace = Workspace.create(tmp_path_factory.mktemp("room") / "workspace", "USD")
    import_books(workspace, folder)
    with Books.open(workspace) as books:
        yield won_revenue(View(books, dt.date(2026, 6, 30)))


def test_adds_up_the_net_of_won_deals_as_the_books_have_it(found: WonRevenue) -> None:
    # D1 1000, D2 500 EUR = 1000, D3 150 by its line, D7 40, D8 60; D4 has no net
    assert found.net == Decimal(2250)
    assert (found.deals, found.without_net) == (6, 1)


@pytest.mark.parametrize(
    ("cause", "deals", "amount"),
    [
        (Cause.DUPLICATES, 1, 1000),
        (Cause.SET_ASIDE, 1, 77),
        (Cause.CURRENCIES, 1, -500),
        (Cause.LINES, 1, 150),
        (Cause.LIST_FOR_NET, 1, 700),
        (Cause.AT_LIST, 2, 250),
        (Cause.CLOSED_LATER, 1, 90),
        (Cause.UNDATED, 1, -40),
        (Cause.CANCELLED, 1, 250),
        (Cause.UNPRICED, 1, -60),
    ],
)
def test_measures_each_cause_by_itself(
    found: WonRevenue, cause: Cause, deals: int, amount: int
) -> None:
    measured = {each.cause: (each.deals, each.amount) for each in found.differences}
    assert measured[cause] == (deals, Decimal(amount))


def test_finds_nothing_to_explain_in_the_same_figure(found: WonRevenue) -> None:
    told = explain(found, Decimal(2250))
    assert told.because == ()
    assert told.is_whole


@pytest.mark.parametrize(
    ("reported", "because"),
    [
        (3250, {Cause.DUPLICATES}),
        (2750, {Cause.DUPLICATES, Cause.CURRENCIES}),
        (2290, {Cause.CLOSED_LATER, Cause.AT_LIST}),
    ],
)
def test_explains_a_difference_by_the_fewest_causes(reported: int, because: set[Cause]) -> None:
    found = _found(
        {
            Cause.DUPLICATES: 1000,
            Cause.CURRENCIES: -500,
            Cause.CLOSED_LATER: 90,
            Cause.AT_LIST: -50,
        }
    )
    told = explain(found, Decimal(reported))
    assert {each.cause for each in told.because} == because
    assert told.is_whole
    assert told.unexplained == 0


def test_says_what_no_cause_explains() -> None:
    told = explain(_found({Cause.DUPLICATES: 1000}), Decimal(5250))
    assert {each.cause for each in told.because} == {Cause.DUPLICATES}
    assert told.unexplained == 2000
    assert not told.is_whole


def test_takes_a_report_that_is_read_off_rounded() -> None:
    found = WonRevenue(Decimal("1000000.40"), 10, 0, (_difference(Cause.CANCELLED, 250_000),))
    told = explain(found, Decimal(1_250_000))
    assert {each.cause for each in told.because} == {Cause.CANCELLED}
    assert told.is_whole
    assert told.unexplained == Decimal("-0.40")


def test_names_no_cause_where_the_report_is_only_rounded() -> None:
    found = WonRevenue(Decimal("1000000.40"), 10, 0, (_difference(Cause.UNDATED, -1),))
    assert explain(found, Decimal(1_000_000)).because == ()


@given(
    amounts=st.lists(st.integers(-10_000, 10_000).filter(bool), max_size=6),
    reported=st.integers(0, 100_000),
)
def test_leaves_no_more_than_the_whole_difference(amounts: list[int], reported: int) -> None:
    found = _found(dict(zip(Cause, amounts, strict=False)))
    told = explain(found, Decimal(reported))
    parts = sum((each.amount for each in told.because), Decimal(0))
    assert told.difference == parts + told.unexplained
    assert abs(told.unexplained) <= abs(told.difference)
    assert set(told.because) | set(told.others) == set(found.differences)


def _found(amounts: dict[Cause, int]) -> WonRevenue:
    differences = tuple(_difference(cause, amount) for cause, amount in amounts.items())
    return WonRevenue(Decimal(2250), 6, 1, differences)


def _difference(cause: Cause, amount: int) -> Difference:
    return Difference(cause, 1, Decimal(amount))
