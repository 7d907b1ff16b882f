"""Laws that every review keeps, whatever the books: sums reconcile, order does not matter."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from counterpoise.agreement import Agreements
from counterpoise.ledger import review, review_object
from counterpoise.ledger.ledger import Ledger
from counterpoise.ledger.totals import Totals, add_up
from tests.ledger.agreements import agreement
from tests.ledger.disk_books import books_of

AS_OF = dt.date(2026, 6, 30)
AGREEMENTS = Agreements.single(
    agreement("""
personas:
  - {id: maker, when: {industry: Medical, employees: ">= 50"}}
discounts:
  limits:
    - id: large
      when: {segment: Enterprise, list_amount: ">= 500"}
      up_to: {rep: 10%, marketer: 30%}
    - {id: other, up_to: {rep: 5%, marketer: 20%}}
  levers:
    - {id: years, when: {term_months: ">= 36"}, adds: 5%}
goals:
  - {id: revenue, metric: net_revenue, at_least: 1000}
""")
)
MONEY = ("list_revenue", "net_revenue", "net_priced", "conceded", "above_list")
COUNTS = ("deals_won", "deals_lost")

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]

_AMOUNT = st.decimals(min_value=0, max_value=10**5, places=2)
_RATE = st.sampled_from(["0.5", "0.9", "0.93", "1", "1.1"]).map(Decimal)
_DAYS = st.integers(0, 400).map(lambda days: dt.datetime(2025, 9, 1, 9) + dt.timedelta(days=days))


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values, values, values)


@st.composite
def _deal(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], Rows]:
    """Draw a deal with its lines; without lines it may carry amounts of its own."""
    listed = draw(_maybe(_AMOUNT))
    created = draw(_DAYS)
    deal = {
        "deal_id": f"D{number}",
        "account_id": draw(_maybe(st.sampled_from(["A1", "A2", "A3", "A9"]))),
        "owner_id": draw(_maybe(st.sampled_from(["R1", "R2", "X9"]))),
        "source": draw(_maybe(st.sampled_from(["web", "fair"]))),
        "campaign_id": draw(_maybe(st.just("C1"))),
        "outcome": draw(st.sampled_from(["won", "won", "won", "lost", "cancelled", "open"])),
        "created_at": created,
        "closed_at": draw(_maybe(st.just(created + dt.timedelta(days=30)))),
        "list_amount": listed,
        "net_amount": None if listed is None else (listed * draw(_RATE)).quantize(Decimal("0.01")),
        "cost_amount": draw(_maybe(_AMOUNT)),
        "term_months": draw(_maybe(st.sampled_from([12, 36]))),
        "currency": draw(st.sampled_from([None, None, "EUR"])),
    }
    return deal, [draw(_line(number, line)) for line in range(draw(st.integers(0, 3)))]


@st.composite
def _line(draw: st.DrawFn, deal: int, line: int) -> dict[str, Any]:
    price = draw(_AMOUNT)
    return {
        "deal_id": f"D{deal}",
        "line_no": line,
        "product_id": draw(_maybe(st.sampled_from(["P1", "P2", "P9"]))),
        "quantity": Decimal(draw(st.integers(0, 9))),
        "list_price": draw(_maybe(st.just(price))),
        "net_price": (price * draw(_RATE)).quantize(Decimal("0.01")),
    }


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    """Draw small books with every kind of hole."""
    drawn = [draw(_deal(number)) for number in range(draw(st.integers(1, 8)))]
    owned = st.sampled_from([deal["deal_id"] for deal, _ in drawn])
    approvals = [
        {
            "approval_id": f"Q{number}",
            "deal_id": draw(owned),
            "subject": "discount",
            "value": draw(st.sampled_from(["0.08", "0.5"]).map(Decimal)),
            "requested_by": "R1",
            "decided_by": "K1",
            "decided_role": "marketer",
            "verdict": draw(st.sampled_from(["approved", "refused"])),
            "decided_at": draw(_DAYS),
        }
        for number in range(draw(st.integers(0, 3)))
    ]
    extras = {"deal_id": draw(owned), "kind": "label", "cost": draw(_maybe(_AMOUNT))}
    rebate = {"deal_id": draw(owned), "kind": "rebate", "amount": draw(_AMOUNT)}
    return {
        "deals": [deal for deal, _ in drawn],
        "deal_lines": [line for _, lines in drawn for line in lines],
        "approvals": approvals,
        "customizations": [{"customization_id": "Z1", **extras}],
        "adjustments": [{"adjustment_id": "J1", **rebate}],
        **_AROUND,
    }


_AROUND: Tables = {
    "people": [
        {"person_id": "R1", "name": "One", "side": "sales", "role": "rep", "team": "North"},
        {"person_id": "R2", "name": "Two", "side": "sales", "role": "clerk"},
        {"person_id": "K1", "name": "Kay", "side": "marketing", "role": "marketer"},
    ],
    "accounts": [
        {"account_id": "A1", "industry": "Medical", "segment": "Enterprise", "employees": 90},
        {"account_id": "A2", "industry": "Retail", "segment": "SMB", "employees": 5},
        {"account_id": "A3"},
    ],
    "account_history": [
        {"account_id": "A2", "valid_from": dt.date(2026, 1, 1), "segment": "Enterprise"}
    ],
    "products": [
        {"product_id": "P1", "name": "First", "family": "F", "list_price": Decimal(90)},
        {"product_id": "P2", "family": "G", "unit_cost": Decimal(10)},
    ],
    "campaigns": [{"campaign_id": "C1", "name": "Spring"}],
    "exchange_rates": [
        {"currency": "EUR", "valid_from": dt.date(2020, 1, 1), "rate": Decimal("1.0875")}
    ],
}


def reviewed(given_tables: Tables) -> tuple[Ledger, dict[str, Any]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        books_of(Path(folder) / "company", given_tables) as books,
    ):
        found = review(books, AGREEMENTS, AS_OF)
    return found.ledger, review_object(found)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_every_sum_reconciles_on_every_grouping(given_tables: Tables) -> None:
    ledger, told = reviewed(given_tables)
    whole = ledger.totals
    assert whole.net_priced + whole.unpriced_net == whole.net_revenue
    assert whole.priced_deals + whole.unpriced_deals + whole.blank_deals == whole.deals_won
    _check_waterfall(ledger)
    for grouping, groups in ledger.by.items():
        summed = add_up(group.totals for group in groups)
        counts = () if grouping.startswith("product") else COUNTS
        for name in (*MONEY, *counts):
            assert getattr(summed, name) == getattr(whole, name), (grouping, name)
        rows = told["ledger"]["by"][grouping]
        for name in ("list_revenue", "net_revenue", "conceded", "above_list"):
            money = sum(Decimal(str(row[name])) for row in rows)
            assert money == Decimal(str(told["ledger"][name])), (grouping, name)


def _check_waterfall(ledger: Ledger) -> None:
    amounts = {step.step.value: step.amount for step in ledger.waterfall}
    order = list(amounts.values())
    assert sum(order[:6]) == amounts["net"]
    assert sum(order[6:10]) == amounts["margin"]
    parts = ledger.concessions
    shared = parts.within_authority + parts.approved + parts.leakage + parts.unjudged
    assert shared == ledger.totals.conceded
    assert 0 <= parts.leakage_low <= parts.leakage_high <= parts.leakage + parts.unjudged
    assert sum(each.amount for each in ledger.unjudged) == parts.unjudged
    assert min(parts.within_authority, parts.approved, parts.leakage, parts.unjudged) >= 0
    assert sum(row.totals.net_revenue for row in ledger.value_over_time.months) == (
        ledger.totals.net_revenue - ledger.undated.net_revenue
    )


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(given_tables: Tables, chance: random.Random) -> None:
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in given_tables.items()}
    assert reviewed(shuffled)[1] == reviewed(given_tables)[1]


def test_a_review_of_nothing_is_nothing() -> None:
    ledger, told = reviewed({"deals": []})
    assert ledger.totals == Totals()
    assert told["ledger"]["win_rate"] is None
    assert told["ledger"]["discount_effect"]["status"] == "refused"
    assert all(rows == [] for rows in told["ledger"]["by"].values())
