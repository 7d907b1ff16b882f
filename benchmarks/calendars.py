"""How far to trust what another promotion calendar is said to do: panels whose truth is known.

Made-up panels are rehearsed under a candidate that lets one family be cut by less, one be on deal
for fewer weeks a year, and one only with longer gaps. What volume and margin would truly have been
is worked out here by another road, week by week, from the truth that made the panel.

    python -m benchmarks.calendars --panels 40
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.promotions import END, Held, summary
from benchmarks.trade_panels import (
    FAMILY,
    FIRST,
    Deals,
    Floats,
    Offers,
    Panel,
    make_panel,
    offers_of,
    sold_otherwise,
    write_books,
)
from counterpoise.agreement import Agreements, parse_agreement
from counterpoise.books import Books
from counterpoise.rehearse.calendar import CalendarRehearsal, rehearse_calendar
from counterpoise.rehearse.calendar_effect import CalendarEffect
from counterpoise.rehearse.giving_way import Way

FIRST_SEED = 40_100
"""Seeds from here on were used for nothing else."""
SHAPE = (40, 16, 104)
DEPTH, WEEKS, GAP, SPEND = 0.15, 9, 8, 50.0
"""What the candidate lets through, and what every promotion costs beside its price."""
_AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {{from: 2024-01-01, until: 2026-12-31}}
company: {{kind: consumer_goods}}
roles:
  account_manager: {{side: sales, default: true}}
  brand_manager: {{side: marketing}}
promotions: {{limits: [{rows}], otherwise: refused}}
"""
_OPEN = "{id: all, up_to: {account_manager: 50%}}"
_SHALLOW = "{id: shallow, when: {product_family: F0}, up_to: {account_manager: 15%}}"
_DEEP = "up_to: {account_manager: 50%}"
_YEAR = f"weeks_on_deal: {{per: year, at_most: {WEEKS}}}"
_RARE = f"{{id: rare, when: {{product_family: F1}}, {_DEEP}, {_YEAR}}}"
_APART = f"{{id: apart, when: {{product_family: F2}}, {_DEEP}, gap_weeks: {GAP}}}"
_ROWS = (_SHALLOW, _RARE, _APART, _OPEN)


@dataclass(frozen=True)
class Mended:
    """What truly becomes of the promotions of a panel under the candidate.

    Attributes:
        deals: The weeks on deal as they would be.
        ways: How many promotions go each way.
        freed: Trade spend that this frees.
    """

    deals: Deals
    ways: dict[Way, int]
    freed: float


def mended(panel: Panel, offers: Offers) -> Mended:
    """Let promotions give way to the candidate, one after the other, as its clauses say."""
    was = Deals.of(panel)
    now = Deals(was.on.copy(), was.cut.copy(), was.featured.copy(), was.displayed.copy())
    ways, freed = dict.fromkeys(Way, 0), 0.0
    by_goods: dict[tuple[int, int], list[int]] = {}
    for at, place in enumerate(zip(offers.account, offers.product, strict=True)):
        by_goods.setdefault((int(place[0]), int(place[1])), []).append(at)
    for place, own in by_goods.items():
        for nth, at in enumerate(own):
            weeks = offers.first[at], offers.last[at]
            length, family = int(weeks[1] - weeks[0] + 1), place[1] // FAMILY
            if family == 0 and offers.rate[at] > DEPTH:
                now.cut[place][weeks[0] : weeks[1] + 1] = DEPTH
                ways[Way.CUT] += 1
                freed += SPEND * (1 - DEPTH / offers.rate[at])
            elif family == 1 and (left := _left(offers, own[: nth + 1])) < length:
                _clear(now, place, (int(weeks[0]) + left, int(weeks[1])))
                ways[Way.SHORTENED if left else Way.NOT_RUN] += 1
                freed += SPEND * (1 - left / length)
            elif family == 2 and (later := _too_soon(offers, own, nth)) > 0:
                _clear(now, place, (int(weeks[0]), int(weeks[1])))
                if _fits(offers, own, nth, later, panel.units.shape[2]):
                    _put(now, was, place, (int(weeks[0]), length, later))
                    ways[Way.MOVED] += 1
                else:
                    ways[Way.NOT_RUN] += 1
                    freed += SPEND
    return Mended(now, {way: count for way, count in ways.items() if count}, freed)


