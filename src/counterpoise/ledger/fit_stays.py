"""Who stays: customers that were won again within fifteen months of their first deal.

A year and a quarter leaves a yearly contract time to be renewed. A customer counts once, under the
persona of its first won deal; it stayed if a later deal of it, whichever kind, was won on a later
day up to `STAY_DAYS` after. Customers won less than that ago are young: they stand apart, whatever
they did since, for those that came back soon would flatter the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.estimate import Estimate, Sums, share_of

STAY_MONTHS = 15
STAY_DAYS = 457
"""Fifteen months in days."""


@dataclass(frozen=True)
class Stays:
    """Customers of a persona: how many are old enough to tell, how many of them stayed.

    `share` has an interval over customers; it is None where nobody is old enough.
    """

    old: int = 0
    stayed: int = 0
    young: int = 0

    @property
    def share(self) -> Estimate | None:
        """Return the share that stayed, of those old enough to tell."""
        old, stayed = float(self.old), float(self.stayed)
        return share_of(Sums(stayed, old, stayed, stayed, old, old, old))

    def __add__(self, other: Stays) -> Stays:
        """Add the customers of another persona."""
        return Stays(self.old + other.old, self.stayed + other.stayed, self.young + other.young)


def stays(books: Books, deals: ir.Table, as_of: dt.date) -> Mapping[str | None, Stays]:
    """Count by persona who was won again; `""` for those of none, None for unknown.

    Args:
        books: Where the query runs.
        deals: One row a deal, as `deal_table` gives them.
        as_of: The day up to which anybody may have come back.
    """
    customers = _customers(deals, as_of)
    counted = customers.group_by("persona").aggregate(
        old=customers.is_old.cast("int32").sum(),
        stayed=(customers.is_old & customers.came_back).cast("int32").sum(),
        young=(~customers.is_old).cast("int32").sum(),
    )
    rows = books.run(counted).to_pylist()
    return {row["persona"]: Stays(row["old"], row["stayed"], row["young"]) for row in rows}


def _customers(deals: ir.Table, as_of: dt.date) -> ir.Table:
    """Return customers with a dated first won deal. Grain: an account.

    Columns: `persona` of that deal, `is_old` and `came_back`.
    """
    won = deals.filter(
        (deals.outcome == "won") & deals.day.notnull() & deals.account_id.notnull()
    ).select("account_id", "deal_id", "day", "persona")
    own = ibis.window(group_by="account_id", order_by=["day", "deal_id"])
    placed = won.mutate(place=ibis.row_number().over(own))
    first = placed.filter(placed.place == 0).select(
        "persona", customer="account_id", first_on="day"
    )
    joined = first.inner_join(won.drop("persona"), first.customer == won.account_id)
    after = joined.day.delta(joined.first_on, unit="day")
    back = ((after > 0) & (after <= STAY_DAYS)).cast("int32")
    customers = joined.group_by("customer", "persona", "first_on").aggregate(back=back.sum())
    age = ibis.literal(as_of).delta(customers.first_on, unit="day")
    return customers.select("persona", is_old=age >= STAY_DAYS, came_back=customers.back > 0)
