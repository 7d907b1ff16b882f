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
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View, deal_facts, deals_as_of, line_facts
from counterpoise.desk.replay import always
from counterpoise.desk.rules import Rules
from counterpoise.rehearse.deal_arrays import AMOUNTS, GROUPINGS, DealArrays, ints_of
from counterpoise.rehearse.exact import Ints, needed_for, units_of
from counterpoise.rehearse.placed import PATTERN, Placed, placed_expr, places, shape_of

_TOLD = ("deal_id", "deal_number", "outcome", "day", *GROUPINGS.values(), *AMOUNTS)
_LINE_AMOUNTS = ("list_amount", "net_amount", "concession")
_MOST_PLACINGS = 8


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


@dataclass
class Past(DealArrays):
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
    def table(self) -> pa.Table:
        """Return the deals: `deal_id`, `outcome`, `day`, the groupings' columns, and amounts."""
        return self._rows.select(list(self._told))

    @cached_property
    def was(self) -> Placing:
        """Return where the deals stand under the agreements of their days."""
        return self._placing(self._rules, self._rows)

    @cached_property
    def _rows(self) -> pa.Table:
        return self.rows_then(self._rules)

    @cached_property
    def _rules(self) -> Rules:
        return Rules(self.agreements)

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

    def under(self, agreement: Agreement) -> Placing:
        """Return where the deals stand under an agreement, as if in force on every day.

        What is placed once serves every agreement that differs from it in rates alone.
        """
        shape = repr(shape_of(agreement))
        if shape not in self._placings:
            while len(self._placings) >= _MOST_PLACINGS:
                self._placings.pop(next(iter(self._placings)))
            rules = Rules(always(agreement))
            self._placings[shape] = self._placing(rules, self.rows_under(rules))
        return self._placings[shape]

    @cached_property
    def _place_of_number(self) -> Ints:
        """Return where the deal of each number stands in the arrays."""
        numbers = ints_of(self.table["deal_number"])
        found = np.empty_like(numbers)
        found[numbers] = np.arange(len(numbers))
        return found

    def _placing(self, rules: Rules, rows: pa.Table) -> Placing:
        """Put rows of `placed_expr` in order."""
        at = self._place_of_number[ints_of(rows["deal_number"])]
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
        deals = self._place_of_number[ints_of(rows["deal_number"])]
        order = np.lexsort((ints_of(rows["line_no"]), deals))
        rows = rows.take(pa.array(order))
        (listed, _), (net, _), (conceded, _) = (units_of(rows[name]) for name in _LINE_AMOUNTS)
        needed = needed_for(listed, listed - net)
        placed = Placed.of(rows, needed, rules)
        return Units(placed, deals[order], needed, listed, listed - net, conceded)


def _closed(deals: ir.Table) -> ir.Table:
    return deals.filter(deals.outcome != "open")


def numbered_deals(facts: ir.Table) -> ir.Table:
    """Add `deal_number`: from 0 on in the order of ids, the same whenever it is asked."""
    return facts.mutate(deal_number=ibis.row_number().over(order_by=facts.deal_id).cast("int64"))
