"""Random requests to hold against random agreements.

Facts come from the same few values as the agreement's conditions; rates lie on, just under and
just above what the agreement's rows and levers add to, so that verdicts of all kinds are drawn.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from counterpoise.agreement import Agreement
from counterpoise.desk import BooksInMemory, Recorded, Request, read_request
from tests.agreement.strategies import (
    ACCOUNTS,
    COLUMNS,
    FAMILIES,
    INDUSTRIES,
    KINDS,
    SEGMENTS,
    YEAR,
    agreement_trees,
    facts,
)

NAMES = {column: field for field, column in COLUMNS.items()}
PRODUCTS = ("P0", "P1")
COST_SHARES = (Decimal(0), Decimal("0.5"), Decimal("0.9"))
LIST_PRICES = ("0", "0.99", "10", "33.33", "1000", "20000", "49999.99", "120000")


def rates_around(agreement: Agreement) -> Sequence[Decimal]:
    """Return the rates at which answers change, each with its close neighbours, and extremes."""
    tables = (*agreement.protected, *agreement.exceptions, *agreement.discounts.limits)
    granted = {rate for row in tables for rate in row.up_to.values()}
    levers = [lever.adds for lever in agreement.discounts.levers]
    added = {Decimal(0), sum(levers, Decimal(0)), *levers}
    if agreement.discounts.lever_cap is not None:
        added.add(agreement.discounts.lever_cap)
    if agreement.discounts.floor is not None:
        granted.add(1 - agreement.discounts.floor.margin)
    sums = {rate + more for rate in granted for more in added}
    near = {rate + step for rate in sums for step in map(Decimal, ("-0.0001", "0", "0.0001"))}
    return sorted(
        rate for rate in near | {Decimal(0), Decimal("0.5")} if Decimal("-0.1") <= rate <= 1
    )


def _deal_facts() -> st.SearchStrategy[dict[str, Any]]:
    return facts().map(
        lambda drawn: {
            NAMES[column]: value
            for column, value in drawn.items()
            if value is not None and column not in {"list_amount", "account_id"}
        }
    )


@st.composite
def _line(draw: st.DrawFn, rates: Sequence[Decimal], *, priced: bool) -> dict[str, Any]:
    list_price = Decimal(draw(st.sampled_from(LIST_PRICES)))
    line: dict[str, Any] = {
        "quantity": draw(st.sampled_from(("1", "2", "7", "60", "0.5"))),
        "list_price": list_price,
    }
    if priced:
        line["net_price"] = max(Decimal(0), list_price * (1 - draw(st.sampled_from(rates))))
    if draw(st.booleans()):
        line["unit_cost"] = list_price * draw(st.sampled_from(COST_SHARES))
    if draw(st.booleans()):
        line["product_family"] = draw(st.sampled_from(FAMILIES))
    return line


@st.composite
def _prices(draw: st.DrawFn, rates: Sequence[Decimal]) -> dict[str, Any]:
    """Draw what is asked: lines with prices, lines that share one, a whole amount, or a rate."""
    form = draw(st.sampled_from(("lines", "shared", "whole", "rate", "unpriced")))
    rate = draw(st.sampled_from(rates))
    listed = Decimal(draw(st.sampled_from(LIST_PRICES[1:])))
    if form == "lines":
        return {"lines": draw(st.lists(_line(rates, priced=True), min_size=1, max_size=3))}
    if form == "shared":
        lines = draw(st.lists(_line(rates, priced=False), min_size=1, max_size=3))
        total = sum((Decimal(line["quantity"]) * line["list_price"] for line in lines), Decimal(0))
        return {"lines": lines, "net_amount": max(Decimal(0), total * (1 - rate))}
    cost = {"cost_amount": listed / 2} if draw(st.booleans()) else {}
    if form == "whole":
        return {"list_amount": listed, "net_amount": max(Decimal(0), listed * (1 - rate)), **cost}
    if form == "rate":
        return {"list_amount": listed, "rate": rate, **cost}
    return {"list_amount": listed, **cost}


@st.composite
def written_requests(draw: st.DrawFn, agreement: Agreement) -> dict[str, Any]:
    """Draw a request for an agreement as a JSON parser would give it."""
    prices = draw(_prices(rates_around(agreement)))
    day = draw(st.dates(*YEAR))
    costs = st.sampled_from((0, 499, 500, 501, 2000, 2001, 8000, 9000))
    kinds = st.sampled_from((*KINDS, "bespoke_build"))
    customization = st.fixed_dictionaries({"kind": kinds, "cost": costs})
    priced = "rate" in prices or "net_amount" in prices or "net_price" in str(prices)
    return {
        "deal": {**draw(_deal_facts()), **prices},
        "asked_by": draw(st.sampled_from(agreement.ladder)),
        "asked_at": dt.datetime.combine(day, dt.time(10)),
        "customizations": draw(st.lists(customization, min_size=0 if priced else 1, max_size=2)),
    }


def requests_for(agreement: Agreement) -> st.SearchStrategy[Request]:
    """Draw a request for an agreement."""
    return written_requests(agreement).map(read_request)


def agreements_on_offers() -> st.SearchStrategy[Agreement]:
    """Draw an agreement whose rows turn on the price and the term, which offers change."""
    renamed = {"list_amount": "net_amount", "employees": "term_months"}

    def turned(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {renamed.get(name, name): turned(value) for name, value in tree.items()}
        return [turned(each) for each in tree] if isinstance(tree, list) else tree

    return agreement_trees().map(lambda tree: Agreement.model_validate(turned(tree)))


@st.composite
def small_books(draw: st.DrawFn) -> BooksInMemory:
    """Draw books with holes: three accounts, two products, a deal with customizations."""
    accounts = {
        account: {
            "account_id": account,
            "segment": draw(st.sampled_from((*SEGMENTS, None))),
            "industry": draw(st.sampled_from((*INDUSTRIES, None))),
            "employees": draw(st.sampled_from((None, Decimal(10), Decimal(200)))),
        }
        for account in ACCOUNTS
    }
    products = {
        product: {
            "family": draw(st.sampled_from((*FAMILIES, None))),
            "list_price": draw(st.sampled_from((None, Decimal(1000), Decimal("33.33")))),
            "unit_cost": draw(st.sampled_from((None, Decimal(10), Decimal(500)))),
        }
        for product in PRODUCTS
    }
    cost = st.sampled_from((None, Decimal(100), Decimal(1900)))
    recorded = st.builds(Recorded, st.sampled_from(KINDS), cost, st.dates(*YEAR))
    return BooksInMemory(
        accounts=accounts,
        products=products,
        deals={"D1": {"deal_id": "D1", "term_months": Decimal(12)}},
        recorded={"D1": draw(st.lists(recorded, max_size=2))},
        rates={"EUR": Decimal("1.0837"), "JPY": Decimal("0.0064")},
    )


@st.composite
def requests_on_books(draw: st.DrawFn, agreement: Agreement) -> Request:
    """Draw a request that names what `small_books` know, in any currency."""
    written = draw(written_requests(agreement))
    deal = written["deal"]
    optional = {"account_id": ACCOUNTS, "deal_id": ("D1",), "currency": ("EUR", "JPY", "USD")}
    for name, values in optional.items():
        if draw(st.booleans()):
            deal[name] = draw(st.sampled_from(values))
    for line in deal.get("lines", ()):
        if draw(st.booleans()):
            line["product_id"] = draw(st.sampled_from(PRODUCTS))
    return read_request(written)
