"""What a candidate's calendar would have done to volume and margin, from the measured lifts.

Weeks are taken as they would have been (see `calendar_weeks`), sums over them carry the covariance
of the slopes (delta method; by account) and what is unknown of each account × product's answer,
as in `ledger.promotion_volume`. It is refused where the lift is; where deeper cuts seem to sell
less, since an unrecorded cause drives both then; where too few promotions give way; and, where any
is cut, if no two depths were ever tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.lift import Lift, lift
from counterpoise.ledger.promotion_cover import covered_weeks
from counterpoise.ledger.promotion_weeks import panel
from counterpoise.ledger.within import Refused
from counterpoise.rehearse.calendar_weeks import UNIT, lifted_weeks, otherwise
from counterpoise.rehearse.giving_way import Way
from counterpoise.rehearse.refusal import ONE_SIDED_5

FEWEST_PROMOTIONS = 20
"""Promotions that give way without which an effect says nothing of the like of them."""
FEWEST_DEPTHS = 0.02
"""The standard deviation of ln(base / net) among price cuts below which they are all alike."""
ASSUMES = (
    "Those that are too deep run at the limit, those beyond the weeks on deal are shortened, those "
    "too soon start later where that fits, and the rest do not run; nothing is promoted in their "
    "place, and other promotions run as they did. A promotion does as much in the weeks that it "
    "moves to, its dip does not turn on its depth, and trade spend shrinks as it does."
)


@dataclass(frozen=True)
class CalendarEffect:
    """What would have been otherwise, had the promotions that are newly refused given way.

    Attributes:
        promotions: How many of them have a week on deal.
        units: Units sold more (above 0) or less.
        margin: Margin after trade spend, more (above 0: they had lost money) or less.
        weeks_left_out: Weeks of goods whose cost is unknown: their margin is not in it.
        assumes: What must hold.
    """

    promotions: int
    units: Estimate
    margin: Estimate
    weeks_left_out: int = 0
    assumes: str = ASSUMES


@dataclass(frozen=True)
class CalendarEffects:
    """The effect of all that give way, and of each way by itself where there are several."""

    whole: CalendarEffect | Refused
    by_way: Mapping[Way, CalendarEffect | Refused]


def calendar_effects(view: View, plan: ir.Table, ways: Mapping[Way, int]) -> CalendarEffects:
    """Estimate what a candidate's calendar would have done.

    Args:
        view: The books as of a day.
        plan: What becomes of each promotion (see `giving_way`), kept.
        ways: How many promotions go each way.
    """
    found = _measured(view)
    if isinstance(found, Refused):
        return CalendarEffects(found, {})
    cover = covered_weeks(view, lifted_weeks(found))
    parts = {}
    for way in ways if len(ways) > 1 else ():
        own = ibis.ifelse(plan.way == way.value, plan.way, ibis.null("string"))
        parts[way] = _effect(view, found, cover, plan.mutate(way=own))
    return CalendarEffects(_effect(view, found, cover, plan), parts)


def _measured(view: View) -> Lift | Refused:
    """Return what promotions do to volume, refused where something else seems to drive both."""
    weeks = panel(view)
    if isinstance(weeks, Refused):
        return weeks
    found = lift(view.books, weeks)
    if isinstance(found, Refused):
        return found
    depth = found.fit.slope("depth")
    if depth and depth.value + ONE_SIDED_5 * depth.error < 0:
        return Refused(
            "Deeper cuts seem to sell less in these weeks, so something that is not on record "
            "drives both. Record what promotions were timed by."
        )
    return found


def _effect(view: View, found: Lift, cover: ir.Table, plan: ir.Table) -> CalendarEffect | Refused:
    weeks = lifted_weeks(found)
    on_deal = weeks.filter(weeks.on_deal)
    given = plan.filter(plan.way.notnull())
    told = given.semi_join(cover.semi_join(on_deal, (*UNIT, "week")), "promotion_id")
    cut = told.cut_to.notnull() & (told.way != Way.NOT_RUN.value)
    (size,) = view.books.run(told.aggregate(n=told.count(), cut=cut.sum())).to_pylist()
    count = int(size["n"])
    if count < FEWEST_PROMOTIONS:
        return Refused(
            f"{count:,} of the promotions that the candidate newly refuses have a week on deal; "
            f"fewer than {FEWEST_PROMOTIONS} tell nothing of what it would do."
        )
    if size["cut"] and (why := alike(view.books, found, on_deal)):
        return Refused(why)
    rows = _in_units(otherwise(view.books, found, cover, plan), found)
    by_unit = rows.group_by(*UNIT).aggregate(**_sums(rows, found))
    (sums,) = view.books.run(by_unit.aggregate(**_beyond(by_unit))).to_pylist()
    if not sums["costed"]:
        return Refused(
            "No good has its unit cost on record, so nobody knows what a promotion earned. Record "
            "`unit_cost` of products."
        )
    return _read(found, count, sums, _freed(view.books, given, cover, on_deal))


class Recorded(Protocol):
    """What price cuts did, as far as it is told: a `Lift`."""

    @property
    def effects(self) -> tuple[str, ...]:
        """Return the slopes that are told."""

    @property
    def refused(self) -> Mapping[str, str]:
        """Return why others are not, by name."""


def alike(books: Books, found: Recorded, on_deal: ir.Table) -> str:
    """Say why nobody knows what a shallower cut does, "" where it can be told.

    Args:
        books: They run the sums.
        found: What promotions do to volume.
        on_deal: Weeks on deal, with `depth`: ln(base / net).
    """
    if "depth" not in found.effects:
        return found.refused.get("depth", "No price cut is ever recorded; record it week by week.")
    cuts = on_deal.filter(on_deal.depth > 0)
    sums = cuts.aggregate(n=cuts.count(), d=cuts.depth.sum(), dd=(cuts.depth**2).sum())
    (row,) = books.run(sums).to_pylist()
    mean = (row["d"] or 0.0) / max(row["n"], 1)
    if (row["dd"] or 0.0) / max(row["n"], 1) - mean**2 > FEWEST_DEPTHS**2:
        return ""
    return (
        "All price cuts were about as deep, so nobody knows what a shallower one does. Try two "
        "depths, and record the base price of each week."
    )


def _in_units(rows: ir.Table, found: Lift) -> ir.Table:
    """Add what a week would have sold, and how far that turns on the account × product's answer."""
    move: ir.FloatingValue = ibis.literal(0.0)
    told: ir.FloatingValue = ibis.literal(0.0)
    for name, slope in zip(found.within.names, found.within.slopes, strict=True):
        if name in found.effects:
            move = move + rows[f"by_{name}"] * float(slope)
    for name, slope in zip(found.fit.names, found.fit.slopes, strict=True):
        if name in ("depth", "featured", "displayed"):
            told = told + rows[f"by_{name}"] * float(slope)
    rows = rows.mutate(move=move, by_told=told)
    own = rows.by_told * rows.departs + rows.by_told**2 * rows.unsure / 2
    return rows.mutate(sold=rows.units.cast("float64")).mutate(
        would=rows.units.cast("float64") * (rows.move + own).exp()
    )


