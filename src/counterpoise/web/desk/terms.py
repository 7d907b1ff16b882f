"""Terms: what an approval holds for, and whether other terms are no worse for the company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from counterpoise.desk import BookFacts
from counterpoise.desk.authority import Ready
from counterpoise.desk.weighing import Weighing

_RATE_STEP = Decimal("0.000001")


class Tailored(NamedTuple):
    """What a kind of customization costs the deal in all, and how many there are."""

    cost: Decimal
    pieces: int


@dataclass(frozen=True)
class Terms:
    """What one side gives and the other gives back.

    `rate` is None where no price is asked. `lines` has the deepest rate of each product where
    lines are judged by themselves. `levers` are those that hold. `customizations` counts those on
    record too. `margin` is None where the cost is not known.
    """

    account_id: str
    currency: str
    rate: Decimal | None
    levers: frozenset[str] = frozenset()
    lines: Mapping[str, Decimal] = field(default_factory=dict)
    customizations: Mapping[str, Tailored] = field(default_factory=dict)
    margin: Decimal | None = None

    def is_no_worse_than(self, agreed: Terms) -> bool:
        """Tell whether an approval of `agreed` holds for these terms of the same deal."""
        return (
            self.account_id == agreed.account_id
            and self.currency == agreed.currency
            and (self.rate or 0) <= (agreed.rate or 0)
            and agreed.levers <= self.levers
            and all(rate <= agreed.lines.get(each, 0) for each, rate in self.lines.items())
            and all(
                kind in agreed.customizations
                and cost <= agreed.customizations[kind].cost
                and pieces <= agreed.customizations[kind].pieces
                for kind, (cost, pieces) in self.customizations.items()
            )
        )

    def keeps_margin_of(self, agreed: Terms) -> bool:
        """Tell whether no less is left than was agreed to; unknown is not more."""
        if agreed.margin is None or self.margin is None:
            return self.margin == agreed.margin
        return self.margin >= agreed.margin

    def as_json(self) -> dict[str, Any]:
        """Return the terms as plain values; numbers as texts, so that none is rounded."""
        return {
            "account_id": self.account_id,
            "currency": self.currency,
            "rate": _text(self.rate),
            "levers": sorted(self.levers),
            "lines": {name: _text(rate) for name, rate in sorted(self.lines.items())},
            "customizations": {
                kind: {"cost": _text(each.cost), "pieces": each.pieces}
                for kind, each in sorted(self.customizations.items())
            },
            "margin": _text(self.margin),
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Terms:
        """Read what `as_json` wrote."""
        return cls(
            kept["account_id"],
            kept["currency"],
            _number(kept["rate"]),
            frozenset(kept["levers"]),
            {name: Decimal(rate) for name, rate in kept["lines"].items()},
            {
                kind: Tailored(Decimal(each["cost"]), each["pieces"])
                for kind, each in kept["customizations"].items()
            },
            _number(kept["margin"]),
        )


def terms_of(weighing: Weighing, ready: Ready, books: BookFacts, deal_id: str) -> Terms:
    """Return the terms of a weighed request, with the customizations on record for its deal."""
    case = weighing.case
    is_by_line = len(case.units) > 1 or (bool(case.units) and case.units[0].line_no is not None)
    lines: dict[str, Decimal] = {}
    for unit in case.units if is_by_line else ():
        name = str(unit.facts.get("product__product_id") or unit.facts.get("product_family") or "")
        rate = rate_of(unit.list_amount, unit.net_amount)
        lines[name] = max(rate, lines.get(name, rate))
    return Terms(
        str(case.facts.get("account_id") or ""),
        str(case.facts.get("currency") or ready.agreement.company.currency),
        rate_of(case.list_amount, case.net_amount) if case.units else None,
        _levers(weighing, ready),
        lines,
        _customizations(weighing, books, deal_id),
        weighing.floor.margin if weighing.floor else None,
    )


def rate_of(list_amount: Decimal, net_amount: Decimal) -> Decimal:
    """Return the rate at which something is sold; above list it is below zero.

    >>> rate_of(Decimal(1000), Decimal(820))
    Decimal('0.180000')
    """
    if list_amount <= 0:
        return Decimal(0)
    return ((list_amount - net_amount) / list_amount).quantize(_RATE_STEP, ROUND_HALF_EVEN)


def _levers(weighing: Weighing, ready: Ready) -> frozenset[str]:
    """Return the levers that hold for everything that is sold."""
    held = [
        {each.lever.id for each in ready.levers.holding(unit.facts)} for unit in weighing.case.units
    ]
    return frozenset(set.intersection(*held)) if held else frozenset()


def _customizations(weighing: Weighing, books: BookFacts, deal_id: str) -> dict[str, Tailored]:
    """Add up what is asked and what is on record, kind by kind."""
    totals: dict[str, Tailored] = {}
    pieces = [(each.kind, each.asked, each.pieces) for each in weighing.case.wanted]
    if deal_id:
        pieces += [(row.kind, row.cost or Decimal(0), 1) for row in books.customizations(deal_id)]
    for kind, cost, count in pieces:
        former = totals.get(kind, Tailored(Decimal(0), 0))
        totals[kind] = Tailored(former.cost + cost, former.pieces + count)
    return totals


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
