"""Offers taken up: the request as it would be asked again under a counter-offer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from counterpoise.desk.decision import CounterOffer, Need
from counterpoise.desk.predicates import DEAL_FIELDS
from counterpoise.desk.request import AskedCustomization, AskedLine, Request

LINES = "lines."
CUSTOMIZATIONS = "customizations."


def apply_offer(request: Request, offer: CounterOffer) -> Request:
    """Return the request with an offer's price and everything that it needs.

    A need of `lines.2.net_price` is a unit price, one of `customizations.KIND` what that kind may
    cost (None: it is dropped); any other is a field of the deal.
    """
    changed = with_needs(request, offer.needs)
    if offer.by_line or offer.net_amount is None:
        return changed
    return with_net(changed, offer.net_amount)


def with_net(request: Request, net_amount: Decimal) -> Request:
    """Return the request at another price for the whole deal."""
    lines = tuple(replace(line, net_price=None) for line in request.lines)
    return replace(request, lines=lines, net_amount=net_amount, rate=None)


def with_needs(request: Request, needs: tuple[Need, ...]) -> Request:
    """Return the request with other terms, unit prices and customizations."""
    claims = dict(request.claims)
    prices: dict[int, Decimal] = {}
    customizations = request.customizations
    for field, value in needs:
        if field.startswith(LINES):
            prices[int(field.split(".")[1])] = Decimal(str(value))
        elif field.startswith(CUSTOMIZATIONS):
            kind = field.removeprefix(CUSTOMIZATIONS)
            cost = None if value is None else Decimal(str(value))
            customizations = _limited(customizations, kind, cost)
        elif value is not None:
            claims[DEAL_FIELDS.resolve(field).column] = value
    changed = replace(request, claims=MappingProxyType(claims), customizations=customizations)
    return _priced(changed, prices) if prices else changed


def _limited(
    customizations: tuple[AskedCustomization, ...], kind: str, cost: Decimal | None
) -> tuple[AskedCustomization, ...]:
    """Drop a kind, or let it cost that much."""
    if cost is None:
        return tuple(each for each in customizations if each.kind != kind)
    return tuple(replace(each, cost=cost) if each.kind == kind else each for each in customizations)


def _priced(request: Request, prices: dict[int, Decimal]) -> Request:
    lines = tuple(_line_at(line, prices) for line in request.lines)
    return replace(request, lines=lines, net_amount=None, rate=None)


def _line_at(line: AskedLine, prices: dict[int, Decimal]) -> AskedLine:
    return replace(line, net_price=prices[line.line_no]) if line.line_no in prices else line
