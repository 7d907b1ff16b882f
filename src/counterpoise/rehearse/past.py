"""The past: closed deals with what a rehearsal asks of them, read once for all candidates.

Everything stands as of then: the role of the owner, the attributes of the account, the price list
and the agreement are those of a deal's day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.fingerprint import fingerprint
from counterpoise.agreement.versions import Agreements, Status, Version
from counterpoise.books.books import Books
from counterpoise.books.facts import View, deal_facts, deals_as_of, line_facts
from counterpoise.books.spans import BEGINNING
from counterpoise.desk.rules import Rules
from counterpoise.ledger.fiscal import month_number
from counterpoise.ledger.groups import key_text
from counterpoise.rehearse.exact import Amounts, Flags, Ints, kept_share, needed_for, units_of
from counterpoise.rehearse.placed import PATTERN, Placed, numbered, placed_expr, places, shape_of

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

_TOLD = ("deal_id", "deal_number", "outcome", "day", *GROUPINGS.values(), *AMOUNTS)
_LINE_AMOUNTS = ("list_amount", "net_amount", "concession")
_EPOCH = dt.date(1970, 1, 1)
_DAYS_PAST_MONDAY = _EPOCH.weekday()
_WEEK = 7
_EPOCH_MONTH = month_number(_EPOCH)
NO_WEEK = -1
_MOST_PLACINGS = 8


Keys = tuple[Ints, list[str | None]]


@dataclass(frozen=True)
class Units:
    """What is judged by itself, placed on chains: whole deals, or lines, sorted by deal and line.

    `deal` is the place of each unit's deal, `needed` the rate in millionths that covers its
    concession; the rest are amounts in units of money.
    """

    placed: Placed
    deal: Ints
    needed: Ints
    list_amount: Ints
    gap: Ints
    conceded: Ints


@dataclass(frozen=True)
class Placing:
    """Where deals stand under agreements of one shape; `lines` is None unless any judges those."""

    rules: Rules
    deals: Units
    lines: Units | None


def always(agreement: Agreement) -> Agreements:
    """Read an agreement as if it were in force on every day."""
    version = Version(agreement, fingerprint(agreement), BEGINNING, None, Status.AS_IF)
    return Agreements((version,))


@dataclass
class Past:
    """Closed deals, held in memory.

    Attributes:
        view: The books as of a day.
        agreements: Every version; a deal's is the one in force on its day.
        by: Further fields to group by, as conditions name them.
    """

    view: View
    agreements: Agreements
    by: tuple[str, ...] = ()
    _placings: dict[object, Placing] = field(init=False, repr=False, default_factory=dict)

    @classmethod
    def of(
        cls, books: Books, agreements: Agreements, as_of: dt.date, by: Iterable[str] = ()
    ) -> Past:
        """Read the deals closed by the end of a day, and place them under the agreements.

        Raises:
            UnknownFieldError: If nothing has a field to group by, with the nearest name.
        """
        past = cls(View(books, as_of), agreements, tuple(by))
        past.was  # noqa: B018 - the facts are read with the first placing
        return past

    @cached_property
    def fields(self) -> Fields:
        """Return the fields that conditions may name."""
        return Fields(Scope.DEAL, self.view.books.all_attributes)

    @cached_property
    def groupings(self) -> Mapping[str, str]:
        """Return the column of each grouping by its name."""
        return {**GROUPINGS, **{name: self.fields.resolve(name).column for name in self.by}}

    @cached_property
    def facts(self) -> ir.Table:
        """Return the facts of the closed deals, with a `deal_number`. Grain: a deal."""
        books = self.view.books
        closed = _closed(deal_facts(books, self.view.as_of))
        if not books.is_large:
            return numbered_deals(closed)
        # The ids are put in order by themselves: an engine would carry all facts along.
        numbers = numbered_deals(_closed(deals_as_of(self.view)).select("deal_id"))
        numbers = numbers.rename(numbered_id="deal_id")
        joined = closed.inner_join(numbers, closed.deal_id == numbers.numbered_id)
        return books.keep(joined.drop("numbered_id"), "past")

    @cached_property
    def _read(self) -> tuple[pa.Table, Placing]:
        """Read what is asked of every deal, and where it stands under the agreement of its day."""
        rules = Rules(self.agreements)
        rows = self.rows_then(rules)
        self.__dict__["table"] = rows.select(list(self._told))
        return self.table, self._placing(rules, rows)

    def rows_then(self, rules: Rules) -> pa.Table:
        """Read what is told of each deal, and where it stands under the agreement of its day."""
        placed = placed_expr(self.facts, rules, self.fields)
        return self.view.books.run(placed.select(*self._told, *places(rules)))

    def rows_under(self, rules: Rules) -> pa.Table:
        """Read where deals stand under an agreement on every day: `deal_number` and the places."""
        placed = placed_expr(self.facts, rules, self.fields)
        return self.view.books.run(placed.select("deal_number", *places(rules)))

    @property
    def _told(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*_TOLD, *self.groupings.values())))

    @cached_property
    def table(self) -> pa.Table:
        """Return the deals: `deal_id`, `outcome`, `day`, the groupings' columns, and amounts."""
        return self._read[0]

    @property
    def was(self) -> Placing:
        """Return where the deals stand under the agreements of their days."""
        return self._read[1]

    def under(self, agreement: Agreement) -> Placing:
        """Return where the deals stand under an agreement, as if in force on every day.

        What is placed once serves every agreement that differs from it in rates alone.
        """
        shape = repr(shape_of(agreement))
        if shape not in self._placings:
            while len(self._placings) >= _MOST_PLACINGS:
                self._placings.pop(next(iter(self._placings)))
            self._placings[shape] = self._placed_under(Rules(always(agreement)))
        return self._placings[shape]

    def _placed_under(self, rules: Rules) -> Placing:
        rows = self.rows_under(rules)
        return self._placing(rules, rows)

    @cached_property
    def _place_of_number(self) -> Ints:
        """Return where the deal of each number stands in the arrays."""
        numbers = _ints(self.table["deal_number"])
        found = np.empty_like(numbers)
        found[numbers] = np.arange(len(numbers))
        return found

    def _placing(self, rules: Rules, rows: pa.Table) -> Placing:
        """Put rows of `placed_expr` in order."""
        at = self._place_of_number[_ints(rows["deal_number"])]
        known = rows[PATTERN].is_valid().to_numpy(zero_copy_only=False)
        lines = self._lines(rules) if rules.judging_lines else None
        kept = known & self.priced[at]
        if lines is not None:
            kept &= ~np.isin(at, lines.deal)
        deals = at[kept]
        listed, gap, conceded, needed = (
            each[deals] for each in (self.list_amount, self.gap, self.conceded, self.needed)
        )
        placed = Placed.of(rows.filter(pa.array(kept)), needed, rules)
        units = Units(placed, deals, needed, listed, gap, conceded)
        return Placing(rules, units, lines)

    def line_rows(self, rules: Rules) -> pa.Table:
        """Read where the priced lines stand of priced deals whose agreement judges lines."""
        lines = line_facts(self.view)
        own = {name for name in lines.columns if name != "deal_id"}
        of_deal = self.facts.drop(*(name for name in self.facts.columns if name in own))
        placed = placed_expr(lines.inner_join(of_deal, "deal_id"), rules, self.fields)
        placed = placed.filter(
            placed.version.isin(rules.judging_lines) & placed.concession.notnull() & placed.priced
        )
        return self.view.books.run(
            placed.select("deal_number", "line_no", *_LINE_AMOUNTS, *places(rules))
        )

    def _lines(self, rules: Rules) -> Units:
        """Place the lines that are judged by themselves."""
        rows = self.line_rows(rules)
        deals = self._place_of_number[_ints(rows["deal_number"])]
        order = np.lexsort((_ints(rows["line_no"]), deals))
        rows = rows.take(pa.array(order))
        (listed, _), (net, _), (conceded, _) = (units_of(rows[name]) for name in _LINE_AMOUNTS)
        needed = needed_for(listed, listed - net)
        placed = Placed.of(rows, needed, rules)
        return Units(placed, deals[order], needed, listed, listed - net, conceded)

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
        import pyarrow.compute as pc

        flags: Flags = pc.equal(self.table["outcome"], "won").to_numpy(zero_copy_only=False)
        return flags.astype(np.bool_)

    @cached_property
    def day(self) -> Ints:
        """Return the days since 1970-01-01, the least number there is where nobody knows it."""
        days = self.table["day"].combine_chunks().cast(pa.int32())
        return _ints(days.fill_null(np.iinfo(np.int32).min))

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


def _closed(deals: ir.Table) -> ir.Table:
    return deals.filter(deals.outcome != "open")


def numbered_deals(facts: ir.Table) -> ir.Table:
    """Add `deal_number`: from 0 on in the order of ids, the same whenever it is asked."""
    return facts.mutate(deal_number=ibis.row_number().over(order_by=facts.deal_id).cast("int64"))


def _ints(column: pa.ChunkedArray | pa.Array) -> Ints:
    return np.asarray(column.to_numpy(), np.int64)
