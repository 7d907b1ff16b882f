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
from counterpoise.ledger.moments import Calendar, Observed
from counterpoise.ledger.trade_weeks import Recorded, is_cut, recorded, weeks_on_deal
from counterpoise.ledger.week_bits import DEALS, SOLD, WeekBits, week_bits
from counterpoise.ledger.within import Refused, as_number, logarithm

UNIT = ("account_no", "product_no")
"""What has an effect of its own, by number."""
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
_DAYS, _FAMILIES = 1 << 20, 1 << 18
"""More days than there are from the first to the last, and more families than anybody sells."""
_NEVER = ibis.literal(0, "int8")


@dataclass(frozen=True)
class Panel:
    """The panel and what it can tell.

    Attributes:
        cells: Grain: account × product × week with volume above 0 and known to be on deal or not.
            Accounts and products by their numbers. Kept.
        moved: Those of them that are on deal, follow a deal or have neighbours on deal. Kept.
        accounts: Accounts by `account_no`. Kept.
        goods: Products by `product_no`, with `product_family`, `family_no` and `unit_cost`. Kept.
        signs: Which signs of a promotion are on record.
        calendar: Trend and season by week.
        warnings: What may be wrong with figures made of it.
    """

    cells: ir.Table
    moved: ir.Table
    accounts: ir.Table
    goods: ir.Table
    signs: Recorded
    calendar: Calendar
    warnings: tuple[str, ...]

    @property
    def weeks(self) -> ir.Table:
        """Return the cells with account, product, family and cost, trend and season beside them."""
        return self.laid(self.cells)

    def laid(self, cells: ir.Table) -> ir.Table:
        """Lay account, product, family and cost, trend and season beside cells."""
        calendar = self.calendar.weeks
        laid = cells.inner_join(calendar, cells.week == calendar.on).drop("on")
        return self.named(laid).drop(*UNIT, "family_no")

    @property
    def time(self) -> tuple[str, ...]:
        """Return the columns of trend and season."""
        return self.calendar.names

    def observed(self, cells: ir.Table | None = None) -> Observed:
        """Return the cells, or some of them, as what regressions stand on."""
        seldom = (*OWN, *AFTER, *NEIGHBOURS)
        if cells is None:
            return Observed(self.cells, UNIT, self.calendar, seldom, self.moved)
        return Observed(cells, UNIT, self.calendar, seldom)

    def named(self, rows: ir.Table) -> ir.Table:
        """Lay accounts and products beside their numbers."""
        return rows.inner_join(self.accounts, "account_no").inner_join(self.goods, "product_no")

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
    weeks = weeks_on_deal(view, signs)
    days = _days(view, weeks)
    if not days:
        return Refused(f"No week of sell-through begins by {view.as_of}. Import later weeks.")
    bits = week_bits(view.books, days, len(AFTER))
    units = view.books.keep(_units(weeks, bits), "trade_units")
    shape = view.books.run(_shape(units)).to_pylist()[0]
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
    calendar = _calendar(view, days)
    accounts = view.books.keep(_accounts(units), "account_numbers")
    goods = view.books.keep(_goods(view, units), "product_numbers")
    numbered = view.books.keep(_numbered(units, accounts, goods, bits), "unit_numbers")
    beside = _Weeks(weeks, numbered, bits)
    near = view.books.keep(beside.families_on_deal(), "families_on_deal")
    cells = view.books.keep(beside.cells(near, signs), "promotion_weeks")
    moved = view.books.keep(cells.filter(_is_moved(cells)), "weeks_moved")
    return Panel(cells, moved, accounts, goods, signs, calendar, _warnings(shape, calendar.names))


def _days(view: View, weeks: ir.Table) -> list[dt.date]:
    """Return the weeks there are, in order."""
    found: list[dt.date] = view.books.run(weeks.select("week").distinct())["week"].to_pylist()
    return sorted(found)


def _units(weeks: ir.Table, bits: WeekBits) -> ir.Table:
    weeks = bits.beside(weeks)
    return weeks.group_by("account_id", "product_id").aggregate(
        rows=weeks.count(),
        first=weeks.week.min(),
        last=weeks.week.max(),
        deals=weeks.on_deal.sum(),
        known=weeks.on_deal.count(),
        zeros=(weeks.units <= 0).sum(),
        **bits.sums(weeks),
    )


def _shape(by_unit: ir.Table) -> ir.Table:
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


def _calendar(view: View, days: list[dt.date]) -> Calendar:
    """Return trend and season of every week."""
    middle = days[0] + (days[-1] - days[0]) / 2
    has_season = (days[-1] - days[0]).days >= 7 * (WEEKS_FOR_SEASON - 1)
    time = (TREND, *SEASON) if has_season else (TREND,)
    lines = [{"on": day, **_of_day((day - middle).days)} for day in days]
    schema = ibis.schema({"on": "date", **dict.fromkeys((TREND, *SEASON), "float64")})
    table = ibis.memtable(lines, schema=schema)
    return Calendar(view.books.keep(table, "promotion_calendar"), time)


def _of_day(day: int) -> dict[str, float]:
    at = 2 * math.pi * day / YEAR
    found = {TREND: day / YEAR}
    for wave in range(1, HARMONICS + 1):
        found |= {f"sin_{wave}": math.sin(wave * at), f"cos_{wave}": math.cos(wave * at)}
    return found


def _accounts(units: ir.Table) -> ir.Table:
    own = units.select("account_id").distinct()
    return own.mutate(account_no=_number("account_id"))


