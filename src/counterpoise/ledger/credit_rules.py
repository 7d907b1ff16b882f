"""Rules of credit that read one path at a time: how a deal is shared between its touches.

`first` and `last` give all to one touch, `linear` the same to each. `time_decay` gives a touch
half the weight of one that came `HALF_LIFE_DAYS` later. `position_based` gives 40 % to the first,
40 % to the last and 20 % to those between in equal parts; of two touches each has half.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.books.money import MONEY

HALF_LIFE_DAYS = 30
"""Days after which a touch weighs half as much, where time decays."""

END_SHARE = 0.4
"""What the first and the last touch have each, where position counts."""

_MIDDLE_SHARE = 1 - 2 * END_SHARE
_PAIR = 2
_SECONDS_A_DAY = 86_400
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

CREDITS: Mapping[Rule, str] = MappingProxyType({rule: f"{rule}_credit" for rule in OF_PATHS})
"""The column of each rule's credit, in ten-thousandths of the currency, whole."""


def shares(steps: ir.Table) -> ir.Table:
    """Share each journey between the channels and campaigns that it met.

    Args:
        steps: Grain: journey × touch, with `STEP_COLUMNS`.

    Returns:
        Grain: journey × channel × campaign. `outcome`, `touches`, `first_at`, `last_at`, and a
        share a rule (`SHARES`); those of a journey add up to 1.
    """
    weighed = _weighed(steps)
    met = weighed.group_by("journey_id", "outcome", "channel", "campaign_id").aggregate(
        touches=weighed.count().cast("int64"),
        first_at=weighed.touched_at.min(),
        last_at=weighed.touched_at.max(),
        **{f"weight_{rule}": weighed[f"weight_{rule}"].sum() for rule in OF_PATHS},
    )
    journey = ibis.window(group_by="journey_id")
    return met.mutate(
        **{
            SHARES[rule]: met[f"weight_{rule}"] / met[f"weight_{rule}"].sum().over(journey)
            for rule in OF_PATHS
        }
    ).drop(*(f"weight_{rule}" for rule in OF_PATHS))


def _weighed(steps: ir.Table) -> ir.Table:
    """Add a weight a rule to each touch, in the order of time; of the same instant by its id."""
    order = ibis.window(group_by="journey_id", order_by=["touched_at", "touch_id"])
    journey = ibis.window(group_by="journey_id")
    placed = steps.mutate(
        place=ibis.row_number().over(order) + 1,
        length=steps.count().over(journey),
        ended=steps.touched_at.max().over(journey),
    )
    one, nothing = ibis.literal(1.0), ibis.literal(0.0)
    is_first, is_last = placed.place == 1, placed.place == placed.length
    age = (placed.ended.epoch_seconds() - placed.touched_at.epoch_seconds()).cast("float64")
    middle = ibis.literal(_MIDDLE_SHARE) / (placed.length - _PAIR).cast("float64").nullif(0.0)
    position = ibis.cases(
        (placed.length <= _PAIR, one),
        (is_first | is_last, ibis.literal(END_SHARE)),
        else_=middle,
    )
    return placed.mutate(
        weight_first=ibis.ifelse(is_first, one, nothing),
        weight_last=ibis.ifelse(is_last, one, nothing),
        weight_linear=one,
        weight_time_decay=(age * -_LN2_A_SECOND).exp(),
        weight_position_based=position,
    )


_LN2_A_SECOND = 0.6931471805599453 / (HALF_LIFE_DAYS * _SECONDS_A_DAY)


def credits_of(shared: ir.Table, values: ir.Table) -> ir.Table:
    """Divide the value of each won deal by its shares, so that nothing is lost or made.

    Whole cents go by largest remainder, then to the larger share; what an amount has below a cent
    goes with the first of them.

    Args:
        shared: As `shares` gives it; the journeys are deals.
        values: Grain: a deal. `deal_id` and `net_amount`, NULL where nobody knows it.

    Returns:
        The same rows with `value` (NULL unless won) and a credit a rule (`CREDITS`), whole
        ten-thousandths of the currency, 0 where there is no value.
    """
    valued = values.select(valued_deal="deal_id", value=values.net_amount.cast(MONEY))
    rows = shared.left_join(valued, shared.journey_id == valued.valued_deal).drop("valued_deal")
    is_won = rows.outcome == "won"
    rows = rows.mutate(value=ibis.ifelse(is_won, rows.value, ibis.null(MONEY)))
    parts = ibis.coalesce((rows.value * _PARTS).cast("int64"), 0)
    rows = rows.mutate(parts=parts, cents=(parts // _PARTS_A_CENT).cast("int64"))
    exact = {rule: rows.cents.cast("float64") * rows[SHARES[rule]] for rule in OF_PATHS}
    rows = rows.mutate(**{f"exact_{rule}": value for rule, value in exact.items()})
    return _with_credits(rows)


def _with_credits(rows: ir.Table) -> ir.Table:
    whole = {f"whole_{r}": rows[f"exact_{r}"].floor().cast("int64") for r in OF_PATHS}
    rows = rows.mutate(**whole)
    left = {r: rows[f"exact_{r}"] - rows[f"whole_{r}"].cast("float64") for r in OF_PATHS}
    rows = rows.mutate(**{f"left_{r}": each.round(_DIGITS) for r, each in left.items()})
    deal = ibis.window(group_by="journey_id")
    ranked = {}
    for rule in OF_PATHS:
        larger = [ibis.desc(f"left_{rule}"), ibis.desc(SHARES[rule])]
        order = [*larger, "channel", "campaign_id"]
        window = ibis.window(group_by="journey_id", order_by=order)
        ranked[f"rank_{rule}"] = ibis.row_number().over(window)
        ranked[f"spare_{rule}"] = rows.cents - rows[f"whole_{rule}"].sum().over(deal)
    rows = rows.mutate(**ranked)
    below = rows.parts - rows.cents * _PARTS_A_CENT
    found = {}
    for rule in OF_PATHS:
        more = (rows[f"rank_{rule}"] < rows[f"spare_{rule}"]).cast("int64")
        rest = ibis.ifelse(rows[f"rank_{rule}"] == 0, below, 0)
        whole_cents = rows[f"whole_{rule}"] + more
        found[CREDITS[rule]] = (whole_cents * _PARTS_A_CENT + rest).cast("int64")
    made = ("exact", "whole", "left", "rank", "spare")
    drop = [f"{name}_{rule}" for name in made for rule in OF_PATHS]
    return rows.mutate(**found).drop(*drop, "parts", "cents")
