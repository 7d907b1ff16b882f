"""Dividing: how a concession parts into what is within authority, approved, leaked or unjudged.

The excess over authority is a range where authority or an approval is in doubt: what is within,
approved or leaked in every reading is so, the rest is unjudged.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.books.money import CENTS, MONEY, above_zero, narrow, product, smaller
from counterpoise.books.schema import Kind
from counterpoise.books.spans import BEGINNING

PARTS = ("within_authority", "approved", "leakage", "unjudged", "leakage_high")
"""The columns that dividing adds: the first four sum to the concession."""

_NOTHING = ibis.literal(Decimal(0), MONEY)
_NO_RATE = ibis.literal(Decimal(0), Kind.RATE.dtype)


def excess(judged: ir.Table, rate: ir.DecimalValue) -> ir.DecimalValue:
    """Return the part of the concession that a rate leaves uncovered, in cents."""
    gap = judged.list_amount - judged.net_amount
    over = above_zero(gap - product(judged.list_amount, rate))
    return smaller(judged.concession, narrow(narrow(over, CENTS)))


def divided_by_authority(judged: ir.Table, most: ir.DecimalValue) -> ir.Table:
    """Add the parts where no approval counts: what exceeds authority is unjudged.

    Args:
        judged: Deals as `judge` answers them.
        most: Their excess in the strict reading.
    """
    bound = judged.version.notnull()
    nothing = _nothing_of(judged)
    within = ibis.ifelse(bound, judged.concession - most, nothing)
    unjudged = judged.concession - within
    parts = {
        "within_authority": within,
        "approved": nothing,
        "leakage": nothing,
        "unjudged": unjudged,
        "leakage_high": ibis.ifelse(bound, unjudged, nothing),
    }
    return judged.mutate(**{name: narrow(part) for name, part in parts.items()})


def is_recorded(day: ir.DateValue, since: dt.date | None) -> ir.BooleanValue:
    """Tell whether approvals were on record on a day, so that their absence says something.

    Args:
        day: The day of a deal; where it is unknown they were not, unless they always were.
        since: The day from which on they are, None where they never were.
    """
    if since is None or since <= BEGINNING:
        return ibis.literal(since is not None)
    return ibis.coalesce(day >= ibis.literal(since), ibis.literal(False))


def divided(
    judged: ir.Table, covered: ir.Table | None, key: tuple[str, ...], since: dt.date | None
) -> ir.Table:
    """Add the parts, approvals counting.

    Args:
        judged: Deals or lines as `judge` answers them, with their `day`.
        covered: What approvals cover of them, as `covered_rates` tells; None without any.
        key: The columns that identify a row.
        since: The day from which on approvals are on record; before it nobody can tell what was
            leaked.
    """
    judged = _with_approvals(judged, covered, key)
    judged = judged.mutate(
        excess_most=excess(judged, judged.authority_low),
        excess_least=excess(judged, judged.authority_high),
    )
    judged = judged.mutate(
        leak_least=smaller(judged.excess_least, excess(judged, judged.approved_high)),
        leak_most=smaller(judged.excess_least, excess(judged, judged.approved_low)),
    )
    parts = _parts(judged, is_recorded(judged.day, since))
    steps = ("excess_most", "excess_least", "leak_least", "leak_most")
    return judged.mutate(**parts).drop("approved_low", "approved_high", *steps)


def _parts(judged: ir.Table, recorded: ir.BooleanValue) -> dict[str, ir.Value]:
    bound = judged.version.notnull()
    told = bound & recorded
    nothing = _nothing_of(judged)
    within = ibis.ifelse(bound, judged.concession - judged.excess_most, nothing)
    leakage = ibis.ifelse(told, judged.leak_least, nothing)
    approved = ibis.ifelse(told, judged.excess_least - judged.leak_most, nothing)
    unjudged = judged.concession - within - approved - leakage
    parts = {
        "within_authority": within,
        "approved": approved,
        "leakage": leakage,
        "unjudged": unjudged,
        "leakage_high": ibis.ifelse(bound, leakage + unjudged, leakage),
    }
    return {name: narrow(part) for name, part in parts.items()}


def _with_approvals(judged: ir.Table, covered: ir.Table | None, key: tuple[str, ...]) -> ir.Table:
    if covered is None:
        return judged.mutate(approved_low=_NO_RATE, approved_high=_NO_RATE)
    joined = judged.left_join(covered, [judged[name] == covered[f"covered_{name}"] for name in key])
    return joined.select(
        *judged.columns,
        approved_low=ibis.coalesce(joined.approved_low, _NO_RATE),
        approved_high=ibis.coalesce(joined.approved_high, _NO_RATE),
    )


def _nothing_of(judged: ir.Table) -> ir.DecimalValue:
    """Return 0 where the deal has a concession to divide, else NULL."""
    return ibis.ifelse(judged.concession.notnull(), _NOTHING, ibis.null(MONEY))
