"""The panel that promotions are measured on: weeks with what moves volume beside each.

For every week of an account × product: its logarithms, how deep and how it was promoted, whether
it follows a promotion, how many of its neighbours (other goods of its family at the same account)
were on deal, the season and the trend.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.ledger.trade_weeks import PRICE_CUT, Recorded, recorded, trade_weeks
from counterpoise.ledger.within import Refused, as_number, logarithm

OWN = ("depth", "featured", "displayed")
"""What a promotion is: ln(base / net) of a price cut, a feature, a display."""
AFTER = ("after_1", "after_2")
"""The first and second week after a promotion that is over."""
NEIGHBOURS = ("neighbours",)
"""The share of the family's other goods at the account that are on deal."""
TREND = "trend"
HARMONICS = 3
SEASON = tuple(f"{wave}_{at}" for at in range(1, HARMONICS + 1) for wave in ("sin", "cos"))
YEAR = 365.25
WEEKS_FOR_SEASON = 104
"""Weeks that a season needs: two years, else it is taken for trend or promotions."""
LEAST_COMPLETE = 0.6
"""Share of an account × product's weeks that must be on record, from its first to its last."""
TOO_MANY_ZEROS = 0.05
_DAYS, _GOODS = 1 << 20, 1 << 18
"""More days than there are from the first to the last, and more products than anybody sells."""
_EARLIEST = 1 << 19


@dataclass(frozen=True)
class Panel:
    """The panel and what it can tell.

    Attributes:
        weeks: Grain: account × product × week with volume above 0 and known to be on deal or not.
        signs: Which signs of a promotion are on record.
        time: The columns of trend and season.
        warnings: What may be wrong with figures made of it.
    """

    weeks: ir.Table
    signs: Recorded
    time: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """Return the columns of what a promotion is, as far as recorded."""
        has = (self.signs.base_price, self.signs.featured, self.signs.displayed)
        return tuple(name for name, known in zip(OWN, has, strict=True) if known)

    @property
    def price(self) -> tuple[str, ...]:
        """Return the column of the base price, where one is recorded."""
        return ("ln_base",) if self.signs.base_price else ()


def panel(view: View) -> Panel | Refused:
    """Make the panel once and keep it; refused where the weeks cannot tell promotions apart."""
    if not view.books.has("sell_through"):
        return Refused(
            "The books hold no sell-through. Import weekly sales by account and product."
        )
    signs = recorded(view.books)
    if not signs.any:
        return Refused(
            "The weeks record no base price, feature or display, so nobody knows which were on "
            "deal. Record the price before promotion, or the flags, week by week."
        )
    weeks = trade_weeks(view, signs)
    shape = view.books.run(_shape(weeks)).to_pylist()[0]
    complete = shape["rows"] / shape["spans"] if shape["spans"] else 0.0
    if complete < LEAST_COMPLETE:
        return Refused(
            f"Only {complete:.0%} of the weeks between the first and the last sale of a product at "
            "an account are on record, so weeks without sales are missing and a promotion looks "
            "larger than it is. Record every week, those without sales with 0 units."
        )
    if not shape["deals"] or shape["deals"] == shape["known"]:
        many = "No week is" if not shape["deals"] else "Every week is"
        return Refused(
            f"{many} on deal as far as recorded, so there is nothing to hold promotions against."
        )
    calendar, time = _calendar(view, weeks)
    kept = view.books.keep(_with_all(view, weeks, signs), "promotion_weeks")
    calendar = view.books.keep(calendar, "promotion_calendar")
    laid = kept.inner_join(calendar, kept.week == calendar.on).drop("on")
    return Panel(laid, signs, time, _warnings(shape, time))


def _shape(weeks: ir.Table) -> ir.Table:
    by_unit = weeks.group_by("account_id", "product_id").aggregate(
        rows=weeks.count(),
        first=weeks.week.min(),
        last=weeks.week.max(),
        deals=weeks.on_deal.sum(),
        known=weeks.on_deal.count(),
        zeros=(weeks.units <= 0).sum(),
    )
    days = (
        by_unit["last"].cast("timestamp").epoch_seconds()
        - by_unit["first"].cast("timestamp").epoch_seconds()
    )
    return by_unit.aggregate(
        rows=by_unit.rows.sum(),
        spans=(days / 604_800 + 1).sum(),
        deals=by_unit.deals.sum(),
        known=by_unit.known.sum(),
        zeros=by_unit.zeros.sum(),
    )


def _calendar(view: View, weeks: ir.Table) -> tuple[ir.Table, tuple[str, ...]]:
    """Return trend and season of every week: a small table that is joined on."""
    rows = view.books.run(weeks.select("week").distinct().order_by("week")).to_pydict()
    days: list[dt.date] = rows["week"]
    middle = days[0] + (days[-1] - days[0]) / 2
    has_season = (days[-1] - days[0]).days >= 7 * (WEEKS_FOR_SEASON - 1)
    time = (TREND, *SEASON) if has_season else (TREND,)
    lines = [{"on": day, **_of_day((day - middle).days)} for day in days]
    schema = ibis.schema({"on": "date", TREND: "float64", **dict.fromkeys(SEASON, "float64")})
    return ibis.memtable(lines, schema=schema), time


