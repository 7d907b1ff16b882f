"""Predicates: the compiled form of a condition means what its tests mean."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement.binding import bind
from counterpoise.agreement.conditions import Condition, all_of, holds
from counterpoise.desk.authority import Ready
from counterpoise.desk.predicates import DEAL_FIELDS, predicate_of
from tests.agreement.strategies import agreements, conditions, facts


@given(conditions(), facts())
def test_a_predicate_is_true_false_or_unknown_as_its_tests_are(
    written: dict[str, object], known: dict[str, Any]
) -> None:
    condition = Condition.parse(written)
    tests = bind(condition, DEAL_FIELDS)
    by_tests = all_of(holds(bound.test, known.get(bound.field.column)) for bound in tests)
    assert predicate_of(condition).truth(known) is by_tests


@pytest.mark.parametrize(
    ("test", "fact", "truth"),
    [
        ("2026-06-10", dt.datetime(2026, 6, 10, 23, 59), True),
        ("2026-06-10", dt.datetime(2026, 6, 11), False),
        (">= 2026-06-10", dt.datetime(2026, 6, 10), True),
        ("2026-06-10", None, None),
    ],
)
def test_compares_an_instant_with_a_day(test: str, fact: object, truth: bool | None) -> None:
    predicate = predicate_of(Condition.parse({"created_at": test}))
    assert predicate.truth({"created_at": fact}) is truth


@given(agreements(), facts(), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
def test_rows_found_by_word_are_those_found_one_after_the_other(
    agreement: Any, known: dict[str, Any], day: dt.date
) -> None:
    table = Ready(agreement).rows
    known["list_amount"] = known.get("list_amount") or Decimal(0)
    expected = []
    for row in table.rows:
        if row.days and not row.days[0] <= day <= row.days[1]:
            continue
        truth = row.truth(known)
        if truth is not False:
            expected.append(row.clause)
        if truth:
            break
    else:
        expected.append("discounts.limits")
    assert [row.clause for row in table.possible(known, day)] == expected
