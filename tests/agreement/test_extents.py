"""Sets of facts against single facts: whatever a test says of one, its extent says of all."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement import Agreement
from counterpoise.agreement.boxes import Box, Space, uncovered
from counterpoise.agreement.conditions import Condition, Test, holds, parse_test
from counterpoise.agreement.extents import Domain, Extent, truth_of
from counterpoise.books.schema import Kind
from tests.agreement.strategies import COLUMNS, NUMBERS, TEXTS, agreements, conditions, facts
from tests.agreement.strategies import tests_of as drawn_tests

WORDS = Domain(Kind.TEXT)
WHOLE = Domain(Kind.INTEGER)
AMOUNT = Domain(Kind.MONEY)


def within(extent: Extent, fact: Any) -> bool:
    """Tell whether a fact is within an extent, looked at by itself."""
    if fact is None:
        return extent.missing
    if extent.domain.is_ordered:
        at = (0, fact, 0)
        return any(low <= at < high for low, high in extent.spans)
    return (fact in extent.words) is not extent.inverted


@pytest.mark.parametrize(
    ("one", "other", "domain"),
    [
        ("> 10", ">= 11", WHOLE),
        ("(10..20)", "[11..19]", WHOLE),
        ("not(< 10)", ">= 10", WHOLE),
        (["< 5", "[5..9]"], "< 10", WHOLE),
        (["[1..5]", "[6..9]"], "[1..9]", WHOLE),
        (["< 5", "[5..10]"], "<= 10", AMOUNT),
        ("not(not(A))", "A", WORDS),
        (["A", "B"], ["B", "A", "A"], WORDS),
        ("not(not(A, B))", ["B", "A"], WORDS),
        ("not(> 2026-01-01)", "< 2026-01-02", Domain(Kind.DAY)),
        ("not(null)", ["A", "not(A)"], WORDS),
        ("not(won)", ["open", "lost"], Domain(Kind.TEXT, frozenset({"won", "lost", "open"}))),
    ],
)
def test_what_means_the_same_has_the_same_extents(one: Any, other: Any, domain: Domain) -> None:
    held, fails = truth_of(parse_test(one), domain)
    assert held == truth_of(parse_test(other), domain)[0]
    assert (held & fails).is_empty


@pytest.mark.parametrize(
    ("test", "domain", "is_empty"),
    [
        ("(10..11)", WHOLE, True),
        ("(10..11)", AMOUNT, False),
        ("not(-)", WORDS, True),
        (["not(null)", None], WORDS, False),
        ("not(null)", WORDS, False),
    ],
)
def test_knows_what_no_fact_can_pass(test: Any, domain: Domain, is_empty: bool) -> None:
    assert truth_of(parse_test(test), domain)[0].is_empty is is_empty


numbers = st.integers(-1, 1300).map(Decimal)


@given(st.sampled_from(sorted(NUMBERS)).flatmap(drawn_tests), st.one_of(st.none(), numbers))
def test_a_number_is_within_an_extent_if_the_test_holds(written: Any, fact: Any) -> None:
    check(parse_test(written), fact, WHOLE)
    check(parse_test(written), fact, AMOUNT)


@given(st.data())
def test_a_word_is_within_an_extent_if_the_test_holds(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(TEXTS)))
    fact = data.draw(st.sampled_from((*TEXTS[field], "another", None)))
    check(parse_test(data.draw(drawn_tests(field))), fact, WORDS)


def check(test: Test, fact: Any, domain: Domain) -> None:
    held, failed = truth_of(test, domain)
    assert within(held, fact) is (holds(test, fact) is True)
    assert within(failed, fact) is (holds(test, fact) is False)
    assert within(~held, fact) is not within(held, fact)
    assert within(held - failed, fact) is within(held, fact)


def in_box(box: Box, row: dict[str, Any]) -> bool:
    return all(within(extent, row.get(column)) for column, extent in box.items())


AGREEMENT = Agreement.model_validate(
    {
        "agreement": "counterpoise/v1",
        "title": "x",
        "in_force": {"from": dt.date(2026, 1, 1)},
        "roles": {"rep": {"side": "sales"}},
        "discounts": {"levers": [{"id": "a", "when": {"attr.tier": "gold"}, "adds": 0}]},
    }
)
SPACE = Space.of(AGREEMENT)


@given(conditions(), st.lists(conditions(), max_size=5), facts())
def test_what_is_left_is_in_the_box_and_in_no_cover(
    written: dict[str, object], covers: list[dict[str, object]], row: dict[str, Any]
) -> None:
    box = SPACE.box_of(Condition.parse(written))
    cuts = [SPACE.box_of(Condition.parse(each)) for each in covers]
    left = uncovered([box], cuts)
    expected = in_box(box, row) and not any(in_box(cut, row) for cut in cuts)
    assert any(in_box(piece, row) for piece in left) is expected


@given(agreements(), facts())
def test_a_box_holds_the_facts_for_which_its_condition_surely_holds(
    agreement: Agreement, row: dict[str, Any]
) -> None:
    space = Space.of(agreement)
    for limit in agreement.discounts.limits:
        if "persona" in limit.when.fields:
            continue
        surely = all(
            holds(test.test, row.get(COLUMNS[test.field])) is True for test in limit.when.tests
        )
        assert in_box(space.box_of(limit.when), row) is surely