def _of_day(day: int) -> dict[str, float]:
    at = 2 * math.pi * day / YEAR
    found = {TREND: day / YEAR}
    for wave in range(1, HARMONICS + 1):
        found |= {f"sin_{wave}": math.sin(wave * at), f"cos_{wave}": math.cos(wave * at)}
    return found


def _with_all(view: View, weeks: ir.Table, signs: Recorded) -> ir.Table:
    weeks = _numbered(view, weeks)
    weeks = weeks.select(
        "week",
        "account_id",
        "product_id",
        "product_family",
        "units",
        "net_price",
        "base_price",
        "unit_cost",
        "trade_spend",
        "on_deal",
        "cell",
        "family_cell",
        ln_units=logarithm(weeks.units),
        ln_base=logarithm(weeks.base_price),
        **_own(weeks, signs),
    )
    weeks = _with_after(_with_neighbours(weeks)).drop("cell", "family_cell")
    return weeks.filter(weeks.on_deal.notnull(), weeks.ln_units.notnull())


def _numbered(view: View, weeks: ir.Table) -> ir.Table:
    """Add `cell` and `family_cell`: one number for account, product or family, and day.

    Joining and grouping by one number takes a fraction of the time of two names and a day.
    """
    own = weeks.select(of_account="account_id").distinct()
    accounts = own.mutate(account_no=ibis.row_number().over(order_by=["of_account"]))
    accounts = view.books.keep(accounts, "account_numbers")
    goods = weeks.select("product_id", "product_family").distinct()
    goods = goods.mutate(
        product_no=ibis.row_number().over(order_by=["product_id"]),
        family_no=ibis.dense_rank().over(order_by=["product_family"]),
    ).select(numbered="product_id", product_no="product_no", family_no="family_no")
    goods = view.books.keep(goods, "product_numbers")
    joined = weeks.inner_join(accounts, weeks.account_id == accounts.of_account)
    joined = joined.inner_join(goods, joined.product_id == goods.numbered)
    day = joined.week.cast("timestamp").epoch_seconds().cast("int64") // 86_400 + _EARLIEST
    place = joined.account_no.cast("int64") * _GOODS
    cell = (place + joined.product_no.cast("int64")) * _DAYS + day
    family_cell = (place + joined.family_no.cast("int64")) * _DAYS + day
    no_family = ibis.null("int64")
    return joined.mutate(
        cell=cell,
        family_cell=ibis.ifelse(joined.product_family.isnull(), no_family, family_cell),
    ).drop("of_account", "numbered", "account_no", "product_no", "family_no")


def _own(weeks: ir.Table, signs: Recorded) -> dict[str, ir.Value]:
    cut = logarithm(weeks.base_price) - logarithm(weeks.net_price)
    is_cut = weeks.net_price <= weeks.base_price * (1 - PRICE_CUT)
    none = ibis.literal(0.0)
    return {
        "depth": ibis.ifelse(is_cut, cut, none) if signs.base_price else none,
        "featured": as_number(weeks.featured) if signs.featured else none,
        "displayed": as_number(weeks.displayed) if signs.displayed else none,
    }


def _with_after(weeks: ir.Table) -> ir.Table:
    """Mark the weeks after a promotion that is over, by joining deals a week or two on."""
    deals = weeks.filter(weeks.on_deal)
    for at, name in enumerate(AFTER, start=1):
        moved = deals.select(moved_cell=deals.cell + 7 * at)
        joined = weeks.left_join(moved, weeks.cell == moved.moved_cell)
        follows = joined.moved_cell.notnull() & ~joined.on_deal
        if at > 1:
            follows = follows & (joined[AFTER[0]] == 0)
        weeks = joined.mutate(
            **{name: as_number(ibis.coalesce(follows, ibis.literal(False)))}
        ).drop("moved_cell")
    return weeks


def _with_neighbours(weeks: ir.Table) -> ir.Table:
    """Add the share of the family's other goods at the account that are on deal that week."""
    families = weeks.filter(weeks.family_cell.notnull())
    sums = families.group_by(near_cell=families.family_cell).aggregate(
        goods=families.count(), promoted=families.on_deal.sum()
    )
    joined = weeks.left_join(sums, weeks.family_cell == sums.near_cell)
    others = (joined.goods - 1).cast("float64").nullif(0.0)
    share = (joined.promoted.cast("float64") - as_number(joined.on_deal)) / others
    return joined.mutate(neighbours=ibis.coalesce(share, 0.0)).drop(
        "near_cell", "goods", "promoted"
    )


def _warnings(shape: dict[str, float], time: tuple[str, ...]) -> tuple[str, ...]:
    said = []
    if SEASON[0] not in time:
        said.append("Less than two years of weeks: season is not told apart from the rest.")
    if (shape["zeros"] or 0) > TOO_MANY_ZEROS * shape["rows"]:
        said.append(
            f"{shape['zeros']:,.0f} of {shape['rows']:,.0f} weeks sold nothing and are left out; "
            "what a promotion sells beyond a week without sales is not seen."
        )
    return tuple(said)
