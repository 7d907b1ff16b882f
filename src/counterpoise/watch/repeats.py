"""Repeat deals: how much deeper the discount is with each further deal of the same customer.

Within customers alone: rate = customer + slope × deals before + error, at the mix that the deals
have. Deals before are counted up to the twelfth, so that the busiest customers do not decide what a
repeat does. The variance of a segment's slope is clustered by customer (Liang & Zeger 1986). That
of one customer's slope takes the variance of a row around the customers' own slopes in the same
segment: too few deals tell it by themselves, and where discounts are deep, as where most of the
money is, they also scatter more. It fails where customers of a segment scatter unlike each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from counterpoise.watch.deals import NOT_NEGOTIATED, offered_ever
from counterpoise.watch.judge import FEWEST_ROWS
from counterpoise.watch.regression import floats
from counterpoise.watch.sample import Floats, Sample
from counterpoise.watch.watched import Watched

MOST_REPEATS = 12
FEWEST_DEALS = 8
MOST_ACCOUNTS = 50


def repeated(watched: Watched) -> ir.Table:
    """Return the deals of known customers that may be negotiated, with their deals before.

    Grain: a deal of the last three years. Adds `step` (deals before, twelve at most), `left` (the
    rate beyond what the mix lets expect) and `base`: list value of won deals of the window × step,
    a quarter.
    """
    deals = offered_ever(watched)
    clause = ibis.coalesce(deals.clause, "")
    deals = deals.filter(
        deals.account_id.notnull(), *(~clause.startswith(each) for each in NOT_NEGOTIATED)
    )
    step = deals.repeat.clip(upper=MOST_REPEATS).cast("float64")
    counts = (deals.outcome == "won") & (deals.day >= ibis.literal(watched.first))
    return deals.mutate(
        step=step,
        left=deals.rate - deals.expected_rate,
        base=ibis.ifelse(counts, deals.list_value * step, 0.0) / watched.quarters,
    )


def segments_of(watched: Watched) -> Sample:
    """Return the segments, their slopes being the effect."""
    sums = _sums(watched)
    sums = sums.filter(sums.segment.notnull()).group_by("segment")
    found = watched.books.run(
        sums.aggregate(
            n=ibis._.n.sum(),
            xx=ibis._.xx.sum(),
            xy=ibis._.xy.sum(),
            xy2=(ibis._.xy * ibis._.xy).sum(),
            xxxy=(ibis._.xx * ibis._.xy).sum(),
            xx2=(ibis._.xx * ibis._.xx).sum(),
            clusters=(ibis._.xx > 0).sum(),
            base=ibis._.base.sum(),
        ).order_by("segment")
    )
    xx, clusters = floats(found["xx"]), floats(found["clusters"])
    slope = floats(found["xy"]) / np.maximum(xx, 1e-12)
    scores = floats(found["xy2"]) - 2 * slope * floats(found["xxxy"])
    scores += slope**2 * floats(found["xx2"])
    variance = (
        np.maximum(scores, 0.0)
        / np.maximum(xx, 1e-12) ** 2
        * clusters
        / np.maximum(clusters - 1, 1)
    )
    return _sample(found, "segment", slope, np.where(clusters > 1, variance, 0.0))


def accounts_of(watched: Watched) -> Sample:
    """Return the customers with the most money of those with deals enough, with their slopes."""
    sums = watched.books.keep(_sums(watched), "watch_repeats")
    large = sums.filter(sums.n >= FEWEST_DEALS, sums.xx > 0)
    large = large.order_by(large.base.desc(), large.account_id).limit(MOST_ACCOUNTS)
    found = watched.books.run(large)
    xx = floats(found["xx"])
    row = _row_variances(watched, sums, found["segment"].to_pylist())
    return _sample(found, "account_id", floats(found["xy"]) / xx, row / xx)


def _row_variances(watched: Watched, sums: ir.Table, segments: Sequence[str | None]) -> Floats:
    """Return the variance of a row around its customer's own slope, by segment.

    What all customers scatter by counts beside it as much as thirty rows, so that a segment of a
    few is no witness of its own.
    """
    line = ibis.coalesce(sums.xy * sums.xy / sums.xx.nullif(0.0), ibis.literal(0.0))
    freedom = sums.n - ibis.ifelse(sums.xx > 0, 2, 1)
    named = sums.group_by("segment").aggregate(around=(sums.yy - line).sum(), freedom=freedom.sum())
    by_segment = {
        each["segment"]: (float(each["around"]), float(each["freedom"]))
        for each in watched.books.run(named).to_pylist()
    }
    usual = sum(each for each, _ in by_segment.values())
    usual /= max(sum(each for _, each in by_segment.values()), 1.0)
    parts = [by_segment[segment] for segment in segments]
    return np.array([(own + FEWEST_ROWS * usual) / (n + FEWEST_ROWS) for own, n in parts])


def _sums(watched: Watched) -> ir.Table:
    """Return squares and products around each customer's own means. Grain: a customer."""
    deals = repeated(watched)
    sums = deals.group_by("account_id").aggregate(
        segment=deals.account__segment.max(),
        n=deals.count(),
        base=deals.base.sum(),
        x=deals.step.sum(),
        y=deals.left.sum(),
        x2=(deals.step * deals.step).sum(),
        y2=(deals.left * deals.left).sum(),
        product=(deals.step * deals.left).sum(),
    )
    return sums.select(
        "account_id",
        "segment",
        "n",
        "base",
        xx=sums.x2 - sums.x * sums.x / sums.n,
        xy=sums["product"] - sums.x * sums.y / sums.n,
        yy=sums.y2 - sums.y * sums.y / sums.n,
    )


def _sample(found: pa.Table, name: str, slope: Floats, variance: Floats) -> Sample:
    ids = tuple(found[name].to_pylist())
    return Sample(
        ids=ids,
        groups=("",) * len(ids),
        n=found["n"].to_numpy().astype(np.int64),
        observed=slope,
        expected=np.zeros(len(ids)),
        variance=variance,
        base=floats(found["base"]),
    )
