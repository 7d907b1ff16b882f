"""Stakes together: what several findings are worth when a deal's money counts once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir

from counterpoise.books import Books

_AT_ONCE = 16


@dataclass(frozen=True)
class Stake:
    """The stake of one finding, money a quarter, and the rows behind it.

    The first column of the rows is the id of their table; `stake_part` is each row's money.
    """

    whole: float
    rows: ir.Table


def counted_once(books: Books, stakes: Sequence[Stake]) -> float:
    """Add up stakes so that money which several findings share counts once.

    A row of several findings counts with its largest part. Rows that name a deal share the money of
    that deal. Where the parts of a finding do not add up to its stake they are scaled to it; a
    finding without rows of its own counts whole.
    """
    if not stakes:
        return 0.0
    parts = [_parts(number, each.rows) for number, each in enumerate(stakes)]
    kept = _gathered(books, parts)
    scales = _scales(books, kept, stakes)
    rowless = sum(each.whole for at, each in enumerate(stakes) if at not in scales)
    return round(rowless + _largest(books, kept, scales), 2)


def _gathered(books: Books, parts: Sequence[ir.Table]) -> ir.Table:
    """Lay tables under each other, a few at a time: a query of hundreds is too deep for engines."""
    kept = [
        books.keep(reduce(lambda first, other: first.union(other), few), "stakes")
        for few in (parts[at : at + _AT_ONCE] for at in range(0, len(parts), _AT_ONCE))
    ]
    return kept[0] if len(kept) == 1 else _gathered(books, kept)


def _parts(number: int, rows: ir.Table) -> ir.Table:
    """Return the money of a finding. Grain: what it hangs on (a deal, else the row itself)."""
    own = rows.columns[0]
    hangs_on = _named(own, rows[own])
    if "deal_id" in rows.columns:
        hangs_on = ibis.coalesce(_named("deal_id", rows.deal_id), hangs_on)
    found = rows.select(hangs_on=hangs_on, part=rows.stake_part.cast("float64"))
    found = found.filter(found.part > 0)
    summed = found.group_by("hangs_on").aggregate(part=found.part.sum())
    return summed.select(
        finding=ibis.literal(number).cast("int32"), hangs_on="hangs_on", part="part"
    )


def _named(column: str, value: ir.Value) -> ir.StringValue:
    named: ir.StringValue = ibis.literal(f"{column}:").concat(value.cast("string"))
    return named


def _scales(books: Books, kept: ir.Table, stakes: Sequence[Stake]) -> dict[int, float]:
    """Return by what the parts of each finding are multiplied to add up to its stake."""
    sums = kept.group_by("finding").aggregate(whole=kept.part.sum())
    rows = books.run(sums).to_pylist()
    return {row["finding"]: stakes[row["finding"]].whole / row["whole"] for row in rows}


def _largest(books: Books, kept: ir.Table, scales: dict[int, float]) -> float:
    if not scales:
        return 0.0
    scale = ibis.cases(*((kept.finding == at, by) for at, by in scales.items()), else_=0.0)
    scaled = kept.mutate(part=kept.part * scale)
    once = scaled.group_by("hangs_on").aggregate(part=scaled.part.max())
    found = books.run(once.aggregate(whole=once.part.sum())).to_pylist()[0]["whole"]
    return float(found or 0.0)
