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

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.within import Fit

UNIT = ("account_id", "product_id")


@dataclass(frozen=True)
class Answers:
    """Departures of accounts × products, laid beside their weeks.

    Attributes:
        weeks: As they were. Adds `told` (θ by the common slopes), `departs` (the shrunken
            departure), `unsure` (its variance) and `left_over` (of ln(units), with all that
            taken out).
        spread: The standard deviation of true departures, as a part of the mean answer.
    """

    weeks: ir.Table
    spread: float


def answers(books: Books, weeks: ir.Table, found: Fit, own: Sequence[str]) -> Answers:
    """Tell how much accounts × products answer beyond the common slopes.

    Args:
        books: They run the sums.
        weeks: Those of the panel.
        found: The common slopes.
        own: The regressors that make up what a promotion is.
    """
    told, left = _theta(weeks, found, own), weeks.ln_units - _theta(weeks, found, found.names)
    beside = weeks.mutate(told=told, left_over=left)
    units = _units(beside)
    spread, noise = _spread(books, units)
    tells, error = units.tt > 0, noise / units.tt.nullif(0.0)
    weight = ibis.ifelse(tells, spread / (spread + error), 0.0)
    departs = ibis.ifelse(tells, units.tr / units.tt.nullif(0.0) * weight, 0.0)
    departures = units.select(
        *UNIT,
        departs=departs,
        unsure=ibis.ifelse(tells, weight * error, spread),
        level=(units.r - departs * units.t) / units.n,
    )
    laid = beside.inner_join(books.keep(departures, "departures"), UNIT)
    left_over = laid.left_over - laid.level - laid.departs * laid.told
    return Answers(laid.mutate(left_over=left_over).drop("level"), spread**0.5)


def _theta(weeks: ir.Table, found: Fit, names: Sequence[str]) -> ir.FloatingValue:
    theta: ir.FloatingValue = ibis.literal(0.0)
    for name, slope in zip(found.names, found.slopes, strict=True):
        if name in names:
            theta = theta + weeks[name].cast("float64") * float(slope)
    return theta


def _units(beside: ir.Table) -> ir.Table:
    """Return sums around the means of each unit: tt, tr, rr and its rows."""
    t, r = beside.told, beside.left_over
    sums = beside.group_by(*UNIT).aggregate(
        n=t.count().cast("float64"),
        t=t.sum(),
        r=r.sum(),
        tt=(t * t).sum(),
        tr=(t * r).sum(),
        rr=(r * r).sum(),
    )
    centred = sums.select(
        *UNIT,
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
