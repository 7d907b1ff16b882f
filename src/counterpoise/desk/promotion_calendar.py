"""The calendar: which days goods are on deal at an account, and how far two promotions lie apart.

A promotion may be of one product, a family or everything, at one account or at all. It is laid out
on cells, an account with a product each; whatever is not named by itself shares the cell of its
family, or of all other accounts. The fullest cell and the smallest gap count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from counterpoise.agreement.quantities import Period
from counterpoise.desk.customization import period_of
from counterpoise.desk.promotion_chain import WEEK

Cell = tuple[str, str]
"""An account and a product, or what stands for all others of it."""

ELSEWHERE = ""
"""Stands for every account that no promotion names."""


class Days(NamedTuple):
    """A first and a last day, both inclusive."""

    first: dt.date
    last: dt.date

    @property
    def length(self) -> int:
        """Return how many days these are."""
        return (self.last - self.first).days + 1

    @property
    def weeks(self) -> int:
        """Return how many weeks these are, a begun one counted whole."""
        return weeks_in(self.length)


def weeks_in(days: int) -> int:
    """Return how many weeks some days are, a begun one counted whole.

    >>> weeks_in(7), weeks_in(8)
    (1, 2)
    """
    return -(-days // WEEK)


@dataclass(frozen=True)
class Booked:
    """A promotion on the calendar; without an account it is at all, without goods on all."""

    days: Days
    account_id: str | None = None
    product_id: str | None = None
    product_family: str | None = None
    trade_spend: Decimal | None = None
    promotion_id: str | None = None
    rate: Decimal | None = None


class Fullness(NamedTuple):
    """How full the calendar is with a promotion on it.

    `gap_days` lies between it and the nearest other, below 0 where they overlap; None where there
    is no other.
    """

    days_on_deal: int
    gap_days: int | None

    @property
    def weeks_on_deal(self) -> int:
        """Return the weeks on deal, a begun one counted whole."""
        return weeks_in(self.days_on_deal)


class Calendar:
    """What else is on deal, laid out on cells together with the promotion in question."""

    def __init__(self, asked: Booked, others: Iterable[Booked], fiscal_year_starts: int) -> None:
        self._asked = asked
        self._starts = fiscal_year_starts
        near = [each for each in others if _may_meet(asked, each)]
        grid = _Grid([asked, *near])
        self._mine = frozenset(grid.cells(asked))
        self._beside: dict[Cell, list[Days]] = {}
        for each in near:
            for cell in grid.cells(each):
                if cell in self._mine:
                    self._beside.setdefault(cell, []).append(each.days)

    def fullness(self, per: Period, days: Days | None = None) -> Fullness:
        """Return how full the fullest cell is, the promotion on these days or on its own."""
        days = days or self._asked.days
        period = Days(*period_of(days.first, per, self._starts))
        cells = [self._beside.get(cell, []) for cell in self._mine]
        return Fullness(
            max(_covered([days, *others], period) for others in cells), self.gap_days(days)
        )

    def gap_days(self, days: Days | None = None) -> int | None:
        """Return the days between a promotion and the nearest other on the same goods."""
        days = days or self._asked.days
        others = [each for cell in self._beside.values() for each in cell if each != days]
        return min((_apart(days, each) for each in others), default=None)


class _Grid:
    """The accounts and goods that some promotions name."""

    def __init__(self, booked: Sequence[Booked]) -> None:
        self._accounts = {each.account_id for each in booked if each.account_id}
        self._goods: dict[str, str | None] = {}
        for each in booked:
            if each.product_id:
                self._goods.setdefault(each.product_id, each.product_family)
            if each.product_family:
                self._goods.setdefault(family_key(each.product_family), each.product_family)
        self._goods.setdefault(family_key(None), None)

    def cells(self, booked: Booked) -> Iterator[Cell]:
        accounts = [booked.account_id] if booked.account_id else [*self._accounts, ELSEWHERE]
        for account in accounts:
            for goods in self._of(booked):
                yield account, goods

    def _of(self, booked: Booked) -> Sequence[str]:
        if booked.product_id:
            return [booked.product_id]
        if booked.product_family:
            return [key for key, family in self._goods.items() if family == booked.product_family]
        return list(self._goods)


def family_key(family: str | None) -> str:
    """Return the cell of a family's goods that nobody names by themselves."""
    return f"family:{family or ''}"


def _may_meet(one: Booked, other: Booked) -> bool:
    return not (one.account_id and other.account_id) or one.account_id == other.account_id


def _covered(spans: Iterable[Days], period: Days) -> int:
    """Count the days of a period that some spans cover, each once."""
    total, reached = 0, period.first - dt.timedelta(days=1)
    for first, last in sorted(spans):
        begins = max(first, reached + dt.timedelta(days=1))
        ends = min(last, period.last)
        if begins <= ends:
            total += (ends - begins).days + 1
            reached = ends
    return total


def _apart(one: Days, other: Days) -> int:
    earlier, later = sorted((one, other))
    return (later.first - earlier.last).days - 1
