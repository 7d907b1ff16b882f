"""A request about a promotion: what is answered, why, and what could be asked instead."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement import Agreement, Agreements
from counterpoise.agreement.quantities import Period
from counterpoise.desk import BooksInMemory, RequestError
from counterpoise.desk.promotion_books import Brought, PromotionsInMemory
from counterpoise.desk.promotion_calendar import Booked, Calendar, Days
from counterpoise.desk.promotion_deciding import answer_promotion
from counterpoise.desk.promotion_decision import PromotionDecision, promotion_json
from counterpoise.desk.promotion_request import read_promotion
from tests.desk.making import agree

_AGREEMENT = agree(
    approvals={"respond_within": "1 working day"},
    protected=[{"id": "flagship", "when": {"product_family": "Reserve"}, "up_to": {"lead": "5%"}}],
    promotions={
        "limits": [
            {
                "id": "juice",
                "when": {"product_family": "Juice"},
                "up_to": {"rep": "10%", "marketing": "20%", "manager + marketing": "33%"},
                "weeks_on_deal": {"per": "year", "at_most": 4},
                "gap_weeks": 2,
            }
        ]
    },
    budgets=[
        {"id": "b", "of": "promotion_spend", "side": "marketing", "every": "year", "amount": 1000}
    ],
)
_BOOKS = BooksInMemory(
    accounts={"A1": {"account_id": "A1", "segment": "Discounter"}},
    products={
        "P1": {
            "family": "Juice",
            "name": "Orange",
            "list_price": Decimal(2),
            "unit_cost": Decimal(1),
        },
        "P2": {"family": "Juice", "name": "Apple"},
        "P9": {"family": "Reserve", "name": "Old"},
    },
)


def _booked(month: int, day: int, weeks: int, **known: Any) -> Booked:
    first = dt.date(2026, month, day)
    days = Days(first, first + dt.timedelta(days=7 * weeks - 1))
    known = {"account_id": "A1", "product_id": "P1", "product_family": "Juice"} | known
    return Booked(days, **known)


def _ask(
    *booked: Booked, agreement: Agreement | Agreements = _AGREEMENT, by: str = "rep", **asked: Any
) -> PromotionDecision:
    promotion = {"account_id": "A1", "products": ["P1"], "starts_on": "2026-06-01", "weeks": 1}
    written = {
        "promotion": {**promotion, "rate": "10%", **asked},
        "asked_by": by,
        "asked_at": "2026-03-04T10:00:00",
    }
    on_deal = PromotionsInMemory(booked, {"Juice": ["P1", "P2"]}, _BROUGHT)
    return answer_promotion(written, agreement, _BOOKS, on_deal)


_BROUGHT = [
    Brought(
        "M1",
        Days(dt.date(2026, 1, 5), dt.date(2026, 1, 11)),
        Decimal("0.2"),
        Decimal(180),
        Decimal(100),
        Decimal(50),
    ),
]


def _said(decision: PromotionDecision) -> list[str]:
    return [reason.says for reason in decision.reasons]


def _instead(decision: PromotionDecision) -> list[str]:
    return [offer.says for offer in decision.counter_offers]


def test_grants_what_the_row_gives_and_shows_what_is_left() -> None:
    made = _ask(_booked(2, 2, 2, trade_spend=Decimal(400)), trade_spend=250, expected_lift="50%")
    assert made.verdict == "granted"
    assert made.counter_offers == ()
    assert _said(made) == [
        "10% off is asked; rep may give 10% here.",
        "600 of 1,000 a year is left in the budget b; this takes 250.",
        "The cut alone pays from 25% more units on; 50% more are expected.",
    ]
    assert made.calendar is not None
    assert (made.calendar.weeks, made.calendar.at_most, made.calendar.gap_days) == (3, 4, 105)


def test_asks_both_sides_and_offers_less_with_a_display() -> None:
    made = _ask(rate="30%")
    assert made.verdict == "needs_approval"
    assert [(each.role, each.clause) for each in made.approvals] == [
        ("manager", "promotions.limits.juice"),
        ("marketing", "promotions.limits.juice"),
    ]
    assert made.approvals[0].due_at == dt.datetime(2026, 3, 5, 10)
    assert _instead(made)[-2:] == [
        "20% off with a display: marketing must approve.",
        "10% off with a display: granted at once.",
    ]


def test_offers_fewer_weeks_and_other_goods_when_the_year_is_full() -> None:
    made = _ask(_booked(2, 2, 3), weeks=2)
    assert (made.verdict, made.approvals) == ("refused", ())
    reason = made.reasons[0]
    assert reason.clause == "promotions.limits.juice.weeks_on_deal"
    assert reason.says == "With it these goods are 5 weeks on deal a year; at most 4 are agreed."
    assert _instead(made) == [
        "1 week instead of 2: granted at once.",
        "P2 instead: granted at once.",
    ]
    assert made.counter_offers[0].needs[1].value == dt.date(2026, 6, 7)


def test_offers_the_nearest_week_that_keeps_the_gap() -> None:
    made = _ask(_booked(5, 18, 1))  # until 24 May; the next may start on 8 June
    assert made.reasons[0].clause == "promotions.limits.juice.gap_weeks"
    assert made.reasons[0].says == (
        "Only 7 days lie between it and another promotion of these goods; at least 2 weeks are "
        "agreed."
    )
    assert _instead(made)[0] == "1 week from 8 June 2026: granted at once."


def test_a_later_promotion_on_the_calendar_counts_too() -> None:
    made = _ask(_booked(6, 3, 1))
    assert made.reasons[0].says.startswith("It overlaps another promotion of these goods;")


def test_takes_the_highest_role_to_go_over_a_budget() -> None:
    made = _ask(_booked(1, 5, 1, trade_spend=Decimal(900)), trade_spend=101)
    assert [(each.role, each.clause) for each in made.approvals] == [("lead", "budgets.b")]
    assert "so lead must approve" in _said(made)[1]
    assert _ask(_booked(1, 5, 1, trade_spend=Decimal(900)), trade_spend=100).verdict == "granted"


def test_the_strictest_of_several_goods_decides() -> None:
    made = _ask(products=["P1", "P9"])
    assert made.verdict == "refused"
    assert _said(made)[0] == (
        "Old: 10% off is asked; rep may give nothing here, and nobody may give more than 5%."
    )


def test_tells_which_fact_the_answer_turns_on() -> None:
    row = {"id": "r", "when": {"segment": "Discounter"}, "up_to": {"rep": "20%"}}
    made = _ask(agreement=agree(promotions={"limits": [row]}), account_id=None)
    assert made.verdict == "refused"
    assert "The segment of the account (account.segment) is not known" in _said(made)[-2]


def test_an_agreement_without_promotions_refuses() -> None:
    made = _ask(agreement=agree())
    assert (made.verdict, made.reasons[0].clause) == ("refused", "promotions")


def test_tells_what_the_last_ones_brought_and_warns_of_neighbours() -> None:
    made = _ask(_booked(6, 1, 1, product_id="P2"))
    assert made.last_ones[0].lift == Decimal("0.8")
    assert (
        _said(made)[-2] == "On the same days P2 of the same family is on deal and may take from it."
    )
    assert '"lift": 0.8' in promotion_json(made)


@pytest.mark.parametrize(
    ("promotion", "problem"),
    [
        ({"rate": "20%"}, "promotion.starts_on: it is missing; give the first day"),
        (
            {"rate": "20%", "starts_on": "2026-02-30", "weeks": 1},
            "promotion.starts_on: '2026-02-30' is not a day; write it like 2026-07-01",
        ),
        (
            {"rate": 20, "starts_on": "2026-03-02", "weeks": 1},
            "promotion.rate: 20 is not a rate; a rate of 18% is written 0.18",
        ),
        (
            {"rate": 0, "starts_on": "2026-03-02", "ends_on": "2026-03-01"},
            "promotion.ends_on: 2026-03-01 lies before the first day, 2026-03-02",
        ),
        (
            {"rate": 0, "starts_on": "2026-03-02", "weeks": 1, "segmnt": "SMB"},
            "promotion.segmnt: no field is called 'segmnt'; the nearest is 'segment'",
        ),
    ],
)
def test_says_what_is_wrong_with_a_request(promotion: dict[str, Any], problem: str) -> None:
    with pytest.raises(RequestError) as refusal:
        read_promotion({"promotion": promotion, "asked_by": "rep", "asked_at": "2026-01-01"})
    assert [str(each) for each in refusal.value.problems] == [problem]


def test_says_that_the_same_days_are_taken_by_the_same_goods() -> None:
    made = _ask(_booked(6, 1, 1, rate=Decimal("0.2")), _booked(6, 1, 1, account_id="A2"))
    says = "On the same days 20% off is on the calendar there already; this is part of it."
    assert says in _said(made)
    assert says not in _said(_ask(_booked(6, 1, 1, account_id="A2", rate=Decimal("0.2"))))


def test_names_the_nearest_product_and_role() -> None:
    with pytest.raises(RequestError) as refusal:
        _ask(by="repp", products=["P1x"])
    assert [each.field for each in refusal.value.problems] == ["asked_by", "promotion.products"]


def test_names_the_nearest_family_and_one_trouble_of_each_field() -> None:
    with pytest.raises(RequestError) as refusal:
        _ask(products=None, product_family="Juices")
    assert [str(each) for each in refusal.value.problems] == [
        "promotion.product_family: unknown family 'Juices'; the nearest is 'Juice'"
    ]
    with pytest.raises(RequestError) as refusal:
        _ask(weeks=1.5)
    assert [each.field for each in refusal.value.problems] == ["promotion.weeks"]


def test_a_day_on_which_two_run_counts_once_in_the_fullest_place() -> None:
    asked = _booked(6, 1, 2, product_id=None)  # all juice
    others = [
        _booked(6, 8, 2),
        _booked(9, 7, 1, account_id=None),
        _booked(10, 5, 5, product_id="P2", account_id="A2"),
    ]
    fullness = Calendar(asked, others, fiscal_year_starts=1).fullness(Period.YEAR)
    assert (fullness.days_on_deal, fullness.weeks_on_deal) == (28, 4)
    assert fullness.gap_days == -7
