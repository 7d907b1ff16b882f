"""Tools, the deals that each fits, and where it was used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.books.schema import attribute_column
from counterpoise.watch.judge import FEWEST_ROWS
from counterpoise.watch.mix import SLICE_DAYS, SLICES, Cells
from counterpoise.watch.sample import Floats, Ints
from counterpoise.watch.watched import Watched

_FITS = ("product_family", "persona", "competitor")
_RATING = "rating"


@dataclass(frozen=True)
class Tool:
    """A tool and what it says it is for; None where it does not say."""

    id: str
    title: str
    kind: str
    product_family: str | None
    persona: str | None
    competitor: str | None
    made_on: dt.date | None
    rating: float | None

    @property
    def says_where(self) -> bool:
        """Tell whether it says which deals it is for."""
        return any(getattr(self, name) is not None for name in _FITS)

    def fits(self, deals: ir.Table) -> ir.Table:
        """Return the deals that the tool fits and that closed after it was made."""
        tests = [deals[name] == each for name in _FITS if (each := getattr(self, name)) is not None]
        after = [deals.day > ibis.literal(self.made_on)] if self.made_on else []
        return deals.filter(*tests, *after)


def tools(watched: Watched) -> tuple[Tool, ...]:
    """Return the tools made by the as-of day, by id."""
    return watched.share("tools", lambda: _tools(watched))


def decided(watched: Watched) -> ir.Table:
    """Return the deals won or lost in the window.

    Grain: a deal. Adds `at_stake`: its list value at the discount that the company gives on
    average over all it decides; 0 where the list value is unknown.
    """
    deals = watched.in_window(watched.judged, "day")
    deals = deals.filter(deals.outcome.isin(("won", "lost")))
    listed = ibis.coalesce(deals.list_amount.cast("float64"), 0.0)
    given = watched.share("given_of_list", lambda: _given_of_list(watched, deals))
    return deals.mutate(at_stake=listed * given)


def uses(watched: Watched) -> ir.Table:
    """Return which tool was used on which deal, once each."""
    found = watched.view.seen(watched.books.table("tool_uses"), "used_at")
    return found.filter(found.deal_id.notnull()).select("tool_id", used_on="deal_id").distinct()


def tool_cells(watched: Watched) -> Cells:
    """Return how often each tool was used on the deals that it fits, span by span.

    What is expected of a tool is the middle one of what the other tools of its kind show; of all
    other tools where it is the only one of its kind. A tool counts from the first span of 26 days
    that it was there for. The base is `at_stake` of the fitting deals, a quarter.
    """
    known = [each for each in tools(watched) if each.says_where]
    deals, used = _counts(watched, by_use=False), _counts(watched, by_use=True)
    n, total, base = (np.zeros((len(known), SLICES)) for _ in range(3))
    for place, tool in enumerate(known):
        first = _first_slice(watched, tool)
        own, mine = deals.at(tool, first), used.at(tool, first)
        mine = mine[[used.tool[at] == tool.id for at in mine]]
        n[place], base[place] = deals.by_slice(deals.n, own), deals.by_slice(deals.at_stake, own)
        total[place] = used.by_slice(used.n, mine)
    rows = np.maximum(n.sum(axis=1), 1.0)
    share = total.sum(axis=1) / rows
    level = np.array([_level(known, at, share, n.sum(axis=1)) for at in range(len(known))])
    row, span = np.nonzero(n)
    return Cells(
        subjects=tuple(each.id for each in known),
        groups=(),
        subject=row.astype(np.int64),
        group=np.full(len(row), -1, dtype=np.int64),
        slice=span.astype(np.int64),
        n=n[row, span].astype(np.int64),
        total=total[row, span],
        expected=n[row, span] * level[row],
        base=base[row, span] / watched.quarters,
        sigma2=float((share * (1.0 - share) * rows).sum() / rows.sum()) if known else 0.0,
    )


@dataclass(frozen=True)
class _Counts:
    """Deals, or uses on deals, by what tools are for and by span; one entry a cell."""

    told: Mapping[str, list[str | None]]
    slice: Ints
    n: Floats
    at_stake: Floats
    tool: list[str]

    def at(self, tool: Tool, first: int) -> Ints:
        """Return the cells that a tool fits, from a span on."""
        own = self.slice >= first
        for name in _FITS:
            wanted = getattr(tool, name)
            if wanted is not None:
                own &= np.array([each == wanted for each in self.told[name]], dtype=np.bool_)
        return np.flatnonzero(own)

    def by_slice(self, values: Floats, own: Ints) -> Floats:
        """Add up some cells by span."""
        return np.bincount(self.slice[own], values[own], SLICES).astype(np.float64)


def _tools(watched: Watched) -> tuple[Tool, ...]:
    table = watched.view.seen(watched.books.table("tools"), "created_at")
    kinds = watched.books.attributes("tools")
    rated = [each for each, kind in kinds.items() if each.lower() == _RATING and kind.is_numeric]
    rating = table[attribute_column(rated[0])].cast("float64") if rated else ibis.null("float64")
    rows = table.select("tool_id", "title", "kind", *_FITS, "created_at", rating=rating)
    personas = {
        word.casefold(): persona.id
        for persona in watched.agreement.personas
        for word in (persona.name, persona.id)
        if word
    }
    return tuple(
        Tool(
            id=row["tool_id"],
            title=row["title"] or row["tool_id"],
            kind=row["kind"] or "",
            product_family=row["product_family"],
            persona=row["persona"] and personas.get(row["persona"].casefold(), row["persona"]),
            competitor=row["competitor"],
            made_on=row["created_at"] and row["created_at"].date(),
            rating=row["rating"],
        )
        for row in watched.books.run(rows.order_by("tool_id")).to_pylist()
    )


def _given_of_list(watched: Watched, deals: ir.Table) -> float:
    """Return what is conceded on won deals of a unit of list decided."""
    given = deals.concession.cast("float64").sum(where=deals.outcome == "won")
    return watched.one(given / deals.list_amount.cast("float64").sum().nullif(0.0)) or 0.0


def _counts(watched: Watched, *, by_use: bool) -> _Counts:
    deals = decided(watched)
    rivals = sorted({each.competitor for each in tools(watched) if each.competitor is not None})
    named = deals.competitor.isin(rivals) if rivals else ibis.literal(False)
    before = ibis.literal(watched.last).delta(deals.day, unit="day")
    told = deals.mutate(
        competitor=ibis.ifelse(named, deals.competitor, ibis.null("string")),
        span=(SLICES - 1 - (before // SLICE_DAYS).clip(0, SLICES - 1)).cast("int16"),
    ).select("deal_id", *_FITS, "span", "at_stake")
    keys = [*_FITS, "span"]
    if by_use:
        used = uses(watched)
        told = told.inner_join(used, told.deal_id == used.used_on)
        keys.append("tool_id")
    sums = told.group_by(keys).aggregate(n=ibis._.count(), at_stake=ibis._.at_stake.sum())
    found = watched.books.run(sums).to_pydict()
    return _Counts(
        told={name: found[name] for name in _FITS},
        slice=np.array(found["span"], dtype=np.int64),
        n=np.array(found["n"], dtype=np.float64),
        at_stake=np.array(found["at_stake"], dtype=np.float64),
        tool=found.get("tool_id", []),
    )


def _first_slice(watched: Watched, tool: Tool) -> int:
    """Return the first span that the tool was there for as a whole."""
    if tool.made_on is None or tool.made_on < watched.first:
        return 0
    return SLICES - (watched.last - tool.made_on).days // SLICE_DAYS


def _level(known: list[Tool], at: int, share: Floats, n: Floats) -> float:
    """Return the middle share of the others of its kind, or of all others."""
    others = [other for other in range(len(known)) if other != at and n[other] >= FEWEST_ROWS]
    kin = [other for other in others if known[other].kind == known[at].kind]
    chosen = kin or others
    return float(np.median(share[chosen])) if chosen else float(share[at])
