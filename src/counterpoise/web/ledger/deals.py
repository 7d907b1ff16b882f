"""The deals of a selection that open to a person, a page of them at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.web.access import EVERYTHING, Scope
from counterpoise.web.ledger.addresses import deals_url
from counterpoise.web.ledger.asking import filters_of, names_of
from counterpoise.web.ledger.selection import Chip, Selection, chips_of
from counterpoise.web.results.figures import rows
from counterpoise.web.results.reading import KeptReview

A_PAGE = 50
LAST_PAGE = 200
"""Beyond this one narrows the selection or takes the file."""

ORDERS: Mapping[str, str] = {
    "day": "Day",
    "net_amount": "Net",
    "concession": "Given",
    "leakage": "Leakage",
    "name": "Deal",
}
"""The columns that rows are sorted by."""


@dataclass(frozen=True)
class Order:
    """A column that rows can be sorted by: its address, and how they are sorted now."""

    label: str
    url: str
    turned: str
    """`ascending`, `descending` or nothing, as assistive technology calls it."""


@dataclass(frozen=True)
class DealRow:
    """A deal with the rate that was given."""

    deal: Mapping[str, Any]
    rate: Any


@dataclass(frozen=True)
class DealsPage:
    """A page of deals."""

    rows: list[DealRow]
    opened: int
    everywhere: int
    is_everything: bool
    """Whether all of them open."""
    number: int
    earlier: str
    later: str
    first: int
    last: int
    orders: Mapping[str, Order]
    chips: list[Chip]


def deals_page(
    kept: KeptReview, selection: Selection, order: str, number: int, scope: Scope
) -> DealsPage:
    """Return a page of the deals that open, and how many there are beside them.

    Raises:
        LockHeldError: If too many such questions wait.
    """
    offset = (number - 1) * A_PAGE
    found = rows(kept, filters_of(selection), scope, order, A_PAGE, offset)
    is_last = offset + A_PAGE >= found.opened or number >= LAST_PAGE
    return DealsPage(
        rows=[DealRow(row, _rate(row)) for row in found.rows],
        opened=found.opened,
        everywhere=found.everywhere,
        is_everything=scope == EVERYTHING,
        number=number,
        earlier=deals_url(selection, order=order, page=str(number - 1)) if number > 1 else "",
        later="" if is_last else deals_url(selection, order=order, page=str(number + 1)),
        first=offset + 1 if found.rows else 0,
        last=offset + len(found.rows),
        orders={name: _order(name, order, selection) for name in ORDERS},
        chips=chips_of(selection, names_of(kept)),
    )


def _order(name: str, order: str, selection: Selection) -> Order:
    if order.removeprefix("-") != name:
        return Order(ORDERS[name], deals_url(selection, order=f"-{name}"), "")
    is_down = order.startswith("-")
    other = name if is_down else f"-{name}"
    turned = "descending" if is_down else "ascending"
    return Order(ORDERS[name], deals_url(selection, order=other), turned)


def _rate(row: Mapping[str, Any]) -> Any:
    listed, net = row["list_amount"], row["net_amount"]
    return 1 - net / listed if listed and net is not None else None
