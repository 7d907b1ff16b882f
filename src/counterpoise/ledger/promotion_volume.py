"""Volume: what was sold, split into what would have been sold anyway and what promotions did.

With the slopes of `lift` a week's units u are taken apart: without its own promotion it would have
sold u·e^(−own), without the promotion before it and without those of its neighbours less or more
again. What a week sold by chance stays in it on both sides. Intervals carry the covariance of the
slopes (delta method; by account) and what is unknown of each account × product's own answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.answers import UNIT
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.lift import Lift
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, Panel
from counterpoise.ledger.within import Fit


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


def volumes(books: Books, panel: Panel, found: Lift, by: str | None = None) -> tuple[Volume, ...]:
    """Split volume into base and what promotions did, in all or by a column of the panel.

    A week's units are u. With what promotions did to it, θ, split into own, after and neighbours,
    it would have sold u·e^(−θ) without; gained is u·(1 − e^(−own)), and each further part is taken
    of what is left, so that base and parts add up to what was sold.
    """
    slopes = dict(zip(found.within.names, found.within.slopes, strict=True))
    parts = parts_of(panel, slopes)
    rows = split_weeks(found.answers.weeks, parts, slopes)
    keys = {"key": rows[by]} if by else {"key": ibis.null("string")}
    by_unit = rows.group_by(*UNIT, **keys).aggregate(**_sums(rows, parts))
    table = by_unit.group_by("key").aggregate(**_beyond(by_unit, parts))
    lines = books.run(table).to_pylist()
    made = [_volume(found.within, line, tuple(slopes)) for line in lines]
    return tuple(sorted(made, key=lambda each: (each.key is None, str(each.key))))


_PARTS = {"own": "gained", "after": "dipped", "near": "taken"}


def parts_of(panel: Panel, slopes: Mapping[str, float]) -> dict[str, tuple[str, ...]]:
    """Return the slopes that make up each part of what promotions do."""
    groups = {"own": panel.own, "after": AFTER, "near": NEIGHBOURS}
    return {part: tuple(name for name in names if name in slopes) for part, names in groups.items()}


def split_weeks(
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
