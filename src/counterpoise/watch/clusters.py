"""Rows that hang together: the variance of a mean when an account's deals are one witness."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir


def clustered_sums(total: str = "total") -> tuple[ir.Scalar, ...]:
    """Return what a variance by clusters is made of, to aggregate over rows of one cluster each.

    A row holds `n`, how many rows its cluster has, and their sum. Columns: `n`, `total`,
    `clusters`, and sums over clusters: `squares` of the total, `cross` of the total times n, and
    `sizes` of n squared.
    """
    n, sums = ibis._.n.cast("float64"), ibis._[total].cast("float64")
    return (
        n.sum().name("n"),
        sums.sum().name("total"),
        ibis._.count().cast("float64").name("clusters"),
        (sums * sums).sum().name("squares"),
        (sums * n).sum().name("cross"),
        (n * n).sum().name("sizes"),
    )


def variance_of(sums: Mapping[str, float]) -> float:
    """Return the variance of the mean of rows that hang together in clusters, 2 or more.

    >>> apart = dict(n=4, total=10, clusters=4, squares=30, cross=10, sizes=4)
    >>> round(variance_of(apart), 6)  # 1, 2, 3 and 4 by themselves: 5 / 3 over 4
    0.416667
    >>> pairs = dict(n=4, total=10, clusters=2, squares=58, cross=20, sizes=8)
    >>> variance_of(pairs)  # 1 with 2, and 3 with 4
    1.0
    """
    n, mean = sums["n"], sums["total"] / sums["n"]
    around = sums["squares"] - 2 * mean * sums["cross"] + mean**2 * sums["sizes"]
    spare = max(sums["clusters"] - 1, 1)
    return max(around, 0.0) / n**2 * sums["clusters"] / spare