def _goods(view: View, units: ir.Table) -> ir.Table:
    own = units.select("product_id").distinct()
    known = view.books.table("products")
    known = known.select(known_product="product_id", product_family="family", unit_cost="unit_cost")
    goods = own.left_join(known, own.product_id == known.known_product).drop("known_product")
    family = ibis.dense_rank().over(order_by=["product_family"]).cast("int32")
    return goods.mutate(
        product_no=_number("product_id"),
        family_no=ibis.ifelse(goods.product_family.isnull(), ibis.null("int32"), family),
    )


def _number(column: str) -> ir.IntegerValue:
    found: ir.IntegerValue = ibis.row_number().over(order_by=[column]).cast("int32")
    return found


def _numbered(units: ir.Table, accounts: ir.Table, goods: ir.Table, bits: WeekBits) -> ir.Table:
    """Return the numbers of accounts × products and their families, and their weeks by bits."""
    goods = goods.select("product_id", "product_no", "family_no")
    laid = units.inner_join(accounts, "account_id").inner_join(goods, "product_id")
    return laid.select("account_id", "product_id", *UNIT, "family_no", **bits.whole(laid))


@dataclass(frozen=True)
class _Weeks:
    """Weeks of sell-through, and what stands beside each.

    Attributes:
        weeks: As they are on record.
        units: Accounts × products with their numbers, and their weeks by bits.
        bits: Of the weeks.
    """

    weeks: ir.Table
    units: ir.Table
    bits: WeekBits

    def numbered(self, weeks: ir.Table) -> ir.Table:
        """Put numbers in place of accounts, products and families.

        `family_cell` is one number for account, family and day: joining and grouping by it takes
        a fraction of the time of two names and a day.
        """
        laid = self.bits.beside(weeks).inner_join(self.units, ("account_id", "product_id"))
        return laid.mutate(family_cell=_family_cell(laid))

    def cells(self, near: ir.Table, signs: Recorded) -> ir.Table:
        """Return the cells with what moves their volume."""
        weeks = self.weeks.filter(self.weeks.on_deal.notnull(), self.weeks.units > 0)
        laid = self.numbered(weeks)
        laid = laid.left_join(near, laid.family_cell == near.near_cell)
        return laid.select(
            *UNIT,
            "week",
            "units",
            "net_price",
            "base_price",
            "trade_spend",
            "on_deal",
            ln_units=logarithm(laid.units),
            ln_base=logarithm(laid.base_price),
            **_own(laid, signs),
            **self._after(laid),
            neighbours=_neighbours(laid),
        )

    def _after(self, laid: ir.Table) -> dict[str, ir.Value]:
        """Tell which weeks follow the last one on deal by one week, and by more."""
        is_over = ~laid.on_deal
        found: dict[str, ir.Value] = {}
        for ago, name in enumerate(AFTER, start=1):
            was = self.bits.holds(laid, DEALS, weeks_ago=ago)
            found[name] = ibis.ifelse(is_over & was, ibis.literal(1, "int8"), _NEVER)
            is_over = is_over & ~was
        return found

    def families_on_deal(self) -> ir.Table:
        """Return how many goods of a family an account sells in a week where any is on deal."""
        units = self.units.filter(self.units.family_no.notnull())
        keys = ("account_no", "family_no")
        weeks = self.bits.weeks
        met = units.inner_join(weeks, self.bits.holds(units, DEALS, weeks))
        deals = met.group_by(*keys, *weeks.columns).aggregate(promoted=met.count())
        laid = deals.inner_join(units, keys)
        goods = self.bits.holds(laid, SOLD).sum()
        return laid.group_by(near_cell=_family_cell(laid)).aggregate(
            goods=goods, promoted=laid.promoted.max()
        )


def _family_cell(rows: ir.Table) -> ir.IntegerValue:
    """Return one number for account, family and day; of rows with their bits beside."""
    place = rows.account_no.cast("int64") * _FAMILIES + rows.family_no.cast("int64")
    found: ir.IntegerValue = place * _DAYS + rows.day
    return found


def _is_moved(cells: ir.Table) -> ir.BooleanValue:
    """Tell whether a promotion of its own, one before or one of neighbours moved a week."""
    found: ir.BooleanValue = ibis.or_(
        cells.on_deal, *(cells[name] != 0 for name in (*AFTER, *NEIGHBOURS))
    )
    return found


def _own(weeks: ir.Table, signs: Recorded) -> dict[str, ir.Value]:
    cut = logarithm(weeks.base_price) - logarithm(weeks.net_price)
    none = ibis.literal(0.0)
    return {
        "depth": ibis.ifelse(is_cut(weeks), cut, none) if signs.base_price else none,
        "featured": _flag(weeks.featured) if signs.featured else _NEVER,
        "displayed": _flag(weeks.displayed) if signs.displayed else _NEVER,
    }


def _flag(sign: ir.BooleanValue) -> ir.IntegerValue:
    """Return 1 for true, 0 for false, NULL where nobody knows, in a byte."""
    found: ir.IntegerValue = ibis.cases(
        (sign, ibis.literal(1, "int8")), (~sign, _NEVER), else_=ibis.null("int8")
    )
    return found


def _neighbours(weeks: ir.Table) -> ir.FloatingValue:
    """Return the share of the family's other goods at the account that are on deal that week."""
    others = (weeks.goods - 1).cast("float64").nullif(0.0)
    share = (weeks.promoted.cast("float64") - as_number(weeks.on_deal)) / others
    found: ir.FloatingValue = ibis.coalesce(share, 0.0)
    return found


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
