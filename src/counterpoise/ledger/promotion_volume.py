"""Volume: what was sold, split into what would have been sold anyway and what promotions did.

What a week sold by chance stays in it on both sides. Intervals carry the covariance of the
slopes (delta method; by account) and what is unknown of each account × product's own answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.books.books import Books
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.lift import Lift
from counterpoise.ledger.promotion_split import PARTS
from counterpoise.ledger.promotion_weeks import Panel
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
    """Split volume into base and what promotions did.

    A week's units are u. With what promotions did to it, θ, split into own, after and neighbours,
    it would have sold u·e^(−θ) without; gained is u·(1 − e^(−own)), and each further part is taken
    of what is left, so that base and parts add up to what was sold.

    Args:
        books: They run the sums.
        panel: The weeks.
        found: What promotions do to volume.
        by: `account_id`, `product_family`, `product_id` or `week`; by default all together.
    """
    lines = books.run(found.split.sums(books, panel, by)).to_pylist()
    made = [_volume(found.within, line) for line in lines]
    return tuple(sorted(made, key=lambda each: (each.key is None, str(each.key))))


def _volume(found: Fit, line: Mapping[str, Any]) -> Volume:
    names = found.names
    sold = float(line["sold"] or 0.0)
    slope_before = dict.fromkeys(names, 0.0)
    made: dict[str, Estimate] = {}
    for part, word in PARTS.items():
        by = {name: float(line.get(f"d_{part}_{name}") or 0.0) for name in names}
        moves = {name: slope_before[name] - by[name] for name in names}
        made[word] = found.combined(
            float(line[word] or 0.0), moves, float(line[f"v_{part}"] or 0.0)
        )
        slope_before = by
    net = sum(each.value for each in made.values())
    beyond = float(line["v_net"] or 0.0)
    return Volume(
        key=line.get("key"),
        units=sold,
        base=found.combined(sold - net, slope_before, beyond),
        net=found.combined(net, {name: -each for name, each in slope_before.items()}, beyond),
        **made,
    )
