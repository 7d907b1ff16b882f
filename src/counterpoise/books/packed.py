"""Kept deals packed for the engine that reads them: a file of its own beside the Parquet.

It reads such a file with a quarter of the work. Two more columns tell which rates a deal gave at
least and at most, because an exact product a deal is dear. Over a list above zero a deal gave at
least a rate where the quotient, rounded down to millionths, is no less than the rate in
millionths; and at most a rate, where the quotient rounded up is no more.
"""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from counterpoise.books.quoting import literal

MILLION = 10**6

AT_LEAST, AT_MOST = "gave_at_least", "gave_at_most"
"""The columns: a deal gave at least every rate up to the first, at most every one from the second.

They are NULL where list or net is unknown. A table in which a list is below zero has neither.
"""

_FAR = 10**18
"""Beyond every rate in millionths."""
_SMALL = 9 * 10**12
"""What can be multiplied by a million in 64 bits; wider division takes fifty times as long."""
_MEMORY_LIMIT = "1GB"
_THREADS = 2


def packed_file(folder: Path, name: str) -> Path:
    """Return where a table of a folder lies packed, if it is."""
    return folder / f"{name}.duckdb"


def pack_deals(folder: Path) -> None:
    """Copy `deals.parquet` of a folder into a file that the engine reads faster."""
    import duckdb

    source = f"read_parquet({literal(str(folder / 'deals.parquet'))})"
    target = packed_file(folder, "deals")
    target.unlink(missing_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY_LIMIT,
        "threads": _THREADS,
        "temp_directory": str(Path(tempfile.gettempdir(), "counterpoise-kept")),
        "autoinstall_known_extensions": False,
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute(f"ATTACH {literal(str(target))} AS packed")
        below = connection.execute(f"SELECT min(list_amount) < 0 FROM {source}").fetchone()
        query = f"SELECT * FROM {source}" if below and below[0] else _with_bounds(source)
        connection.execute(f"CREATE TABLE packed.deals AS {query}")
        connection.execute("DETACH packed")


def millionths(rate: Decimal) -> int | None:
    """Return a rate as whole millionths, None where it has finer parts or lies beyond all bounds.

    >>> millionths(Decimal("0.125")), millionths(Decimal("0.0000001"))
    (125000, None)
    """
    if not rate.is_finite() or abs(rate) * MILLION >= _FAR:
        return None
    whole = rate * MILLION
    return int(whole) if whole == whole.to_integral_value() else None


def _with_bounds(deals: str) -> str:
    """Return a query of a table of deals with both columns.

    On a list of zero nothing given is at least and at most every rate; anything given is more than
    every rate, and anything above list less.
    """
    free_low = f"CASE WHEN given < 0 THEN -{_FAR} ELSE {_FAR} END"
    free_high = f"CASE WHEN given > 0 THEN {_FAR} ELSE -{_FAR} END"
    low = "quotient - CAST(given < 0 AND NOT is_whole AS BIGINT)"
    high = "quotient + CAST(given > 0 AND NOT is_whole AS BIGINT)"
    wide = f"CAST(given AS HUGEINT) * {MILLION}"
    clipped = f"greatest(least({wide} // listed, {_FAR}), -{_FAR})"
    return f"""
        SELECT * EXCLUDE (given, listed, quotient, is_whole),
            CASE WHEN given IS NULL THEN NULL WHEN listed = 0 THEN {free_low} ELSE {low} END
                AS {AT_LEAST},
            CASE WHEN given IS NULL THEN NULL WHEN listed = 0 THEN {free_high} ELSE {high} END
                AS {AT_MOST}
        FROM (
            SELECT *,
                CASE WHEN abs(given) < {_SMALL} THEN given * {MILLION} // listed
                    ELSE CAST({clipped} AS BIGINT) END AS quotient,
                CASE WHEN abs(given) < {_SMALL} THEN given * {MILLION} % listed = 0
                    ELSE {wide} % listed = 0 END AS is_whole
            FROM (
                SELECT *, {_units("list_amount")} AS listed,
                    listed - {_units("net_amount")} AS given
                FROM {deals}
            )
        )"""


def _units(amount: str) -> str:
    """Return an amount in ten-thousandths, which any amount has as a whole number of 64 bits.

    Whole and broken part apart: their products with ten thousand need no wider decimals, which
    take twenty times as long.
    """
    return (
        f"(CAST(trunc({amount}) AS BIGINT) * 10000 + "
        f"CAST(({amount} - trunc({amount})) * 10000 AS BIGINT))"
    )
