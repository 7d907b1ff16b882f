"""Two groupings crossed: one down, one across, one figure in each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.ledger.totals import Totals
from counterpoise.web.access import Scope
from counterpoise.web.ledger.addresses import deals_url
from counterpoise.web.ledger.asking import QUARTER, crossed, names_of
from counterpoise.web.ledger.figures import NO_GROUP, figures_of
from counterpoise.web.ledger.selection import Selection, label_of
from counterpoise.web.results.reading import KeptReview

MEASURES: Mapping[str, str] = {
    "price_realization": "Realization",
    "net_revenue": "Net",
    "value_given": "Given",
    "leakage_low": "Leakage",
    "win_rate": "Win rate",
    "deals_won": "Won",
}
"""The figures that cells can show, with their labels."""

SHARES = frozenset({"price_realization", "win_rate"})
_DOWN, _ACROSS = 40, 12


@dataclass(frozen=True)
class Heading:
    """A group that stands at a row or a column."""

    key: str | None
    name: str


@dataclass(frozen=True)
class CrossCell:
    """A figure of a cell and the deals behind it; None where there are none."""

    value: Any
    url: str


@dataclass(frozen=True)
class CrossRow:
    """A row of cells with the figure of the whole row."""

    heading: Heading
    cells: tuple[CrossCell, ...]
    whole: CrossCell


@dataclass(frozen=True)
class Crossing:
    """A crossed table. `more_down` and `more_across` groups are only in its file."""

    down: str
    across: str
    measure: str
    measure_label: str
    headings: tuple[Heading, ...]
    rows: tuple[CrossRow, ...]
    more_down: int
    more_across: int

    @property
    def is_share(self) -> bool:
        """Tell whether cells show shares."""
        return self.measure in SHARES

    @property
    def is_count(self) -> bool:
        """Tell whether cells count deals."""
        return self.measure == "deals_won"


def crossing_of(
    kept: KeptReview, selection: Selection, by: tuple[str, str], measure: str, scope: Scope
) -> Crossing:
    """Cross two groupings of a selection.

    Raises:
        NotForYouError: If the selection tells of single people beyond the scope.
        LockHeldError: If too many such questions wait.
    """
    found = _tidy(crossed(kept, selection, by, scope))
    names = names_of(kept)
    down = _headings(found, 0, by[0], names)
    across = _headings(found, 1, by[1], names)
    shown = across[:_ACROSS]
    table = _Table(by, measure, selection, _sums(found, 0))
    rows = tuple(_row(found, each, shown, table) for each in down[:_DOWN])
    return Crossing(
        down=label_of(by[0]),
        across=label_of(by[1]),
        measure=measure,
        measure_label=MEASURES[measure],
        headings=shown,
        rows=rows,
        more_down=max(0, len(down) - _DOWN),
        more_across=max(0, len(across) - _ACROSS),
    )


_Found = Mapping[tuple[str | None, ...], Totals]


@dataclass(frozen=True)
class _Table:
    by: tuple[str, str]
    measure: str
    selection: Selection
    wholes: Mapping[str | None, Totals]

    def cell(self, totals: Totals | None, keys: tuple[tuple[str, str | None], ...]) -> CrossCell:
        if totals is None:
            return CrossCell(None, "")
        selection = self.selection
        for name, key in keys:
            selection = selection.having(name, key)
        return CrossCell(figures_of(totals)[self.measure], deals_url(selection))


def _row(found: _Found, heading: Heading, across: tuple[Heading, ...], table: _Table) -> CrossRow:
    own = (table.by[0], heading.key)
    cells = tuple(
        table.cell(found.get((heading.key, each.key)), (own, (table.by[1], each.key)))
        for each in across
    )
    return CrossRow(heading, cells, table.cell(table.wholes[heading.key], (own,)))


def _tidy(found: _Found) -> dict[tuple[str | None, ...], Totals]:
    """Put what is surely in no group with what is unknown; leave out what only open deals have."""
    tidy: dict[tuple[str | None, ...], Totals] = {}
    for key, totals in found.items():
        if totals.deals_closed or totals.net_revenue:
            told = tuple(each or None for each in key)
            tidy[told] = tidy.get(told, Totals()) + totals
    return tidy


def _headings(
    found: _Found, at: int, name: str, names: Mapping[str, Mapping[str, str]]
) -> tuple[Heading, ...]:
    """Return the groups, the largest first; quarters stand in time, the latest last."""
    sums = _sums(found, at)
    if name == QUARTER:
        ordered = sorted(sums, key=lambda key: (key is None, key or ""))[-_ACROSS:]
    else:
        ordered = sorted(sums, key=lambda key: (-sums[key].net_revenue, key is None, key or ""))
    told = names.get(name, {})
    return tuple(Heading(key, told.get(key or "", key or NO_GROUP)) for key in ordered)


def _sums(found: _Found, at: int) -> dict[str | None, Totals]:
    sums: dict[str | None, Totals] = {}
    for keys, totals in found.items():
        sums[keys[at]] = sums.get(keys[at], Totals()) + totals
    return sums
