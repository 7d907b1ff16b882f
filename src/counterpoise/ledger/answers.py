"""How differently accounts answer to promotions: each account × product's departure from the mean.

With θ what promotions do to ln(units) by the common slopes and r what the regression leaves over,
both around their means in an account × product, its departure is λ = Σθr / Σθ², with sampling
variance s² = σ² / Σθ². The spread τ² of true departures is that of DerSimonian & Laird (1986), and
each λ is shrunken to λ·τ² / (τ² + s²), with variance τ²·s² / (τ² + s²) left (empirical Bayes;
Rossi & Allenby 1993 on store-level answers). Sums of volume need it: who answers more sells more
on deal, so the mean answer makes the whole too small. It assumes that one departure holds for
price cuts, features and displays alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.moments import linear
from counterpoise.ledger.promotion_weeks import UNIT as NUMBERS
from counterpoise.ledger.promotion_weeks import Panel
from counterpoise.ledger.within import Fit

UNIT = ("account_id", "product_id")


@dataclass(frozen=True)
class Answers:
    """Departures of accounts × products.

    Attributes:
        panel: The weeks.
        units: Grain: account × product. `departs` (the shrunken departure), `unsure` (its variance)
            and `level` (what is left of its weeks on average). Kept.
        slopes: The common slopes.
        spread: The standard deviation of true departures, as a part of the mean answer.
    """

    panel: Panel
    units: ir.Table
    slopes: Mapping[str, float]
    spread: float

    @property
    def weeks(self) -> ir.Table:
        """Return the cells with account, product, family and cost, trend and season beside them."""
        return self.panel.laid(self.beside(self.panel.cells))

    def beside(self, cells: ir.Table) -> ir.Table:
        """Add `told` (θ by the common slopes), `departs` and `unsure` to cells of the panel."""
        return _told(cells, self.panel, self.slopes).inner_join(self.units.drop("level"), NUMBERS)

    def left_over(self) -> ir.Table:
        """Return the panel's cells with `left_over`: what is left of ln(units) beside all that."""
        cells = _told(self.panel.cells, self.panel, self.slopes).inner_join(self.units, NUMBERS)
        left = _left(cells, self.panel, self.slopes)
        return left.mutate(left_over=left.left_over - left.level - left.departs * left.told)


def answers(books: Books, panel: Panel, found: Fit) -> Answers:
    """Tell how much accounts × products answer beyond the common slopes.

    Args:
        books: They run the sums.
        panel: The weeks.
        found: The common slopes.
    """
    slopes = found.by_name
    units = _units(_left(_told(panel.cells, panel, slopes), panel, slopes))
    units = books.keep(units, "unit_answers")
    spread, noise = _spread(books, units)
    tells, error = units.tt > 0, noise / units.tt.nullif(0.0)
    weight = ibis.ifelse(tells, spread / (spread + error), 0.0)
    departs = ibis.ifelse(tells, units.tr / units.tt.nullif(0.0) * weight, 0.0)
    departures = units.select(
        *NUMBERS,
        departs=departs,
        unsure=ibis.ifelse(tells, weight * error, spread),
        level=(units.r - departs * units.t) / units.n,
    )
    return Answers(panel, books.keep(departures, "departures"), slopes, spread**0.5)


def _told(cells: ir.Table, panel: Panel, slopes: Mapping[str, float]) -> ir.Table:
    own = {name: slope for name, slope in slopes.items() if name in panel.own}
    return cells.mutate(told=linear(cells, own))


def _left(cells: ir.Table, panel: Panel, slopes: Mapping[str, float]) -> ir.Table:
    """Add `left_over`: what the common slopes leave of ln(units)."""
    calendar = panel.calendar.told(slopes)
    laid = cells.inner_join(calendar, cells.week == calendar.on)
    rest = {name: slope for name, slope in slopes.items() if name not in panel.time}
    return laid.mutate(left_over=laid.ln_units - laid.of_week - linear(laid, rest))


def _units(beside: ir.Table) -> ir.Table:
    """Return sums around the means of each unit: tt, tr, rr and its rows."""
    t, r = beside.told, beside.left_over
    sums = beside.group_by(*NUMBERS).aggregate(
        n=t.count().cast("float64"),
        t=t.sum(),
        r=r.sum(),
        tt=(t * t).sum(),
        tr=(t * r).sum(),
        rr=(r * r).sum(),
    )
    centred = sums.select(
        *NUMBERS,
        "n",
        "t",
        "r",
        tt=sums.tt - sums.t * sums.t / sums.n,
        tr=sums.tr - sums.t * sums.r / sums.n,
        rr=sums.rr - sums.r * sums.r / sums.n,
    )
    return centred.mutate(tt=ibis.ifelse(centred.tt > 1e-9, centred.tt, 0.0))


def _spread(books: Books, units: ir.Table) -> tuple[float, float]:
    """Return the variance of true departures, and that of what is left over."""
    tells = units.filter(units.tt > 0)
    sums = tells.aggregate(
        units=tells.count(),
        rows=tells.n.sum(),
        left=(tells.rr - tells.tr * tells.tr / tells.tt).sum(),
        w=tells.tt.sum(),
        ww=(tells.tt * tells.tt).sum(),
        wl=tells.tr.sum(),
        wll=(tells.tr * tells.tr / tells.tt).sum(),
    )
    found = books.run(sums).to_pylist()[0]
    spare = (found["rows"] or 0.0) - 2 * found["units"]
    if found["units"] < 2 or spare <= 0 or found["left"] <= 0:
        return 0.0, 1.0
    noise = found["left"] / spare
    around = (found["wll"] - found["wl"] ** 2 / found["w"]) / noise
    weight = (found["w"] - found["ww"] / found["w"]) / noise
    return max(0.0, (around - (found["units"] - 1)) / weight), noise
