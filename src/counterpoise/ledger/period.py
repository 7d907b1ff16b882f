"""A period: what goals, promises and budgets ask of the books between two days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.books.facts import View
from counterpoise.ledger.fit import Fit, fit
from counterpoise.ledger.handoff import handed_over
from counterpoise.ledger.totals import Totals, cells, ratio, read_totals, totals_by


@dataclass(frozen=True)
class Period:
    """The days of an agreement up to the as-of day, both ends inclusive, and what happened in them.

    `deals` are the judged deals, one row a deal. Figures are read when first asked for.
    """

    view: View
    deals: ir.Table
    agreement: Agreement
    first: dt.date
    last: dt.date

    @property
    def closed(self) -> ir.Table:
        """Return the deals closed in the period. Grain: a deal."""
        deals = self.deals
        return deals.filter(
            deals.outcome != "open",
            deals.day.between(ibis.literal(self.first), ibis.literal(self.last)),
        )

    def within(self, table: ir.Table, at: str) -> ir.Table:
        """Return the rows of a table whose instant lies in the period."""
        opens = dt.datetime.combine(self.first, dt.time())
        closes = dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time())
        return table.filter(table[at] >= opens, table[at] < closes)

    @property
    def handed_over(self) -> ir.Table:
        """Return the leads handed over in the period. Grain: a lead."""
        return self.within(handed_over(self.view), "handed_over_at")

    @cached_property
    def personas(self) -> dict[str | None, Totals]:
        """Return totals by persona; "" where surely none, None where unknown."""
        closed = self.closed
        table = totals_by(cells(closed, {"persona": closed.persona}), "persona")
        found = read_totals(self.view.books.run(table), "persona")
        return {persona: totals for (persona,), totals in found.items()}

    @property
    def totals(self) -> Totals:
        """Return the totals of the period."""
        return sum(self.personas.values(), Totals())

    @property
    def fit(self) -> Fit:
        """Return the fit of the period."""
        return fit(self.personas)

    @cached_property
    def median_cycle_days(self) -> Decimal | None:
        """Return the median days from created to closed of won deals."""
        won = self.closed.filter(self.closed.outcome == "won")
        return self.number(won.cycle_days.median())

    @property
    def average_rate(self) -> Decimal | None:
        """Return the discount of a priced won deal on average, each deal counting once."""
        won = self.closed.filter(self.closed.outcome == "won", self.closed.list_amount > 0)
        gap = (won.list_amount - won.net_amount).cast("float64")
        return self.number((gap / won.list_amount.cast("float64").nullif(0)).mean())

    def number(self, value: ir.Scalar) -> Decimal | None:
        """Run an expression of one number."""
        found = self.view.books.run(value.name("number").as_table()).to_pylist()[0]["number"]
        return None if found is None else Decimal(str(found))

    def count(self, table: ir.Table) -> int:
        """Count the rows of a table."""
        return int(self.number(table.count()) or 0)

    def share(self, table: ir.Table, holds: ir.BooleanValue) -> tuple[Decimal | None, int]:
        """Return the share of rows for which something holds, and of how many.

        Rows for which it is unknown do not count.
        """
        sums = table.aggregate(part=holds.sum(), whole=holds.count())
        row = self.view.books.run(sums).to_pylist()[0]
        return ratio(row["part"] or 0, row["whole"]), row["whole"]
