"""A case: a request with all its facts, amounts in workspace currency, nothing left to look up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from counterpoise.agreement.conditions import Value
from counterpoise.desk.request import Request

ZERO = Decimal(0)
CENT = Decimal("0.01")


class Unit(NamedTuple):
    """What one discount is asked for: the whole deal, or one line of it with its quantity."""

    facts: dict[str, Any]
    list_amount: Decimal
    net_amount: Decimal
    line_no: int | None = None
    quantity: Decimal = Decimal(1)


class Wanted(NamedTuple):
    """A kind of customization: what is asked, and what is on record for the deal already."""

    kind: str
    asked: Decimal
    pieces: int
    recorded: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Return what the kind costs in all."""
        return self.asked + self.recorded


class Difference(NamedTuple):
    """A fact that the books know otherwise than the request claims."""

    field: str
    claimed: Value
    recorded: Value


class Case(NamedTuple):
    """A request with its facts.

    `units` is empty where no price is asked. `cost` is None where it is not known;
    `recorded_cost` is that of customizations on record, of any kind. `exchange` is what one unit
    of the deal's currency is worth, None where that is the workspace's own.
    """

    request: Request
    day: dt.date
    facts: dict[str, Any]
    units: tuple[Unit, ...]
    cost: Decimal | None
    wanted: tuple[Wanted, ...] = ()
    recorded_cost: Decimal = ZERO
    differences: tuple[Difference, ...] = ()
    exchange: Decimal | None = None

    @property
    def net_amount(self) -> Decimal:
        """Return the price asked."""
        units = self.units
        return units[0].net_amount if len(units) == 1 else sum((u.net_amount for u in units), ZERO)

    @property
    def list_amount(self) -> Decimal:
        """Return the list price."""
        units = self.units
        return (
            units[0].list_amount if len(units) == 1 else sum((u.list_amount for u in units), ZERO)
        )

    @property
    def customization_cost(self) -> Decimal:
        """Return what all customizations of the deal cost, asked and on record."""
        if not self.wanted:
            return self.recorded_cost
        return sum((each.asked for each in self.wanted), self.recorded_cost)
