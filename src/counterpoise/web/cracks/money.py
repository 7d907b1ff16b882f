"""What cracks are worth together: a deal's money counts once, however many cracks it is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from counterpoise.web.cracks.models import Crack
from counterpoise.web.results.keeping import ROWS
from counterpoise.web.results.reading import KeptReview

Parts = Mapping[str, Mapping[str, float]]
"""Money a quarter by crack, and in it by deal, or by row where there is no deal."""


def parts_of(kept: KeptReview | None) -> Parts:
    """Return the money of each crack of a review by deal."""
    if kept is None or not kept.tables.has(ROWS):
        return {}
    return _parts(kept)


@lru_cache(maxsize=2)
def _parts(kept: KeptReview) -> Parts:
    rows = kept.tables.table(ROWS)
    named = rows.filter(rows.part > 0)
    read = kept.tables.run(named.select("crack_id", "kind", "row_id", "deal_id", "part"))
    found: dict[str, dict[str, float]] = {}
    for row in read.to_pylist():
        deal = row["deal_id"] or (row["row_id"] if row["kind"] == "deal" else None)
        key = f"deal {deal}" if deal else f"{row['kind']} {row['row_id']}"
        own = found.setdefault(row["crack_id"], {})
        own[key] = own.get(key, 0.0) + row["part"]
    return found


def total(cracks: Iterable[Crack], parts: Parts) -> float:
    """Add stakes up, each deal's money once: of the cracks that it is in, the largest.

    What stands in no row that was kept counts beside them.
    """
    largest: dict[str, float] = {}
    beside = 0.0
    for crack in cracks:
        own = parts.get(crack.crack_id, {})
        beside += max(0.0, float(crack.stake) - sum(own.values()))
        for key, part in own.items():
            largest[key] = max(largest.get(key, 0.0), part)
    return beside + sum(largest.values())
