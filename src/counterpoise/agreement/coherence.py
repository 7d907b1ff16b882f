"""Whether conditions ask for what facts can be: fields that exist, values of their kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from counterpoise.agreement.asked import Asked, conditions_of
from counterpoise.agreement.binding import BoundTest, MismatchError, OrderError, bind_test
from counterpoise.agreement.closed_words import closed_words
from counterpoise.agreement.conditions import AnyOf, FieldTest, Missing, Not, Test, values_of
from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fields import Field, Fields, Scope, UnknownFieldError
from counterpoise.agreement.problems import Flaw
from counterpoise.books.schema import Kind
from counterpoise.books.spelling import unknown

Attributes = Mapping[str, Mapping[str, Kind]]
"""A table's name to its attributes and their kinds."""


def check_conditions(
    agreement: Agreement, personas: tuple[str, ...], attributes: Attributes | None = None
) -> Iterator[Flaw]:
    """Yield what is wrong with the conditions of an agreement.

    Without `attributes` any attribute is taken to exist; its kind is that of the values it is
    compared with, which must then be the same everywhere.
    """
    fields = {scope: Fields(scope, attributes) for scope in Scope}
    kinds: dict[str, tuple[Kind, str]] = {}
    for asked in conditions_of(agreement):
        for test in asked.condition.tests:
            clause = f"{asked.clause}.{test.field}"
            bound = _bound(test, fields[asked.scope])
            if isinstance(bound, str):
                yield Flaw(clause, bound)
                continue
            yield from (Flaw(clause, says) for says in _values(bound, asked, personas))
            if fields[asked.scope].resolve(test.field).kind is None:
                yield from _same_kind(clause, test, bound.field, kinds)


def check_fields(agreement: Agreement, attributes: Attributes) -> tuple[Flaw, ...]:
    """Return what is wrong with the conditions of an agreement, given the books' attributes."""
    personas = tuple(persona.id for persona in agreement.personas)
    return tuple(check_conditions(agreement, personas, attributes))


def _bound(test: FieldTest, fields: Fields) -> BoundTest | str:
    try:
        return bind_test(test, fields)
    except (UnknownFieldError, MismatchError, OrderError) as error:
        return str(error)


def _values(bound: BoundTest, asked: Asked, personas: tuple[str, ...]) -> Iterator[str]:
    field = bound.field
    if field.path == "persona" and asked.is_persona:
        yield "a persona cannot ask for a persona; name facts of the account"
        return
    allowed = personas if field.path == "persona" else closed_words(field)
    for value in values_of(bound.test):
        if allowed and isinstance(value, str) and value not in allowed:
            yield unknown(field.path.replace("_", " "), value, allowed)
        if field.kind is Kind.RATE and isinstance(value, Decimal) and not 0 <= value <= 1:
            yield f"{value} is not between 0 and 1; write a rate like 20% or 0.2"
    if field.path == "persona" and not personas:
        yield "no persona is declared; declare it under personas"
    if field.path == "persona" and _asks_for_missing(bound.test):
        others = ", ".join(personas) or "maker"
        yield f"for customers in no persona write not({others}); null would mean: not known"


def _asks_for_missing(test: Test) -> bool:
    match test:
        case Not(inner):
            return _asks_for_missing(inner)
        case AnyOf(tests):
            return any(_asks_for_missing(each) for each in tests)
    return isinstance(test, Missing)


def _same_kind(
    clause: str, test: FieldTest, field: Field, kinds: dict[str, tuple[Kind, str]]
) -> Iterator[Flaw]:
    """Refuse an attribute that is a number in one clause and a text in another."""
    values = tuple(values_of(test.test))
    if not values or field.kind is None:
        return
    kind, first = kinds.setdefault(field.column, (field.kind, clause))
    is_mixed = len({isinstance(value, Decimal) for value in values}) > 1
    if is_mixed or kind is not field.kind:
        elsewhere = "" if is_mixed else f" ({first})"
        says = (
            f"{test.field} is compared with numbers and with texts{elsewhere}; it is one or the "
            "other, and numbers that are names go in quotes inside quotes: '\"1\"'"
        )
        yield Flaw(clause, says)
