"""Lift: what promotions do to volume, by depth and kind, to the weeks after, and to neighbours.

One log-linear regression over all weeks: ln(units) on the depth of the price cut, features and
displays, the two weeks after a promotion, the share of the family's other goods on deal, base
price, trend and season, with one effect an account × product (the form of SCAN*PRO, Wittink,
Addona, Hawkes & Porter 1988; post-promotion dip and cannibalization as in van Heerde, Gupta &
Wittink 2003; errors by account, see `within`). Volume without promotion is then what was sold
divided by e^(what promotions did), so that what a week sold by chance stays in it, and sums over
weeks carry the slopes' covariance (delta method).

It assumes that promotions are not timed for weeks that would have sold more anyway, beyond season
and trend, and that accounts answer alike: where large accounts answer otherwise than small ones
the sum is off. What nobody varies (displays in every week, or in none) has no lift to tell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, Panel
from counterpoise.ledger.within import Fit, Refused, fit, moments, percent

METHOD = "log-linear over all weeks, with account × product effects"
ASSUMES = (
    "Promotions are not timed for weeks that would have sold more anyway, beyond season and trend.",
    "Accounts and products answer to a promotion by the same fraction.",
)
CUTS = (0.1, 0.2, 0.3)
"""The price cuts whose lift is told."""
_WORDS = {"depth": "price cut", "featured": "feature", "displayed": "display"}


@dataclass(frozen=True)
class Lift:
    """What promotions do to volume, as fractions of volume without them.

    Attributes:
        fit: The slopes of all that was held constant.
        by_cut: Lift of a price cut alone, by its depth.
        by_kind: Lift of a feature and of a display alone.
        dip: What the first and the second week after a promotion lose.
        taken: What a product loses when all its neighbours are on deal.
        refused: Why what is missing here cannot be told, by its name.
        warnings: What may be wrong with it.
    """

    fit: Fit
    by_cut: Mapping[float, Estimate]
    by_kind: Mapping[str, Estimate]
    dip: Mapping[str, Estimate]
    taken: Estimate | None
    refused: Mapping[str, str]
    warnings: tuple[str, ...]
    method: str = METHOD
    assumes: tuple[str, ...] = ASSUMES


@dataclass(frozen=True)
class Volume:
    """Volume split into what would have been sold anyway and what promotions did.

    Attributes:
        key: Of the group; None of the whole, or of what has none.
        units: What was sold.
        base: Without any promotion.
        gained: In weeks on deal.
        dipped: In the two weeks after, below 0 where there is a dip.
        taken: From neighbours, below 0 where goods take from each other.
        net: Gained, dipped and taken together: incremental volume.
    """

    key: Any
    units: float
    base: Estimate
    gained: Estimate
    dipped: Estimate
    taken: Estimate
    net: Estimate


def lift(books: Books, panel: Panel) -> Lift | Refused:
    """Estimate lift, dip and cannibalization; refused where no promotion varies."""
    effects = (*panel.own, *AFTER, *NEIGHBOURS)
    names = (*panel.price, *panel.time, *effects)
    found = fit(moments(books, panel.weeks, "ln_units", names))
    if isinstance(found, Refused):
        return found
    if not any(name in found.names for name in panel.own):
        return Refused(
            "Price cuts, features and displays never vary within an account and product, so their "
            "lift cannot be told. Leave some weeks without."
        )
    depth, near = found.slope("depth"), found.slope(NEIGHBOURS[0])
    slopes = {name: found.slope(name) for name in (*panel.own, *AFTER)}
    told = {name: percent(slope) for name, slope in slopes.items() if slope}
    return Lift(
        fit=found,
        by_cut={cut: _at(depth, cut) for cut in CUTS} if depth else {},
        by_kind={name: told[name] for name in ("featured", "displayed") if name in told},
        dip={name: told[name] for name in AFTER if name in told},
        taken=percent(near) if near else None,
        refused=_refused(panel, found),
        warnings=panel.warnings,
    )


def _at(depth: Estimate, cut: float) -> Estimate:
    """Return the lift of a cut: ln(base / net) is −ln(1 − cut)."""
    return percent(depth, -math.log1p(-cut))


def _refused(panel: Panel, found: Fit) -> dict[str, str]:
    said = {}
    for name, word in _WORDS.items():
        if name not in panel.own:
            said[name] = f"No {word} is ever recorded; record it week by week."
        elif name not in found.names:
            said[name] = f"A {word} never varies by itself within an account and product."
    if NEIGHBOURS[0] not in found.names:
        said[NEIGHBOURS[0]] = "No account sells two goods of one family, or none is on deal apart."
    return said


def volumes(books: Books, panel: Panel, found: Lift, by: str | None = None) -> tuple[Volume, ...]:
    """Split volume into base and what promotions did, in all or by a column of the panel.

    A week's units are u. With what promotions did to it, θ, split into own, after and neighbours,
    it would have sold u·e^(−θ) without; gained is u·(1 − e^(−own)), and each further part is taken
    of what is left, so that base and parts add up to what was sold.
    """
    slopes = dict(zip(found.fit.names, found.fit.slopes, strict=True))
    rows = _parts(panel, slopes)
    sums = _sums(rows, panel, slopes)
    table = rows.group_by(key=rows[by]).aggregate(**sums) if by else rows.aggregate(**sums)
    lines = books.run(table).to_pylist()
    made = [_volume(found.fit, line, tuple(slopes)) for line in lines]
    return tuple(sorted(made, key=lambda each: (each.key is None, str(each.key))))


_PARTS = {"own": "gained", "after": "dipped", "near": "taken"}


def _columns(panel: Panel, slopes: Mapping[str, float]) -> dict[str, tuple[str, ...]]:
    groups = {"own": panel.own, "after": AFTER, "near": NEIGHBOURS}
    return {part: tuple(name for name in names if name in slopes) for part, names in groups.items()}


def _parts(panel: Panel, slopes: Mapping[str, float]) -> ir.Table:
    """Add what is left of a week's units when each part is taken away, one after the other."""
    weeks = panel.weeks
    left: ir.FloatingValue = weeks.units.cast("float64")
    added = {"sold": left}
    for part, names in _columns(panel, slopes).items():
        theta: ir.FloatingValue = ibis.literal(0.0)
        for name in names:
            theta = theta + weeks[name] * float(slopes[name])
        left = left * (-theta).exp()
        added[f"left_{part}"] = left
    return weeks.mutate(**added)


