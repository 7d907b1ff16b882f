"""Deals as arrays: what a rehearsal asks of past deals, in the order in which they were read."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from counterpoise.ledger.fiscal import month_number
from counterpoise.ledger.groups import key_text
from counterpoise.rehearse.exact import Amounts, Flags, Ints, kept_share, needed_for, units_of
from counterpoise.rehearse.placed import numbered

AMOUNTS = (
    "list_amount",
    "net_amount",
    "concession",
    "cost_amount",
    "customization_cost",
    "adjustment_amount",
)
GROUPINGS: Mapping[str, str] = {
    "owner": "owner_id",
    "team": "owner__team",
    "product_family": "product_family",
    "product": "product__product_id",
    "segment": "account__segment",
    "industry": "account__industry",
    "persona": "persona",
    "source": "source",
    "campaign": "campaign_id",
}
"""The column of each grouping of deals; goods are those of a deal's largest line."""


NO_WEEK = -1
_EPOCH = dt.date(1970, 1, 1)
_DAYS_PAST_MONDAY = _EPOCH.weekday()
_WEEK = 7
_EPOCH_MONTH = month_number(_EPOCH)

Keys = tuple[Ints, list[str | None]]


class DealArrays(ABC):
    """Past deals as arrays of one length; money in units.

    Who extends it tells `groupings`, the column of each grouping by its name, and `table`:
    `deal_id`, `outcome`, `day`, the groupings' columns and `AMOUNTS`.
    """

    @property
    @abstractmethod
    def table(self) -> pa.Table:
        """Return the deals."""

    @property
    @abstractmethod
    def groupings(self) -> Mapping[str, str]:
        """Return the column of each grouping by its name."""

    @cached_property
    def keys(self) -> Mapping[str, Keys]:
        """Return the groupings: the place of each deal's key among keys, and the keys."""
        found = {}
        for name, column in self.groupings.items():
            codes, values = numbered(self.table[column])
            found[name] = codes, [key_text(value) or None for value in values]
        return found

    @cached_property
    def months(self) -> tuple[Ints, list[int | None]]:
        """Return the place of each deal's month among months, and the months' numbers."""
        days = np.where(self.dated, self.day, 0).astype("datetime64[D]")
        numbers = days.astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTH
        codes, months = numbered(pa.array(np.where(self.dated, numbers, 0)))
        return codes, [int(str(month)) or None for month in months]

    def __len__(self) -> int:
        """Return how many deals there are."""
        return len(self.table)

    @cached_property
    def _amounts(self) -> Mapping[str, tuple[Ints, Flags]]:
        return {name: units_of(self.table[name]) for name in AMOUNTS}

    @cached_property
    def priced(self) -> Flags:
        """Tell whether list and net are known."""
        return self._amounts["list_amount"][1] & self._amounts["net_amount"][1]

    @property
    def list_amount(self) -> Ints:
        """Return list, 0 where it is unknown; as all amounts in units of money."""
        return self._amounts["list_amount"][0]

    @property
    def net_amount(self) -> Ints:
        """Return net, 0 where it is unknown."""
        return self._amounts["net_amount"][0]

    @property
    def conceded(self) -> Ints:
        """Return the concession, 0 where it is unknown."""
        return self._amounts["concession"][0]

    @cached_property
    def summable(self) -> tuple[Amounts, Amounts, Amounts]:
        """Return list, net and concession, ready to be added up."""
        listed, net, conceded = self.list_amount, self.net_amount, self.conceded
        return Amounts.of(listed), Amounts.of(net), Amounts.of(conceded)

    @cached_property
    def gap(self) -> Ints:
        """Return list less net, 0 unless both are known."""
        return np.where(self.priced, self.list_amount - self.net_amount, 0)

    @cached_property
    def needed(self) -> Ints:
        """Return the least rate in millionths that covers the gap."""
        return needed_for(self.list_amount, self.gap)

    @property
    def has_cost(self) -> Flags:
        """Tell whether the cost is known."""
        return self._amounts["cost_amount"][1]

    @property
    def cost(self) -> Ints:
        """Return the cost, 0 where it is unknown."""
        return self._amounts["cost_amount"][0]

    @cached_property
    def kept(self) -> Ints:
        """Return what is left of net after cost and customizations; nonsense without a cost."""
        spent = self._amounts["cost_amount"][0] + self._amounts["customization_cost"][0]
        return self.net_amount - spent

    @cached_property
    def margin(self) -> Ints:
        """Return what is left after adjustments too; nonsense without a cost."""
        return self.kept - self._amounts["adjustment_amount"][0]

    @cached_property
    def affords(self) -> Ints:
        """Return the greatest floor in millionths that the price keeps."""
        return kept_share(self.kept, self.net_amount, self.has_cost & self.priced)

    @cached_property
    def won(self) -> Flags:
        """Tell whether a deal was won."""
        flags: Flags = pc.equal(self.table["outcome"], "won").to_numpy(zero_copy_only=False)
        return flags.astype(np.bool_)

    @cached_property
    def day(self) -> Ints:
        """Return the days since 1970-01-01, the least number there is where nobody knows it."""
        days = self.table["day"].combine_chunks().cast(pa.int32())
        return ints_of(days.fill_null(np.iinfo(np.int32).min))

    @cached_property
    def dated(self) -> Flags:
        """Tell whether the day is known."""
        flags: Flags = self.table["day"].is_valid().to_numpy(zero_copy_only=False)
        return flags

    @cached_property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """Return the first and the last day; None where no deal has one."""
        days = self.day[self.dated]
        if not len(days):
            return None
        first, last = (_EPOCH + dt.timedelta(days=int(each)) for each in (days.min(), days.max()))
        return first, last

    @cached_property
    def weeks(self) -> int:
        """Return how many calendar weeks the days span."""
        return week_of(self.span[1]) - week_of(self.span[0]) + 1 if self.span else 0

    @cached_property
    def week(self) -> Ints:
        """Return the place of each deal's week in the period, `NO_WEEK` where nobody knows it."""
        if self.span is None:
            return np.full(len(self), NO_WEEK, np.int64)
        weeks = (self.day + _DAYS_PAST_MONDAY) // _WEEK - week_of(self.span[0])
        return np.where(self.dated, weeks, NO_WEEK)

    def monday(self, week: int) -> dt.date:
        """Return the first day of a week of the period."""
        first = self.span[0] if self.span else _EPOCH
        return first - dt.timedelta(days=first.weekday()) + dt.timedelta(weeks=week)


def week_of(day: dt.date) -> int:
    """Number a day's week, from Monday on.

    >>> week_of(dt.date(2026, 6, 8)) - week_of(dt.date(2026, 6, 7))
    1
    """
    return ((day - _EPOCH).days + _DAYS_PAST_MONDAY) // _WEEK


def ints_of(column: pa.ChunkedArray | pa.Array) -> Ints:
    """Return a column of whole numbers, none of them NULL."""
    return np.asarray(column.to_numpy(), np.int64)
