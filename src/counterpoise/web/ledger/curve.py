"""Realization over time as a curve, in a picture that is 100 wide and 100 high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from counterpoise.report.wording import share
from counterpoise.web.ledger.figures import GroupRow

_LEAST_SPAN = 0.02
_FEWEST = 2


@dataclass(frozen=True)
class Curve:
    """The points of a curve, the lines behind it, and what stands beside it."""

    points: str
    lines: tuple[str, ...]
    first: str
    last: str
    low: float
    high: float
    says: str


def curve_of(quarters: Sequence[GroupRow]) -> Curve | None:
    """Draw the realization of quarters; None where fewer than two are known."""
    known = [
        (row.name, float(row.figures["price_realization"]))
        for row in quarters
        if row.key is not None and row.figures["price_realization"] is not None
    ]
    if len(known) < _FEWEST:
        return None
    rates = [rate for _, rate in known]
    low, high = min(rates), max(rates)
    span = max(high - low, _LEAST_SPAN)
    floor = (low + high) / 2 - span * 0.6
    step = 100 / (len(known) - 1)
    points = [
        f"{at * step:.2f},{100 - (rate - floor) / (span * 1.2) * 100:.2f}"
        for at, rate in enumerate(rates)
    ]
    (first, start), (last, end) = known[0], known[-1]
    says = f"Price realization from {_percent(start)} in {first} to {_percent(end)} in {last}"
    lines = ("25", "50", "75")
    return Curve(" ".join(points), lines, first, last, low, high, says)


def _percent(rate: float) -> str:
    return share(Decimal(str(rate)))
