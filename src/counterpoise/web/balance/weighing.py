"""What was held and given over a stretch of time, and how that stands against the goal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

REALIZATION = "price_realization"
OF_TRADE = "base_price_realization"
"""The realization that is agreed on where months of the trade are weighed (`is_of_trade`)."""
_MONTHS_A_YEAR = 12

Review = Mapping[str, Any]
"""A review as `counterpoise/review/v1` has it."""


class Span(StrEnum):
    """How far back a page looks."""

    AGREEMENT = "agreement"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True)
class Weighing:
    """Money of won deals with list and net known, and how deals ended, over a span."""

    span: Span
    months: tuple[str, ...]
    """The months that count, as `2026-01`."""
    list_value: float
    held: float
    given: float
    leakage_low: float
    leakage_high: float
    above_list: float
    won: int
    lost: int
    goal: float | None
    """The price realization that was agreed."""

    @property
    def realization(self) -> float | None:
        """Return net over list."""
        return self.held / self.list_value if self.list_value else None

    @property
    def given_rate(self) -> float | None:
        """Return concessions over list."""
        return self.given / self.list_value if self.list_value else None

    @property
    def win_rate(self) -> float | None:
        """Return won over won and lost."""
        closed = self.won + self.lost
        return self.won / closed if closed else None

    @property
    def gap(self) -> float | None:
        """Return how far realization is above the goal, below it when negative."""
        if self.realization is None or self.goal is None:
            return None
        return self.realization - self.goal

    @property
    def gap_amount(self) -> float | None:
        """Return what the gap is worth in list value sold."""
        return None if self.gap is None else abs(self.gap) * self.list_value


def weigh(review: Review, span: Span, starts_on: dt.date | None) -> Weighing:
    """Weigh what was held and given over a span.

    Args:
        review: The review that is shown.
        span: How far back to look.
        starts_on: The day on which the agreement came into force; None without one.
    """
    months = _months(review, span, starts_on)
    sums = {name: sum(month[name] for month in months) for name in _SUMMED}
    return Weighing(
        span=span,
        months=tuple(month["label"] for month in months),
        list_value=sums["list_revenue"],
        held=sums["value_held"],
        given=sums["value_given"],
        leakage_low=sums["leakage_low"],
        leakage_high=sums["leakage_high"],
        above_list=sums["above_list"],
        won=sums["deals_won"],
        lost=sums["deals_lost"],
        goal=goal_of(review),
    )


_SUMMED = (
    "list_revenue",
    "value_held",
    "value_given",
    "leakage_low",
    "leakage_high",
    "above_list",
    "deals_won",
    "deals_lost",
)


def spans(review: Review, starts_on: dt.date | None) -> list[Span]:
    """Return the spans that a page can offer, the one to begin with first.

    The agreement's own is offered where it starts with a month and something was closed since.
    """
    months = review["ledger"]["value_over_time"]["months"]
    is_whole = starts_on is not None and starts_on.day == 1
    begun = starts_on is not None and months and months[-1]["label"] >= _label(starts_on)
    own = [Span.AGREEMENT] if is_whole and begun else []
    return [*own, Span.YEAR, Span.QUARTER, Span.ALL]


def goal_of(review: Review) -> float | None:
    """Return the price realization that was agreed, None where none was."""
    wanted = OF_TRADE if review.get("is_of_trade") else REALIZATION
    targets = (goal["target"] for goal in review["goals"] if goal["metric"] == wanted)
    return next(targets, None)


def _months(review: Review, span: Span, starts_on: dt.date | None) -> Sequence[Mapping[str, Any]]:
    ledger = review["ledger"]
    months = ledger["value_over_time"]["months"]
    if span is Span.YEAR:
        return _since(months, _months_before(review["as_of"], _MONTHS_A_YEAR - 1))
    if span is Span.QUARTER:
        return _since(months, _months_before(review["as_of"], 2))
    if span is Span.AGREEMENT and starts_on is not None:
        return _since(months, _label(starts_on))
    return list(months)


def _since(months: Iterable[Mapping[str, Any]], label: str) -> list[Mapping[str, Any]]:
    return [month for month in months if month["label"] >= label]


def _months_before(as_of: str, number: int) -> str:
    """Name the month that lies some months before that of a day.

    >>> _months_before("2026-02-10", 2)
    '2025-12'
    """
    day = dt.date.fromisoformat(as_of)
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 - number, _MONTHS_A_YEAR)
    return f"{year}-{month + 1:02d}"


def _label(day: dt.date) -> str:
    return f"{day.year}-{day.month:02d}"
