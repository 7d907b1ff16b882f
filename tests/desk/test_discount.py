"""Discounts: order of the chain, who may give how much, and what missing facts do."""

from decimal import Decimal
from typing import Any

import pytest

from tests.desk.making import STANDARD, Answer, agree, answer, ask, clauses

GRANTED: Answer = ("granted", [])
REFUSED: Answer = ("refused", [])
ENTERPRISE = {"id": "enterprise", "when": {"segment": "Enterprise"}, "up_to": {"rep": "10%"}}


def by_manager(clause: str = "discounts.limits.standard") -> Answer:
    return "needs_approval", [("manager", clause)]


@pytest.mark.parametrize(
    ("rate", "by", "expected"),
    [
        ("0.05", "rep", GRANTED),
        ("0.0501", "rep", by_manager()),
        ("0.15", "rep", by_manager()),
        ("0.15", "manager", GRANTED),
        ("0.1501", "rep", ("needs_approval", [("lead", "discounts.limits.standard")])),
        ("0.25", "manager", ("needs_approval", [("lead", "discounts.limits.standard")])),
        ("0.2501", "rep", REFUSED),
        ("0.2501", "lead", REFUSED),
        ("0", "marketing", GRANTED),
        ("-0.01", "marketing", GRANTED),
        ("0.0001", "marketing", ("needs_approval", [("lead", "discounts.limits.standard")])),
    ],
)
def test_goes_to_the_first_role_above_that_may_give_the_rate(
    rate: str, by: str, expected: Answer
) -> None:
    assert answer(ask(agree(), rate, by=by)) == expected


def test_grants_a_rate_at_the_limit_whatever_its_decimals() -> None:
    decision = ask(agree(), list_amount="33.33", net_amount="31.6635")  # 33.33 × 0.95
    assert answer(decision) == GRANTED
    decision = ask(agree(), list_amount="33.33", net_amount="31.6634")
    assert answer(decision) == by_manager()


def test_tries_exclusions_then_protected_goods_then_exceptions_then_limits() -> None:
    everywhere = {"segment": "SMB"}
    sections = {
        "protected": [
            {"id": "flagship", "when": {"product_family": "Orion"}, "up_to": {"lead": "5%"}}
        ],
        "exceptions": [
            {
                "id": "acme",
                "when": everywhere,
                "from": "2026-06-01",
                "until": "2026-06-30",
                "up_to": {"rep": "18%"},
            }
        ],
        "discounts": {
            "exclusions": [
                {"id": "charities", "when": {"segment": "Charity"}, "says": "fixed price"}
            ],
            "limits": [STANDARD],
        },
    }
    agreement = agree(**sections)
    excluded = ask(agreement, "0.01", by="lead", segment="Charity", product_family="Orion")
    assert (answer(excluded), clauses(excluded)) == (REFUSED, ["discounts.exclusions.charities"])
    assert "fixed price" in excluded.reasons[0].says
    protected = ask(agreement, "0.01", segment="SMB", product_family="Orion")
    assert answer(protected) == ("needs_approval", [("lead", "protected.flagship")])
    excepted = ask(agreement, "0.18", segment="SMB", product_family="GTX")
    assert (answer(excepted), clauses(excepted)) == (GRANTED, ["exceptions.acme"])
    limited = ask(agreement, "0.05", segment="Mid", product_family="GTX")
    assert (answer(limited), clauses(limited)) == (GRANTED, ["discounts.limits.standard"])


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-05-31T23:59:59", by_manager()),
        ("2026-06-01T00:00:00", GRANTED),
        ("2026-06-30T23:59:59", GRANTED),
        ("2026-07-01T00:00:00", by_manager()),
        ("2026-05-31T22:30:00+00:00", GRANTED),  # half past midnight on 1 June in Zagreb
        ("2026-06-30T22:30:00+00:00", by_manager()),
    ],
)
def test_keeps_an_exception_to_its_days_in_the_zone_of_the_agreement(
    at: str, expected: Answer
) -> None:
    acme = {"id": "acme", "from": "2026-06-01", "until": "2026-06-30", "up_to": {"rep": "10%"}}
    agreement = agree(exceptions=[acme], company={"time_zone": "Europe/Zagreb"})
    assert answer(ask(agreement, "0.10", at=at)) == expected


def test_decides_by_the_first_row_that_matches_even_where_a_later_one_would_give_more() -> None:
    rows = [{"id": "first", "up_to": {"rep": "1%"}}, {"id": "second", "up_to": {"rep": "50%"}}]
    assert answer(ask(agree(discounts={"limits": rows}), "0.02")) == REFUSED


