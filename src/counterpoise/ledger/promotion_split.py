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
_UNITS = ("gained", "dipped", "taken")
_WHOLE = ("sold", "given", "costed", "left_out")
_BY_UNIT = ("by_unit_own", "by_unit_after", "by_unit_near", "by_unit_money")


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

    def cells(self, panel: Panel, only: ir.Table) -> ir.Table:
        """Return some of the panel's cells, split (see `split_weeks`, `with_money`)."""
        slopes = self.within.by_name
        goods = panel.goods.select("product_no", "family_no", "unit_cost")
        cells = self.answers.beside(only)
        cells = cells.inner_join(goods, "product_no")
        return with_money(split_weeks(cells, parts_of(panel, slopes), slopes))

    def sums(self, books: Books, panel: Panel, by: str | None) -> ir.Table:
        """Return the sums by `account_id`, `product_id`, `product_family` or `week`, or of all.

        Columns: `key`; units `sold`, `gained`, `dipped` and `taken`, the derivatives of what is
        left after each part by each slope, `d_*_*`, and the variance that departures leave, `v_*`;
        the parts in money, the derivatives of their sum, `m_*`, and its variance `beyond`;
        `costed` and `left_out`.
        """
        if by == "week":
            return self._once(books, "split_weeks", lambda: self._by_week(panel))
        units = self._once(books, "split_units", lambda: self._by_unit(panel))
        named = panel.named(units) if by else units
        keys = {"key": named[by]} if by else {"key": ibis.null("string")}
        sums = {name: named[name].sum() for name in (*_WHOLE, *self._names(panel))}
        return named.group_by(**keys).aggregate(**sums, **_variances(named))

    def _once(self, books: Books, name: str, make: Callable[[], ir.Table]) -> ir.Table:
        if name not in self._kept:
            self._kept[name] = books.keep(make(), name)
        return self._kept[name]

    def _names(self, panel: Panel) -> tuple[str, ...]:
        parts = parts_of(panel, self.within.by_name)
        effects = tuple(name for names in parts.values() for name in names)
        derived = (f"d_{part}_{name}" for part, names in _so_far(parts).items() for name in names)
        return (*_UNITS, *derived, *MONEY, *(f"m_{name}" for name in effects))

    def _by_unit(self, panel: Panel) -> ir.Table:
        whole = self._whole(panel)
        every = whole.group_by(*UNIT).aggregate(**{name: whole[name].sum() for name in _WHOLE})
        cells = self._moved(panel)
        moved = cells.group_by(*UNIT).aggregate(
            **{name: cells[name].sum() for name in (*self._names(panel), *_BY_UNIT)},
            unsure=cells.unsure.max(),
        )
        return _joined(every, moved, UNIT, (*self._names(panel), *_BY_UNIT, "unsure"))

    def _by_week(self, panel: Panel) -> ir.Table:
        whole = self._whole(panel)
        every = whole.group_by("week").aggregate(**{name: whole[name].sum() for name in _WHOLE})
        cells = self._moved(panel)
        sums = {name: cells[name].sum() for name in self._names(panel)}
        moved = cells.group_by("week").aggregate(**sums, **_variances(cells))
        names = (*self._names(panel), *_variances(cells))
        return _joined(every, moved, ("week",), names).rename(key="week")

    def _whole(self, panel: Panel) -> ir.Table:
        """Return what all cells add to, those that no promotion moved among them.

        `given` is what was cut off, where it is known how they were promoted; the rest tells
        nothing of what promotions did, and its volume is base.
        """
        goods = panel.goods.select("product_no", "unit_cost")
        cells = panel.cells.inner_join(goods, "product_no")
        net = cells.net_price.cast("float64")
        cut = ibis.coalesce(cells.base_price.cast("float64"), net) - net
        has_cost = cells.net_price.notnull() & cells.unit_cost.notnull()
        sold = cells.units.cast("float64")
        is_told = has_cost
        for name in panel.own:
            is_told = is_told & cells[name].notnull()
        return cells.select(
            *UNIT,
            "week",
            sold=sold,
            given=ibis.ifelse(is_told, sold * cut, 0.0),
            costed=ibis.ifelse(has_cost, 1, 0),
            left_out=ibis.ifelse(has_cost, 0, 1),
        )

    def _moved(self, panel: Panel) -> ir.Table:
        """Return what cells that a promotion moved add to, derivatives among it."""
        parts = parts_of(panel, self.within.by_name)
        cells = self.cells(panel, panel.moved)
        left = {part: cells[f"left_{part}"] for part in parts}
        last = cells.left_near * cells.at_base
        values: dict[str, ir.Value] = {
            f"by_unit_{part}": -(left[part] * cells.told) for part in left
        }
        for part, names in _so_far(parts).items():
            values |= {f"d_{part}_{name}": -(left[part] * cells[name]) for name in names}
            values |= {f"m_{name}": last * cells[name] for name in names}
        return cells.select(
            *UNIT,
            "week",
            "unsure",
            gained=cells.sold - cells.left_own,
            dipped=cells.left_own - cells.left_after,
            taken=cells.left_after - cells.left_near,
            by_unit_money=last * cells.told,
            **in_money(cells) | {"price_given": (cells.sold - cells.left_own) * cells.cut},
            **values,
        )


def _so_far(parts: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the slopes of each part and of those before it."""
    found: dict[str, tuple[str, ...]] = {}
    names: tuple[str, ...] = ()
    for part, own in parts.items():
        names = (*names, *own)
        found[part] = names
    return found


def _joined(
    every: ir.Table, moved: ir.Table, keys: tuple[str, ...], names: tuple[str, ...]
) -> ir.Table:
    """Lay sums of the cells that were moved beside those of all; 0 where none was."""
    laid = every.left_join(moved, keys)
    sums = {name: ibis.coalesce(laid[name], 0.0) for name in names}
    return laid.select(*keys, *_WHOLE, **sums)


def _variances(rows: ir.Table) -> dict[str, ir.FloatingValue]:
    """Add up rows, each of one account × product, to the variance that departures leave."""
    sums: dict[str, ir.FloatingValue] = {}
    before: ir.FloatingValue = ibis.literal(0.0)
    for part in PARTS:
        now = rows[f"by_unit_{part}"]
        sums[f"v_{part}"] = ((before - now) ** 2 * rows.unsure).sum()
        sums["v_net"] = (now**2 * rows.unsure).sum()
        before = now
    return {**sums, "beyond": (rows.by_unit_money**2 * rows.unsure).sum()}
