"""Prices: from lines or from the whole deal, from the request or from the books."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement.fields import Fields
from counterpoise.books.schema import Kind
from counterpoise.desk import BooksInMemory, RequestError, read_request
from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts
from counterpoise.desk.case import Case
from counterpoise.desk.facts import case_of
from tests.desk.making import STANDARD, agree, answer, ask, asking


def case(
    books: BookFacts = NO_BOOKS, *, by_line: bool = False, books_win: bool = False, **asked: Any
) -> Case:
    basis = "line" if by_line else "deal"
    agreement = agree(discounts={"basis": basis, "limits": [STANDARD]})
    return case_of(read_request(asking(**asked)), Ready(agreement), books, books_win=books_win)


PRODUCTS = BooksInMemory(
    accounts={"A1": {"account_id": "A1", "segment": "SMB", "employees": 20}},
    products={
        "P1": {
            "name": "One",
            "family": "GTX",
            "list_price": Decimal(1000),
            "unit_cost": Decimal(600),
        },
        "P2": {"name": "Two", "family": "Orion", "list_price": Decimal(5000), "unit_cost": None},
    },
    people={"R1": {"role": "AE", "region": "North"}},
)


def test_adds_lines_up_netting_what_is_above_list_against_what_is_below() -> None:
    lines = [
        {"quantity": 10, "list_price": 1000, "net_price": 1200, "unit_cost": 600},
        {"quantity": 100, "list_price": 200, "net_price": 160, "unit_cost": "120.5"},
    ]
    found = case(lines=lines)
    assert (found.list_amount, found.net_amount, found.cost) == (30_000, 28_000, 18_050)
    assert found.facts["list_amount"] == 30_000
    assert found.facts["net_amount"] == 28_000


def test_takes_product_facts_from_the_largest_line_and_of_equals_from_the_lowest_number() -> None:
    lines = [
        {"line_no": 3, "quantity": 1, "list_price": 50, "net_price": 50, "product_family": "C"},
        {"line_no": 2, "quantity": 2, "list_price": 50, "net_price": 1, "product_family": "B"},
        {"line_no": 1, "quantity": 1, "list_price": 100, "net_price": 99, "product_family": "A"},
    ]
    assert case(lines=lines).facts["product_family"] == "A"


def test_shares_a_net_amount_among_lines_in_proportion_to_list() -> None:
    lines = [
        {"quantity": 1, "list_price": 10, "product_family": "A"},
        {"quantity": 1, "list_price": 20, "product_family": "B"},
    ]
    units = case(lines=lines, net_amount=25, by_line=True).units
    assert [unit.net_amount for unit in units] == [Decimal("8.3333"), Decimal("16.6667")]


def test_takes_a_rate_for_every_line_and_never_rounds_it_up() -> None:
    lines = [{"quantity": 3, "list_price": "11.1111"}]
    found = case(rate="0.15", lines=lines)
    assert found.list_amount == Decimal("33.3333")
    assert found.net_amount == Decimal("28.3334")  # 28.333305 up
    assert answer(ask(agree(), "0.05", lines=lines)) == ("granted", [])


def test_looks_up_prices_products_account_and_owner() -> None:
    lines = [{"product_id": "P1", "quantity": 2, "net_price": 900}]
    found = case(PRODUCTS, lines=lines, account_id="A1", owner_id="R1")
    assert (found.list_amount, found.cost) == (2000, 1200)
    expected = {
        "product__name": "One",
        "product_family": "GTX",
        "account__segment": "SMB",
        "account__employees": 20,
        "owner__region": "North",
    }
    assert {column: found.facts[column] for column in expected} == expected


def test_lets_claims_stand_above_the_books() -> None:
    lines = [
        {"product_id": "P1", "quantity": 1, "list_price": 1100, "unit_cost": 1, "net_price": 900}
    ]
    found = case(PRODUCTS, lines=lines, account_id="A1", segment="Enterprise")
    assert (found.list_amount, found.cost, found.facts["account__segment"]) == (
        1100,
        1,
        "Enterprise",
    )
    assert found.differences == ()


def test_lets_the_books_win_where_asked_and_notes_every_difference() -> None:
    lines = [
        {"product_id": "P1", "quantity": 2, "list_price": 1100, "unit_cost": 600, "net_price": 900}
    ]
    deal: dict[str, Any] = {
        "lines": lines,
        "account_id": "A1",
        "segment": "Enterprise",
        "country": "HR",
    }
    found = case(PRODUCTS, books_win=True, **deal)
    assert (found.list_amount, found.facts["account__segment"]) == (2000, "SMB")
    assert found.facts["account__country"] == "HR"
    assert sorted(found.differences) == [
        ("account.segment", "Enterprise", "SMB"),
        ("lines.1.list_price", 1100, 1000),
    ]


def test_takes_a_recorded_lines_own_price_over_the_price_list() -> None:
    line = {
        "line_no": 1,
        "product_id": "P1",
        "quantity": Decimal(2),
        "list_price": Decimal(1100),
        "net_price": Decimal(900),
        "unit_cost": Decimal(500),
    }
    books = replace(PRODUCTS, deals={"D1": {"deal_id": "D1"}}, deal_lines={"D1": [line]})
    found = case(books, books_win=True, deal_id="D1", list_amount=None)
    assert (found.list_amount, found.cost) == (2200, 1000)
    assert found.differences == ()


def test_fills_a_known_deal_from_its_record() -> None:
    books = BooksInMemory(
        deals={"D1": {"deal_id": "D1", "term_months": 36, "payment": None, "list_amount": None}},
        deal_lines={
            "D1": [
                {
                    "line_no": 1,
                    "product_id": None,
                    "quantity": 10,
                    "list_price": Decimal(100),
                    "net_price": Decimal(90),
                    "unit_cost": Decimal(50),
                }
            ]
        },
    )
    as_recorded = case(books, deal_id="D1", lines=[])
    assert (as_recorded.list_amount, as_recorded.net_amount, as_recorded.cost) == (1000, 900, 500)
    assert as_recorded.facts["term_months"] == 36
    repriced = case(books, deal_id="D1", lines=[], net_amount=850, term_months=12)
    assert (repriced.list_amount, repriced.net_amount) == (1000, 850)
    assert repriced.facts["term_months"] == 12


def test_takes_an_unknown_deal_id_for_a_new_deal() -> None:
    assert case(PRODUCTS, rate="0.05", deal_id="new").net_amount == 95_000


def test_converts_each_line_at_the_rate_of_exchange_and_rounds_half_even_to_cents() -> None:
    books = BooksInMemory(rates={"EUR": Decimal("1.1")})
    lines = [{"quantity": 1, "list_price": "0.05", "net_price": "0.15"}]
    found = case(books, lines=lines, currency="EUR")
    assert (found.list_amount, found.net_amount) == (Decimal("0.06"), Decimal("0.16"))
    # 0.055 and 0.165: halves go to the even cent


@pytest.mark.parametrize(
    ("deal", "says"),
    [
        (
            {"lines": [{"product_id": "P9", "quantity": 1, "net_price": 1}]},
            "no product 'P9' is in the books; the nearest is 'P1'",
        ),
        ({"account_id": "A2", "rate": 0}, "no account 'A2' is in the books; the nearest is 'A1'"),
        (
            {"lines": [{"quantity": 1, "net_price": 1}]},
            "list_price: no list price is given or on record",
        ),
        ({"list_amount": None, "net_amount": 5}, "deal.list_amount: no list price is given"),
        (
            {"currency": "EUR", "rate": 0},
            "no rate of exchange from EUR to USD is known on 2026-06-10",
        ),
        ({"rate": 0, "persona": "makr"}, "unknown persona 'makr'"),
        (
            {"lines": [{"quantity": 1, "list_price": 9, "net_price": 8}], "net_amount": 7},
            "it is 7 but the lines add to 8",
        ),
        (
            {"lines": [{"quantity": 1, "list_price": 0}], "net_amount": 7},
            "it cannot be shared among lines without a list price",
        ),
        ({"deal_id": "new", "list_amount": None}, "deal: nothing is asked"),
        ({"rate": 0, "by": "repp"}, "unknown role 'repp'; the nearest is 'rep'"),
    ],
)
def test_refuses_what_cannot_be_priced_or_is_not_in_the_books(
    deal: dict[str, Any], says: str
) -> None:
    with pytest.raises(RequestError) as refusal:
        case(PRODUCTS, **deal)
    assert says in str(refusal.value)


def test_refuses_everything_that_is_wrong_at_once() -> None:
    lines = [{"product_id": "P8", "quantity": 1, "net_price": 1}]
    with pytest.raises(RequestError) as refusal:
        case(PRODUCTS, by="boss", account_id="X", lines=lines)
    fields = [problem.field for problem in refusal.value.problems]
    assert fields == [
        "asked_by",
        "deal.account_id",
        "deal.lines[0].product_id",
        "deal.lines[0].list_price",
    ]


def test_tells_the_day_in_the_zone_of_the_agreement() -> None:
    agreement = Ready(agree(company={"time_zone": "Asia/Tokyo"}))
    request = read_request(asking("0", at="2026-06-10T20:00:00+00:00"))
    assert case_of(request, agreement).day == dt.date(2026, 6, 11)


def test_gives_a_bare_attribute_to_whom_the_books_say_it_belongs() -> None:
    row = {"id": "gold", "when": {"attr.tier": "gold"}, "up_to": {"rep": "10%"}}
    agreement = agree(discounts={"limits": [row]})
    fields = Fields(attributes={"accounts": {"tier": Kind.TEXT}})
    books = BooksInMemory(accounts={"A1": {"attr__tier": "gold"}, "A2": {}}, fields=fields)
    assert ask(agreement, "0.10", books, account_id="A1").verdict == "granted"
    assert ask(agreement, "0.10", books, account_id="A2").verdict == "refused"
    claimed = {"account_id": "A2", "attr.tier": "gold"}
    assert ask(agreement, "0.10", books, **claimed).verdict == "granted"


@pytest.mark.parametrize(
    ("created_at", "verdict"),
    [
        ("2026-05-31T22:30:00+00:00", "granted"),  # 1 June in Zagreb
        ("2026-05-31T21:30:00+00:00", "refused"),
        ("2026-06-01T00:00:00", "granted"),
    ],
)
def test_compares_points_in_time_on_the_wall_clock_of_the_agreement(
    created_at: str, verdict: str
) -> None:
    row = {"id": "new", "when": {"created_at": ">= 2026-06-01"}, "up_to": {"rep": "10%"}}
    agreement = agree(company={"time_zone": "Europe/Zagreb"}, discounts={"limits": [row]})
    assert ask(agreement, "0.10", created_at=created_at).verdict == verdict


@pytest.mark.parametrize("value", [3, "3", 3.0])
def test_compares_an_attribute_as_the_agreement_does(value: object) -> None:
    number = {"id": "n", "when": {"attr.score": ">= 3"}, "up_to": {"rep": "10%"}}
    words = {"id": "w", "when": {"attr.score": ["3", "high"]}, "up_to": {"rep": "10%"}}
    for row in (number, words):
        assert ask(agree(discounts={"limits": [row]}), "0.10", attr={"score": value}).verdict == (
            "granted"
        )


def test_refuses_an_attribute_that_is_no_number_where_one_is_compared() -> None:
    row = {"id": "n", "when": {"attr.score": ">= 3"}, "up_to": {"rep": "10%"}}
    with pytest.raises(RequestError, match=r"deal\.attr\.score: 'high' is not a number"):
        ask(agree(discounts={"limits": [row]}), "0.10", attr={"score": "high"})
