"""Weeks split into what promotions did and what would have been sold, in units and in money.

With the slopes of `lift` a week's units u are taken apart: without its own promotion it would have
sold u·e^(−own), without the promotion before it and without those of its neighbours less or more
again. A unit of it earned net − cost, or base − cost without the price cut. What groups of weeks
come to is added up once an account × product and once a week, for volume and money alike; every
grouping follows from one of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.ledger.answers import Answers
from counterpoise.ledger.moments import linear
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, UNIT, Panel
from counterpoise.ledger.within import Fit

PARTS = {"own": "gained", "after": "dipped", "near": "taken"}
"""What promotions do, in the order in which it is taken away, and what it is called."""
MONEY = ("more_sold", "price_given", "after", "neighbours")


def parts_of(panel: Panel, slopes: Mapping[str, float]) -> dict[str, tuple[str, ...]]:
    """Return the slopes that make up each part of what promotions do."""
    groups = {"own": panel.own, "after": AFTER, "near": NEIGHBOURS}
    return {part: tuple(name for name in names if name in slopes) for part, names in groups.items()}


def split_weeks(
    weeks: ir.Table, parts: Mapping[str, tuple[str, ...]], slopes: Mapping[str, float]
) -> ir.Table:
    """Add what is left of a week's units when each part is taken away, one after the other."""
    left: ir.FloatingValue = weeks.units.cast("float64")
    added = {"sold": left}
    for part, names in parts.items():
        theta = linear(weeks, {name: slopes[name] for name in names})
        if part == "own":
            theta = theta + weeks.told * weeks.departs - weeks.told**2 * weeks.unsure / 2
        left = left * (-theta).exp()
        added[f"left_{part}"] = left
    return weeks.mutate(**added)


def with_money(weeks: ir.Table) -> ir.Table:
    """Add what a unit earned at the price paid and at base price, and what was cut off."""
    cost, net = weeks.unit_cost.cast("float64"), weeks.net_price.cast("float64")
    base = ibis.coalesce(weeks.base_price.cast("float64"), net)
    return weeks.mutate(at_net=net - cost, at_base=base - cost, cut=(base - cost) - (net - cost))


def in_money(weeks: ir.Table) -> dict[str, ir.FloatingValue]:
    """Return what the parts of weeks are in money.

    Their sum is Σ u·(net − cost) − left_near·(base − cost), so its derivative by a slope is
    Σ left_near·x·(base − cost).
    """
    return {
        "more_sold": (weeks.sold - weeks.left_own) * weeks.at_net,
        "price_given": -(weeks.left_own * weeks.cut),
        "after": (weeks.left_own - weeks.left_after) * weeks.at_base,
        "neighbours": (weeks.left_after - weeks.left_near) * weeks.at_base,
    }


@dataclass(frozen=True)
class Split:
    """The weeks of a panel, split.

    Attributes:
        within: What promotions do to volume.
        answers: How accounts × products depart from that.
    """

    within: Fit
    answers: Answers
    _kept: dict[str, ir.Table] = field(default_factory=dict, repr=False)

    def cells(self, panel: Panel) -> ir.Table:
        """Return the panel's cells, split (see `split_weeks`, `with_money`)."""
        slopes = self.within.by_name
        goods = panel.goods.select("product_no", "family_no", "unit_cost")
        cells = self.answers.cells.inner_join(goods, "product_no")
        return with_money(split_weeks(cells, parts_of(panel, slopes), slopes))

    def sums(self, books: Books, panel: Panel, by: str | None) -> ir.Table:
        """Return the sums by `account_id`, `product_id`, `product_family` or `week`, or of all.

        Columns: `key`; what is left of units after each part, `left_*`, its derivatives by each
        slope, `d_*_*`, and the variance that departures leave, `v_*`; the parts in money, the
        derivatives of their sum, `m_*`, and its variance `beyond`; `costed` and `left_out`.
        """
        if by == "week":
            return self._once(books, "split_weeks", lambda: self._by_week(panel))
        units = self._once(books, "split_units", lambda: self._by_unit(panel))
        named = panel.named(units) if by else units
        keys = {"key": named[by]} if by else {"key": ibis.null("string")}
        return named.group_by(**keys).aggregate(**_added(named))

    def _once(self, books: Books, name: str, make: Callable[[], ir.Table]) -> ir.Table:
        if name not in self._kept:
            self._kept[name] = books.keep(make(), name)
        return self._kept[name]

    def _by_unit(self, panel: Panel) -> ir.Table:
        cells = self.cells(panel)
        sums = {name: each.sum() for name, each in self._values(cells, panel).items()}
        return cells.group_by(*UNIT).aggregate(**sums, unsure=cells.unsure.max())

    def _by_week(self, panel: Panel) -> ir.Table:
        cells = self.cells(panel)
        each = cells.select("week", "unsure", **self._values(cells, panel))
        return each.group_by(key=each.week).aggregate(**_added(each))

    def _values(self, cells: ir.Table, panel: Panel) -> dict[str, ir.Value]:
        """Return what is added up of each cell, derivatives by slopes and departures among it."""
        parts = parts_of(panel, self.within.by_name)
        values: dict[str, ir.Value] = {"sold": cells.sold}
        so_far: tuple[str, ...] = ()
        for part, names in parts.items():
            so_far = (*so_far, *names)
            left = cells[f"left_{part}"]
            values |= {f"left_{part}": left, f"by_unit_{part}": -(left * cells.told)}
            values |= {f"d_{part}_{name}": -(left * cells[name]) for name in so_far}
        last = cells.left_near * cells.at_base
        has_cost = cells.at_net.notnull()
        return {
            **values,
            **in_money(cells),
            "costed": ibis.ifelse(has_cost, 1, 0),
            "left_out": ibis.ifelse(has_cost, 0, 1),
            "by_unit_money": last * cells.told,
            **{f"m_{name}": last * cells[name] for name in so_far},
        }


def _added(rows: ir.Table) -> dict[str, ir.Value]:
    """Add up rows, each of one account × product, with the variance of their departures."""
    beside = ("unsure", *UNIT, "account_id", "product_id", "product_family", "family_no")
    skipped = ("week", "unit_cost", *beside)
    sums: dict[str, ir.Value] = {
        name: rows[name].sum()
        for name in rows.columns
        if name not in skipped and not name.startswith("by_unit_")
    }
    before: ir.Value = ibis.literal(0.0)
    for part in PARTS:
        now = rows[f"by_unit_{part}"]
        sums[f"v_{part}"] = ((before - now) ** 2 * rows.unsure).sum()
        sums["v_net"] = (now**2 * rows.unsure).sum()
        before = now
    return {**sums, "beyond": (rows.by_unit_money**2 * rows.unsure).sum()}
