"""Past deals: the strict and the lenient reading, each by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement import Agreement
from counterpoise.desk import PastDeal, Reading, read_outcome
from tests.desk.making import STANDARD, agree

DAY = dt.date(2026, 6, 10)
LONG = {"id": "long", "when": {"term_months": ">= 36"}, "adds": "5%"}
LEVERS = agree(discounts={"limits": [STANDARD], "levers": [LONG]})


def readings(
    rate: str, agreement: Agreement, role: str | None = "rep", **facts: Any
) -> list[tuple[str, str | None, Decimal]]:
    """Return verdict, approver and authority in the strict and in the lenient reading."""
    net = 1000 * (1 - Decimal(rate))
    deal = PastDeal({"list_amount": Decimal(1000), "net_amount": net, **facts}, DAY, role)
    found = [read_outcome(deal, agreement, reading) for reading in Reading]
    return [(each.verdict.value, each.approver, each.authority) for each in found]


def test_reads_a_deal_without_holes_alike() -> None:
    expected = ("needs_approval", "manager", Decimal("0.05"))
    assert readings("0.10", LEVERS, term_months=Decimal(12)) == [expected, expected]


def test_counts_an_unknown_lever_in_the_lenient_reading_alone() -> None:
    assert readings("0.10", LEVERS) == [
        ("needs_approval", "manager", Decimal("0.05")),
        ("granted", None, Decimal("0.10")),
    ]


def test_takes_an_unknown_role_for_any_that_the_row_names() -> None:
    assert readings("0.10", agree(), role=None) == [
        ("needs_approval", "manager", Decimal("0.05")),
        ("granted", None, Decimal("0.25")),
    ]
    assert readings("0.05", agree(), role=None)[0][0] == "granted"
    assert readings("0.26", agree(), role=None) == [
        ("refused", None, Decimal("0.05")),
        ("refused", None, Decimal("0.25")),
    ]


def test_takes_an_unknown_role_for_one_below_the_ladder_where_the_row_names_none() -> None:
    pair = {"id": "pair", "up_to": {"rep + manager": "10%"}}
    assert readings("0.05", agree(discounts={"limits": [pair]}), role=None) == [
        ("needs_approval", "rep + manager", Decimal(0)),
        ("needs_approval", "rep + manager", Decimal(0)),
    ]


def test_leaves_the_clause_open_where_several_rows_may_decide() -> None:
    enterprise = {"id": "enterprise", "when": {"segment": "Enterprise"}, "up_to": {"rep": "10%"}}
    agreement = agree(discounts={"limits": [enterprise, STANDARD]})
    facts = {"list_amount": Decimal(100), "net_amount": Decimal(92)}
    strict = read_outcome(PastDeal(facts, DAY, "rep"), agreement, Reading.STRICT)
    lenient = read_outcome(PastDeal(facts, DAY, "rep"), agreement, Reading.LENIENT)
    assert (strict.verdict, strict.clause, strict.authority) == (
        "needs_approval",
        None,
        Decimal("0.05"),
    )
    assert (lenient.verdict, lenient.clause, lenient.authority) == (
        "granted",
        None,
        Decimal("0.10"),
    )


@pytest.mark.parametrize(
    ("cost", "verdict", "floor_approver"),
    [
        (None, "granted", None),
        (Decimal(760), "granted", None),
        (Decimal(761), "needs_approval", "lead"),
    ],
)
def test_holds_the_floor_against_what_is_known_of_the_cost(
    cost: Decimal | None, verdict: str, floor_approver: str | None
) -> None:
    floor = {"margin": "20%", "decides": "lead"}
    agreement = agree(discounts={"limits": [STANDARD], "floor": floor})
    facts = {"list_amount": Decimal(1000), "net_amount": Decimal(950), "cost_amount": cost}
    outcome = read_outcome(PastDeal(facts, DAY, "rep"), agreement, Reading.STRICT)
    assert (outcome.verdict, outcome.floor_approver) == (verdict, floor_approver)


def test_lets_the_strictest_line_decide_where_lines_are_judged() -> None:
    agreement = agree(discounts={"basis": "line", "limits": [STANDARD]})
    lines = [
        {"list_amount": Decimal(100), "net_amount": Decimal(100)},
        {"list_amount": Decimal(100), "net_amount": Decimal(84)},
    ]
    facts = {"list_amount": Decimal(200), "net_amount": Decimal(184)}
    outcome = read_outcome(PastDeal(facts, DAY, "rep", lines), agreement, Reading.STRICT)
    assert (outcome.verdict, outcome.approver) == ("needs_approval", "lead")