def test_refuses_any_discount_where_no_row_matches() -> None:
    agreement = agree(discounts={"limits": [ENTERPRISE]})
    decision = ask(agreement, "0.001", by="lead", segment="SMB")
    assert (answer(decision), clauses(decision)) == (REFUSED, ["discounts.limits"])
    assert answer(ask(agreement, "0", segment="SMB")) == GRANTED


LEVERS = [
    {"id": "three_years", "when": {"term_months": ">= 36"}, "adds": "5%"},
    {"id": "prepaid", "when": {"payment": "upfront"}, "adds": "4%"},
]


@pytest.mark.parametrize(
    ("cap", "term", "payment", "rate", "expected"),
    [
        (None, 36, "upfront", "0.14", GRANTED),
        (None, 36, "upfront", "0.1401", by_manager()),
        ("6%", 36, "upfront", "0.11", GRANTED),
        ("6%", 36, "upfront", "0.1101", by_manager()),
        (None, 36, "monthly", "0.10", GRANTED),
        (None, 35, "upfront", "0.09", GRANTED),
        (None, 35, "upfront", "0.0901", by_manager()),
    ],
)
def test_adds_levers_up_to_their_cap(
    cap: str | None, term: int, payment: str, rate: str, expected: Answer
) -> None:
    discounts = {"limits": [STANDARD], "levers": LEVERS, "lever_cap": cap}
    decision = ask(agree(discounts=discounts), rate, term_months=term, payment=payment)
    assert answer(decision) == expected


def test_gives_no_lever_to_a_role_that_the_row_does_not_name_nor_on_protected_goods() -> None:
    flagship = {"id": "flagship", "when": {"product_family": "Orion"}, "up_to": {"rep": "2%"}}
    agreement = agree(protected=[flagship], discounts={"limits": [STANDARD], "levers": LEVERS})
    terms: dict[str, Any] = {"term_months": 36, "payment": "upfront"}
    unnamed = ask(agreement, "0.01", by="marketing", product_family="GTX", **terms)
    assert unnamed.verdict == "needs_approval"
    assert answer(ask(agreement, "0.03", product_family="Orion", **terms)) == REFUSED
    assert answer(ask(agreement, "0.02", product_family="Orion", **terms)) == GRANTED


def test_asks_both_of_a_pair_which_ranks_after_its_higher_member() -> None:
    pair = {"rep": "5%", "manager + marketing": "30%", "lead": "35%"}
    agreement = agree(discounts={"limits": [{"id": "big", "up_to": pair}]})
    both = [("manager", "discounts.limits.big"), ("marketing", "discounts.limits.big")]
    assert answer(ask(agreement, "0.30")) == ("needs_approval", both)
    assert answer(ask(agreement, "0.10", by="manager")) == ("needs_approval", both)
    assert answer(ask(agreement, "0.10", by="marketing")) == ("needs_approval", both)
    lead = ("needs_approval", [("lead", "discounts.limits.big")])
    assert answer(ask(agreement, "0.31")) == lead
    assert answer(ask(agreement, "0.10", by="lead")) == GRANTED


def test_takes_the_less_favourable_of_the_rows_that_a_missing_fact_leaves_open() -> None:
    agreement = agree(discounts={"limits": [ENTERPRISE, STANDARD]})
    assert answer(ask(agreement, "0.05")) == GRANTED  # within both rows
    open_between = ask(agreement, "0.08")  # enterprise: granted; standard: the manager
    assert answer(open_between) == by_manager()
    assert "is not given; with Enterprise it would be granted." in open_between.reasons[-1].says
    beyond = ask(agreement, "0.12")  # enterprise: refused; standard: the manager
    assert answer(beyond) == REFUSED
    assert beyond.reasons[-1].says == (
        "The segment of the account (account.segment) is not given; "
        "with anything but Enterprise manager would approve."
    )


def test_cites_of_rows_that_answer_alike_the_one_that_leaves_the_asker_less() -> None:
    agreement = agree(discounts={"limits": [ENTERPRISE, STANDARD]})
    (reason,) = ask(agreement, "0.05").reasons
    assert (reason.clause, reason.limit) == ("discounts.limits.standard", Decimal("0.05"))


def test_counts_an_unknown_exclusion_against_the_request_and_says_what_would_clear_it() -> None:
    charities = {"id": "charities", "when": {"segment": "Charity"}}
    agreement = agree(discounts={"exclusions": [charities], "limits": [STANDARD]})
    decision = ask(agreement, "0.05")
    assert answer(decision) == REFUSED
    assert decision.reasons[-1].says == (
        "The segment of the account (account.segment) is not given; "
        "with anything but Charity it would be granted."
    )