def _sums(rows: ir.Table, found: Lift) -> dict[str, ir.Value]:
    cost = rows.unit_cost.cast("float64")
    at_price, at_net = rows.price - cost, rows.net_price.cast("float64") - cost
    sums: dict[str, ir.Value] = {
        "units": (rows.would - rows.sold).sum(),
        "money": (rows.would * at_price - rows.sold * at_net).sum(),
        "costed": at_net.count(),
        "left_out": (at_net.isnull() & (rows.would != rows.sold)).sum(),
        "by_units": (rows.would * rows.by_told).sum(),
        "by_money": (rows.would * rows.by_told * at_price).sum(),
        "unsure": rows.unsure.max(),
    }
    for name in found.effects:
        moved = rows.would * rows[f"by_{name}"]
        sums |= {f"u_{name}": moved.sum(), f"d_{name}": (moved * at_price).sum()}
    return sums


def _beyond(units: ir.Table) -> dict[str, ir.Value]:
    skipped = (*UNIT, "by_units", "by_money", "unsure")
    sums = {name: units[name].sum() for name in units.columns if name not in skipped}
    return {
        **sums,
        "beyond_units": (units.by_units**2 * units.unsure).sum(),
        "beyond_money": (ibis.coalesce(units.by_money, 0.0) ** 2 * units.unsure).sum(),
    }


def _freed(books: Books, given: ir.Table, cover: ir.Table, on_deal: ir.Table) -> float:
    """Return the trade spend that is freed: of promotions, else of their weeks on deal."""
    weeks = cover.inner_join(on_deal.select(*UNIT, "week", "trade_spend"), (*UNIT, "week"))
    of_weeks = weeks.group_by("promotion_id").aggregate(
        of_weeks=(weeks.trade_spend.cast("float64") * weeks.share).sum()
    )
    joined = given.left_join(of_weeks, "promotion_id")
    spent = ibis.coalesce(joined.trade_spend.cast("float64"), joined.of_weeks, 0.0)
    return float(books.run((spent * (1.0 - joined.part_left)).sum()).as_py() or 0.0)


def _read(found: Lift, count: int, sums: Mapping[str, Any], freed: float) -> CalendarEffect:
    def gradient(letter: str) -> dict[str, float]:
        return {name: float(sums[f"{letter}_{name}"] or 0.0) for name in found.effects}

    units, money = float(sums["units"] or 0.0), float(sums["money"] or 0.0)
    return CalendarEffect(
        promotions=count,
        units=found.within.combined(units, gradient("u"), float(sums["beyond_units"] or 0.0)),
        margin=found.within.combined(
            money + freed, gradient("d"), float(sums["beyond_money"] or 0.0)
        ),
        weeks_left_out=int(sums["left_out"] or 0),
    )
