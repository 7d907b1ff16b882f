"""The weeks around each promotion: what was sold before, during and after it, and its baseline.

The baseline (`baseline`) of a week is added up over the accounts and products that a promotion is
about. How far a week without promotion strays from it by chance gives an interval: with residual
variance σ² and n weeks that a baseline stands on, the logarithm of an account × product's week has
variance σ²·(1 + 1/n), and the logarithm of a sum Σb has Σb²·σ²(1 + 1/n) / (Σb)² (delta method;
error of the common slopes left out, it is small beside σ). It assumes that accounts and products
stray independently of each other; a holiday moves them together and the interval is too narrow.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import View
from counterpoise.ledger.baseline import Baseline
from counterpoise.ledger.promotion_cover import CELL

WEEKS_BEFORE = 8
WEEKS_AFTER = 6
"""How many weeks are shown on either side of a promotion."""


def weeks_around(
    view: View, weeks: ir.Table, cover: ir.Table, found: Baseline | None = None
) -> ir.Table:
    """Return the weeks around promotions, kept.

    Grain: promotion × week. `part` is before, during or after; sums over the promotion's accounts
    and products of `units`, `units_on_deal`, `net_sales`, `base_sales` and `depth_amount`; `cells`
    of them, those `on_deal`, `featured` and `displayed` (NULL where nobody recorded it); and where
    each has a baseline `base_units` and `base_error`, the standard error of its logarithm.

    Args:
        view: The books as of a day.
        weeks: Weeks of sell-through (`trade_weeks`).
        cover: Which of them each promotion covers (`covered_weeks`).
        found: The baseline, where the weeks can tell it.
    """
    spans = cover.group_by("promotion_id").aggregate(first=cover.week.min(), last=cover.week.max())
    calendar = weeks.select("week").distinct()
    near = [
        calendar.week >= _days_from(spans["first"], -WEEKS_BEFORE),
        calendar.week <= _days_from(spans["last"], WEEKS_AFTER),
    ]
    dated = spans.inner_join(calendar, near)
    part = ibis.cases(
        (dated.week < dated["first"], "before"),
        (dated.week > dated["last"], "after"),
        else_="during",
    )
    dated = dated.select("promotion_id", "week", part=part)
    units = cover.select("promotion_id", "account_id", "product_id").distinct()
    laid = units.inner_join(dated, "promotion_id").inner_join(_based(view, weeks, found), CELL)
    sums = laid.group_by("promotion_id", "week", "part").aggregate(**_sums(laid))
    return view.books.keep(sums, "weeks_around")


def _days_from(day: ir.DateValue, weeks: int) -> ir.DateValue:
    moved: ir.DateValue = (day + ibis.interval(days=7 * weeks)).cast("date")
    return moved


def _based(view: View, weeks: ir.Table, found: Baseline | None) -> ir.Table:
    """Lay the baseline and its variance beside the weeks."""
    own = weeks.select(
        *CELL,
        "units",
        "net_sales",
        "base_sales",
        "depth_amount",
        "on_deal",
        "featured",
        "displayed",
    )
    if found is None:
        nothing = ibis.null("float64")
        return own.mutate(base_units=nothing, base_variance=nothing)
    one = ibis.literal(found.fit.residual)
    base = found.weeks.select(
        *CELL,
        "base_units",
        base_variance=found.weeks.base_units**2 * one * (1 + 1 / found.weeks.weeks_of_unit),
    )
    return own.left_join(view.books.keep(base, "base_weeks"), CELL).select(
        *own.columns, "base_units", "base_variance"
    )


def _sums(laid: ir.Table) -> dict[str, ir.Value]:
    has_base = laid.base_units.count() == laid.count()
    base = laid.base_units.sum()
    nothing = ibis.null("float64")
    error = laid.base_variance.sum().sqrt() / base.nullif(0.0)
    return {
        "cells": laid.count(),
        "units": laid.units.sum().cast("float64"),
        "units_on_deal": laid.units.sum(where=laid.on_deal).cast("float64"),
        "net_sales": laid.net_sales.sum(),
        "base_sales": laid.base_sales.sum(),
        "depth_amount": laid.depth_amount.sum(),
        "on_deal": laid.on_deal.sum(),
        "featured": laid.featured.sum(),
        "displayed": laid.displayed.sum(),
        "base_units": ibis.ifelse(has_base, base, nothing),
        "base_error": ibis.ifelse(has_base, error, nothing),
    }
