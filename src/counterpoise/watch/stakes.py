"""Stakes together: what several findings are worth when a deal's money counts once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


@dataclass(frozen=True)
class Together:
    """The stakes of several findings, read once, to be added up in any choice of them.

    A row of several findings counts with its largest part. Rows that name a deal share the money of
    that deal. Where the parts of a finding do not add up to its stake they are scaled to it; a
    finding without rows of its own counts whole.

    Attributes:
        books: Where they are kept.
        wholes: The stake of each finding.
        parts: The money of each finding by what it hangs on, scaled.
        with_rows: The findings that have rows with money.
    """

    books: Books
    wholes: tuple[float, ...]
    parts: ir.Table
    with_rows: frozenset[int]

    @classmethod
    def of(cls, books: Books, stakes: Sequence[Stake]) -> Together:
        """Read the rows of one finding or more."""
        parts = [_parts(number, each.rows) for number, each in enumerate(stakes)]
        kept = _gathered(books, parts)
        scales = _scales(books, kept, stakes)
        if scales:
            branches = ((kept.finding == at, by) for at, by in scales.items())
            scale = ibis.cases(*branches, else_=0.0)
            kept = books.keep(kept.mutate(part=kept.part * scale), "stakes")
        return cls(books, tuple(each.whole for each in stakes), kept, frozenset(scales))

    def worth(self, numbers: Collection[int]) -> float:
        """Add up some findings, by their places, so that money which they share counts once."""
        rowless = sum(self.wholes[at] for at in numbers if at not in self.with_rows)
        some = sorted(self.with_rows.intersection(numbers))
        return round(rowless + self._largest(some), 2)

    def _largest(self, some: Sequence[int]) -> float:
        if not some:
            return 0.0
        own = self.parts.filter(self.parts.finding.isin(some))
        once = own.group_by("hangs_on").aggregate(part=own.part.max())
        found = self.books.run(once.aggregate(whole=once.part.sum())).to_pylist()[0]["whole"]
        return float(found or 0.0)


def counted_once(books: Books, stakes: Sequence[Stake]) -> float:
    """Add up stakes so that money which several findings share counts once."""
    return Together.of(books, stakes).worth(range(len(stakes))) if stakes else 0.0


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
