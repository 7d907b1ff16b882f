"""The floor: margin = (net − cost − customizations) / net, held at every rate."""

from decimal import Decimal

import pytest

from counterpoise.agreement import Agreement
from tests.desk.making import STANDARD, Answer, agree, answer, ask, clauses

FLOOR = {"margin": "20%", "decides": "lead"}
LEAD = ("needs_approval", [("lead", "discounts.floor")])


def with_floor(**floor: object) -> Agreement:
    return agree(discounts={"limits": [STANDARD], "floor": floor or FLOOR})


@pytest.mark.parametrize(
    ("net", "cost", "by", "expected"),
    [
        (95_000, 76_000, "rep", ("granted", [])),  # exactly 20 %
        (95_000, "76000.01", "rep", LEAD),
        (100_000, 80_001, "rep", LEAD),  # at list price too
        (95_000, 94_000, "lead", ("granted", [])),
        (120_000, 100_000, "rep", LEAD),  # above list, margin 16.7 %
        (0, 0, "lead", ("refused", [])),  # a price of nothing is beyond every row
    ],
)
def test_asks_who_decides_where_the_margin_lies_below_the_floor(
    net: object, cost: object, by: str, expected: Answer
) -> None:
    decision = ask(with_floor(), net_amount=net, cost_amount=cost, by=by)
    assert answer(decision) == expected


def test_adds_the_floor_to_the_approvals_of_the_discount() -> None:
    decision = ask(with_floor(), "0.10", cost_amount=80_000)
    assert answer(decision) == (
        "needs_approval",
        [("manager", "discounts.limits.standard"), ("lead", "discounts.floor")],
    )


def test_lists_one_role_under_each_of_its_clauses() -> None:
    decision = ask(with_floor(), "0.20", cost_amount=80_000)
    assert answer(decision) == (
        "needs_approval",
        [("lead", "discounts.limits.standard"), ("lead", "discounts.floor")],
    )


def test_refuses_below_a_floor_that_nobody_decides() -> None:
    decision = ask(with_floor(margin="20%"), "0.05", by="lead", cost_amount=80_000)
    assert answer(decision) == ("refused", [])
    assert "discounts.floor" in clauses(decision)


def test_counts_customizations_as_cost() -> None:
    label = {"id": "label", "kind": "label", "up_to": {"rep": 9000}}
    agreement = agree(
        discounts={"limits": [STANDARD], "floor": FLOOR}, customizations={"limits": [label]}
    )
    wanted = ({"kind": "label", "cost": 1000},)
    assert answer(ask(agreement, "0", cost_amount=79_000, customizations=wanted)) == ("granted", [])
    assert answer(ask(agreement, "0", cost_amount=79_001, customizations=wanted)) == LEAD


def test_says_that_it_was_not_checked_where_the_cost_is_unknown_and_changes_nothing() -> None:
    decision = ask(with_floor(), "0.05")
    assert answer(decision) == ("granted", [])
    assert decision.reasons[-1].says == "Floor not checked: the cost is not known."


def test_needs_the_cost_of_every_line() -> None:
    lines = [
        {"quantity": 1, "list_price": 100, "net_price": 100, "unit_cost": 99},
        {"quantity": 1, "list_price": 100, "net_price": 100},
    ]
    unknown = ask(with_floor(), lines=lines)
    assert answer(unknown) == ("granted", [])
    known = ask(with_floor(), lines=[*lines[:1], {**lines[1], "unit_cost": 80}])
    assert answer(known) == LEAD


def test_says_that_there_is_no_margin_at_a_net_of_nothing() -> None:
    whole = {"id": "all", "up_to": {"rep": "100%"}}
    agreement = agree(discounts={"limits": [whole], "floor": FLOOR})
    decision = ask(agreement, net_amount=0, cost_amount=10)
    assert (decision.reasons[-1].asked, decision.reasons[-1].limit) == (0, Decimal("0.2"))
    assert decision.reasons[-1].says == (
        "There is no margin at a net of 0, below the floor of 20%; lead must approve as well."
    )
