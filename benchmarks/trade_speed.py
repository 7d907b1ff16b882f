"""Time every measure of the trade over many weeks of sell-through; run `trade_speed.py --help`.

The engine makes the books up by itself and writes them as the import writes a snapshot: retail
accounts sell 400 goods of 20 families for two years; every account puts each family on deal by its
own calendar, most goods of it at once, two weeks out of thirteen, and each such promotion is on
record with its trade spend. Volume answers to depth, feature, display, the weeks after and the
neighbours.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from counterpoise.books import Books
from counterpoise.books.facts import View
from counterpoise.books.manifest import Manifest, SourceFacts, TableFacts
from counterpoise.books.schema import TABLES
from counterpoise.books.workspace import Workspace
from counterpoise.ledger.baseline import baseline
from counterpoise.ledger.earned import earned
from counterpoise.ledger.elasticity import elasticity
from counterpoise.ledger.lift import lift
from counterpoise.ledger.promotion_earned import promotion_book
from counterpoise.ledger.promotion_volume import volumes
from counterpoise.ledger.promotion_weeks import panel
from counterpoise.ledger.trade import trade
from counterpoise.ledger.within import Refused

GOODS, FAMILIES, WEEKS = 400, 20, 104
END = dt.date(2030, 12, 31)
T = TypeVar("T")

_SELL_THROUGH = """
WITH cells AS (
    SELECT a, p, w, p // {goods_of_family} AS f,
        (w + hash(a, p // {goods_of_family}) % 13)::INTEGER AS turn
    FROM range({first}, {last}) _(a), range({goods}) _(p), range({weeks}) _(w)),
calendar AS (
    SELECT *, turn % 13 AS of_wave, turn // 13 AS wave,
        hash(a, p, turn // 13) AS of_good, hash(a, f, turn // 13, 1) AS of_offer,
        (hash(a, p, w, 5) % 65536)::DOUBLE / 65536 AS one,
        (hash(a, p, w, 6) % 65536)::DOUBLE / 65536 AS two FROM cells),
offers AS (
    SELECT *, of_wave < 2 AND of_good % 10 < 7 AS on_deal,
        of_wave IN (2, 3) AND of_good % 10 < 7 AND w >= 1 AS is_after,
        CASE WHEN of_wave < 2 THEN 0.7 ELSE 0 END AS near,
        (1 + of_offer % 3) / 10 AS cut,
        ROUND((200 + hash(p) % 600) * CASE WHEN w >= hash(a, p) % 104 THEN 1.03 ELSE 1 END
            * (0.9 + (hash(a) % 20) / 100)) / 100 AS base
    FROM calendar),
answered AS (
    SELECT *, on_deal AND of_offer % 10 < 5 AS featured, on_deal AND of_good % 5 < 2 AS displayed,
        CASE WHEN on_deal THEN ROUND(base * (1 - cut), 2) ELSE base END AS net FROM offers)
SELECT (DATE '2024-01-01' + (7 * w)::INTEGER) AS week, printf('A%05d', a) AS account_id,
    printf('P%03d', p) AS product_id,
    ROUND(EXP(3 + (hash(a) % 3000)::DOUBLE / 1000 + (hash(p, 3) % 1000)::DOUBLE / 1000
        + 0.2 * SIN(w * 0.1204) + 0.25 * (SQRT(-2 * LN(one + 1e-6)) * COS(6.283 * two))
        + 2.5 * LN(base / net) + 0.25 * featured::INTEGER + 0.35 * displayed::INTEGER
        - 0.12 * is_after::INTEGER - 0.25 * near))::DECIMAL(18, 4) AS units,
    net::DECIMAL(18, 4) AS net_price, base::DECIMAL(18, 4) AS base_price, featured, displayed,
    NULL::DECIMAL(18, 4) AS trade_spend
FROM answered ORDER BY a, p, w
"""
_PROMOTIONS = """
SELECT printf('M%05d-%02d-%02d', a, f, n) AS promotion_id, NULL AS campaign_id,
    printf('A%05d', a) AS account_id, NULL AS product_id, printf('F%02d', f) AS product_family,
    (DATE '2024-01-01' + (7 * (13 * n - (hash(a, f) % 13)::INTEGER))::INTEGER) AS starts_on,
    starts_on + 13 AS ends_on, 'price_off' AS kind, (1 + hash(a, f, n, 1) % 3) / 10 AS rate,
    (50 + hash(a, f, n) % 100)::DECIMAL(18, 4) AS trade_spend
FROM range({last}) _(a), range({families}) _(f), range(1, 9) _(n)
WHERE 13 * n - (hash(a, f) % 13)::INTEGER < {weeks}
"""
_PRODUCTS = """
SELECT printf('P%03d', p) AS product_id, 'Good ' || p AS name,
    printf('F%02d', p // {goods_of_family}) AS family,
    (1.2 + (hash(p) % 600) * 0.006)::DECIMAL(18, 4) AS unit_cost FROM range({goods}) _(p)
"""
_BLOCK = 8
"""Accounts that the engine makes and sorts at once."""


def make_books(root: Path, rows: int) -> Workspace:
    """Write a workspace of at least so many weeks."""
    accounts = -(-rows // (GOODS * WEEKS))
    workspace = Workspace.create(root)
    folder = workspace.books_dir / "snapshots" / "made"
    folder.mkdir(parents=True)
    with duckdb.connect() as engine:
        engine.execute("SET threads = 2; SET memory_limit = '2GB'")
        facts = {
            "sell_through": _weeks(engine, folder, accounts),
            "promotions": _write(engine, folder, "promotions", _PROMOTIONS, accounts),
            "products": _write(engine, folder, "products", _PRODUCTS, accounts),
        }
    Manifest("made", SourceFacts("made", "canonical", "made"), "USD", "UTC", facts).write(folder)
    (workspace.books_dir / "current").write_text("made\n")
    return workspace


def _weeks(engine: duckdb.DuckDBPyConnection, folder: Path, accounts: int) -> TableFacts:
    """Write the weeks a few accounts at a time: there are more than fit in memory."""
    import pyarrow.parquet as pq

    file, schema = folder / "sell_through.parquet", _schema("sell_through")
    with pq.ParquetWriter(file, schema, compression="zstd", compression_level=1) as writer:
        for first in range(0, accounts, _BLOCK):
            sizes = {"first": first, "last": min(first + _BLOCK, accounts)}
            made = engine.execute(_filled(_SELL_THROUGH, **sizes)).to_arrow_table()
            writer.write_table(made.cast(schema))
    return _facts("sell_through", accounts * GOODS * WEEKS)


def _write(
    engine: duckdb.DuckDBPyConnection, folder: Path, name: str, query: str, accounts: int
) -> TableFacts:
    import pyarrow.parquet as pq

    made = engine.execute(_filled(query, last=accounts)).to_arrow_table()
    schema = _schema(name)
    columns = {
        each.name: made[each.name].cast(each.type)
        if each.name in made.column_names
        else pa.nulls(len(made), each.type)
        for each in schema
    }
    pq.write_table(pa.table(columns, schema=schema), folder / f"{name}.parquet")
    return _facts(name, len(made))


def _filled(query: str, **sizes: int) -> str:
    return query.format(
        goods=GOODS,
        families=FAMILIES,
        goods_of_family=GOODS // FAMILIES,
        weeks=WEEKS,
        **sizes,
    )


def _schema(name: str) -> pa.Schema:
    return pa.schema([(each.name, each.kind.dtype.to_pyarrow()) for each in TABLES[name].columns])


def _facts(name: str, rows: int) -> TableFacts:
    return TableFacts(rows=rows, columns_present=TABLES[name].names)


@contextmanager
def timed(name: str, told: dict[str, float]) -> Iterator[None]:
    """Note the seconds by the clock, and those of all processors together."""
    clock, worked = time.perf_counter(), time.process_time()
    yield
    told[name] = time.perf_counter() - clock
    told[f"{name}_worked"] = time.process_time() - worked


def measure(workspace: Workspace) -> dict[str, float]:
    """Work out every measure and return seconds, and the most memory held, in GiB."""
    told: dict[str, float] = {}
    with Books.open(workspace) as books:
        view = View(books, END)
        with timed("trade", told):
            trade(view)
        with timed("elasticity", told):
            _sure(elasticity(view))
        with timed("panel", told):
            weeks = _sure(panel(view))
        with timed("lift", told):
            found = _sure(lift(books, weeks))
        with timed("baseline", told):
            _sure(baseline(books, weeks))
        for by in (None, "account_id", "product_family", "week"):
            with timed(f"volumes_{by or 'all'}", told):
                volumes(books, weeks, found, by)
            with timed(f"earned_{by or 'all'}", told):
                _sure(earned(view, weeks, found, by))
        with timed("promotion_book", told):
            book = _sure(promotion_book(view, weeks, found))
        with timed("promotions", told):
            told["promotions_told"] = len(book.earned())
        with timed("promotions_by_account", told):
            book.earned_by_account()
    whole = [name for name in told if f"{name}_worked" in told]
    told["all"] = sum(told[name] for name in whole)
    told["all_worked"] = sum(told[f"{name}_worked"] for name in whole)
    told["gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return told


def _sure(found: T | Refused) -> T:
    assert not isinstance(found, Refused), found.why
    return found


def main() -> None:
    """Make the books where they are not there yet, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--books", type=Path, help="keep the made-up workspace in this folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trade-") as scratch:
        root = asked.books or Path(scratch) / "space"
        workspace = Workspace.open(root) if root.is_dir() else make_books(root, asked.rows)
        told = measure(workspace)
    told["load"] = os.getloadavg()[0]
    print(json.dumps({name: round(value, 1) for name, value in told.items()}, indent=1))


if __name__ == "__main__":
    main()
