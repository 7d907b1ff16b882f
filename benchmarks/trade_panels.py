"""Made-up retail panels whose baseline, lift, dip and cannibalization are known.

Accounts of every size sell goods of families of four, week by week. Base prices step now and then;
each account promotes each good by its own calendar: two weeks, 10, 20 or 30 % off, some with a
feature, some with a display. Volume answers by the truth below, each account × product a little
more or less; season, a rush before the new year, trend, shocks to an account's week and to
everybody's, and noise that lingers from week to week go on top.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from counterpoise.books.manifest import Manifest, SourceFacts, TableFacts
from counterpoise.books.schema import TABLES
from counterpoise.books.workspace import Workspace

Floats = npt.NDArray[np.float64]

FIRST = dt.date(2024, 1, 1)
FAMILY = 4
COST = 0.6
"""Unit cost as a part of the first base price."""


@dataclass(frozen=True)
class Truth:
    """What moves volume, as shifts of ln(units).

    Attributes:
        depth: By ln(base / net).
        featured: In a week with a feature.
        displayed: In a week with a display.
        after: In the first and the second week after a promotion.
        neighbours: Where all other goods of the family are on deal.
        differ: How much accounts × products differ in their answer, as a part of it.
    """

    depth: float = 2.5
    featured: float = 0.25
    displayed: float = 0.35
    after: tuple[float, float] = (-0.12, -0.06)
    neighbours: float = -0.25
    differ: float = 0.2


@dataclass(frozen=True)
class Panel:
    """A panel, accounts × products × weeks, and what promotions truly did in it.

    Attributes:
        units: Sold.
        net: Price.
        base: Price before promotion.
        featured: Whether there was a feature.
        displayed: Whether there was a display.
        gained: Units more in weeks on deal.
        dipped: Units less in the weeks after.
        taken: Units less for neighbours' promotions.
        differs: By how much each account × product answers to its promotions, around 1.
    """

    units: Floats
    net: Floats
    base: Floats
    featured: npt.NDArray[np.bool_]
    displayed: npt.NDArray[np.bool_]
    gained: Floats
    dipped: Floats
    taken: Floats
    differs: Floats

    @property
    def incremental(self) -> Floats:
        """Return what promotions did in all."""
        return self.gained + self.dipped + self.taken

    @property
    def unit_cost(self) -> Floats:
        """Return what a unit of each product costs."""
        cost: Floats = np.round(COST * self.base[:, :, 0].mean(axis=0), 2)
        return cost

    @property
    def earned(self) -> Floats:
        """Return what promotions earned, account × product × week."""
        cost = self.unit_cost[:, None]
        without = (self.units - self.incremental) * (self.base - cost)
        gain: Floats = self.units * (self.net - cost) - without
        return gain


@dataclass(frozen=True)
class Offers:
    """The promotions of a panel by position, and what each truly earned before trade spend."""

    account: npt.NDArray[np.int64]
    product: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    rate: Floats
    earned: Floats

    @property
    def ids(self) -> list[str]:
        """Return their ids."""
        return [f"M{at:06d}" for at in range(len(self.account))]


def offers_of(panel: Panel) -> Offers:
    """Return the promotions of a panel: every run of weeks on deal of a product at an account.

    What neighbours lost is shared by the goods of the family that were on deal.
    """
    on = panel.net < panel.base
    starts = on & ~np.concatenate([np.zeros_like(on[..., :1]), on[..., :-1]], axis=2)
    number = np.cumsum(starts.ravel()).reshape(on.shape) - 1
    account, product, first = np.nonzero(starts)
    earned = np.zeros(len(account))
    margin, cost = panel.base - panel.unit_cost[:, None], panel.unit_cost[:, None]
    plain = panel.units - panel.gained
    own = panel.units * (panel.net - cost) - plain * margin
    np.add.at(earned, number[on], own[on])
    for at in (1, 2):
        follows = (panel.dipped != 0)[..., at:] & on[..., :-at]
        follows &= (number[..., at:] == number[..., :-at]) & ~on[..., at:]
        follows &= ~on[..., 1:-1] if at == 2 else True
        lost = (panel.dipped * margin)[..., at:]
        np.add.at(earned, number[..., :-at][follows], lost[follows])
    np.add.at(earned, number[on], _near_of(panel.taken * margin, on)[on])
    last = first + np.bincount(number[on], minlength=len(first)) - 1
    rate = np.round(1 - panel.net[starts] / panel.base[starts], 1)
    return Offers(account, product, first, last, rate, earned)


def _near_of(lost: Floats, on: npt.NDArray[np.bool_]) -> Floats:
    """Return what each good on deal took from the others of its family."""
    accounts, products, weeks = on.shape
    shape = (accounts, products // FAMILY, FAMILY, weeks)
    by_family, deals = lost.reshape(shape), on.reshape(shape)
    others = deals.sum(axis=2, keepdims=True) - deals
    each = by_family / np.maximum(others, 1)
    taken: Floats = (each.sum(axis=2, keepdims=True) - each).reshape(on.shape)
    return taken


def make_panel(
    seed: int, shape: tuple[int, int, int] = (100, 20, 104), truth: Truth | None = None
) -> Panel:
    """Make a panel of accounts × products × weeks."""
    rng = np.random.default_rng(seed)
    truth = truth or Truth()
    on, cut = _calendar(rng, shape)
    base = _base_prices(rng, shape)
    featured = on & (rng.random(shape) < 0.5)
    displayed = on & (rng.random(shape) < 0.4)
    net = np.round(base * (1 - cut), 2)
    differs = 1 + truth.differ * rng.standard_normal((*shape[:2], 1))
    own = truth.depth * np.log(base / net) * on
    own = differs * (own + truth.featured * featured + truth.displayed * displayed)
    after = _after(on, truth)
    near = truth.neighbours * _neighbours(on)
    plain = np.exp(_plain(rng, shape, base))
    sold = np.round(plain * np.exp(own + after + near))
    left_own = sold * np.exp(-own)
    left_after = left_own * np.exp(-after)
    return Panel(
        units=sold,
        net=net,
        base=base,
        featured=featured,
        displayed=displayed,
        gained=sold - left_own,
        dipped=left_own - left_after,
        taken=left_after - left_after * np.exp(-near),
        differs=differs,
    )


@dataclass(frozen=True)
class Deals:
    """Which weeks of a panel are on deal, and how."""

    on: npt.NDArray[np.bool_]
    cut: Floats
    featured: npt.NDArray[np.bool_]
    displayed: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, panel: Panel) -> Deals:
        """Return those of a panel."""
        on = panel.net < panel.base
        return cls(on, 1 - panel.net / panel.base, panel.featured, panel.displayed)

    def did(self, truth: Truth, differs: Floats) -> Floats:
        """Return what they did to ln(units)."""
        own = -truth.depth * np.log(1 - self.cut) * self.on
        own = own + truth.featured * self.featured + truth.displayed * self.displayed
        near = truth.neighbours * _neighbours(self.on)
        found: Floats = differs * own + _after(self.on, truth) + near
        return found


def sold_otherwise(panel: Panel, deals: Deals, truth: Truth | None = None) -> Floats:
    """Return what a panel would have sold with other weeks on deal."""
    truth = truth or Truth()
    did = Deals.of(panel).did(truth, panel.differs)
    units: Floats = panel.units * np.exp(deals.did(truth, panel.differs) - did)
    return units


def _calendar(
    rng: np.random.Generator, shape: tuple[int, int, int]
) -> tuple[npt.NDArray[np.bool_], Floats]:
    on, cut = np.zeros(shape, dtype=bool), np.zeros(shape)
    for account in range(shape[0]):
        for product in range(shape[1]):
            at = int(rng.integers(0, 10))
            while at < shape[2]:
                on[account, product, at : at + 2] = True
                cut[account, product, at : at + 2] = rng.choice([0.1, 0.2, 0.3])
                at += int(rng.integers(7, 16))
    return on, cut


def _base_prices(rng: np.random.Generator, shape: tuple[int, int, int]) -> Floats:
    start = rng.uniform(2, 8, size=(1, shape[1], 1)) * rng.normal(1, 0.05, (shape[0], 1, 1))
    steps = rng.normal(0.02, 0.03, shape) * (rng.random(shape) < 1 / 40)
    prices: Floats = np.round(start * np.exp(np.cumsum(steps, axis=2)), 2)
    return prices


def _after(on: npt.NDArray[np.bool_], truth: Truth) -> Floats:
    first, second = np.zeros(on.shape, dtype=bool), np.zeros(on.shape, dtype=bool)
    first[..., 1:] = on[..., :-1] & ~on[..., 1:]
    second[..., 2:] = on[..., :-2] & ~on[..., 2:] & ~first[..., 2:]
    return truth.after[0] * first + truth.after[1] * second


def _neighbours(on: npt.NDArray[np.bool_]) -> Floats:
    accounts, products, weeks = on.shape
    by_family = on.reshape(accounts, products // FAMILY, FAMILY, weeks)
    others = by_family.sum(axis=2, keepdims=True) - by_family
    share: Floats = (others / (FAMILY - 1)).reshape(on.shape)
    return share


def _plain(rng: np.random.Generator, shape: tuple[int, int, int], base: Floats) -> Floats:
    """Return ln(units) without promotion."""
    accounts, products, weeks = shape
    at = np.arange(weeks) * 7 / 365.25
    season = 0.2 * np.sin(2 * np.pi * at) + 0.15 * (np.arange(weeks) % 52 >= 50)
    level = 5 + rng.normal(0, 1, (accounts, 1, 1)) + rng.normal(0, 0.5, (accounts, products, 1))
    shock = rng.normal(0, 0.05, weeks) + rng.normal(0, 0.1, (accounts, 1, weeks))
    noise = rng.normal(0, 0.25, shape)
    for week in range(1, weeks):
        noise[..., week] = 0.3 * noise[..., week - 1] + np.sqrt(1 - 0.09) * noise[..., week]
    dearer = -1.5 * np.log(base / base.mean(axis=2, keepdims=True))
    plain: Floats = level + season + 0.03 * at + shock + dearer + noise
    return plain


def write_books(
    panel: Panel, root: Path, offers: Offers | None = None, spend: Floats | None = None
) -> Workspace:
    """Write a panel as the snapshot in use of a new workspace, with its promotions if given."""
    workspace = Workspace.create(root)
    folder = workspace.books_dir / "snapshots" / "made"
    folder.mkdir(parents=True)
    tables = {"products": _products(panel), "sell_through": _weeks(panel)}
    if offers is not None:
        tables["promotions"] = _promotions(offers, spend)
    for name, columns in tables.items():
        pq.write_table(_typed(name, columns), folder / f"{name}.parquet")
    facts = {name: _facts(columns) for name, columns in tables.items()}
    source = SourceFacts("made", "canonical", "made")
    Manifest("made", source, "USD", "UTC", facts).write(folder)
    (workspace.books_dir / "current").write_text("made\n")
    return workspace


def _products(panel: Panel) -> Mapping[str, pa.Array]:
    at = np.arange(panel.units.shape[1])
    return {
        "product_id": pa.array([f"P{each:02d}" for each in at]),
        "name": pa.array([f"Good {each}" for each in at]),
        "family": pa.array([f"F{each // FAMILY}" for each in at]),
        "unit_cost": pa.array(panel.unit_cost),
    }


def _weeks(panel: Panel) -> Mapping[str, pa.Array]:
    accounts, products, weeks = panel.units.shape
    account, product, week = (each.ravel() for each in np.indices(panel.units.shape))
    names = np.array([f"A{each:05d}" for each in range(accounts)])
    goods = np.array([f"P{each:02d}" for each in range(products)])
    days = np.array([FIRST + dt.timedelta(weeks=each) for each in range(weeks)])
    return {
        "week": pa.array(days[week]),
        "account_id": pa.array(names[account]),
        "product_id": pa.array(goods[product]),
        "units": pa.array(panel.units.ravel()),
        "net_price": pa.array(panel.net.ravel()),
        "base_price": pa.array(panel.base.ravel()),
        "featured": pa.array(panel.featured.ravel()),
        "displayed": pa.array(panel.displayed.ravel()),
    }


def _promotions(offers: Offers, spend: Floats | None) -> Mapping[str, pa.Array]:
    size = len(offers.account)
    days = np.array([FIRST + dt.timedelta(weeks=each) for each in range(offers.last.max() + 1)])
    return {
        "promotion_id": pa.array(offers.ids),
        "account_id": pa.array([f"A{each:05d}" for each in offers.account]),
        "product_id": pa.array([f"P{each:02d}" for each in offers.product]),
        "starts_on": pa.array(days[offers.first]),
        "ends_on": pa.array([days[each] + dt.timedelta(days=6) for each in offers.last]),
        "kind": pa.array(["price_off"] * size),
        "rate": pa.array(offers.rate),
        "trade_spend": pa.array(np.zeros(size) if spend is None else spend),
    }


def _typed(name: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    schema = {column.name: column.kind.dtype.to_pyarrow() for column in TABLES[name].columns}
    rows = len(next(iter(columns.values())))
    arrays = [
        columns[each].cast(kind, safe=False) if each in columns else pa.nulls(rows, kind)
        for each, kind in schema.items()
    ]
    return pa.Table.from_arrays(arrays, names=list(schema))


def _facts(columns: Mapping[str, pa.Array]) -> TableFacts:
    rows = len(next(iter(columns.values())))
    return TableFacts(rows=rows, set_aside=0, attributes={}, columns_present=tuple(columns))
