"""Tools: which go with wins and with shallower discounts, which are never used, where one lacks.

The deals on which a tool was used are held against the other deals that it fits, at the same mix,
with errors by account. That is association: sellers reach for a tool where they think that it
helps, and a deal that goes on has more occasions to use one. No cause is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from counterpoise.books.facts import View
from counterpoise.ledger.contra_deals import BEFORE, PRICED, Deals, read_deals
from counterpoise.ledger.contra_regression import Flags, slope
from counterpoise.ledger.estimate import FEW_ACCOUNTS, FEW_ROWS, Estimate

FEWEST_USED = 10
"""Deals with a tool, of one kind or the other, below which nothing is estimated."""
MOST_DEALS = 500_000
"""Of more deals that a tool fits the accounts met first are compared."""
MOST_TOOLS = 60
"""Tools that are compared, those used on most deals first."""
MOST_GAPS = 20
FEWEST_LOST = 3
"""Lost deals from which on a gap is named."""
GAP_DAYS = 365

_FITS = ("product_family", "persona", "competitor")
NO_TOOLS = "The books hold no tools."
FEW_USED = "used on too few decided deals to compare"
NONE_ALIKE = "no deal without it is like those with it"


@dataclass(frozen=True)
class ToolShown:
    """A tool, how often it was used, and what that goes with.

    Attributes:
        uses: Every use on record, on whatever deal or none.
        deals: Deals won or lost on which it was used.
        others: Deals won or lost that it fits and on which it was not.
        accounts: Accounts of the deals with it.
        wins: Difference in the share won, with less without, at the same mix.
        rate: Difference in the rate, over priced deals; below 0 is shallower.
        is_small: Whether too little stands behind the differences to say anything.
        why: Why there are none; "" where there are.
    """

    tool_id: str
    title: str
    uses: int
    deals: int
    others: int
    accounts: int
    wins: Estimate | None
    rate: Estimate | None
    is_small: bool
    why: str = ""


@dataclass(frozen=True)
class Unused:
    """A tool that nobody ever used."""

    tool_id: str
    title: str
    made_on: str | None


@dataclass(frozen=True)
class Gap:
    """A competitor in a family to whom deals are lost, and for which no tool is made."""

    competitor: str
    product_family: str
    decided: int
    lost: int
    lost_amount: float
    """List value of the lost deals."""


@dataclass(frozen=True)
class ToolsReport:
    """What the books tell of tools; `why` says why they tell nothing."""

    why: str
    used: tuple[ToolShown, ...] = ()
    unused: tuple[Unused, ...] = ()
    gaps: tuple[Gap, ...] = ()


def tools_report(view: View, deals: ir.Table, compared: ir.Table) -> ToolsReport:
    """Tell what tools go with, which are never used, and where one lacks.

    Args:
        view: The books as of a day.
        deals: One row a deal, as `deal_table` gives them.
        compared: The deals won or lost, as `contra_deals.compared` gives them.
    """
    gaps = _gaps(view, deals)
    if not view.books.has("tools"):
        return ToolsReport(NO_TOOLS, gaps=gaps)
    tools = _tools(view)
    uses = _uses(view)
    counts = {row["tool_id"]: row["uses"] for row in view.books.run(_counted(uses)).to_pylist()}
    unused = tuple(
        Unused(each["tool_id"], each["title"] or each["tool_id"], _day(each["created_at"]))
        for each in tools
        if each["tool_id"] not in counts
    )
    used = [each for each in tools if each["tool_id"] in counts]
    shown = _Compared(view, deals, compared, uses).of(used, counts) if used else []
    order = sorted(shown, key=lambda each: (-each.deals, -each.uses, each.tool_id))
    return ToolsReport("", tuple(order), unused, gaps)


def tool_rows(view: View, compared: ir.Table) -> ir.Table:
    """Return the deals won or lost on which tools were used, by tool.

    Grain: a tool and a deal. Columns: `tool_id`, `title`, `deal_id` and `times`.
    """
    uses, tools = _uses(view), view.books.table("tools")
    known = uses.filter(uses.deal_id.notnull()).group_by("tool_id", "deal_id")
    counted = known.aggregate(times=ibis._.count()).semi_join(compared, "deal_id")
    titled = tools.select(of_tool="tool_id", title=ibis.coalesce(tools.title, tools.tool_id))
    joined = counted.inner_join(titled, counted.tool_id == titled.of_tool).drop("of_tool")
    return joined.order_by("tool_id", "deal_id")


def tools_object(report: ToolsReport) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "why": report.why,
        "used": [_tool_object(each) for each in report.used],
        "unused": [asdict(each) for each in report.unused],
        "gaps": [asdict(each) for each in report.gaps],
    }


class _Compared:
    """The deals won or lost as arrays, beside what tools are made for and where they were used."""

    def __init__(self, view: View, deals: ir.Table, compared: ir.Table, uses: ir.Table) -> None:
        kinds = deals.select(of_deal="deal_id", persona="persona", competitor="competitor")
        told = compared.left_join(kinds, compared.deal_id == kinds.of_deal)
        told = told.order_by("account", "at", "deal_id").select("deal_id", *_FITS)
        self._deals: Deals = read_deals(view, compared)
        self._told: pa.Table = view.books.run(told)
        on_deals = uses.filter(uses.deal_id.notnull()).select("tool_id", "deal_id").distinct()
        self._used: pa.Table = view.books.run(on_deals.semi_join(compared, "deal_id"))

    def of(self, tools: Sequence[Mapping[str, Any]], uses: Mapping[str, int]) -> list[ToolShown]:
        """Compare each tool; those used on fewest deals are only counted where there are many."""
        ids = _whole(self._told["deal_id"])
        place = pc.index_in(_whole(self._used["deal_id"]), value_set=ids)
        where = np.asarray(place.to_numpy(zero_copy_only=False), dtype=np.float64)
        by_tool: dict[str, list[int]] = {}
        for tool_id, at in zip(self._used["tool_id"].to_pylist(), where, strict=True):
            if np.isfinite(at):
                by_tool.setdefault(tool_id, []).append(int(at))
        many = sorted(by_tool, key=lambda each: (-len(by_tool[each]), each))[:MOST_TOOLS]
        return [
            self._shown(each, uses[each["tool_id"]], by_tool.get(each["tool_id"], []), many)
            for each in tools
        ]

    def _shown(
        self, tool: Mapping[str, Any], uses: int, at: Sequence[int], many: Sequence[str]
    ) -> ToolShown:
        with_it = np.zeros(len(self._deals), dtype=np.bool_)
        with_it[list(at)] = True
        fits = self._fits(tool) | with_it
        others = int((fits & ~with_it).sum())
        accounts = len(np.unique(self._deals.account[with_it]))
        wins, rate = None, None
        is_enough = min(len(at), others) >= FEWEST_USED and accounts > 1
        if is_enough and tool["tool_id"] in many:
            wins, rate = self._differences(_first(fits), with_it)
        why = "" if wins or rate else (NONE_ALIKE if is_enough else FEW_USED)
        return ToolShown(
            tool_id=tool["tool_id"],
            title=tool["title"] or tool["tool_id"],
            uses=uses,
            deals=len(at),
            others=others,
            accounts=accounts,
            wins=wins,
            rate=rate,
            is_small=len(at) < FEW_ROWS or others < FEW_ROWS or accounts < FEW_ACCOUNTS,
            why=why,
        )

    def _fits(self, tool: Mapping[str, Any]) -> Flags:
        """Tell of each deal whether a tool is made for it."""
        found = np.ones(len(self._deals), dtype=np.bool_)
        for name in _FITS:
            if tool[name] is not None:
                same = pc.fill_null(pc.equal(_whole(self._told[name]), tool[name]), False)
                found &= np.asarray(same.to_numpy(zero_copy_only=False), dtype=np.bool_)
        return found

    def _differences(self, fits: Flags, with_it: Flags) -> tuple[Estimate | None, Estimate | None]:
        part, flags = self._deals.part(fits), with_it[fits]
        x = flags.astype(np.float64)
        mix = (*BEFORE, "product_family", "is_contested")
        wins = slope(x, part.won.astype(np.float64), part.mix(mix), part.account)
        is_priced = np.isfinite(part.rate) & part.negotiated
        if min(int(flags[is_priced].sum()), int((~flags[is_priced]).sum())) < FEWEST_USED:
            return wins, None
        priced = part.part(is_priced)
        return wins, slope(x[is_priced], priced.rate, priced.mix(PRICED), priced.account)


def _first(fits: Flags) -> Flags:
    """Keep the first of very many rows; they stand in order of account."""
    if int(fits.sum()) <= MOST_DEALS:
        return fits
    found: Flags = fits & (np.cumsum(fits) <= MOST_DEALS)
    return found


def _tools(view: View) -> list[dict[str, Any]]:
    """Return the tools made by the as-of day, by id."""
    tools = view.seen(view.books.table("tools"), "created_at")
    columns = ("tool_id", "title", *_FITS, "created_at")
    found: list[dict[str, Any]] = view.books.run(
        tools.select(*columns).order_by("tool_id")
    ).to_pylist()
    return found


def _uses(view: View) -> ir.Table:
    return view.seen(view.books.table("tool_uses"), "used_at")


def _counted(uses: ir.Table) -> ir.Table:
    return uses.group_by("tool_id").aggregate(uses=ibis._.count())


def _gaps(view: View, deals: ir.Table) -> tuple[Gap, ...]:
    """Return where deals of the last year were lost and no tool is made, most lost value first."""
    last = ibis.literal(view.as_of)
    recent = deals.filter(
        deals.outcome.isin(("won", "lost")),
        deals.competitor.notnull() & deals.product_family.notnull(),
        last.delta(deals.day, unit="day") < GAP_DAYS,
        deals.day <= last,
    )
    is_lost = recent.outcome == "lost"
    listed = ibis.ifelse(is_lost, recent.list_amount.cast("float64"), ibis.literal(0.0))
    pairs = recent.group_by("competitor", "product_family").aggregate(
        decided=recent.count(),
        lost=is_lost.sum(),
        lost_amount=ibis.coalesce(listed.sum(), 0.0),
    )
    pairs = pairs.filter(pairs.lost >= FEWEST_LOST)
    order = [ibis.desc("lost_amount"), ibis.desc("lost"), "competitor", "product_family"]
    found = view.books.run(pairs.order_by(order)).to_pylist()
    made = _tools(view) if view.books.has("tools") else []
    gaps = (Gap(**row) for row in found if not _is_covered(row, made))
    return tuple(gap for _, gap in zip(range(MOST_GAPS), gaps, strict=False))


def _is_covered(pair: Mapping[str, Any], tools: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a tool is made against a competitor, in a family or in all of them."""
    rival, family = pair["competitor"].casefold(), pair["product_family"].casefold()
    return any(
        (each["competitor"] or "").casefold() == rival
        and (each["product_family"] or family).casefold() == family
        for each in tools
    )


def _tool_object(tool: ToolShown) -> dict[str, Any]:
    told = {**vars(tool)}
    for name in ("wins", "rate"):
        found: Estimate | None = told[name]
        told[name] = None if found is None else asdict(found)
    return told


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _day(at: Any) -> str | None:
    return at.date().isoformat() if at else None
