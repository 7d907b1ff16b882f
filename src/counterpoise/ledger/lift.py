"""Lift: what promotions do to volume, by depth and kind, to the weeks after, and to neighbours.

One log-linear regression over all weeks: ln(units) on the depth of the price cut, features and
displays, the two weeks after a promotion, the share of the family's other goods on deal, base
price, trend and season, with one effect an account × product (the form of SCAN*PRO, Wittink,
Addona, Hawkes & Porter 1988; post-promotion dip and cannibalization as in van Heerde, Gupta &
Wittink 2003; errors by account, see `within`). Volume without promotion is then what was sold
divided by e^(what promotions did), so that what a week sold by chance stays in it, and sums over
weeks carry the slopes' covariance (delta method).

Accounts answer differently: sums of volume take each account × product's own answer, as far as its
weeks tell it (see `answers`), while the lifts are those of the mean account × product.

It assumes that promotions are not timed for weeks that would have sold more anyway, beyond season
and trend. What nobody varies (displays in every week, or in none) has no lift to tell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.answers import UNIT, Answers, answers
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, Panel
from counterpoise.ledger.within import Fit, Refused, fit, moments, percent

METHOD = "log-linear over all weeks, with account × product effects"
ASSUMES = (
    "Promotions are not timed for weeks that would have sold more anyway, beyond season and trend.",
    "An account that answers more to one kind of promotion answers more to all.",
)
CUTS = (0.1, 0.2, 0.3)
"""The price cuts whose lift is told."""
_WORDS = {"depth": "price cut", "featured": "feature", "displayed": "display"}


@dataclass(frozen=True)
class Lift:
    """What promotions do to volume, as fractions of volume without them.

    Attributes:
        fit: The slopes of all that was held constant.
        within: The slopes given how each account × product departs from them.
        answers: How accounts × products depart from the mean answer.
        by_cut: Lift of a price cut alone, by its depth.
        by_kind: Lift of a feature and of a display alone.
        dip: What the first and the second week after a promotion lose.
        taken: What a product loses when all its neighbours are on deal.
        refused: Why what is missing here cannot be told, by its name.
        warnings: What may be wrong with it.
    """

    fit: Fit
    within: Fit
    answers: Answers
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
    own = answers(books, panel.weeks, found, panel.own)
    apart = own.weeks.mutate(ln_units=own.weeks.ln_units - own.weeks.departs * own.weeks.told)
    within = fit(moments(books, apart, "ln_units", names)) if own.spread else found
    if isinstance(within, Refused):
        return within
    return Lift(
        fit=found,
        within=within,
        answers=own,
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
    slopes = dict(zip(found.within.names, found.within.slopes, strict=True))
    parts = _columns(panel, slopes)
    rows = _parts(found.answers.weeks, parts, slopes)
    keys = {"key": rows[by]} if by else {"key": ibis.null("string")}
    by_unit = rows.group_by(*UNIT, **keys).aggregate(**_sums(rows, parts))
    table = by_unit.group_by("key").aggregate(**_beyond(by_unit, parts))
    lines = books.run(table).to_pylist()
    made = [_volume(found.within, line, tuple(slopes)) for line in lines]
    return tuple(sorted(made, key=lambda each: (each.key is None, str(each.key))))


_PARTS = {"own": "gained", "after": "dipped", "near": "taken"}


def _columns(panel: Panel, slopes: Mapping[str, float]) -> dict[str, tuple[str, ...]]:
    groups = {"own": panel.own, "after": AFTER, "near": NEIGHBOURS}
    return {part: tuple(name for name in names if name in slopes) for part, names in groups.items()}


def _parts(
    weeks: ir.Table, parts: Mapping[str, tuple[str, ...]], slopes: Mapping[str, float]
) -> ir.Table:
    """Add what is left of a week's units when each part is taken away, one after the other."""
    left: ir.FloatingValue = weeks.units.cast("float64")
    added = {"sold": left}
    for part, names in parts.items():
        theta: ir.FloatingValue = ibis.literal(0.0)
        for name in names:
            theta = theta + weeks[name] * float(slopes[name])
        if part == "own":
            theta = theta + weeks.told * weeks.departs - weeks.told**2 * weeks.unsure / 2
        left = left * (-theta).exp()
        added[f"left_{part}"] = left
    return weeks.mutate(**added)


def _sums(rows: ir.Table, parts: Mapping[str, tuple[str, ...]]) -> dict[str, ir.Value]:
    """Return the sums of what is left after each part, and their derivatives.

    By each slope, and by how far the account × product departs.
    """
    sums: dict[str, ir.Value] = {"sold": rows.sold.sum(), "unsure": rows.unsure.max()}
    so_far: tuple[str, ...] = ()
    for part, names in parts.items():
        so_far = (*so_far, *names)
        left = rows[f"left_{part}"]
        sums[f"left_{part}"] = left.sum()
        sums[f"by_unit_{part}"] = -(left * rows.told).sum()
        for name in so_far:
            sums[f"d_{part}_{name}"] = -(left * rows[name]).sum()
    return sums


def _beyond(units: ir.Table, parts: Mapping[str, tuple[str, ...]]) -> dict[str, ir.Value]:
    """Add up units, with the variance of each part that their departures leave."""
    sums = {
        name: units[name].sum()
        for name in units.columns
        if name not in (*UNIT, "key", "unsure") and not name.startswith("by_unit_")
    }
    before: ir.Value = ibis.literal(0.0)
    for part in parts:
        now = units[f"by_unit_{part}"]
        sums[f"v_{part}"] = ((before - now) ** 2 * units.unsure).sum()
        sums["v_net"] = (now**2 * units.unsure).sum()
        before = now
    return sums


def _volume(found: Fit, line: Mapping[str, Any], names: tuple[str, ...]) -> Volume:
    sold = float(line["sold"] or 0.0)
    before, slope_before = sold, dict.fromkeys(names, 0.0)
    made: dict[str, Estimate] = {}
    for part, word in _PARTS.items():
        left = float(line[f"left_{part}"] or 0.0)
        by = {name: float(line.get(f"d_{part}_{name}") or 0.0) for name in names}
        moves = {name: slope_before[name] - by[name] for name in names}
        made[word] = found.combined(before - left, moves, float(line[f"v_{part}"] or 0.0))
        before, slope_before = left, by
    beyond = float(line["v_net"] or 0.0)
    return Volume(
        key=line.get("key"),
        units=sold,
        base=found.combined(before, slope_before, beyond),
        net=found.combined(
            sold - before, {name: -each for name, each in slope_before.items()}, beyond
        ),
        **made,
    )
