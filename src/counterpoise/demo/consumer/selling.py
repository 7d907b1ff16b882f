"""What was sold week by week, and what each promotion truly brought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.demo.arrays import Flags, Floats, Ints
from counterpoise.demo.consumer.calendar import DISPLAY, FEATURE, Calendar
from counterpoise.demo.consumer.market import BRANDS, GOODS, Market


@dataclass(frozen=True)
class Weeks:
    """Weeks as sold, accounts × products × weeks; `left` are units without each part in turn."""

    units: Ints
    net: Ints
    featured: Flags
    displayed: Flags
    on: Flags
    left: tuple[Floats, Floats, Floats]


def sell(market: Market, calendar: Calendar) -> Weeks:
    """Sell the weeks under a calendar."""
    shape, truth = market.recipe.shape, market.recipe.truth
    kept, featured, displayed = np.ones(shape), np.zeros(shape, bool), np.zeros(shape, bool)
    for at in range(calendar.size):
        weeks = slice(int(calendar.first[at]), int(calendar.last[at]) + 1)
        cell = (int(calendar.account[at]), int(calendar.product[at]), weeks)
        kept[cell] *= 1 - calendar.depth[at] / 1_000_000
        if calendar.happens[at]:
            featured[cell] |= bool(calendar.kind[at] == FEATURE)
            displayed[cell] |= bool(calendar.kind[at] == DISPLAY)
    net = np.round(market.base * kept).astype(np.int64)
    on = (net < market.base) | featured | displayed
    own = truth.depth * np.log(market.base / net)
    own = own + truth.featured * featured + truth.displayed * displayed
    own = own * market.answers[..., None]
    after, near = _after(on, truth.after), truth.neighbours * _neighbours(on)
    units = np.round(np.exp(market.plain + own + after + near)).astype(np.int64)
    left_own: Floats = units.astype(np.float64) * np.exp(-own)
    left_after: Floats = left_own * np.exp(-after)
    left_near: Floats = left_after * np.exp(-near)
    return Weeks(units, net, featured, displayed, on, (left_own, left_after, left_near))


def earned(market: Market, calendar: Calendar, weeks: Weeks) -> Floats:
    """Return what each promotion truly earned, in cents, after its trade spend.

    A week that several cover is theirs in equal parts; what neighbours lost belongs in equal parts
    to the goods of the brand on deal that week.
    """
    cost = market.unit_cost[:, None]
    margin = market.base - cost
    left_own, left_after, left_near = weeks.left
    own = weeks.units * (weeks.net - cost) - left_own * margin
    own += _taken((left_after - left_near) * margin, weeks.on)
    dip = (left_own - left_after) * margin
    covers = np.zeros(weeks.on.shape)
    for at in range(calendar.size):
        covers[_cell(calendar, at)] += 1
    found = -calendar.spend.astype(np.float64)
    for at in range(calendar.size):
        cell = _cell(calendar, at)
        found[at] += (own[cell] / covers[cell]).sum()
        found[at] += _dip_after(calendar, at, dip, (weeks.on, covers))
    return found


def _cell(calendar: Calendar, at: int) -> tuple[int, int, slice]:
    weeks = slice(int(calendar.first[at]), int(calendar.last[at]) + 1)
    return int(calendar.account[at]), int(calendar.product[at]), weeks


def _dip_after(calendar: Calendar, at: int, dip: Floats, laid: tuple[Flags, Floats]) -> float:
    """Return what the two weeks after a promotion lost, shared with those that end with it."""
    on, covers = laid
    account, product, last = (
        int(calendar.account[at]),
        int(calendar.product[at]),
        int(calendar.last[at]),
    )
    lost = 0.0
    for week in range(last + 1, min(last + 3, on.shape[2])):
        if on[account, product, week]:
            break
        lost += float(dip[account, product, week] / covers[account, product, last])
    return lost


def _after(on: Flags, answers: tuple[float, float]) -> Floats:
    first, second = np.zeros(on.shape, dtype=bool), np.zeros(on.shape, dtype=bool)
    first[..., 1:] = on[..., :-1] & ~on[..., 1:]
    second[..., 2:] = on[..., :-2] & ~on[..., 2:] & ~first[..., 2:]
    found: Floats = answers[0] * first + answers[1] * second
    return found


def _by_brand(values: Floats | Flags) -> Floats | Flags:
    return values.reshape(values.shape[0], len(BRANDS), GOODS, values.shape[2])


def _neighbours(on: Flags) -> Floats:
    goods = _by_brand(on)
    others = goods.sum(axis=2, keepdims=True) - goods
    share: Floats = (others / (GOODS - 1)).reshape(on.shape)
    return share


def _taken(lost: Floats, on: Flags) -> Floats:
    """Return what each good on deal took from the others of its brand."""
    goods, deals = _by_brand(lost), _by_brand(on)
    others = deals.sum(axis=2, keepdims=True) - deals
    each = goods / np.maximum(others, 1)
    taken: Floats = (each.sum(axis=2, keepdims=True) - each).reshape(on.shape) * on
    return taken