def test_counts_the_end_of_the_chain_as_open_where_no_row_surely_matches() -> None:
    assert answer(ask(agree(discounts={"limits": [ENTERPRISE]}), "0.05")) == REFUSED


def test_does_not_count_a_lever_on_a_missing_fact() -> None:
    agreement = agree(discounts={"limits": [STANDARD], "levers": LEVERS[:1]})
    decision = ask(agreement, "0.10")
    assert answer(decision) == by_manager()
    assert decision.reasons[-1].says == (
        "The term in months (term_months) is not given; with 36 or more it would be granted."
    )
    assert decision.reasons[-1].clause == "discounts.levers.three_years"


def test_names_facts_that_only_together_would_change_the_answer() -> None:
    both = {"id": "both", "when": {"term_months": ">= 36", "payment": "upfront"}, "adds": "5%"}
    decision = ask(agree(discounts={"limits": [STANDARD], "levers": [both]}), "0.10")
    assert decision.reasons[-1].says == (
        "The term in months (term_months) and the payment are not given; "
        "the answer is the less favourable one."
    )


def test_says_nothing_about_a_missing_fact_that_changes_nothing() -> None:
    agreement = agree(discounts={"limits": [STANDARD], "levers": LEVERS})
    assert clauses(ask(agreement, "0.05")) == ["discounts.limits.standard"]
    assert clauses(ask(agreement, "0.50")) == ["discounts.limits.standard"]


def test_treats_a_customer_of_no_persona_as_known_not_to_be_one() -> None:
    personas = [{"id": "maker", "when": {"industry": "Medical"}}]
    rows = [{"id": "made", "when": {"persona": "maker"}, "up_to": {"rep": "10%"}}, STANDARD]
    agreement = agree(personas=personas, discounts={"limits": rows})
    retail = ask(agreement, "0.08", industry="Retail")
    assert (answer(retail), retail.persona) == (by_manager(), None)
    medical = ask(agreement, "0.08", industry="Medical")
    assert (answer(medical), medical.persona) == (GRANTED, "maker")
    unknown = ask(agreement, "0.08")
    assert (answer(unknown), unknown.persona) == (by_manager(), None)
    assert unknown.reasons[-1].says == (
        "The industry of the account (account.industry) is not given; "
        "with Medical it would be granted."
    )


def test_leaves_the_persona_open_where_an_earlier_one_is() -> None:
    personas = [
        {"id": "maker", "when": {"industry": "Medical"}},
        {"id": "small", "when": {"employees": "< 50"}},
    ]
    agreement = agree(personas=personas)
    assert ask(agreement, "0", employees=10).persona is None
    assert ask(agreement, "0", employees=10, industry="Retail").persona == "small"


@pytest.mark.parametrize(
    ("rate", "by", "says"),
    [
        ("0.30", "rep", "rep may give 5% here, and nobody may give more than 25% (lead)."),
        ("0.30", "lead", "lead may give 25% here, and nobody may give more than 25% (lead)."),
        ("0.20", "rep", "rep may give 5% here, so lead must approve."),
        ("0.04", "marketing", "marketing may give nothing here, so lead must approve."),
    ],
)
def test_says_who_may_give_how_much(rate: str, by: str, says: str) -> None:
    assert ask(agree(), rate, by=by).reasons[0].says.endswith(says)


def test_says_that_nobody_above_may_approve_what_somebody_below_may_give() -> None:
    agreement = agree(discounts={"limits": [{"id": "reps", "up_to": {"rep": "5%"}}]})
    decision = ask(agreement, "0.03", by="lead")
    assert answer(decision) == REFUSED
    assert decision.reasons[0].says == (
        "3% is asked; lead may give nothing here, and nobody above may approve it."
    )


def test_asks_for_another_of_the_role_that_asks_where_a_group_holds_it() -> None:
    up_to = {"manager": "15%", "manager + marketing": "25%"}
    decision = ask(
        agree(discounts={"limits": [{"id": "all", "up_to": up_to}]}), "0.20", by="manager"
    )
    assert answer(decision)[0] == "needs_approval"
    assert decision.reasons[0].says == (
        "20% is asked; manager may give 15% here, so another manager and marketing must approve."
    )


@pytest.mark.parametrize("rate", ["0", "-0.05"])
def test_cites_no_row_where_no_discount_is_asked(rate: str) -> None:
    protected = [{"id": "flagship", "when": {"product_family": "Orion"}, "up_to": {"lead": "5%"}}]
    decision = ask(agree(protected=protected), rate, product_family="Orion")
    assert (decision.verdict, clauses(decision)) == ("granted", ["discounts"])
    assert decision.reasons[0].says == "No discount is asked."
