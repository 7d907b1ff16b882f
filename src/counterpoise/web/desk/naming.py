"""How the desk's pages name things: requests, roles, states, terms."""

from __future__ import annotations

from decimal import Decimal

from counterpoise.agreement.quantities import format_rate, short_rate
from counterpoise.desk.wording import amount_text
from counterpoise.web.desk.accounts import account_of
from counterpoise.web.desk.models import Request
from counterpoise.web.desk.newcomers import name_written

_STATES = {
    "open": "waits for approval",
    "granted": "granted",
    "approved": "approved",
    "refused": "refused",
    "countered": "countered",
    "withdrawn": "withdrawn",
    "expired": "over, unanswered",
    "reminded": "approvers reminded",
    "escalated": "handed on to the role above",
    "needs_approval": "needs approval",
}
_LOOKS = {
    "open": "wait",
    "granted": "good",
    "approved": "good",
    "refused": "bad",
    "countered": "wait",
    "needs_approval": "wait",
}


def state_text(state: str) -> str:
    """Return a state or verdict as people say it."""
    return _STATES.get(state, state.replace("_", " "))


def state_look(state: str) -> str:
    """Return how a state looks: good, bad, wait or quiet."""
    return _LOOKS.get(state, "quiet")


def request_title(request: Request) -> str:
    """Return what a request is about in a few words."""
    return f"{terms_text(request.rate, request.net_amount)} for {customer_of(request)}"


def customer_of(request: Request) -> str:
    """Return for whom a request asks: the account's name, its id, the name of a new customer."""
    account = account_of(request.account_id)
    if account and account.name:
        return account.name
    return request.account_id or name_written(request.written) or "a new customer"


def terms_text(rate: Decimal | None, net_amount: Decimal | None) -> str:
    """Return the price in a few words.

    >>> terms_text(Decimal("0.18"), Decimal(82000)), terms_text(None, None)
    ('18% off', 'A customization')
    """
    if rate is None:
        return "A customization" if net_amount is None else amount_text(net_amount)
    said = short_rate(rate)
    if said > 0:
        return f"{format_rate(said)} off"
    return "List price" if said == 0 else f"{format_rate(-said)} above list"
