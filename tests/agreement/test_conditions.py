import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement.conditions import (
    AnyOf,
    Anything,
    Compares,
    Condition,
    ConditionError,
    Equals,
    FieldTest,
    Missing,
    Not,
    Test,
    Within,
    all_of,
    any_of,
    holds,
    parse_test,
)

D = Decimal


@pytest.mark.parametrize(
    ("written", "test"),
    [
        ("Enterprise", Equals("Enterprise")),
        ("  Enterprise ", Equals("Enterprise")),
        ("no", Equals("no")),
        ("off", Equals("off")),
        ("09:00", Equals("09:00")),
        ("007", Equals("007")),
        ("50", Equals(D(50))),
        (50, Equals(D(50))),
        (0.1, Equals(D("0.1"))),
        ("20%", Equals(D("0.2"))),
        ("true", Equals(True)),
        ("2026-07-01", Equals(dt.date(2026, 7, 1))),
        ('"50"', Equals("50")),
        ("'true'", Equals("true")),
        (None, Missing()),
        ("null", Missing()),
        ("-", Anything()),
        (">= 50000", Compares(">=", D(50000))),
        ("<5", Compares("<", D(5))),
        ("> -1", Compares(">", D(-1))),
        (">= 2026-01-01", Compares(">=", dt.date(2026, 1, 1))),
        ("[50..1000]", Within(D(50), D(1000), True, True)),
        ("(50..1000)", Within(D(50), D(1000), False, False)),
        ("]50..1000[", Within(D(50), D(1000), False, False)),
        ("[0.5 .. 1.5)", Within(D("0.5"), D("1.5"), True, False)),
        (["A", "B"], AnyOf((Equals("A"), Equals("B")))),
        (["A"], Equals("A")),
        (["A", None], AnyOf((Equals("A"), Missing()))),
        ("not(Retail)", Not(Equals("Retail"))),
        ("not(Retail, null)", Not(AnyOf((Equals("Retail"), Missing())))),
        ('not("a, b", c)', Not(AnyOf((Equals("a, b"), Equals("c"))))),
        ("not(Macy's, Kohl's)", Not(AnyOf((Equals("Macy's"), Equals("Kohl's"))))),
        ("not(not(x))", Not(Not(Equals("x")))),
        ("not([1..5], > 9)", Not(AnyOf((Within(D(1), D(5), True, True), Compares(">", D(9)))))),
    ],
)
def test_reads_a_test(written: object, test: Test) -> None:
    assert parse_test(written) == test


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (">= large", "neither a number nor a day"),
        ("[1000..50]", "lower end comes first"),
        ("(5..5)", "empty range"),
        ("[1..2026-01-01]", "a number at one end and a day at the other"),
        ("[50..1000", "not a test; write it in quotes"),
        (">", "not a test"),
        ("50..1000", 'write the range in quotes, "\\[50..1000\\]"'),
        ([], "empty list"),
        ("", "empty text"),
        ('""', "empty text"),
        ("1e40", "too large"),
        ("x" * 3000, "too long"),
        ("not(" * 30 + "x" + ")" * 30, "too many not"),
        (float("nan"), "not a value"),
        (float("inf"), "not a value"),
        ({"a": 1}, "not a value"),
    ],
)
def test_refuses_what_is_no_test(written: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_test(written)


def test_names_every_field_whose_test_cannot_be_read() -> None:
    with pytest.raises(ConditionError) as caught:
        Condition.parse({"employees": "> x", "segment": "SMB", "term_months": "[3..1]"})
    assert list(caught.value.wrong) == ["employees", "term_months"]


@pytest.mark.parametrize(
    ("test", "fact", "truth"),
    [
        (Anything(), None, True),
        (Anything(), "x", True),
        (Missing(), None, True),
        (Missing(), "x", False),
        (Equals("a"), "a", True),
        (Equals("a"), "A", False),
        (Equals("a"), None, None),
        (Equals(D(5)), D("5.00"), True),
        (Compares("<", D(5)), D(5), False),
        (Compares("<=", D(5)), D(5), True),
        (Compares(">", D(5)), None, None),
        (Within(D(1), D(5), True, False), D(5), False),
        (Within(D(1), D(5), False, True), D(5), True),
        (Within(D(1), D(5), False, True), D(1), False),
        (Not(Equals("a")), "b", True),
        (Not(Equals("a")), None, None),
        (Not(Missing()), None, False),
        (Not(Anything()), "x", False),
        (AnyOf((Equals("a"), Missing())), None, True),
        (AnyOf((Equals("a"), Equals("b"))), None, None),
        (Not(AnyOf((Equals("a"), Missing()))), None, False),
        (Compares("<=", dt.date(2026, 6, 30)), dt.datetime(2026, 6, 30, 18), True),
        (Equals(dt.date(2026, 6, 30)), dt.datetime(2026, 6, 30, 18), True),
    ],
)
def test_a_test_has_three_values(test: Test, fact: object, truth: bool | None) -> None:
    assert holds(test, fact) is truth


@pytest.mark.parametrize(
    ("truths", "anyone", "everyone"),
    [
        ((), False, True),
        ((True, None, False), True, False),
        ((None, False), None, False),
        ((None, True), True, None),
        ((False, False), False, False),
        ((True, True), True, True),
    ],
)
def test_truths_join_as_kleene_says(
    truths: tuple[bool | None, ...], anyone: bool | None, everyone: bool | None
) -> None:
    assert any_of(iter(truths)) is anyone
    assert all_of(iter(truths)) is everyone


texts = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)
numbers = st.decimals(-1000, 1000, places=2).map(lambda n: n.normalize() + 0)
days = st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1))


def _ranges(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Test]:
    ends = st.lists(values, min_size=2, max_size=2, unique=True).map(sorted)
    return st.builds(
        lambda both, low, high: Within(both[0], both[1], low, high),
        ends,
        st.booleans(),
        st.booleans(),
    )


plain_tests: st.SearchStrategy[Test] = st.one_of(
    st.just(Anything()),
    st.just(Missing()),
    st.one_of(texts, numbers, days, st.booleans()).map(Equals),
    st.builds(Compares, st.sampled_from(("<", "<=", ">", ">=")), st.one_of(numbers, days)),
    _ranges(numbers),
    _ranges(days),
)
several = st.lists(plain_tests, min_size=2, max_size=3).map(lambda each: AnyOf(tuple(each)))
any_tests = st.one_of(plain_tests, several, st.one_of(plain_tests, several).map(Not))


@given(any_tests)
def test_what_is_written_reads_the_same(test: Test) -> None:
    condition = Condition((FieldTest("segment", test),))
    assert Condition.parse(condition.written()) == condition


@given(any_tests, st.one_of(st.none(), texts))
def test_not_turns_truth_over_and_leaves_the_unknown(test: Test, fact: str | None) -> None:
    only_words = all(not isinstance(each, Compares | Within) for each in _parts(test))
    if only_words:
        truth = holds(test, fact)
        assert holds(Not(test), fact) is (None if truth is None else not truth)


def _parts(test: Test) -> list[Test]:
    if isinstance(test, Not):
        return _parts(test.test)
    return list(test.tests) if isinstance(test, AnyOf) else [test]