def _sums(rows: ir.Table, panel: Panel, slopes: Mapping[str, float]) -> dict[str, ir.Value]:
    """Return the sums of what is left after each part, and their derivatives by each slope."""
    sums: dict[str, ir.Value] = {"sold": rows.sold.sum()}
    so_far: tuple[str, ...] = ()
    for part, names in _columns(panel, slopes).items():
        so_far = (*so_far, *names)
        left = rows[f"left_{part}"]
        sums[f"left_{part}"] = left.sum()
        for name in so_far:
            sums[f"d_{part}_{name}"] = -(left * rows[name]).sum()
    return sums


def _volume(found: Fit, line: Mapping[str, Any], names: tuple[str, ...]) -> Volume:
    sold = float(line["sold"] or 0.0)
    before, slope_before = sold, dict.fromkeys(names, 0.0)
    made: dict[str, Estimate] = {}
    for part, word in _PARTS.items():
        left = float(line[f"left_{part}"] or 0.0)
        by = {name: float(line.get(f"d_{part}_{name}") or 0.0) for name in names}
        made[word] = found.combined(
            before - left, {name: slope_before[name] - by[name] for name in names}
        )
        before, slope_before = left, by
    return Volume(
        key=line.get("key"),
        units=sold,
        base=found.combined(before, slope_before),
        net=found.combined(sold - before, {name: -each for name, each in slope_before.items()}),
        **made,
    )