def _left(offers: Offers, own: list[int]) -> int:
    """Return the whole weeks that the last of some promotions may run in its year."""
    first = FIRST + dt.timedelta(weeks=int(offers.first[own[-1]]))
    days = [0, 0]
    for at in own:
        for day in range(int(offers.first[at]) * 7, int(offers.last[at]) * 7 + 7):
            days[at == own[-1]] += (FIRST + dt.timedelta(days=day)).year == first.year
    if sum(days) <= WEEKS * 7:
        return int(offers.last[own[-1]] - offers.first[own[-1]] + 1)
    return max(0, WEEKS * 7 - days[0]) // 7


def _too_soon(offers: Offers, own: list[int], nth: int) -> int:
    if nth == 0:
        return 0
    return GAP - int(offers.first[own[nth]] - offers.last[own[nth - 1]] - 1)


def _fits(offers: Offers, own: list[int], nth: int, later: int, weeks: int) -> bool:
    last = int(offers.last[own[nth]]) + later
    if nth + 1 == len(own):
        return last < weeks
    return last < weeks and int(offers.first[own[nth + 1]]) - last - 1 >= GAP


def _clear(now: Deals, place: tuple[int, int], weeks: tuple[int, int]) -> None:
    for each in (now.on, now.cut, now.featured, now.displayed):
        each[place][weeks[0] : weeks[1] + 1] = 0


def _put(now: Deals, was: Deals, place: tuple[int, int], where: tuple[int, int, int]) -> None:
    first, length, later = where
    pairs = ((now.on, was.on), (now.cut, was.cut), (now.featured, was.featured))
    for to, of in (*pairs, (now.displayed, was.displayed)):
        to[place][first + later : first + later + length] = of[place][first : first + length]


def truth_of(panel: Panel, found: Mended) -> tuple[float, float]:
    """Return by how much units, and margin after trade spend, would truly be other."""
    units = sold_otherwise(panel, found.deals)
    cost: Floats = panel.unit_cost[:, None]
    net = np.where(found.deals.on, panel.base * (1 - found.deals.cut), panel.base)
    margin = units * (net - cost) - panel.units * (panel.net - cost)
    return float((units - panel.units).sum()), float(margin.sum()) + found.freed


def rehearsed(books: Books) -> CalendarRehearsal:
    """Rehearse the candidate on the books of a panel."""
    open_, candidate = (
        parse_agreement(_AGREEMENT.format(rows=", ".join(rows))) for rows in ((_OPEN,), _ROWS)
    )
    return rehearse_calendar(books, Agreements.single(open_), candidate, END)


def hold(seed: int, shape: tuple[int, int, int] = SHAPE) -> list[Held]:
    """Rehearse one panel and hold what is said against its truth."""
    panel = make_panel(seed, shape)
    offers = offers_of(panel)
    found, spend = mended(panel, offers), np.full(len(offers.ids), SPEND)
    with (
        tempfile.TemporaryDirectory(prefix="calendars-") as folder,
        Books.open(write_books(panel, Path(folder) / "space", offers, spend)) as books,
    ):
        told = rehearsed(books)
    if told.replay.ways != found.ways or abs(told.replay.freed - found.freed) > 0.01:
        raise AssertionError((seed, told.replay.ways, found.ways, told.replay.freed, found.freed))
    assert isinstance(told.effect, CalendarEffect), told.effect
    units, margin = truth_of(panel, found)
    return [Held("units", units, told.effect.units), Held("margin", margin, told.effect.margin)]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--panels", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    asked = parser.parse_args()
    held: list[Held] = []
    for seed in range(asked.first_seed, asked.first_seed + asked.panels):
        held += hold(seed)
        print(f"\r{seed}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(summary(held))


if __name__ == "__main__":
    main()
