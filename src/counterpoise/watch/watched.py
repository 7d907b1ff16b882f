"""What is watched: the books as of a day, the agreement they are held against, and the window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

import ibis
import ibis.expr.datatypes as datatypes
import ibis.expr.operations as ops
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.crack import Subject
from counterpoise.ledger.names import group_names
from counterpoise.ledger.period import Period
from counterpoise.watch.mix import Cells, Rows, cells_of

QUARTER_DAYS = Decimal("91.3125")
RECENT_DAYS = 182

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Watched:
    """Everything that a kind may look at; what several kinds share is worked out once.

    `judged` are the deals as the desk answers them, one row a deal, with `DEAL_FIELDS` carried
    along (see `deals`).
    """

    view: View
    agreements: Agreements
    agreement: Agreement
    judged: ir.Table
    _shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def books(self) -> Books:
        """Return the books."""
        return self.view.books

    @property
    def last(self) -> dt.date:
        """Return the last day of the window: the as-of day."""
        return self.view.as_of

    @property
    def first(self) -> dt.date:
        """Return the first day of the window: the last twelve months."""
        last = self.last
        day = 28 if (last.month, last.day) == (2, 29) else last.day
        return dt.date(last.year - 1, last.month, day) + dt.timedelta(days=1)

    @property
    def recent_first(self) -> dt.date:
        """Return the first of the last 182 days."""
        return self.last - dt.timedelta(days=RECENT_DAYS - 1)

    @property
    def days(self) -> int:
        """Return the days of the window."""
        return (self.last - self.first).days + 1

    @property
    def quarters(self) -> float:
        """Return the length of the window in quarters of a year."""
        return float(self.days / QUARTER_DAYS)

    def cents(self, money: float) -> Decimal:
        """Return an amount in cents, never below 0."""
        return max(Decimal(0), Decimal(repr(money))).quantize(Decimal("0.01"))

    def one(self, value: ir.Scalar) -> float | None:
        """Return the value of an expression of one number; None where there is none."""
        number = ops.Cast(value, to=datatypes.float64).to_expr()
        found = self.books.run(number.name("number").as_table()).to_pylist()[0]["number"]
        return None if found is None else float(found)

    def share(self, name: str, make: Callable[[], _Found]) -> _Found:
        """Return what several kinds read, made when first asked for."""
        if name not in self._shared:
            self._shared[name] = make()
        found: _Found = self._shared[name]
        return found

    def in_window(self, table: ir.Table, day: str) -> ir.Table:
        """Keep the rows whose day lies in the window."""
        return table.filter(table[day].between(ibis.literal(self.first), ibis.literal(self.last)))

    def cells(self, rows: Rows) -> Cells:
        """Sum a measure by subject, group and slice, and adjust it for mix."""
        return cells_of(self.books, rows, ibis.literal(self.last))

    @cached_property
    def period(self) -> Period:
        """Return the window as a period of the ledger."""
        return Period(self.view, self.judged, self.agreement, self.first, self.last)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Return the working time of the agreement."""
        return WorkCalendar.of(self.agreement.company)

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Return the names of owners, campaigns, products and personas, by grouping."""
        return group_names(self.books, self.agreements)

    def person(self, id_: str) -> Subject:
        """Return a person as a subject."""
        return Subject("person", id_, self.names["owner"].get(id_, id_))

    def campaign(self, id_: str) -> Subject:
        """Return a campaign as a subject."""
        return Subject("campaign", id_, self.names["campaign"].get(id_, id_))

    def team(self, id_: str) -> Subject:
        """Return a team as a subject."""
        return Subject("team", id_, id_)

    def source(self, id_: str) -> Subject:
        """Return a source of leads as a subject."""
        return Subject("source", id_, id_)
