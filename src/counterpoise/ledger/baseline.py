"""The baseline: what an account would have sold of a product in a week without any promotion.

Log-linear over the weeks that were not on deal and do not follow a promotion: ln(units) on base
price, trend, three yearly waves and the share of neighbours on deal, with one effect an account ×
product (within regression, see `within`). The baseline of a week is e^(effect + what explains it)
with no neighbour on deal, times the mean of e^residual (smearing; Duan 1983), so that volumes of
weeks without promotion add up to their baseline. It assumes that what moves volume beside
promotions moves all goods of an account by the same fraction; where a product is hardly ever
without promotion its baseline stands on few weeks, and `weeks_of_unit` says on how many.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.moments import linear, moments
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, UNIT, Panel
from counterpoise.ledger.within import Fit, Refused, fit

FEWEST_WEEKS = 8
"""Weeks without promotion that an account × product needs for a baseline of its own."""
METHOD = "log-linear over weeks without promotion, with account × product effects"
ASSUMES = (
    "Beside promotions, season and trend move all accounts and products by the same fraction.",
    "Weeks without promotion are like those with one in all that is not recorded.",
)


@dataclass(frozen=True)
class Baseline:
    """What would have been sold without promotion.

    Attributes:
        weeks: The panel's weeks of units with a baseline. Adds `base_units` and `weeks_of_unit`.
        fit: The slopes: trend, season, base price, neighbours.
        smear: The mean of e^residual.
        left_out: Accounts × products with too few weeks without promotion.
    """

    weeks: ir.Table
    fit: Fit
    smear: float
    left_out: int
    method: str = METHOD
    assumes: tuple[str, ...] = ASSUMES


def baseline(books: Books, panel: Panel) -> Baseline | Refused:
    """Fit the baseline on weeks without promotion and lay it beside every week."""
    plain = _plain(panel.cells)
    names = (*panel.price, *panel.time, *NEIGHBOURS)
    seen = replace(panel.observed(plain), moved=_plain(panel.moved))
    found = fit(moments(books, seen, "ln_units", names))
    if isinstance(found, Refused):
        return found
    beside = _beside(plain, panel, found)
    left = beside.ln_units - beside.of_week - linear(beside, _beyond_time(panel, found))
    levels = books.keep(_levels(beside.mutate(left=left)), "levels")
    enough = levels.filter(levels.weeks_of_unit >= FEWEST_WEEKS)
    smear = _smear(books, enough)
    laid = _beside(panel.cells, panel, found).inner_join(enough, UNIT)
    bare = _beyond_time(panel, found, without=NEIGHBOURS)
    told = laid.level + laid.of_week + linear(laid, bare)
    laid = laid.mutate(base_units=told.exp() * smear).drop("level", "raised", "on", "of_week")
    units = levels.select(*UNIT).union(panel.moved.select(*UNIT), distinct=True)
    left_out = int(books.run(units.count()).as_py()) - int(books.run(enough.count()).as_py())
    return Baseline(panel.laid(laid), found, smear, left_out)


def _plain(cells: ir.Table) -> ir.Table:
    """Return the cells without a promotion of their own, now or in the weeks before."""
    return cells.filter(~cells.on_deal, *(cells[name] == 0 for name in AFTER))


def _beside(cells: ir.Table, panel: Panel, found: Fit) -> ir.Table:
    """Lay beside cells what trend and season explain."""
    calendar = panel.calendar.told(found.by_name)
    return cells.inner_join(calendar, cells.week == calendar.on)


def _beyond_time(panel: Panel, found: Fit, without: tuple[str, ...] = ()) -> dict[str, float]:
    skipped = (*panel.time, *without)
    return {name: slope for name, slope in found.by_name.items() if name not in skipped}


def _levels(plain: ir.Table) -> ir.Table:
    return plain.group_by(*UNIT).aggregate(
        level=plain.left.mean(),
        raised=plain.left.exp().sum(),
        weeks_of_unit=plain.count(),
    )


def _smear(books: Books, levels: ir.Table) -> float:
    """Return the mean of e^residual over all plain weeks."""
    sums = levels.aggregate(
        raised=(levels.raised / levels.level.exp()).sum(), rows=levels.weeks_of_unit.sum()
    )
    found = books.run(sums).to_pylist()[0]
    return float(found["raised"]) / float(found["rows"]) if found["rows"] else 1.0
