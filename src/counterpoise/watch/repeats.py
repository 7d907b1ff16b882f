"""Repeat deals: how much deeper the discount is with each further deal of the same customer.

Within customers alone: rate = customer + slope × deals before + error, at the mix that the deals
have. Deals before are counted up to the twelfth, so that the busiest customers do not decide what a
repeat does. The variance of a segment's slope is clustered by customer (Liang & Zeger 1986); that
of one customer's slope takes the variance of a row around all customers' own levels.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from counterpoise.watch.deals import NOT_NEGOTIATED, offered_ever
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
    total = watched.books.run(
        sums.aggregate(yy=sums.yy.sum(), freedom=(sums.n - 1).sum())
    ).to_pylist()[0]
    large = sums.filter(sums.n >= FEWEST_DEALS, sums.xx > 0)
    large = large.order_by(large.base.desc(), large.account_id).limit(MOST_ACCOUNTS)
    found = watched.books.run(large)
    row = float(total["yy"] or 0.0) / max(float(total["freedom"] or 0), 1.0)
    xx = floats(found["xx"])
    return _sample(found, "account_id", floats(found["xy"]) / xx, row / xx)


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
