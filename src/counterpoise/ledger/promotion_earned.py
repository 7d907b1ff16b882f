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

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from counterpoise.books.cycles import no_look_for_cycles
from counterpoise.books.facts import View
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.lift import Lift
from counterpoise.ledger.promotion_cover import covered, offers_seen
from counterpoise.ledger.promotion_split import MONEY as _MONEY
from counterpoise.ledger.promotion_split import in_money
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, UNIT, Panel
from counterpoise.ledger.within import Refused

_CELL = (*UNIT, "week")
_NUMBER = "promotion_no"
"""What stands for a promotion until it is told: names take several times as long."""
_KEYS = (_NUMBER, *UNIT)
_UNITS = ("units", "gained", "dipped", "taken")
_BY_UNIT = ("by_unit", "by_units")
"""Derivatives by the departure of an account × product: of money, and of units."""
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
        view: The books as of a day.
        panel: Their weeks.
        parts: What promotions are handed by account and product, by their numbers: a row for its
            weeks on deal and one for the weeks after.
        spend: Grain: promotion, by id and number. Its `trade_spend`, and days, campaign and
            account. Kept.
        found: What promotions do to volume.
    """

    view: View
    panel: Panel
    parts: ir.Table
    spend: ir.Table
    found: Lift

    @property
    def cells(self) -> ir.Table:
        """Return what promotions are handed. Grain: promotion × account × product."""
        rows = self.parts
        names = (*_columns(self.found.effects), "weeks", "left_out", "spent")
        sums = {name: rows[name].sum() for name in names}
        cells = rows.group_by(*_KEYS).aggregate(**sums, unsure=rows.unsure.max())
        return self.panel.named(cells.inner_join(self._ids, _NUMBER).drop(_NUMBER))

    def earned(self, only: ir.Table | None = None) -> tuple[PromotionEarned, ...]:
        """Return what each promotion brought, by its id.

        Args:
            only: Promotions, by `promotion_id`; by default all with a week on deal.
        """
        sums = self._summed(only, _NUMBER).rename({_NUMBER: "key"})
        named = sums.inner_join(self._ids, _NUMBER)
        return self._told(named.rename(key="promotion_id"))

    def earned_by_account(self, only: ir.Table | None = None) -> tuple[PromotionEarned, ...]:
        """Return what promotions brought at each account.

        What was spent on a promotion to several accounts is shared by their weeks on deal.
        """
        sums = self._summed(only, "account_no")
        named = sums.rename(account_no="key").inner_join(self.panel.accounts, "account_no")
        return self._told(named.rename(key="account_id"))

    def whole(self, only: ir.Table) -> tuple[Estimate, Estimate]:
        """Return what some promotions brought together: units, and margin after trade spend."""
        found = self.view.books.run(self._summed(only, None))
        (row,) = found.to_pylist()
        gradient = {name: float(row[f"u_{name}"] or 0.0) for name in self.found.effects}
        units = sum(float(row[name] or 0.0) for name in ("gained", "dipped", "taken"))
        beyond = float(row["beyond_units"] or 0.0)
        margin = _lines(self.found, found)[0].earned
        return self.found.within.combined(units, gradient, beyond), margin

    def _summed(self, only: ir.Table | None, by: str | None) -> ir.Table:
        """Add up parts and trade spend by a column, `key`; all together without one."""
        rows = self.parts
        if only is not None:
            rows = rows.semi_join(self._ids.semi_join(only, "promotion_id"), _NUMBER)
        rows = rows.mutate(key=rows[by] if by else ibis.literal("all"))
        spent = _spent(rows, self.spend)
        sums = _sums(rows, self.found.effects, is_by_promotion=by == _NUMBER)
        return sums.left_join(spent, sums.key == spent.spent_key).drop("spent_key")

    @property
    def _ids(self) -> ir.Table:
        return self.spend.select("promotion_id", _NUMBER)

    def _told(self, sums: ir.Table) -> tuple[PromotionEarned, ...]:
        rows = self.view.books.run(sums.order_by("key"))
        with no_look_for_cycles():
            return _lines(self.found, rows)


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
    if not view.books.run(_costed(panel).count()).as_py():
        return Refused(
            "No good has its unit cost on record, so nobody knows what a promotion earned. Record "
            "`unit_cost` of products."
        )
    units = panel.named(found.answers.units.select(*UNIT))
    offers = offers_seen(view)
    number = ibis.row_number().over(order_by=["promotion_id"]).cast("int32")
    offers = view.books.keep(offers.mutate(**{_NUMBER: number}), "promotion_numbers")
    weeks = panel.calendar.weeks.select(week="on")
    cover = covered(view.books, offers, units, weeks, (_NUMBER, *_CELL))
    parts = _Parts(panel, found, cover)
    on_deal = view.books.keep(parts.on_deal(), "promotion_deals")
    after = view.books.keep(parts.after(), "promotion_after")
    both = ibis.union(*(_filled(each, found.effects) for each in (on_deal, after)))
    spend = view.books.keep(_offers(offers, both), "promotion_spend")
    return PromotionBook(view, panel, both, spend, found)


def _costed(panel: Panel) -> ir.Table:
    """Return a cell whose cost is known, if there is one."""
    goods = panel.goods.filter(panel.goods.unit_cost.notnull())
    priced = panel.cells.filter(panel.cells.net_price.notnull())
    return priced.semi_join(goods, "product_no").limit(1)


@dataclass(frozen=True)
class _Parts:
    """The cells that promotions cover, and what of them is handed to each promotion.

    Attributes:
        panel: Its cells.
        found: What promotions do to volume.
        cover: Which cells each promotion covers.
    """

    panel: Panel
    found: Lift
    cover: ir.Table

    @property
    def names(self) -> tuple[str, ...]:
        """Return the slopes of what promotions do."""
        return self.found.effects

    def _cells(self, is_meant: ir.BooleanValue) -> ir.Table:
        """Return some of the cells that promotions moved, split."""
        return self.found.split.cells(self.panel, self.panel.moved.filter(is_meant))

    def on_deal(self) -> ir.Table:
        """Hand weeks on deal to their promotions, with what they took from their neighbours."""
        deals = self._cells(self.panel.moved.on_deal).inner_join(self.cover, _CELL)
        family = self._by_family()
        rows = deals.left_join(
            family,
            [
                deals.account_no == family.near_account,
                deals.family_no == family.near_family,
                deals.week == family.near_week,
            ],
        )
        own = tuple(name for name in self.names if name not in (*AFTER, *NEIGHBOURS))
        others = (rows.promoted - 1.0).nullif(0.0)
        theirs = {
            name: rows[f"plain_{name}"] / rows.promoted
            + ibis.coalesce((rows[f"deal_{name}"] - _none(value)) / others, 0.0)
            for name, value in self._lost(rows).items()
        }
        money = in_money(rows)
        values = {
            "units": rows.sold,
            "gained": rows.sold - rows.left_own,
            "more_sold": money["more_sold"],
            "price_given": money["price_given"],
            "by_unit": rows.left_own * rows.told * rows.at_base,
            "by_units": rows.left_own * rows.told,
            **{f"u_{name}": rows.left_own * rows[name] for name in own},
            **{f"d_{name}": rows.left_own * rows[name] * rows.at_base for name in own},
            **theirs,
        }
        return self._handed(
            rows,
            values,
            spent=(rows.trade_spend.cast("float64") * rows.share).sum(),
            weeks=rows.count(),
            left_out=rows.at_net.isnull().sum(),
        )

    def after(self) -> ir.Table:
        """Hand the weeks after to the promotion that they follow."""
        first, second = (self.panel.moved[name] == 1 for name in AFTER)
        cells = self._cells(first | second)
        back = ibis.ifelse(cells[AFTER[0]] == 1, 7, 14)
        moved = cells.mutate(week=(cells.week - back.as_interval("D")).cast("date"))
        rows = moved.inner_join(self.cover, _CELL)
        known = tuple(name for name in AFTER if name in self.names)
        values = {
            "dipped": rows.left_own - rows.left_after,
            "after": in_money(rows)["after"],
            **{f"u_{name}": rows.left_after * rows[name] for name in known},
            **{f"d_{name}": rows.left_after * rows[name] * rows.at_base for name in known},
        }
        return self._handed(rows, values)

    def _handed(
        self, rows: ir.Table, values: dict[str, ir.FloatingValue], **sums: ir.Value
    ) -> ir.Table:
        """Add up what promotions are handed, each by its share of a week."""
        sums |= {name: (_none(value) * rows.share).sum() for name, value in values.items()}
        return rows.group_by(*_KEYS).aggregate(**sums, unsure=rows.unsure.max())

    def _lost(self, rows: ir.Table) -> dict[str, ir.FloatingValue]:
        """Return what cells lost to their neighbours."""
        found = {
            "taken": rows.left_after - rows.left_near,
            "neighbours": in_money(rows)["neighbours"],
        }
        if NEIGHBOURS[0] in self.names:
            moved = rows.left_near * rows[NEIGHBOURS[0]]
            found |= {f"u_{NEIGHBOURS[0]}": moved, f"d_{NEIGHBOURS[0]}": moved * rows.at_base}
        return found

    def _by_family(self) -> ir.Table:
        """Return what the goods of a family lost to neighbours in a week, those on deal apart."""
        own = self.panel.moved
        families = self._cells(own.on_deal | (own[NEIGHBOURS[0]] > 0))
        families = families.filter(families.family_no.notnull())
        sums: dict[str, ir.Value] = {}
        for name, value in self._lost(families).items():
            lost = _none(value)
            sums[f"plain_{name}"] = ibis.ifelse(families.on_deal, 0.0, lost).sum()
            sums[f"deal_{name}"] = ibis.ifelse(families.on_deal, lost, 0.0).sum()
        found = families.group_by(
            near_account=families.account_no,
            near_family=families.family_no,
            near_week=families.week,
        ).aggregate(promoted=families.on_deal.sum().cast("float64"), **sums)
        return found.filter(found.promoted > 0)


def _columns(names: tuple[str, ...]) -> tuple[str, ...]:
    derived = (f"{letter}_{name}" for letter in _DERIVED for name in names)
    return (*_UNITS, *_MONEY, *_BY_UNIT, *derived)


def _filled(rows: ir.Table, names: tuple[str, ...]) -> ir.Table:
    """Return parts with all columns, 0 in those that they do not have."""
    columns = (*_columns(names), "weeks", "left_out", "spent")
    values = {name: rows[name] if name in rows.columns else ibis.literal(0) for name in columns}
    numbers = {name: value.cast("float64") for name, value in values.items()}
    return rows.select(*_KEYS, **numbers, unsure=rows.unsure)


def _none(value: ir.Value) -> ir.FloatingValue:
    """Return a number, 0 where there is none."""
    found: ir.FloatingValue = ibis.coalesce(value.cast("float64"), 0.0)
    return found


def _offers(offers: ir.Table, cells: ir.Table) -> ir.Table:
    """Return what each promotion cost beside its price: its own spend, else that of its weeks."""
    weeks = cells.group_by(_NUMBER).aggregate(
        of_weeks=cells.spent.sum(), all_weeks=cells.weeks.sum()
    )
    joined = offers.inner_join(weeks, _NUMBER)
    own = joined.trade_spend.cast("float64")
    return joined.select(
        "promotion_id",
        _NUMBER,
        "campaign_id",
        "account_id",
        "starts_on",
        "ends_on",
        "all_weeks",
        trade_spend=ibis.coalesce(own, joined.of_weeks, 0.0),
    )


def _spent(rows: ir.Table, spend: ir.Table) -> ir.Table:
    """Return what was spent by key, shared by weeks on deal where several keys had a part."""
    parts = rows.group_by(_NUMBER, spent_key="key").aggregate(part=rows.weeks.sum())
    laid = parts.inner_join(spend.select(_NUMBER, "trade_spend", "all_weeks"), _NUMBER)
    whole = laid.all_weeks.nullif(0.0)
    return laid.group_by("spent_key").aggregate(
        trade_spend=(laid.trade_spend * laid.part / whole).sum()
    )


def _sums(rows: ir.Table, names: tuple[str, ...], *, is_by_promotion: bool) -> ir.Table:
    """Add up parts by key, with the variance that departures of accounts × products leave."""
    columns = (*_columns(names), "weeks", "left_out")
    sums = {name: rows[name].sum() for name in columns if name not in _BY_UNIT}
    if is_by_promotion:  # whose parts are one account × product each
        found = rows.group_by("key").aggregate(**sums, **_beyond(rows))
    else:
        by_unit = rows.group_by(*UNIT, "key").aggregate(
            **{name: rows[name].sum() for name in _BY_UNIT}, unsure=rows.unsure.max()
        )
        beyond = by_unit.group_by(beyond_key="key").aggregate(**_beyond(by_unit))
        found = rows.group_by("key").aggregate(**sums)
        found = found.inner_join(beyond, found.key == beyond.beyond_key).drop("beyond_key")
    return found.filter(found.weeks > 0)


def _beyond(by_unit: ir.Table) -> dict[str, ir.FloatingValue]:
    names = {"beyond": "by_unit", "beyond_units": "by_units"}
    return {name: (by_unit[of] ** 2 * by_unit.unsure).sum() for name, of in names.items()}


def _lines(found: Lift, rows: pa.Table) -> tuple[PromotionEarned, ...]:
    numbers = {
        name: np.nan_to_num(rows[name].to_numpy().astype(np.float64))
        for name in rows.column_names
        if name != "key"
    }
    total = np.sum([numbers[name] for name in _MONEY], axis=0) - numbers["trade_spend"]
    gradients = {name: numbers[f"d_{name}"] for name in found.effects}
    estimates = found.within.combined_each(total, gradients, numbers["beyond"])
    floats = (*_UNITS, *_MONEY, "trade_spend")
    columns = (
        rows["key"].to_pylist(),
        np.rint(numbers["weeks"]).astype(int).tolist(),
        *(numbers[name].tolist() for name in floats),
        estimates,
        np.rint(numbers["left_out"]).astype(int).tolist(),
    )
    return tuple(map(PromotionEarned, *columns))  # in the order of its fields
