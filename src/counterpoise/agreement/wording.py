"""Words for what an agreement says: conditions, amounts, days and grants as people say them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from counterpoise.agreement.conditions import (
    AnyOf,
    Anything,
    Compares,
    Condition,
    Equals,
    Missing,
    Not,
    Test,
    Value,
    Within,
)
from counterpoise.agreement.quantities import Duration, Period, format_rate

_COMPARED = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
_DAYS_COMPARED = {"<": "before", "<=": "by", ">": "after", ">=": "from"}
_OWN_WORDS = {
    "deal": "",
    "account": " of the account",
    "product": " of the product",
    "owner": " of the deal's owner",
    "person": "",
    "lead": "",
    "campaign": " of the campaign",
    "promotion": "",
}


_NOUNS = {
    "employees": "number of employees",
    "term_months": "term in months",
    "list_amount": "list price",
    "net_amount": "net price",
    "cost_amount": "cost",
    "account_id": "account",
    "owner_id": "owner",
    "product_id": "product",
    "campaign_id": "campaign",
}


_TERMS = {
    "term_months": "a term of {} months",
    "payment": "payment {}",
    "list_amount": "a list price of {}",
    "net_amount": "a net price of {}",
    "quantity": "a quantity of {}",
}
"""How a fact that the deal controls is said as something asked for; others by their noun."""


def say_condition(condition: Condition) -> str:
    """Say what a condition asks, as the rest of a sentence after "where".

    >>> say_condition(Condition.parse({"segment": "Enterprise", "list_amount": ">= 50000"}))
    'segment is Enterprise and list price is at least 50,000'
    """
    return " and ".join(
        f"{say_field(each.field)} {say_test(each.test)}" for each in condition.tests
    )


def say_field(name: str) -> str:
    """Say a field's name.

    >>> say_field("owner.region"), say_field("attr.signature_committed")
    ("region of the deal's owner", 'signature committed')
    """
    entity, _, rest = name.partition(".")
    whose = _OWN_WORDS.get(entity, "") if rest else ""
    own = rest if rest and entity in _OWN_WORDS else name
    own = own.removeprefix("attr.")
    return _NOUNS.get(own, own.replace("_", " ")) + whose


def say_term(name: str, value: Value) -> str:
    """Say a field with the value that it should have.

    >>> say_term("term_months", Decimal(36)), say_term("attr.reference_given", "yes")
    ('a term of 36 months', 'reference given yes')
    """
    said = say_value(value)
    pattern = _TERMS.get(name.removeprefix("deal."))
    return pattern.format(said) if pattern else f"{say_field(name)} {said}"


def say_kind(kind: str) -> str:
    """Say a kind of customization.

    >>> say_kind("private_label")
    'private label'
    """
    return kind.replace("_", " ")


def say_test(test: Test) -> str:
    """Say what a test asks of a field, verb first.

    >>> say_test(Not(AnyOf((Equals("Retail"), Missing()))))
    'is neither Retail nor missing'
    """
    match test:
        case Anything():
            return "is anything"
        case Missing():
            return "is missing"
        case Equals(value):
            return f"is {say_value(value)}"
        case Compares(operator, value):
            words = _DAYS_COMPARED if isinstance(value, dt.date) else _COMPARED
            return f"is {words[operator]} {say_value(value)}"
        case Within():
            return _say_range(test)
        case AnyOf(tests):
            return f"is {join_words((_bare(each) for each in tests), 'or')}"
        case Not(AnyOf(tests)):
            return f"is neither {join_words((_bare(each) for each in tests), 'nor')}"
        case Not(inner):
            return f"is not {_bare(inner)}"


def _bare(test: Test) -> str:
    return say_test(test).removeprefix("is ")


def _say_range(test: Within) -> str:
    low, high = say_value(test.low), say_value(test.high)
    if test.with_low and test.with_high:
        return f"is between {low} and {high}"
    first = f"{'at least' if test.with_low else 'above'} {low}"
    last = f"{'at most' if test.with_high else 'below'} {high}"
    return f"is {first} and {last}"


def say_value(value: Value) -> str:
    """Say a value.

    >>> say_value(Decimal("120000")), say_value(dt.date(2026, 7, 1)), say_value(True)
    ('120,000', '1 July 2026', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, dt.date):
        return say_day(value)
    return value


def say_day(day: dt.date) -> str:
    """Say a day as people write it, the same in every locale.

    >>> say_day(dt.date(2026, 12, 31))
    '31 December 2026'
    """
    months = (
        "January February March April May June July August September October November December"
    ).split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def say_period(period: Period) -> str:
    """Say that something is so within each period.

    >>> say_period(Period.MONTH)
    'a month'
    """
    return f"a {period.value}"


def say_target(target: Decimal | Duration, *, is_share: bool, currency: str | None = None) -> str:
    """Say what a goal or promise asks for.

    >>> say_target(Decimal("0.92"), is_share=True), say_target(Decimal(9000), is_share=False)
    ('92%', '9,000')
    """
    if isinstance(target, Duration):
        return str(target)
    if is_share:
        return format_rate(target)
    return f"{target:,f} {currency}" if currency else f"{target:,f}"


def say_rates(up_to: Mapping[str, Decimal]) -> str:
    """Say who may grant how much.

    >>> say_rates({"rep": Decimal("0.1"), "manager + pm": Decimal("0.3")})
    'rep up to 10%, manager and pm together up to 30%'
    """
    return ", ".join(f"{say_group(who)} up to {format_rate(rate)}" for who, rate in up_to.items())


def say_number(number: Decimal, unit: str = "") -> str:
    """Say a number, with its unit where it has one.

    >>> say_number(Decimal(250000), "EUR")
    '250,000 EUR'
    """
    return f"{number:,f} {unit}".rstrip()


def role_text(role: str) -> str:
    """Say a role of the ladder.

    >>> role_text("revenue_lead")
    'revenue lead'
    """
    return role.replace("_", " ")


def say_group(who: str) -> str:
    """Say the left side of an `up_to` entry.

    >>> say_group("rep"), say_group("rep + sales_manager")
    ('rep', 'rep and sales manager together')
    """
    roles = [role_text(role.strip()) for role in who.split("+")]
    return roles[0] if len(roles) == 1 else f"{join_words(roles, 'and')} together"


def join_words(words: Iterable[str], conjunction: str) -> str:
    """Join words as a sentence does.

    >>> join_words(["a", "b", "c"], "or")
    'a, b or c'
    """
    *before, last = words
    return f"{', '.join(before)} {conjunction} {last}" if before else last
