"""Wording: how the desk says things, to colleagues and to the customer.

What may be said to the customer never holds a limit, a margin, a role or a clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from counterpoise.agreement.conditions import (
    AnyOf,
    Anything,
    Compares,
    Equals,
    Missing,
    Not,
    Test,
    Value,
    Within,
    write_value,
)
from counterpoise.agreement.quantities import format_rate
from counterpoise.agreement.wording import role_text, say_field, say_kind, say_term
from counterpoise.desk.decision import Need
from counterpoise.desk.outcome import Outcome, Verdict

_CUSTOMIZATIONS = "customizations."
_LINES = "lines."

TO_CUSTOMER = {
    Verdict.GRANTED: "Yes, we can do it at this price.",
    Verdict.NEEDS_APPROVAL: "I will gladly take this up for you and come back with an answer.",
    Verdict.REFUSED: "I cannot offer this price; let me show you what we can do for you.",
}
"""What may be said to the customer about a price."""

TAILORING_TO_CUSTOMER = {
    Verdict.GRANTED: "Yes, we can make this for you.",
    Verdict.NEEDS_APPROVAL: "I will check whether we can make this for you and come back to you.",
    Verdict.REFUSED: "We cannot make this as it stands; let me show you what comes close.",
}
"""What may be said to the customer about a customization."""

NOT_KNOWN_TO_CUSTOMER = "Could you tell me a little more, so that I can give you our best answer?"
"""What may be said to the customer where a fact is missing."""

_BRIEF = {Verdict.GRANTED: "granted", Verdict.REFUSED: "refused"}


def amount_text(amount: Decimal) -> str:
    """Write an amount with its cents where it has any.

    >>> amount_text(Decimal("57000.00")), amount_text(Decimal("99.5"))
    ('57,000', '99.50')
    """
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def value_text(value: Value | None) -> str:
    """Write a fact."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else write_value(value)


def fact_text(path: str) -> str:
    """Name a fact at the start of a sentence, with its field where the words are others.

    >>> fact_text("account.segment"), fact_text("product_family")
    ('The segment of the account (account.segment)', 'The product family')
    """
    said = say_field(path)
    return f"The {said}" if said == path.replace("_", " ") else f"The {said} ({path})"


def approvers_text(approvers: Sequence[str], asked_by: str) -> str:
    """Name who must approve; nobody approves their own request, so it takes another of the role.

    >>> approvers_text(["sales_manager", "product_marketing"], "sales_manager")
    'another sales manager and product marketing'
    """
    said = [
        f"another {role_text(role)}" if role == asked_by else role_text(role) for role in approvers
    ]
    return listed(said)


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words as in a sentence.

    >>> listed(["a", "b", "c"], "or"), listed(["a"])
    ('a, b or c', 'a')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def test_text(test: Test) -> str:
    """Say what a test asks for.

    >>> test_text(Compares(">=", Decimal(36)))
    '36 or more'
    """
    match test:
        case Anything():
            return "anything"
        case Missing():
            return "nothing"
        case Equals(value):
            return value_text(value)
        case Compares(operator, value):
            return _COMPARED[operator].format(value_text(value))
        case Within(low, high, _, _):
            return f"{value_text(low)} to {value_text(high)}"
        case AnyOf(tests):
            return listed([test_text(each) for each in tests], "or")
        case Not(inner):
            return f"anything but {test_text(inner)}"


_COMPARED = {">=": "{} or more", ">": "more than {}", "<=": "{} or less", "<": "less than {}"}


def verdict_text(outcome: Outcome, asked_by: str) -> str:
    """Say an answer in passing."""
    if outcome.verdict is Verdict.NEEDS_APPROVAL:
        return f"{approvers_text(outcome.approvers, asked_by)} would approve"
    return f"it would be {_BRIEF[outcome.verdict]}"


@lru_cache(maxsize=1024)
def needs_text(needs: tuple[Need, ...]) -> str:
    """Say what an offer asks of the deal; unit prices of lines are not repeated.

    >>> needs_text((Need("term_months", Decimal(36)), Need("customizations.label", None)))
    ' with a term of 36 months, without label'
    """
    terms: list[str] = []
    others: list[str] = []
    for need in needs:
        is_term, said = _need_text(need)
        if is_term:
            terms.append(said)
        elif said:
            others.append(said)
    if terms:
        others.insert(0, f"with {listed(terms)}")
    return f" {', '.join(others)}" if others else ""


def _need_text(need: Need) -> tuple[bool, str]:
    """Say one need, and whether it is one of the deal's terms."""
    field, value = need
    if field.startswith(_LINES):
        return False, ""
    if not field.startswith(_CUSTOMIZATIONS):
        return True, f"{say_field(field)} nothing" if value is None else say_term(field, value)
    kind = say_kind(field.removeprefix(_CUSTOMIZATIONS))
    if isinstance(value, Decimal):
        return False, f"with {kind} for {amount_text(value)}"
    return False, f"without {kind}"


def offer_text(
    rate: Decimal | None,
    net_amount: Decimal | None,
    needs: tuple[Need, ...],
    approvers: Sequence[str],
    asked_by: str,
) -> str:
    """Say a counter-offer: the price, what it needs, and who has to agree."""
    if rate is None or net_amount is None:
        price = "As asked"
    elif rate:
        price = f"{format_rate(rate)} off, {amount_text(net_amount)} net"
    else:
        price = f"At list price, {amount_text(net_amount)}"
    who = approvers_text(approvers, asked_by)
    answer = f"{who} must approve" if who else "granted at once"
    return f"{price}{needs_text(needs) if needs else ''}: {answer}."
