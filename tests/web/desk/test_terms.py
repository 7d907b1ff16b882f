from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from counterpoise.web.desk.terms import Tailored, Terms

rates = st.decimals(min_value=-1, max_value=1, places=6)
costs = st.decimals(min_value=0, max_value=10**9, places=4)
kinds = st.sampled_from(["label", "colour", "size"])
terms = st.builds(
    Terms,
    account_id=st.sampled_from(["", "A1"]),
    currency=st.sampled_from(["USD", "EUR"]),
    rate=st.none() | rates,
    levers=st.frozensets(st.sampled_from(["long", "upfront"])),
    lines=st.dictionaries(st.sampled_from(["P1", "P2"]), rates),
    customizations=st.dictionaries(kinds, st.builds(Tailored, costs, st.integers(1, 9))),
    margin=st.none() | rates,
)
AGREED = Terms(
    "A1",
    "USD",
    Decimal("0.12"),
    frozenset({"long"}),
    {"P1": Decimal("0.12")},
    {"label": Tailored(Decimal(3000), 1)},
    Decimal("0.30"),
)


@given(terms)
def test_terms_are_no_worse_than_themselves(one: Terms) -> None:
    assert one.is_no_worse_than(one)
    assert one.keeps_margin_of(one)


@given(terms, terms, terms)
def test_no_worse_than_is_transitive(one: Terms, two: Terms, three: Terms) -> None:
    if one.is_no_worse_than(two) and two.is_no_worse_than(three):
        assert one.is_no_worse_than(three)


@given(terms)
def test_terms_are_the_same_when_read_again(one: Terms) -> None:
    assert Terms.of_json(one.as_json()) == one


def test_a_lower_rate_is_no_worse() -> None:
    assert replace(AGREED, rate=Decimal("0.11")).is_no_worse_than(AGREED)
    assert not replace(AGREED, rate=Decimal("0.120001")).is_no_worse_than(AGREED)


def test_one_more_lever_is_no_worse() -> None:
    assert replace(AGREED, levers=frozenset({"long", "upfront"})).is_no_worse_than(AGREED)
    assert not replace(AGREED, levers=frozenset({"upfront"})).is_no_worse_than(AGREED)


def test_a_deeper_line_is_worse_though_the_whole_is_not() -> None:
    deeper = replace(AGREED, rate=Decimal("0.05"), lines={"P1": Decimal("0.13")})
    assert not deeper.is_no_worse_than(AGREED)
    another = replace(AGREED, lines={"P2": Decimal("0.01")})
    assert not another.is_no_worse_than(AGREED)


def test_another_kind_more_pieces_or_a_higher_cost_is_worse() -> None:
    for tailored in (
        {"colour": Tailored(Decimal(1), 1)},
        {"label": Tailored(Decimal(3000), 2)},
        {"label": Tailored(Decimal(3001), 1)},
    ):
        assert not replace(AGREED, customizations=tailored).is_no_worse_than(AGREED)
    assert replace(AGREED, customizations={}).is_no_worse_than(AGREED)


def test_another_account_or_currency_is_another_deal() -> None:
    assert not replace(AGREED, account_id="A2").is_no_worse_than(AGREED)
    assert not replace(AGREED, currency="EUR").is_no_worse_than(AGREED)


def test_an_unknown_margin_keeps_no_known_one() -> None:
    assert not replace(AGREED, margin=None).keeps_margin_of(AGREED)
    assert not AGREED.keeps_margin_of(replace(AGREED, margin=None))
    assert replace(AGREED, margin=Decimal("0.31")).keeps_margin_of(AGREED)
