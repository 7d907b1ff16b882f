"""Rules of credit that read one path at a time: how a deal is shared between its touches.

`first` and `last` give all to one touch, `linear` the same to each. `time_decay` gives a touch
half the weight of one that came `journeys.HALF_LIFE_DAYS` later. `position_based` gives 40 % to
the first, 40 % to the last and 20 % to those between in equal parts; of two each has half.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.books.money import MONEY

END_SHARE = 0.4
"""What the first and the last touch have each, where position counts."""

_MIDDLE_SHARE = 1 - 2 * END_SHARE
_PAIR = 2
_HALF = 0.5
_PARTS_A_CENT = 100
_DIGITS = 6
"""To which remainders are compared, so that engines agree."""
_PARTS = 10_000
"""Parts of a unit of currency in which amounts are held."""


class Rule(StrEnum):
    """How credit is shared, by the words of the agreement."""

    FIRST = "first"
    LAST = "last"
    LINEAR = "linear"
    TIME_DECAY = "time_decay"
    POSITION_BASED = "position_based"
    MARKOV = "markov"


OF_PATHS = tuple(rule for rule in Rule if rule is not Rule.MARKOV)
"""The rules that read one path at a time."""

SHARES: Mapping[Rule, str] = MappingProxyType({rule: f"{rule}_share" for rule in OF_PATHS})
"""The column of each rule's share of a deal."""

_WHOLE = (Rule.FIRST, Rule.LAST)
"""Those that give a deal to one touch, so that nothing is left to divide."""
_DIVIDED = tuple(rule for rule in OF_PATHS if rule not in _WHOLE)

CREDITS: Mapping[Rule, str] = MappingProxyType({rule: f"{rule}_credit" for rule in OF_PATHS})
"""The column of each rule's credit, in ten-thousandths of the currency, whole."""


def shares(steps: ir.Table) -> ir.Table:
    """Share each journey between the points that it met.

    Args:
        steps: Grain: journey × touch, as `placed` gives them.

    Returns:
        Grain: `journey` × `point`. `touches`, `first_at`, `last_at`, and a share a rule
        (`SHARES`); those of a journey add up to 1.
    """
    one, nothing = ibis.literal(1.0), ibis.literal(0.0)
    length = steps.length.cast("float64")
    is_first, is_last = steps.place == 1, steps.place == steps.length
    middle = ibis.literal(_MIDDLE_SHARE) / (length - _PAIR).nullif(0.0)
    own = {
        Rule.FIRST: ibis.ifelse(is_first, one, nothing),
        Rule.LAST: ibis.ifelse(is_last, one, nothing),
        Rule.LINEAR: one / length,
        Rule.TIME_DECAY: steps.decayed,
        Rule.POSITION_BASED: ibis.cases(
            (steps.length <= _PAIR, one / length),
            (is_first | is_last, ibis.literal(END_SHARE)),
            else_=middle,
        ),
    }
    return steps.group_by("journey", "point").aggregate(
        touches=steps.count().cast("int64"),
        first_at=steps.touched_at.min(),
        last_at=steps.touched_at.max(),
        **{SHARES[rule]: share.sum() for rule, share in own.items()},
    )


def credits_of(shared: ir.Table, values: ir.Table) -> ir.Table:
    """Divide the value of each won deal by its shares, so that nothing is lost or made.

    Whole cents go by largest remainder, then to the larger share, then in the order of points; what
    an amount has below a cent goes with the first of them.

    Args:
        shared: As `shares` gives it; the journeys are deals.
        values: Grain: a deal that was won. Its `journey` and its `net_amount`, where that is known.

    Returns:
        The same rows with a credit a rule (`CREDITS`), whole
        ten-thousandths of the currency, 0 where there is no value.
    """
    valued = values.select("journey", parts=(values.net_amount.cast(MONEY) * _PARTS).cast("int64"))
    rows = shared.inner_join(valued, "journey")
    cents = (rows.parts // _PARTS_A_CENT).cast("int64")
    exact = {f"exact_{r}": cents.cast("float64") * rows[SHARES[r]] for r in _DIVIDED}
    found = _with_credits(rows.mutate(cents=cents, **exact)).drop("parts", "cents")
    nothing = {CREDITS[rule]: ibis.literal(0).cast("int64") for rule in OF_PATHS}
    rest = shared.anti_join(valued, "journey")
    return found.union(rest.mutate(**nothing).select(*found.columns))


def _with_credits(rows: ir.Table) -> ir.Table:
    whole = {f"whole_{r}": rows[f"exact_{r}"].floor().cast("int64") for r in _DIVIDED}
    rows = rows.mutate(**whole)
    left = {r: rows[f"exact_{r}"] - rows[f"whole_{r}"].cast("float64") for r in _DIVIDED}
    rows = rows.mutate(**{f"left_{r}": each.round(_DIGITS) for r, each in left.items()})
    deal = ibis.window(group_by="journey")
    ranked = {}
    for rule in _DIVIDED:
        larger = [ibis.desc(f"left_{rule}"), ibis.desc(SHARES[rule])]
        window = ibis.window(group_by="journey", order_by=[*larger, "point"])
        ranked[f"rank_{rule}"] = ibis.row_number().over(window)
        ranked[f"spare_{rule}"] = rows.cents - rows[f"whole_{rule}"].sum().over(deal)
    rows = rows.mutate(**ranked)
    below = rows.parts - rows.cents * _PARTS_A_CENT
    found = {
        CREDITS[rule]: ibis.ifelse(rows[SHARES[rule]] > _HALF, rows.parts, 0).cast("int64")
        for rule in _WHOLE
    }
    for rule in _DIVIDED:
        more = ibis.ifelse(rows[f"rank_{rule}"] < rows[f"spare_{rule}"], 1, 0)
        rest = ibis.ifelse(rows[f"rank_{rule}"] == 0, below, 0)
        whole_cents = rows[f"whole_{rule}"] + more
        found[CREDITS[rule]] = (whole_cents * _PARTS_A_CENT + rest).cast("int64")
    made = ("exact", "whole", "left", "rank", "spare")
    drop = [f"{name}_{rule}" for name in made for rule in _DIVIDED]
    return rows.mutate(**found).drop(*drop)
