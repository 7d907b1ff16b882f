"""Counter-offers: the desk takes every one of them, and each is a relief."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreement
from counterpoise.desk import (
    BooksInMemory,
    Decision,
    Request,
    Verdict,
    apply_offer,
    decide,
    read_request,
)
from counterpoise.desk.counter_offers import MOST_OFFERS
from tests.agreement.strategies import agreements
from tests.desk.making import STANDARD, agree, ask, asking
from tests.desk.strategies import (
    agreements_on_offers,
    requests_for,
    requests_on_books,
    small_books,
)

asked = agreements().flatmap(lambda each: st.tuples(st.just(each), requests_for(each)))
thorough = settings(
    max_examples=75,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
fewer = settings(thorough, max_examples=25)
STRICTNESS = list(Verdict)


@thorough
@given(asked)
def test_takes_every_counter_offer_when_asked_for_it(pair: tuple[Agreement, Request]) -> None:
    agreement, request = pair
    for offer in decide(request, agreement).counter_offers:
        again = decide(apply_offer(request, offer), agreement)
        assert again.verdict is offer.verdict
        assert (
            tuple(dict.fromkeys(approval.role for approval in again.approvals)) == offer.approvers
        )


@thorough
@given(
    st.one_of(agreements(), agreements_on_offers()).flatmap(
        lambda each: st.tuples(st.just(each), requests_on_books(each))
    ),
    small_books(),
    st.booleans(),
)
def test_takes_every_counter_offer_over_books_and_currencies(
    pair: tuple[Agreement, Request], books: BooksInMemory, books_win: bool
) -> None:
    agreement, request = pair
    for offer in decide(request, agreement, books, books_win=books_win).counter_offers:
        again = decide(apply_offer(request, offer), agreement, books, books_win=books_win)
        assert again.verdict is offer.verdict


@thorough
@given(asked)
def test_offers_relief_at_no_higher_rate(pair: tuple[Agreement, Request]) -> None:
    agreement, request = pair
    decision = decide(request, agreement)
    before = STRICTNESS.index(decision.verdict)
    for offer in decision.counter_offers:
        assert STRICTNESS.index(offer.verdict) <= before
        if offer.rate is not None and agreement.discounts.basis == "deal":
            asked_rate = decision.reasons[0].asked
            assert isinstance(asked_rate, Decimal)
            assert offer.rate <= max(asked_rate, Decimal(0))
    amounts = [offer.net_amount or 0 for offer in decision.counter_offers]
    assert amounts == sorted(amounts, reverse=True)
    assert len(amounts) <= (MOST_OFFERS if before else 0)


LEVERS = [
    {"id": "long", "when": {"term_months": ">= 36"}, "adds": "5%"},
    {"id": "prepaid", "when": {"payment": "upfront"}, "adds": "4%"},
]


def offers(decision: Decision) -> list[str]:
    return [offer.says for offer in decision.counter_offers]


def test_offers_own_authority_then_terms_then_lower_approvers() -> None:
    agreement = agree(discounts={"limits": [STANDARD], "levers": LEVERS, "lever_cap": "7%"})
    assert offers(ask(agreement, "0.20", term_months=12, payment="monthly")) == [
        "5% off, 95,000 net: granted at once.",
        "9% off, 91,000 net with payment upfront: granted at once.",
        "10% off, 90,000 net with a term of 36 months: granted at once.",
        "12% off, 88,000 net with a term of 36 months and payment upfront: granted at once.",
        "15% off, 85,000 net: manager must approve.",
    ]


def test_offers_the_highest_rate_that_can_be_approved_to_a_refused_request() -> None:
    assert offers(ask(agree(), "0.30")) == [
        "5% off, 95,000 net: granted at once.",
        "15% off, 85,000 net: manager must approve.",
        "25% off, 75,000 net: lead must approve.",
    ]


def test_rounds_the_price_up_so_that_cents_never_push_it_over() -> None:
    decision = ask(agree(), list_amount="33.33", net_amount="30")
    assert decision.counter_offers[0].net_amount == Decimal("31.67")  # 31.6635 up
    assert decision.counter_offers[0].rate == Decimal("0.0498")


def test_asks_for_no_more_terms_than_help() -> None:
    agreement = agree(discounts={"limits": [STANDARD], "levers": LEVERS, "lever_cap": "4%"})
    assert offers(ask(agreement, "0.09", term_months=12, payment="monthly")) == [
        "5% off, 95,000 net: granted at once.",
        "9% off, 91,000 net with a term of 36 months: granted at once.",
        "9% off, 91,000 net with payment upfront: granted at once.",
    ]


def test_does_not_ask_for_what_the_deal_cannot_change() -> None:
    levers = [
        {"id": "big", "when": {"list_amount": ">= 200000"}, "adds": "5%"},
        {"id": "known", "when": {"segment": "SMB", "attr.reference": "true"}, "adds": "5%"},
    ]
    agreement = agree(discounts={"limits": [STANDARD], "levers": levers})
    assert offers(ask(agreement, "0.10", segment="Mid")) == ["5% off, 95,000 net: granted at once."]
    assert offers(ask(agreement, "0.10", segment="SMB"))[1:] == [
        "10% off, 90,000 net with reference true: granted at once."
    ]


def test_keeps_the_price_above_the_floor() -> None:
    agreement = agree(discounts={"limits": [STANDARD], "floor": {"margin": "20%"}})
    assert offers(ask(agreement, "0.05", cost_amount=77_600)) == [
        "3% off, 97,000 net: granted at once."
    ]
    assert offers(ask(agreement, "0.05", cost_amount=90_000)) == []


def test_offers_the_request_without_a_customization_or_within_its_limit() -> None:
    label = {"id": "label", "kind": "label", "up_to": {"rep": 2000, "marketing": 5000}}
    agreement = agree(customizations={"limits": [label]})
    dear = ask(agreement, "0", customizations=({"kind": "label", "cost": 9000},))
    assert offers(dear) == [
        "At list price, 100,000 with label for 2,000: granted at once.",
        "At list price, 100,000 with label for 5,000: marketing must approve.",
    ]
    unknown = ask(agreement, "0", customizations=({"kind": "gold", "cost": 1},))
    assert offers(unknown) == ["At list price, 100,000 without gold: granted at once."]


def test_has_no_offer_where_dropping_it_would_leave_nothing_to_ask() -> None:
    assert ask(agree(), customizations=({"kind": "gold", "cost": 1},)).counter_offers == ()


def test_takes_up_an_offer_by_setting_its_fields() -> None:
    agreement = agree(discounts={"limits": [STANDARD], "levers": LEVERS})
    request = read_request(asking("0.10", term_months=12, payment="monthly"))
    offer = decide(request, agreement).counter_offers[-1]
    taken = apply_offer(request, offer)
    assert (taken.net_amount, taken.rate, taken.claims["term_months"]) == (90_000, None, 36)
    assert taken.claims["payment"] == "monthly"


@fewer
@given(
    st.decimals(200, 1_000_000, places=2),
    st.sampled_from(("5%", "7.5%", "12%", "33.3%")),
    st.sampled_from(("0.35", "0.4")),
)
def test_says_the_rate_of_the_clause_whatever_cents_the_price_has(
    list_amount: Decimal, limit: str, rate: str
) -> None:
    row = {"id": "standard", "up_to": {"rep": limit, "lead": "50%"}}
    agreement = agree(discounts={"limits": [row]})
    offer = ask(agreement, rate, list_amount=str(list_amount)).counter_offers[0]
    assert offer.says.startswith(f"{limit} off, ")
    assert offer.rate is not None
    assert ask(agreement, str(offer.rate), list_amount=str(list_amount)).verdict == "granted"


@fewer
@given(asked)
def test_says_rates_on_a_step_that_the_desk_takes(pair: tuple[Agreement, Request]) -> None:
    agreement, request = pair
    for offer in decide(request, agreement).counter_offers:
        if offer.rate is None:
            continue
        assert offer.rate == offer.rate.quantize(Decimal("0.0001"))
        if agreement.discounts.basis == "deal" and not offer.needs:
            lines = tuple(replace(line, net_price=None) for line in request.lines)
            again = replace(request, net_amount=None, rate=offer.rate, lines=lines)
            assert decide(again, agreement).verdict is offer.verdict


def test_offers_a_tenth_of_a_percent_where_the_floor_decides() -> None:
    agreement = agree(discounts={"limits": [STANDARD], "floor": {"margin": "20%"}})
    assert offers(ask(agreement, "0.05", cost_amount=77_777)) == [
        "2.7% off, 97,300 net: granted at once."  # at 97,221.25 the margin would be 20%
    ]


def test_a_price_in_cents_is_said_as_the_rate_that_it_stands_for() -> None:
    decision = ask(agree(), list_amount="123456.78", net_amount="117283.95")
    assert decision.verdict is Verdict.GRANTED
    assert decision.reasons[0].says == "5% is asked; rep may give 5% here."
    above = ask(agree(), list_amount="123456.78", net_amount="117283.93")
    assert above.reasons[0].says == (
        "A little more than 5% is asked; rep may give 5% here, so manager must approve."
    )
