"""Promotions in an agreement: what a draft proposes, and what the linter finds."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement import parse_agreement
from counterpoise.agreement.drafting import draft
from counterpoise.agreement.drafting.evidence import Evidence, Promoted
from counterpoise.agreement.linting.promotions import check_promotions
from tests.desk.making import agree

D = Decimal
_JUICE = Promoted("Juice", 40, D("0.1"), D("0.2"), D("0.301"), D("11.2"))
_ALL = Promoted(None, 90, D("0.15"), D("0.25"), D("0.33"), D("13"))
_FEW = Promoted(None, 3, D("0.15"), D("0.25"), D("0.33"), D("13"))


def _drafted(*promoted: Promoted) -> Any:
    evidence = Evidence("Acme", "EUR", "UTC", dt.date(2026, 6, 30), promoted=promoted)
    return parse_agreement(draft(evidence))


def test_a_draft_grants_what_was_usual_by_family_and_for_the_rest() -> None:
    agreement = _drafted(_ALL, _JUICE)
    assert agreement.company.kind == "consumer_goods"
    juice, rest = agreement.promotions.limits
    assert juice.when.written() == {"product_family": "Juice"}
    assert juice.up_to == {
        "account_manager": D("0.1"),
        "brand_manager": D("0.2"),
        "account_manager + brand_manager": D("0.305"),
    }
    assert (juice.weeks_on_deal.at_most, rest.weeks_on_deal.at_most) == (12, 13)


def test_a_draft_from_few_promotions_is_careful_and_from_none_silent() -> None:
    (row,) = _drafted(_FEW).promotions.limits
    assert row.up_to["brand_manager"] == D("0.2")
    assert _drafted().promotions is None


_CONSUMER = {"kind": "consumer_goods"}
_BOTH = {"manager": "10%", "manager + marketing": "30%"}
_WEEKS = {"per": "year", "at_most": 13}
_SPEND = {"id": "b", "of": "promotion_spend", "side": "marketing", "every": "year", "amount": 9}


def _found(**row: Any) -> list[str]:
    sound = {"id": "r", "up_to": _BOTH, "weeks_on_deal": _WEEKS}
    limits = {"limits": [{**sound, **row}]}
    agreement = agree(company=_CONSUMER, promotions=limits, budgets=[_SPEND])
    return [warning.clause for warning in check_promotions(agreement)]


@pytest.mark.parametrize(
    ("row", "clauses"),
    [
        ({}, []),
        ({"weeks_on_deal": None}, ["promotions.limits.r"]),
        (
            {"weeks_on_deal": {"per": "year", "at_most": 0}},
            ["promotions.limits.r.weeks_on_deal"],
        ),
        ({"up_to": {"rep": "5%", "manager": "9%"}}, ["promotions.limits.r.up_to"]),
        ({"up_to": {"rep": "5%", "lead": "9%"}}, []),
    ],
)
def test_finds_weeks_without_end_and_one_side_alone(row: Any, clauses: list[str]) -> None:
    assert _found(**row) == clauses


def test_only_where_shoppers_wait_are_weeks_asked_for() -> None:
    limits = [{"id": "r", "up_to": _BOTH}]
    industrial = agree(promotions={"limits": limits}, budgets=[_SPEND])
    assert list(check_promotions(industrial)) == []


def test_finds_promotions_that_are_not_agreed_or_not_paid_for() -> None:
    silent = agree(company=_CONSUMER)
    assert [each.clause for each in check_promotions(silent)] == ["promotions"]
    assert list(check_promotions(agree())) == []
    limits = [{"id": "r", "up_to": _BOTH, "weeks_on_deal": _WEEKS}]
    unpaid = agree(promotions={"limits": limits})
    assert [each.clause for each in check_promotions(unpaid)] == ["budgets"]


def test_asks_for_goals_that_weeks_of_sell_through_can_meet() -> None:
    limits = {"limits": [{"id": "r", "up_to": _BOTH, "weeks_on_deal": _WEEKS}]}
    rest = {"company": _CONSUMER, "promotions": limits, "budgets": [_SPEND]}
    of_deals = {"id": "price", "metric": "price_realization", "at_least": "85%", "shared": True}
    (warning,) = check_promotions(agree(goals=[of_deals], **rest))
    assert warning.clause == "goals.price"
    assert "base_price_realization" in warning.do
    beside = {**of_deals, "id": "base", "metric": "base_price_realization"}
    assert list(check_promotions(agree(goals=[of_deals, beside], **rest))) == []
