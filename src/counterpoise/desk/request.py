"""What is asked of the desk: one deal, by whom, when, and with which customizations.

A request holds what was claimed, checked and typed, and nothing that was looked up: the facts
that it is decided by are `facts`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from counterpoise.agreement.conditions import Value
from counterpoise.errors import CounterpoiseError

Claims = Mapping[str, Value]
"""Facts that a request states, by column."""

NO_CLAIMS: Claims = MappingProxyType({})


def _no_claims() -> Claims:
    return NO_CLAIMS


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a request: where, what was found, and what to do."""

    field: str
    says: str

    def __str__(self) -> str:
        """Write the problem on one line."""
        return f"{self.field}: {self.says}" if self.field else self.says


class RequestError(CounterpoiseError, ValueError):
    """A request cannot be answered as it stands. It lists everything that is wrong with it.

    `readable` is what could be read of it nevertheless, for whoever looks for more problems.
    """

    def __init__(self, problems: Sequence[Problem], readable: Request | None = None) -> None:
        self.problems = tuple(problems)
        self.readable = readable
        lines = [str(problem) for problem in self.problems]
        head = "the request cannot be read" if len(lines) > 1 else "the request cannot be read: "
        super().__init__("\n  ".join([head, *lines]) if len(lines) > 1 else head + lines[0])


@dataclass(frozen=True)
class AskedLine:
    """A line of the deal: unit prices in the deal's currency, None where the request is silent."""

    line_no: int
    quantity: Decimal
    product_id: str | None = None
    list_price: Decimal | None = None
    net_price: Decimal | None = None
    unit_cost: Decimal | None = None
    claims: Claims = field(default_factory=_no_claims)


@dataclass(frozen=True)
class AskedCustomization:
    """Something to be tailored for this customer, and what it costs."""

    kind: str
    cost: Decimal


@dataclass(frozen=True)
class Request:
    """A question to the desk.

    Amounts are of the whole deal; with lines they are what the lines add to, or, where the lines
    have no net price, what is shared among them in proportion to list. `rate` stands for a net
    amount.
    """

    asked_by: str
    asked_at: dt.datetime
    claims: Claims = field(default_factory=_no_claims)
    lines: tuple[AskedLine, ...] = ()
    list_amount: Decimal | None = None
    net_amount: Decimal | None = None
    cost_amount: Decimal | None = None
    rate: Decimal | None = None
    customizations: tuple[AskedCustomization, ...] = ()

    @property
    def is_priced(self) -> bool:
        """Tell whether the request says at what price it would sell."""
        by_line = any(line.net_price is not None for line in self.lines)
        return by_line or self.net_amount is not None or self.rate is not None
