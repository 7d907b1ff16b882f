"""Laws that hold for every agreement and request."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreement
from counterpoise.desk import (
    PastDeal,
    Reading,
    Request,
    Verdict,
    decide,
    decision_json,
    read_outcome,
    read_request,
)
from counterpoise.desk.authority import Ready
from counterpoise.desk.facts import case_of
from counterpoise.desk.outcome import REFUSED_WEIGHT
from counterpoise.desk.weighing import burden_of, weigh
from tests.agreement.strategies import COLUMNS, NUMBERS, TEXTS, agreements
from tests.desk.strategies import requests_for, written_requests

asked = agreements().flatmap(lambda each: st.tuples(st.just(each), requests_for(each)))
written = agreements().flatmap(lambda each: st.tuples(st.just(each), written_requests(each)))
law = settings(
    max_examples=75,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def weight(request: Request, agreement: Agreement, reading: Reading = Reading.STRICT) -> int:
    """Return how strict the answer to a request is."""
    ready = Ready(agreement)
    outcomes = weigh(case_of(request, ready), ready, reading=reading).outcomes
    return burden_of(outcomes)[0]


def discount_weight(request: Request, agreement: Agreement) -> int:
    """Return how strict the answer to the discount alone is, 0 where none is asked."""
    ready = Ready(agreement)
    discount = weigh(case_of(request, ready), ready).discount
    return discount.outcome.weight if discount else 0


@law
@given(asked)
def test_a_lower_rate_never_gets_a_stricter_answer_to_the_discount(
    pair: tuple[Agreement, Request],
) -> None:
    agreement, request = pair
    assume(request.is_priced and not any(line.net_price is not None for line in request.lines))
    case = case_of(request, Ready(agreement))
    asked_net = case.net_amount / (case.exchange or 1)
    higher = replace(request, rate=None, net_amount=asked_net + case.list_amount / 100)
    assert discount_weight(higher, agreement) <= discount_weight(request, agreement)


@law
@given(asked, st.integers(1, 20))
def test_more_authority_never_gets_a_stricter_answer(
    pair: tuple[Agreement, Request], points: int
) -> None:
    agreement, request = pair
    more = Decimal(points) / 100
    limits = [
        row.model_copy(
            update={"up_to": {who: min(rate + more, Decimal(1)) for who, rate in row.up_to.items()}}
        )
        for row in agreement.discounts.limits
    ]
    discounts = agreement.discounts.model_copy(update={"limits": tuple(limits)})
    generous = agreement.model_copy(update={"discounts": discounts})
    assert discount_weight(request, generous) <= discount_weight(request, agreement)


@law
@given(asked, st.data())
def test_learning_a_missing_fact_never_makes_the_answer_stricter(
    pair: tuple[Agreement, Request], data: st.DataObject
) -> None:
    agreement, request = pair
    missing = [
        field
        for field in sorted({*TEXTS, *NUMBERS} - {"list_amount"})
        if COLUMNS[field] not in request.claims and not turns_on_absence(agreement, COLUMNS[field])
    ]
    assume(missing)
    field = data.draw(st.sampled_from(missing))
    value: Any = data.draw(st.sampled_from(TEXTS.get(field) or NUMBERS[field]))
    known = Decimal(value) if field in NUMBERS else value
    claims = MappingProxyType({**request.claims, COLUMNS[field]: known})
    informed = replace(request, claims=claims)
    assert weight(informed, agreement) <= weight(request, agreement)
    assert weight(informed, agreement) >= weight(request, agreement, Reading.LENIENT)


def turns_on_absence(agreement: Agreement, column: str) -> bool:
    """Tell whether a condition holds because a fact is missing: learning it is no gain then."""
    tests = [bound.test for bound in Ready(agreement).tests if bound.field.column == column]
    return any("Missing" in repr(test) for test in tests)


@law
@given(written)
def test_the_same_request_gets_the_same_bytes(pair: tuple[Agreement, Mapping[str, Any]]) -> None:
    agreement, content = pair
    copied = Agreement.model_validate(agreement.model_dump(by_alias=True))
    first = decision_json(decide(read_request(content), agreement))
    assert decision_json(decide(read_request(content), copied)) == first


@law
@given(asked)
def test_what_is_said_to_the_customer_gives_nothing_away(pair: tuple[Agreement, Request]) -> None:
    agreement, request = pair
    for reason in decide(request, agreement).reasons:
        said = reason.say_to_customer or ""
        assert not any(char.isdigit() or char == "%" for char in said)
        words = [*agreement.ladder, "discount", "margin", "floor", "limit", "approv", "cost"]
        assert not any(word in said for word in words)


@law
@given(asked)
def test_a_request_is_answered_as_a_past_deal_in_the_strict_reading(
    pair: tuple[Agreement, Request],
) -> None:
    agreement, request = pair
    assume(request.is_priced and not request.customizations)
    case = case_of(request, Ready(agreement))
    lines = [unit.facts for unit in case.units] if agreement.discounts.basis == "line" else []
    deal = PastDeal({**case.facts, "cost_amount": case.cost}, case.day, request.asked_by, lines)
    outcome = read_outcome(deal, agreement, Reading.STRICT)
    assert outcome.weight == weight(request, agreement)
    assert outcome.verdict is decide(request, agreement).verdict
    lenient = read_outcome(deal, agreement, Reading.LENIENT)
    assert lenient.weight <= outcome.weight
    assert lenient.authority >= outcome.authority


@law
@given(asked)
def test_an_unknown_role_is_read_as_any_that_the_row_names(
    pair: tuple[Agreement, Request],
) -> None:
    agreement, request = pair
    assume(request.is_priced and agreement.discounts.basis == "deal")
    facts = case_of(request, Ready(agreement)).facts
    day = case_of(request, Ready(agreement)).day
    unknown = [read_outcome(PastDeal(facts, day, None), agreement, each) for each in Reading]
    rows = Ready(agreement).rows.possible(facts, day)
    assume(len(rows) == 1)  # a role that one row names may have nothing under another
    for role in rows[0].own:
        known = [read_outcome(PastDeal(facts, day, role), agreement, each) for each in Reading]
        assert unknown[0].weight >= known[0].weight
        assert unknown[1].weight <= known[1].weight


@law
@given(asked)
def test_a_refused_request_lists_no_approvals_and_a_granted_one_needs_none(
    pair: tuple[Agreement, Request],
) -> None:
    agreement, request = pair
    decision = decide(request, agreement)
    assert bool(decision.approvals) is (decision.verdict is Verdict.NEEDS_APPROVAL)
    pairs = [(each.role, each.clause) for each in decision.approvals]
    assert len(pairs) == len(set(pairs))
    assert (weight(request, agreement) >= REFUSED_WEIGHT) is (decision.verdict is Verdict.REFUSED)
