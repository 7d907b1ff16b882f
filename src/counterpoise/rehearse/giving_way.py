"""How promotions that a candidate newly refuses would have run, had they given way to it.

One that was too deep runs at the deepest cut that anybody may grant; one whose goods have too few
weeks on deal left runs in those that are left; one that comes too soon after another starts later,
where the gap to the next one is kept and its weeks are over. What none of that lets through does
not run. The others run as they did. Trade spend shrinks as the promotion does: by the part of its
depth and of its days that goes.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import ibis
import ibis.expr.types as ir

from counterpoise.desk.promotion_chain import WEEK

REFUSED = "refused"


class Way(StrEnum):
    """What becomes of a promotion that is newly refused; one that is moved may be cut too."""

    CUT = "cut"
    SHORTENED = "shortened"
    MOVED = "moved"
    NOT_RUN = "not_run"


def giving_way(both: ir.Table, as_of: dt.date) -> ir.Table:
    """Add what becomes of each promotion.

    Args:
        both: Grain: a promotion. Its columns as the candidate judges them, and `was`, its verdict
            under the agreement of its day.
        as_of: The last day of the books: what would have run beyond it did not.

    Returns:
        The rows with `way` (NULL where it runs as it did), `cut_to` (the depth that it is cut to,
        NULL where it is not cut), `days_kept` (from its first), `weeks_later` and `part_left` (of
        its depth and days).
    """
    length = both.ends_on.delta(both.starts_on, unit="day").cast("int64") + 1
    is_deep = _surely(both.rate > both.most_depth)
    is_long, is_soon = both.days_left.notnull(), both.days_too_soon > 0
    later = ((both.days_too_soon + WEEK - 1) // WEEK).cast("int64")
    kept = ibis.ifelse(is_long, both.days_left // WEEK * WEEK, length).cast("int64")
    fits = _fits(both, later * WEEK, as_of)
    stops = (is_deep & (both.most_depth <= 0)) | (kept <= 0) | (is_soon & ~fits)
    way = ibis.cases(
        (stops, Way.NOT_RUN.value),
        (is_soon, Way.MOVED.value),
        (is_long, Way.SHORTENED.value),
        (is_deep, Way.CUT.value),
        else_=Way.NOT_RUN.value,
    )
    is_new = (both.verdict == REFUSED) & (both.was != REFUSED)
    told = both.mutate(
        way=ibis.ifelse(is_new, way, ibis.null("string")),
        cut_to=ibis.ifelse(is_deep, both.most_depth, ibis.null(both.most_depth.type())),
        days_kept=kept,
        weeks_later=later,
        days=length,
    )
    return told.mutate(part_left=_part_left(told)).drop("days")


def _fits(both: ir.Table, days: ir.IntegerValue, as_of: dt.date) -> ir.BooleanValue:
    """Tell whether a promotion may start so many days later."""
    last = ibis.literal(as_of)
    is_over = last.delta(both.ends_on, unit="day").cast("int64") >= days
    return is_over & (both.days_free.isnull() | _surely(both.days_free >= days))


def _part_left(told: ir.Table) -> ir.FloatingValue:
    rate = told.rate.cast("float64")
    of_depth = ibis.coalesce(told.cut_to.cast("float64") / rate.nullif(0.0), 1.0)
    of_days = told.days_kept.cast("float64") / told.days.cast("float64")
    found: ir.FloatingValue = ibis.cases(
        (told.way.isnull(), 1.0),
        (told.way == Way.NOT_RUN.value, 0.0),
        else_=of_depth * of_days,
    )
    return found


def _surely(truth: ir.BooleanValue) -> ir.BooleanValue:
    return ibis.coalesce(truth, ibis.literal(False))
