"""Where selling outside the personas pays: a persona to add, not a fault.

What a deal pursued earns is counted a unit of its list, nothing where it was lost, so that no large
deal drowns the others, and held against what deals inside the personas of the same segment and
kind earn: size and renewals explain most of it and say nothing of whether a customer deserves a
persona. What is left is added up by account. Intervals hold for all segments, or all industries,
together (Bonferroni), for one looks at them all. Which deals were pursued outside was somebody's
choice: it is told of those, not of all customers of that kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.estimate import FEW_ACCOUNTS, FEW_ROWS, Estimate, Sums, estimate, sums_by
from counterpoise.ledger.fit import OUTSIDE
from counterpoise.ledger.fit_levels import above_inside
from counterpoise.ledger.fit_sides import account_of

BY = ("segment", "industry")
COSTED = Decimal("0.95")
"""Share of won deals whose cost must be known, or net revenue stands for margin."""


@dataclass(frozen=True)
class Lead:
    """What deals outside the personas earn of a unit of list in a segment or an industry.

    Attributes:
        by: `segment` or `industry`.
        name: Which.
        earned: What came back of a unit of list pursued, lost deals included.
        expected: What does on such deals inside the personas.
        above: How far it lies above, with its interval.
        listed: The list value pursued there.
    """

    by: str
    name: str
    earned: float
    expected: float
    above: Estimate
    listed: float

    @property
    def pays(self) -> bool:
        """Tell whether it surely earns more than inside."""
        return self.above.is_clear_of_zero and self.above.value > 0

    @property
    def costs(self) -> bool:
        """Tell whether it surely earns less than inside."""
        return self.above.is_clear_of_zero and self.above.value < 0


@dataclass(frozen=True)
class Leads:
    """Every segment and industry in which anything is pursued outside, the best first.

    Attributes:
        leads: Those with deals and accounts enough for an interval.
        word: What is counted: `margin`, or `net revenue` where too few costs are known.
        untold: How many have too few deals or accounts to tell.
    """

    leads: tuple[Lead, ...]
    word: str
    untold: int


def outside_leads(books: Books, deals: ir.Table) -> Leads:
    """Hold deals outside the personas against those inside of the same segment and kind.

    Args:
        books: Where the queries run.
        deals: One row a deal, as `deal_table` gives them.
    """
    closed = deals.filter(deals.outcome.isin(("won", "lost")) & deals.persona.notnull())
    is_margin = _is_costed(books, closed)
    rows = books.run(_sums(closed, is_margin=is_margin)).to_pylist()
    cells = [_Cell.read(row) for row in rows]
    found: list[Lead] = []
    untold = 0
    for by in BY:
        names = sorted({cell.of(by) for cell in cells if cell.is_outside} - {""})
        told = {name: _above(cells, by, name) for name in names}
        enough = {name: each for name, each in told.items() if each and _is_enough(each)}
        untold += len(told) - len(enough)
        found += [_lead(by, name, each, len(enough)) for name, each in enough.items()]
    ordered = sorted(found, key=lambda lead: (BY.index(lead.by), -lead.above.value, lead.name))
    return Leads(tuple(ordered), "margin" if is_margin else "net revenue", untold)


@dataclass(frozen=True)
class _Cell:
    is_outside: bool
    segment: str
    industry: str
    over: Sums
    earned: float
    listed: float

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> _Cell:
        """Read a row of `_sums`."""
        over, earned = Sums.read(row, "over"), Sums.read(row, "earned")
        listed = Sums.read(row, "listed")
        return cls(row["is_outside"], row["segment"], row["industry"], over, earned.y, listed.y)

    def of(self, by: str) -> str:
        """Return its segment, or its industry."""
        return self.segment if by == "segment" else self.industry


@dataclass(frozen=True)
class _Above:
    own: Sums
    level: float
    variance: float
    earned: float
    listed: float


def _is_costed(books: Books, closed: ir.Table) -> bool:
    won = (closed.outcome == "won") & closed.net_amount.notnull()
    row = books.run(
        closed.aggregate(
            won=won.cast("int32").sum(),
            costed=(won & closed.cost_amount.notnull()).cast("int32").sum(),
        )
    ).to_pylist()[0]
    return (row["costed"] or 0) >= COSTED * max(row["won"] or 0, 1)


def _sums(closed: ir.Table, *, is_margin: bool) -> ir.Table:
    """Add up what deals earned above the level of those inside, by account.

    Grain: `is_outside` × segment × industry. A deal whose cost nobody knows is left out where
    margin is told; so are deals of a segment and kind in which nothing was pursued inside.
    """
    extras = closed.customization_cost + closed.adjustment_amount
    left = closed.net_amount - (closed.cost_amount + extras if is_margin else extras)
    listed = closed.list_amount.cast("float64").nullif(0.0)
    is_won = closed.outcome == "won"
    zero = ibis.literal(0.0).cast("float64")
    rows = closed.select(
        "account__segment",
        "account__industry",
        "kind",
        is_outside=closed.persona == OUTSIDE,
        account=account_of(closed),
        earned=ibis.ifelse(is_won, left.cast("float64") / listed, zero),
        listed=ibis.coalesce(listed, zero),
    )
    joined = above_inside(rows, "earned")
    one = ibis.literal(1.0).cast("float64")
    return sums_by(
        joined,
        {"is_outside": joined.is_outside, "segment": joined.segment, "industry": joined.industry},
        {
            "over": (joined.over, one),
            "earned": (joined.earned, one),
            "listed": (joined.listed, one),
        },
        joined.account,
    ).order_by("is_outside", "segment", "industry")


def _above(cells: list[_Cell], by: str, name: str) -> _Above | None:
    """Hold some cells outside against those inside of the same segments; None where none are."""
    own = [cell for cell in cells if cell.is_outside and cell.of(by) == name]
    sums = _total(own)
    level, variance = 0.0, sums.variance
    for segment in sorted({cell.segment for cell in own}):
        share = _total(cell for cell in own if cell.segment == segment).x / sums.x
        beside = _total(c for c in cells if not c.is_outside and c.segment == segment)
        if beside.accounts < 2:
            return None
        level += share * beside.ratio
        variance += share**2 * beside.variance
    if sums.accounts < 2:
        return None
    earned, listed = sum(c.earned for c in own), sum(c.listed for c in own)
    return _Above(sums, level, variance, earned / sums.x, listed)


def _total(cells: Iterable[_Cell]) -> Sums:
    return sum((cell.over for cell in cells), Sums())


def _is_enough(found: _Above) -> bool:
    return found.own.n >= FEW_ROWS and found.own.accounts >= FEW_ACCOUNTS


def _lead(by: str, name: str, found: _Above, times: int) -> Lead:
    above = found.own.ratio - found.level
    size = int(found.own.n), int(found.own.accounts)
    interval = estimate(above, found.variance, found.own.freedom, size, max(times, 1))
    return Lead(by, name, found.earned, found.earned - above, interval, found.listed)
