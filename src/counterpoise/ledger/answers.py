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
from counterpoise.ledger.moments import Moments, linear
from counterpoise.ledger.promotion_weeks import UNIT as NUMBERS
from counterpoise.ledger.promotion_weeks import Panel
from counterpoise.ledger.within import Fit

UNIT = ("account_id", "product_id")
OUTCOME = "ln_units"
"""What is explained."""


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


def answers(books: Books, panel: Panel, known: Moments, found: Fit) -> Answers:
    """Tell how much accounts × products answer beyond the common slopes.

    Args:
        books: They run the sums.
        panel: The weeks.
        known: What the common slopes were fitted to.
        found: The common slopes.
    """
    slopes = found.by_name
    units = books.keep(_units(panel, known, slopes), "unit_answers")
    spread, noise = _spread(books, units, known, found)
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
    return laid.mutate(left_over=laid[OUTCOME] - laid.of_week - linear(laid, rest))


def _units(panel: Panel, known: Moments, slopes: Mapping[str, float]) -> ir.Table:
    """Return sums of each unit: n, t and r, and around their means tt and tr.

    θ is 0 in weeks that no promotion moved, so the others tell its products; the sums are known.
    """
    moved = _left(_told(panel.moved, panel, slopes), panel, slopes)
    moved = moved.mutate(told=ibis.ifelse(moved.left_over.isnull(), 0.0, moved.told))
    products = moved.group_by(*NUMBERS).aggregate(
        tt=(moved.told * moved.told).sum(), tr=(moved.told * moved.left_over).sum()
    )
    columns = {name: f"s{at}" for at, name in enumerate(known.names)}
    explained = {columns[name]: slope for name, slope in slopes.items()}
    own = {columns[name]: slope for name, slope in slopes.items() if name in panel.own}
    sums = known.by_unit
    units = sums.select(
        *NUMBERS,
        "n",
        t=linear(sums, own),
        r=sums[f"s{len(known.names)}"] - linear(sums, explained),
    )
    laid = units.outer_join(products, NUMBERS)
    around = {
        name: ibis.coalesce(laid[name] - laid.t * laid[of] / laid.n, 0.0)
        for name, of in (("tt", "t"), ("tr", "r"))
    }
    keys = {name: ibis.coalesce(laid[name], laid[f"{name}_right"]) for name in NUMBERS}
    found = laid.select(**keys, n=laid.n, t=laid.t, r=laid.r, **around)
    return found.mutate(tt=ibis.ifelse(found.tt > 1e-9, found.tt, 0.0))


def _spread(books: Books, units: ir.Table, known: Moments, common: Fit) -> tuple[float, float]:
    """Return the variance of true departures, and that of what is left over."""
    tells = units.filter(units.tt > 0)
    sums = tells.aggregate(
        units=tells.count(),
        w=tells.tt.sum(),
        ww=(tells.tt * tells.tt).sum(),
        wl=tells.tr.sum(),
        wll=(tells.tr * tells.tr / tells.tt).sum(),
    )
    found = books.run(sums).to_pylist()[0]
    freedom = known.n - known.units - len(common.names)
    left = common.residual * freedom - (found["wll"] or 0.0)
    spare = freedom - found["units"]
    if found["units"] < 2 or spare <= 0 or left <= 0:
        return 0.0, 1.0
    noise = left / spare
    around = (found["wll"] - found["wl"] ** 2 / found["w"]) / noise
    weight = (found["w"] - found["ww"] / found["w"]) / noise
    return max(0.0, (around - (found["units"] - 1)) / weight), noise
