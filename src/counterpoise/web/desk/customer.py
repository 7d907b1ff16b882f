"""What the customer may see: the price, what it comes with, and what we do for them.

No limit, no role, no margin, no clause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from counterpoise.desk import Verdict
from counterpoise.desk.wording import amount_text
from counterpoise.web.desk.accounts import account_of
from counterpoise.web.desk.newcomers import name_written
from counterpoise.web.live import live

_PENDING = "I will gladly take this up for you and come back with an answer."


class Figures(NamedTuple):
    """The price in the deal's currency; None where no price is asked."""

    list_amount: Decimal | None
    net_amount: Decimal | None
    currency: str


@dataclass(frozen=True)
class Goods:
    """A line as the customer reads it."""

    name: str
    quantity: str


@dataclass(frozen=True)
class CustomerPage:
    """Everything that stands on the customer's page."""

    customer: str
    on: dt.date | None
    is_agreed: bool
    says: tuple[str, ...]
    price: str
    """The price with its currency; nothing where none is agreed."""
    instead_of: str
    """The list price, where the price is lower."""
    values: tuple[Mapping[str, Any], ...]
    goods: tuple[Goods, ...]
    terms: tuple[str, ...]


def customer_page(
    written: Mapping[str, Any],
    decision: Mapping[str, Any],
    figures: Figures,
    *,
    account_id: str,
    is_agreed: bool | None = None,
    on: dt.date | None = None,
) -> CustomerPage:
    """Lay out a request for the customer's eyes.

    Args:
        written: The request as the desk read it.
        decision: The desk's answer.
        figures: The price.
        account_id: For whom it is; nothing where nobody knows.
        is_agreed: Whether the company stands by it; by default where the desk granted it.
        on: The day of the request.
    """
    agreed = decision["verdict"] == Verdict.GRANTED if is_agreed is None else is_agreed
    deal = written.get("deal") or {}
    account = account_of(account_id)
    return CustomerPage(
        account.name if account else name_written(written),
        on,
        agreed,
        _says(decision, agreed=agreed),
        _amount(figures.net_amount, figures) if agreed else "",
        _amount(figures.list_amount, figures) if agreed and _saves(figures) else "",
        tuple(decision["values"]),
        tuple(_goods(line) for line in deal.get("lines") or ()),
        tuple(_terms(written)),
    )


def _says(decision: Mapping[str, Any], *, agreed: bool) -> tuple[str, ...]:
    """Return the lines to say; once a yes has come, the lines that promise one are over."""
    if agreed:
        return ()
    lines = [each["say_to_customer"] for each in decision["reasons"]]
    return tuple(dict.fromkeys(line for line in lines if line)) or (_PENDING,)


def _amount(amount: Decimal | None, figures: Figures) -> str:
    return "" if amount is None else f"{amount_text(amount)} {figures.currency}"


def _saves(figures: Figures) -> bool:
    listed, net = figures.list_amount, figures.net_amount
    return listed is not None and net is not None and net < listed


def _goods(line: Mapping[str, Any]) -> Goods:
    product_id = str(line.get("product_id") or "")
    product = live().product(product_id) if product_id else None
    name = str((product or {}).get("name") or product_id or "Goods")
    return Goods(name, str(line.get("quantity") or ""))


def _terms(written: Mapping[str, Any]) -> list[str]:
    deal = written.get("deal") or {}
    terms = []
    if deal.get("term_months"):
        terms.append(f"for {deal['term_months']} months")
    if deal.get("payment"):
        terms.append(f"payment: {str(deal['payment']).replace('_', ' ')}")
    tailored = written.get("customizations") or ()
    return [*terms, *(f"with {str(each['kind']).replace('_', ' ')}" for each in tailored)]
