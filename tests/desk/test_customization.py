"""Customizations: by what a kind costs in all, by whom, and by how many in a period."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement import Agreement
from counterpoise.agreement.quantities import Period
from counterpoise.desk import BooksInMemory, Recorded
from counterpoise.desk.customization import period_of
from tests.desk.making import Answer, agree, answer, ask, clauses

LABEL: dict[str, Any] = {
    "id": "label",
    "kind": "label",
    "when": {"list_amount": ">= 20000"},
    "up_to": {"rep": 2000, "marketing": 8000},
}
NO_ROW = "customizations.otherwise"


def tailoring(*rows: dict[str, Any], otherwise: str = "refused") -> Agreement:
    return agree(customizations={"limits": list(rows or (LABEL,)), "otherwise": otherwise})


def wanted(*costs: object, kind: str = "label") -> tuple[dict[str, Any], ...]:
    return tuple({"kind": kind, "cost": cost} for cost in costs)


@pytest.mark.parametrize(
    ("costs", "by", "expected"),
    [
        ((2000,), "rep", ("granted", [])),
        (("2000.01",), "rep", ("needs_approval", [("marketing", "customizations.limits.label")])),
        ((1500, 600), "rep", ("needs_approval", [("marketing", "customizations.limits.label")])),
        ((8000,), "marketing", ("granted", [])),
        ((8001,), "rep", ("refused", [])),
        ((1,), "lead", ("refused", [])),  # the row does not name the lead, and nobody is above
        ((0,), "rep", ("granted", [])),
    ],
)
def test_sums_a_kind_and_goes_to_the_first_role_above_that_may_grant_it(
    costs: tuple[object, ...], by: str, expected: Answer
) -> None:
    assert answer(ask(tailoring(), "0", by=by, customizations=wanted(*costs))) == expected


def test_decides_by_otherwise_where_no_row_fits() -> None:
    below = ask(tailoring(), "0", list_amount=19_999, customizations=wanted(1))
    assert (answer(below), clauses(below)[-1]) == (("refused", []), NO_ROW)
    other = ask(tailoring(), "0", customizations=wanted(1, kind="bespoke"))
    assert (answer(other), clauses(other)[-1]) == (("refused", []), NO_ROW)
    free = ask(tailoring(otherwise="granted"), "0", customizations=wanted(1, kind="bespoke"))
    assert (answer(free), clauses(free)[-1]) == (("granted", []), NO_ROW)


def test_adds_what_is_on_record_for_the_deal() -> None:
    recorded = {"D1": [Recorded("label", Decimal(1500)), Recorded("other", Decimal(9000))]}
    books = BooksInMemory(recorded=recorded)
    asked: dict[str, Any] = {"deal_id": "D1", "customizations": wanted(500)}
    assert answer(ask(tailoring(), "0", books, **asked)) == ("granted", [])
    asked["customizations"] = wanted(501)
    decision = ask(tailoring(), "0", books, **asked)
    assert decision.verdict == "needs_approval"
    assert decision.reasons[-1].asked == 2001


def test_takes_the_strictest_verdict_and_all_approvals_of_several_asks() -> None:
    asked = wanted(5000)
    both = ask(tailoring(), "0.10", customizations=asked)
    assert answer(both) == (
        "needs_approval",
        [("manager", "discounts.limits.standard"), ("marketing", "customizations.limits.label")],
    )
    refused = ask(tailoring(), "0.10", customizations=(*asked, *wanted(1, kind="bespoke")))
    assert answer(refused) == ("refused", [])
    assert clauses(refused) == ["discounts.limits.standard", "customizations.limits.label", NO_ROW]


def test_promises_the_customer_no_answer_where_all_of_it_is_refused() -> None:
    decision = ask(tailoring(), "0.10", customizations=(*wanted(5000), *wanted(1, kind="bespoke")))
    assert decision.verdict == "refused"
    assert [reason.say_to_customer for reason in decision.reasons] == [
        None,
        None,
        "We cannot make this as it stands; let me show you what comes close.",
    ]


QUOTA = {**LABEL, "quota": {"per": "quarter", "count": 2}}


def quota_books(*days: str) -> BooksInMemory:
    rows = [Recorded("label", Decimal(1), dt.date.fromisoformat(day)) for day in days]
    return BooksInMemory(recorded={"elsewhere": rows})


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        ((), "granted"),
        (("2026-05-01",), "granted"),
        (("2026-05-01", "2026-07-31"), "refused"),
        (("2026-04-30", "2026-08-01"), "granted"),  # outside the fiscal quarter
    ],
)
def test_counts_a_quota_over_the_fiscal_period_of_the_day(
    days: tuple[str, ...], verdict: str
) -> None:
    agreement = agree(company={"fiscal_year_starts": 2}, customizations={"limits": [QUOTA]})
    decision = ask(agreement, "0", quota_books(*days), customizations=wanted(1))
    assert decision.verdict == verdict
    if verdict == "refused":
        assert clauses(decision)[-1] == "customizations.limits.label.quota"


def test_counts_every_piece_that_is_asked_against_the_quota() -> None:
    agreement = agree(customizations={"limits": [QUOTA]})
    assert ask(agreement, "0", customizations=wanted(1, 1)).verdict == "granted"
    assert ask(agreement, "0", customizations=wanted(1, 1, 1)).verdict == "refused"


def test_takes_the_stricter_row_where_a_missing_fact_decides() -> None:
    rows: list[dict[str, Any]] = [
        {**LABEL, "id": "big", "when": {"segment": "Enterprise"}},
        {**LABEL, "when": {}, "up_to": {"rep": 100}},
    ]
    decision = ask(tailoring(*rows), "0", customizations=wanted(500))
    assert answer(decision) == ("refused", [])
    assert decision.reasons[-1].says == (
        "The segment of the account (account.segment) is not given; "
        "with Enterprise it would be granted."
    )


def test_decides_a_customization_where_no_price_is_asked() -> None:
    decision = ask(tailoring(), customizations=wanted(100))
    assert (answer(decision), clauses(decision)) == (
        ("granted", []),
        ["customizations.limits.label"],
    )


@pytest.mark.parametrize(
    ("per", "first", "last"),
    [
        (Period.DAY, "2026-01-15", "2026-01-15"),
        (Period.WEEK, "2026-01-12", "2026-01-18"),
        (Period.MONTH, "2026-01-01", "2026-01-31"),
        (Period.QUARTER, "2025-11-01", "2026-01-31"),
        (Period.YEAR, "2025-02-01", "2026-01-31"),
    ],
)
def test_finds_the_fiscal_period_of_a_day_in_a_year_that_starts_in_february(
    per: Period, first: str, last: str
) -> None:
    found = period_of(dt.date(2026, 1, 15), per, fiscal_year_starts=2)
    assert tuple(map(str, found)) == (first, last)
