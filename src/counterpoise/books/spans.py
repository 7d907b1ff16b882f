"""Spans: dated facts as half-open stretches of days, so that a look-up by day is a range join.

An as-of join is not to be had on every engine; equality on the key with two comparisons is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

BEGINNING = dt.date(1, 1, 1)
"""The day from which an undated fact holds."""

END = dt.date(9999, 12, 31)
"""The day before which a fact that nothing has followed holds."""


def spans(dated: ir.Table, key: str) -> ir.Table:
    """Add `valid_until` (exclusive, `END` for the last) to rows with a `valid_from`.

    Grain: key × valid_from, before and after.
    """
    window = ibis.window(group_by=key, order_by="valid_from")
    return dated.mutate(
        valid_until=ibis.coalesce(dated.valid_from.lead().over(window), ibis.literal(END))
    )


def overlay(current: ir.Table, history: ir.Table, key: str, columns: Sequence[str]) -> ir.Table:
    """Return an entity's facts over time: history where it says something, else the current row.

    Args:
        current: One row a key, with all facts.
        history: Rows of key, `valid_from` and some of the facts; empty cells fall back.
        key: The column that identifies the entity in both.
        columns: The facts that history may override.

    Returns:
        One row a key and span: the facts, `valid_from` and `valid_until` (exclusive).
    """
    first = current.mutate(valid_from=ibis.literal(BEGINNING))
    past = history.select(key, "valid_from", **{f"past__{name}": history[name] for name in columns})
    joined = past.inner_join(current, key)
    facts = {
        name: ibis.coalesce(joined[f"past__{name}"], joined[name])
        if name in columns
        else joined[name]
        for name in current.columns
    }
    dated = joined.select(**facts, valid_from=joined.valid_from)
    return spans(first.union(dated), key)


def in_span(day: ir.DateValue, dated: ir.Table) -> list[ir.BooleanValue]:
    """Return the predicates that hold where a day lies in a row's span."""
    return [day >= dated.valid_from, day < dated.valid_until]
