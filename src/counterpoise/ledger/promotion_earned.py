"""What each promotion earned: after its price, its cost, the weeks after it and its neighbours.

The same account of units and money as `earned`, handed to the promotions that brought it about:

- a week on deal to the promotions that cover it, in equal parts;
- what the first and the second week after lose to the promotion that they follow;
- what a neighbour loses to the goods of its family on deal that week, in equal parts.

Intervals carry the covariance of the slopes (delta method, to first order: each part by its own
slopes) and what is unknown of each account × product's own answer. Weeks on deal that no promotion
on record covers belong to none. It assumes what `lift` assumes; a promotion whose weeks were never
on deal earned nothing to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.ledger.answers import UNIT
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.lift import Lift
from counterpoise.ledger.promotion_cover import CELL, covered_weeks
from counterpoise.ledger.promotion_split import parts_of, split_weeks, with_money
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, Panel
from counterpoise.ledger.within import Refused

_MONEY = ("more_sold", "price_given", "after", "neighbours")
_UNITS = ("units", "gained", "dipped", "taken")
_DERIVED = ("d", "u")
"""How columns begin that hold derivatives by a slope: of money, and of units."""


@dataclass(frozen=True)
class PromotionEarned:
    """What one promotion, or a group of them, brought.

    Attributes:
        key: The promotion's id, or the group's.
        weeks: Weeks on deal, account × product.
        units: Sold in them.
        gained: Units more in them.
        dipped: Units less in the two weeks after.
        taken: Units less of neighbours.
        more_sold: Margin on units gained, at the price paid.
        price_given: What would have sold anyway, times the price cut; not above 0.
        after: Margin lost in the two weeks after; below 0 where there is a dip.
        neighbours: Margin that neighbours lost.
        trade_spend: Its own, else that of its weeks; 0 where neither is on record.
        earned: All of it together, less trade spend.
        weeks_left_out: Weeks on deal of goods whose cost is unknown.
    """

    key: str
    weeks: int
    units: float
    gained: float
    dipped: float
    taken: float
    more_sold: float
    price_given: float
    after: float
    neighbours: float
    trade_spend: float
    earned: Estimate
    weeks_left_out: int

    @property
    def cost(self) -> float:
        """Return what it cost: the price given on what would have sold anyway, and trade spend."""
        return self.trade_spend - self.price_given

    @property
    def surely_lost(self) -> bool:
        """Tell whether it earned less than it cost, with 97.5 % certainty."""
        return self.earned.high < 0 and not self.earned.is_small


@dataclass(frozen=True)
class PromotionBook:
    """What promotions brought, in parts that add up to any group of them.

    Attributes:
        cells: Grain: promotion × account × product. Kept.
        spend: Grain: promotion. Its `trade_spend`, and days, campaign and account. Kept.
        found: What promotions do to volume.
    """

    view: View
    cells: ir.Table
    spend: ir.Table
    found: Lift

    def earned(self, only: ir.Table | None = None) -> tuple[PromotionEarned, ...]:
        """Return what each promotion brought, by its id.

        Args:
            only: Promotions, by `promotion_id`; by default all with a week on deal.
        """
        return self._read(only, "promotion_id")

    def earned_by_account(self, only: ir.Table | None = None) -> tuple[PromotionEarned, ...]:
        """Return what promotions brought at each account.

        What was spent on a promotion to several accounts is shared by their weeks on deal.
        """
        return self._read(only, "account_id")

    def whole(self, only: ir.Table) -> tuple[Estimate, Estimate]:
        """Return what some promotions brought together: units, and margin after trade spend."""
        cells = self.cells.semi_join(only, "promotion_id").mutate(all_of_them=ibis.literal("all"))
        spent = _spent(cells, self.spend, "all_of_them")
        sums = _beyond(cells, "all_of_them", self.found.effects)
        joined = sums.left_join(spent, sums.key == spent.spent_key).drop("spent_key")
        (row,) = self.view.books.run(joined).to_pylist()
        gradient = {name: float(row[f"u_{name}"] or 0.0) for name in self.found.effects}
        units = sum(float(row[name] or 0.0) for name in ("gained", "dipped", "taken"))
        beyond = float(row["beyond_units"] or 0.0)
        margin = _line(self.found, row).earned
        return self.found.within.combined(units, gradient, beyond), margin

    def _read(self, only: ir.Table | None, by: str) -> tuple[PromotionEarned, ...]:
        cells = self.cells if only is None else self.cells.semi_join(only, "promotion_id")
        spent = _spent(cells, self.spend, by)
        sums = _beyond(cells, by, self.found.effects)
        joined = sums.left_join(spent, sums.key == spent.spent_key).drop("spent_key")
        rows = self.view.books.run(joined.order_by("key")).to_pylist()
        return tuple(_line(self.found, row) for row in rows)


def promotion_book(view: View, panel: Panel, found: Lift) -> PromotionBook | Refused:
    """Hand what promotions brought to each of them; refused where nobody can tell.

    Args:
        view: The books as of a day.
        panel: Their weeks.
        found: What promotions do to volume.
    """
    if not view.books.has("promotions"):
        return Refused(
            "The books hold no promotions, so a week on deal belongs to none. Record each with its "
            "account, goods, days and trade spend."
        )
    slopes = dict(zip(found.within.names, found.within.slopes, strict=True))
    rows = with_money(split_weeks(found.answers.weeks, parts_of(panel, slopes), slopes))
    rows = view.books.keep(_parts(rows, found.effects), "promotion_rows")
    if not view.books.run(rows.costed.sum()).as_py():
        return Refused(
            "No good has its unit cost on record, so nobody knows what a promotion earned. Record "
            "`unit_cost` of products."
        )
    cover = covered_weeks(view, rows)
    columns = (*_columns(found.effects), "spent", "weeks", "left_out", "unsure")
    shared = _on_deal(rows, cover, found.effects).select("promotion_id", *UNIT, *columns)
    for at, name in enumerate(AFTER, start=1):
        follows = _after(rows, cover, (at, name), found.effects)
        shared = shared.union(follows.select("promotion_id", *UNIT, *columns))
    sums = {name: shared[name].sum() for name in columns if name != "unsure"}
    cells = shared.group_by("promotion_id", *UNIT).aggregate(**sums, unsure=shared.unsure.max())
    kept = view.books.keep(cells, "promotion_cells")
    return PromotionBook(view, kept, view.books.keep(_offers(view, kept), "promotion_spend"), found)


def _columns(names: tuple[str, ...]) -> tuple[str, ...]:
    derived = (f"{letter}_{name}" for letter in _DERIVED for name in names)
    return (*_UNITS, *_MONEY, "by_unit", "by_units", *derived)


def _parts(rows: ir.Table, names: tuple[str, ...]) -> ir.Table:
    """Return units, money and derivatives of each week, part by part."""
    near, after = NEIGHBOURS[0], AFTER
    own = tuple(name for name in names if name not in (*after, near))
    moved = {name: rows.left_own * rows[name] for name in own}
    moved |= {name: rows.left_after * rows[name] for name in after if name in names}
    if near in names:
        moved[near] = rows.left_near * rows[near]
    derived = {f"u_{name}": value for name, value in moved.items()}
    derived |= {f"d_{name}": value * rows.at_base for name, value in moved.items()}
    return rows.select(
        *CELL,
        "product_family",
        "on_deal",
        *AFTER,
        "unsure",
        units="sold",
        gained=rows.sold - rows.left_own,
        dipped=rows.left_own - rows.left_after,
        taken=rows.left_after - rows.left_near,
        more_sold=(rows.sold - rows.left_own) * rows.at_net,
        price_given=-(rows.left_own * rows.cut),
        after=(rows.left_own - rows.left_after) * rows.at_base,
        neighbours=(rows.left_after - rows.left_near) * rows.at_base,
        by_unit=rows.left_own * rows.told * rows.at_base,
        by_units=rows.left_own * rows.told,
        spent=rows.trade_spend.cast("float64"),
        costed=ibis.ifelse(rows.at_net.notnull(), 1, 0),
        **derived,
    )


def _on_deal(rows: ir.Table, cover: ir.Table, names: tuple[str, ...]) -> ir.Table:
    """Hand weeks on deal to their promotions, with what they took from their neighbours."""
    near = tuple(f"{letter}_{NEIGHBOURS[0]}" for letter in _DERIVED)
    lost = [name for name in ("taken", "neighbours", *near) if name in rows.columns]
    family = _by_family(rows, lost)
    deals = rows.filter(rows.on_deal)
    joined = deals.left_join(
        family,
        [
            deals.account_id == family.near_account,
            deals.product_family == family.near_family,
            deals.week == family.near_week,
        ],
    )
    others = (joined.promoted - 1.0).nullif(0.0)
    theirs = {
        name: joined[f"plain_{name}"] / joined.promoted
        + ibis.coalesce((joined[f"deal_{name}"] - _none(joined[name])) / others, 0.0)
        for name in lost
    }
    laid = joined.mutate(**theirs).inner_join(cover, CELL)
    none = ibis.literal(0.0)
    kept = {
        name: _none(laid[name]) * laid.share
        for name in _columns(names)
        if name not in ("dipped", "after", *(f"{at}_{each}" for at in _DERIVED for each in AFTER))
    }
    blank = {name: none for name in _columns(names) if name not in kept}
    return laid.select(
        "promotion_id",
        *UNIT,
        "unsure",
        **kept,
        **blank,
        spent=laid.spent * laid.share,
        weeks=ibis.literal(1.0),
        left_out=1.0 - laid.costed,
    )


def _by_family(rows: ir.Table, lost: list[str]) -> ir.Table:
    """Return what the goods of a family lost to neighbours in a week, those on deal apart."""
    families = rows.filter(rows.product_family.notnull())
    sums: dict[str, ir.Value] = {}
    for name in lost:
        value = _none(families[name])
        sums[f"plain_{name}"] = ibis.ifelse(families.on_deal, 0.0, value).sum()
        sums[f"deal_{name}"] = ibis.ifelse(families.on_deal, value, 0.0).sum()
    found = families.group_by(
        near_account=families.account_id,
        near_family=families.product_family,
        near_week=families.week,
    ).aggregate(promoted=families.on_deal.sum().cast("float64"), **sums)
    return found.filter(found.promoted > 0)


def _after(
    rows: ir.Table, cover: ir.Table, which: tuple[int, str], names: tuple[str, ...]
) -> ir.Table:
    """Hand the weeks after, so many weeks on, to the promotion that they follow."""
    at, name = which
    own = ("dipped", "after", *(f"{letter}_{name}" for letter in _DERIVED))
    weeks = rows.filter(rows[name] == 1).mutate(
        week=(rows.week - ibis.interval(days=7 * at)).cast("date")
    )
    laid = weeks.inner_join(cover, CELL)
    none = ibis.literal(0.0)
    kept = {
        each: _none(laid[each]) * laid.share if each in own else none for each in _columns(names)
    }
    return laid.select(
        "promotion_id",
        *UNIT,
        "unsure",
        **kept,
        spent=ibis.null("float64"),
        weeks=none,
        left_out=none,
    )


def _none(value: ir.Value) -> ir.FloatingValue:
    """Return a number, 0 where there is none."""
    found: ir.FloatingValue = ibis.coalesce(value.cast("float64"), 0.0)
    return found


def _offers(view: View, cells: ir.Table) -> ir.Table:
    """Return what each promotion cost beside its price: its own spend, else that of its weeks."""
    offers = view.seen(view.books.table("promotions"), "starts_on")
    weeks = cells.group_by("promotion_id").aggregate(
        of_weeks=cells.spent.sum(), all_weeks=cells.weeks.sum()
    )
    joined = offers.inner_join(weeks, "promotion_id")
    own = joined.trade_spend.cast("float64")
    return joined.select(
        "promotion_id",
        "campaign_id",
        "account_id",
        "starts_on",
        "ends_on",
        "all_weeks",
        trade_spend=ibis.coalesce(own, joined.of_weeks, 0.0),
    )


def _spent(cells: ir.Table, spend: ir.Table, key: str) -> ir.Table:
    """Return what was spent by key, shared by weeks on deal where several keys had a part."""
    parts = cells.group_by("promotion_id", spent_key=cells[key]).aggregate(part=cells.weeks.sum())
    laid = parts.inner_join(
        spend.select("promotion_id", "trade_spend", "all_weeks"), "promotion_id"
    )
    whole = laid.all_weeks.nullif(0.0)
    return laid.group_by("spent_key").aggregate(
        trade_spend=(laid.trade_spend * laid.part / whole).sum()
    )


def _beyond(cells: ir.Table, key: str, names: tuple[str, ...]) -> ir.Table:
    """Add up cells by key, with the variance that the departures of accounts × products leave."""
    columns = (*_columns(names), "weeks", "left_out")
    by_unit = cells.group_by(*UNIT, key=cells[key]).aggregate(
        **{name: cells[name].sum() for name in columns}, unsure=cells.unsure.max()
    )
    sums = {name: by_unit[name].sum() for name in columns if name not in ("by_unit", "by_units")}
    found = by_unit.group_by("key").aggregate(
        **sums,
        beyond=(by_unit.by_unit**2 * by_unit.unsure).sum(),
        beyond_units=(by_unit.by_units**2 * by_unit.unsure).sum(),
    )
    return found.filter(found.weeks > 0)


def _line(found: Lift, row: Mapping[str, Any]) -> PromotionEarned:
    parts = {name: float(row[name] or 0.0) for name in (*_UNITS, *_MONEY)}
    spent = float(row["trade_spend"] or 0.0)
    total = sum(parts[name] for name in _MONEY) - spent
    gradient = {name: float(row[f"d_{name}"] or 0.0) for name in found.effects}
    return PromotionEarned(
        key=row["key"],
        weeks=round(row["weeks"]),
        **parts,
        trade_spend=spent,
        earned=found.within.combined(total, gradient, float(row["beyond"] or 0.0)),
        weeks_left_out=round(row["left_out"] or 0.0),
    )
