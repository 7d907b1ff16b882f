"""The shelf, brand by brand and account by account, worked out with each review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from pydantic import JsonValue

from counterpoise.ledger.earned import Earned, earned
from counterpoise.ledger.elasticity import elasticity
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.promotion_cover import CELL
from counterpoise.ledger.promotion_volume import Volume, volumes
from counterpoise.ledger.trade import TradeGroup, TradeTotals, trade
from counterpoise.ledger.within import Refused
from counterpoise.web.results.measured import Measured, Outcome
from counterpoise.web.results.promotions_measured import PromotionsMeasured
from counterpoise.web.results.trade import SHELF, SHELF_CELLS

BRAND, ACCOUNT = "brand", "account"
MOST_GROUPS = 2_000
"""How many brands and accounts are kept, those with most net sales."""
MOST_ELASTICITIES = 40
"""How many brands are asked for an elasticity of their own."""

_COLUMNS: Mapping[str, str] = {BRAND: "product_family", ACCOUNT: "account_id"}
_GROUPINGS: Mapping[str, str] = {BRAND: "product_family", ACCOUNT: "account"}


@dataclass(frozen=True)
class _Effects:
    """Volume and earnings of groups by key, or why nobody can tell."""

    volumes: Mapping[str | None, Volume]
    earned: Mapping[str | None, Earned]
    volume_refused: str
    earned_refused: str


def measure_shelf(measured: Measured) -> Outcome:
    """Tell brands and accounts of the sell-through; nothing where the books hold none."""
    whole = trade(measured.view)
    if whole is None:
        return Outcome({})
    found = PromotionsMeasured(measured)
    told: dict[str, JsonValue] = {
        "first": whole.first.isoformat(),
        "last": whole.last.isoformat(),
        "whole": {
            **_totals(whole.totals),
            **_told(_effects(found, None), None),
            "elasticity": _elasticity(measured, None),
        },
    }
    for by in (BRAND, ACCOUNT):
        groups = whole.by[_GROUPINGS[by]]
        effects = _effects(found, _COLUMNS[by])
        shown = [each for each in groups if each.totals.weeks][:MOST_GROUPS]
        told[f"{by}s"] = [
            {"key": _key(each), **_totals(each.totals), **_told(effects, _key(each))}
            for each in shown
        ]
    brands = told["brands"]
    assert isinstance(brands, list)
    for at, brand in enumerate(brands):
        assert isinstance(brand, dict)
        brand["elasticity"] = _of_brand(measured, brand["key"], at)
    return Outcome(told, {SHELF: _weeks(found), SHELF_CELLS: _cells(found)})


def _key(group: TradeGroup) -> str | None:
    return None if group.key is None else str(group.key)


def _of_brand(measured: Measured, key: JsonValue, at: int) -> JsonValue:
    if key is None:
        return {"refused": "These goods have no brand in common."}
    if at >= MOST_ELASTICITIES:
        return {"refused": f"It is worked out for the {MOST_ELASTICITIES} largest brands."}
    return _elasticity(measured, str(key))


def _elasticity(measured: Measured, family: str | None) -> JsonValue:
    found = elasticity(measured.view, family=family)
    if isinstance(found, Refused):
        return {"refused": found.why}
    return {
        "estimate": _estimate(found.value),
        "across": _estimate(found.across),
        "why": found.why,
        "warnings": [*found.warnings],
    }


def _effects(found: PromotionsMeasured, by: str | None) -> _Effects:
    panel, lift = found.panel, found.lift
    if isinstance(panel, Refused):
        return _Effects({}, {}, panel.why, panel.why)
    if isinstance(lift, Refused):
        return _Effects({}, {}, lift.why, lift.why)
    books = found.measured.view.books
    sold = {each.key: each for each in volumes(books, panel, lift, by)}
    money = earned(found.measured.view, panel, lift, by)
    if isinstance(money, Refused):
        return _Effects(sold, {}, "", money.why)
    return _Effects(sold, {each.key: each for each in money}, "", "")


def _told(effects: _Effects, key: str | None) -> dict[str, JsonValue]:
    """Return volume and earnings of a group, each an object or why it is refused."""
    sold, money = effects.volumes.get(key), effects.earned.get(key)
    nothing = "None of its weeks can be told to be on deal or not."
    return {
        "volume": {
            name: _estimate(getattr(sold, name))
            for name in ("base", "gained", "dipped", "taken", "net")
        }
        if sold
        else {"refused": effects.volume_refused or nothing},
        "earned": {
            **{
                name: float(getattr(money, name))
                for name in ("more_sold", "price_given", "after", "neighbours", "trade_spend")
            },
            "estimate": _estimate(money.earned),
            "weeks_left_out": money.weeks_left_out,
        }
        if money
        else {"refused": effects.earned_refused or nothing},
    }


def _estimate(found: Estimate) -> JsonValue:
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "accounts": found.accounts,
        "is_small": found.is_small,
    }


def _totals(totals: TradeTotals) -> dict[str, JsonValue]:
    amounts = {
        name: float(getattr(totals, name))
        for name in (
            "units",
            "base_sales",
            "depth",
            "above_base",
            "units_on_deal",
            "units_unknown",
            "unpriced_net",
        )
    }
    spent = totals.trade_spend
    return {
        "weeks": totals.weeks,
        **amounts,
        "net_sales": float(totals.priced_net),
        "trade_spend": None if spent is None else float(spent),
        "unpriced_weeks": totals.unpriced_weeks,
    }


def _weeks(found: PromotionsMeasured) -> ir.Table:
    """Return what brands and accounts sold week by week, with base volume where it is told."""
    parts = [_by(found, by, column) for by, column in _COLUMNS.items()]
    return parts[0].union(parts[1]).order_by("by", "key", "week")


def _by(found: PromotionsMeasured, by: str, column: str) -> ir.Table:
    weeks = found.weeks
    sums = weeks.group_by(key=weeks[column], week=weeks.week).aggregate(**_sums(weeks))
    base = _base(found, column)
    if base is None:
        laid = sums.mutate(base_units=ibis.null("float64"))
    else:
        laid = sums.left_join(
            base, [sums.key.identical_to(base.base_key), sums.week == base.base_week]
        ).drop("base_key", "base_week")
    return laid.select(by=ibis.literal(by), **{name: laid[name] for name in laid.columns})


def _base(found: PromotionsMeasured, column: str) -> ir.Table | None:
    """Return the baseline by a column and week; goods without one of their own count as sold."""
    if isinstance(found.baseline, Refused):
        return None
    weeks = found.baseline.weeks
    own = weeks.select(*CELL, base_units=weeks.base_units)
    laid = found.weeks.left_join(own, CELL)
    laid = laid.mutate(base=ibis.coalesce(laid.base_units, laid.units.cast("float64")))
    sums = laid.group_by(base_key=laid[column], base_week=laid.week).aggregate(
        base_units=laid.base.sum()
    )
    return found.measured.view.books.keep(sums, "shelf_base")


def _cells(found: PromotionsMeasured) -> ir.Table:
    """Return what each brand sold at each account."""
    weeks = found.weeks
    sums = weeks.group_by("account_id", "product_family").aggregate(**_sums(weeks))
    return sums.order_by("account_id", "product_family")


def _sums(weeks: ir.Table) -> dict[str, ir.Value]:
    is_priced = weeks.base_sales.notnull()
    return {
        "units": weeks.units.sum().cast("float64"),
        "units_on_deal": weeks.units.sum(where=weeks.on_deal).cast("float64"),
        "units_unknown": weeks.units.sum(where=weeks.on_deal.isnull()).cast("float64"),
        "net_sales": weeks.net_sales.sum(where=is_priced),
        "base_sales": weeks.base_sales.sum(),
        "depth": weeks.depth_amount.sum(),
        "trade_spend": weeks.trade_spend.sum(),
    }
