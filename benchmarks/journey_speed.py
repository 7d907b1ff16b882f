"""Measure funnel, credit and fit over many leads and touches; run `journey_speed.py --help`.

The books are made up by the engine itself: a lead in six names a deal, a touch in two belongs to a
visitor who becomes known later, and one in ten of those never does.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from counterpoise.books.books import Books
    from counterpoise.books.schema import Column

TABLES = {
    "campaigns": """SELECT 'C' || i AS campaign_id, 'campaign ' || i AS name, 'P1' AS owner_id
        FROM range(200) r(i)""",
    "people": """SELECT 'P' || i AS person_id, 'Person ' || i AS name, 'sales' AS side,
        'rep' AS role, 'team ' || i % 12 AS team FROM range(300) r(i)""",
    "accounts": """SELECT 'A' || i AS account_id, 'segment ' || (hash(i) % 4) AS segment,
        'industry ' || (hash(i + 1) % 12) AS industry FROM range({leads} // 4 + 1) r(i)""",
    "leads": """SELECT 'L' || i AS lead_id, 'A' || i // 4 AS account_id,
        'C' || (hash(i) % 200) AS campaign_id,
        'source ' || (hash(i + 1) % 12) AS source, created_at,
        CASE WHEN hash(i + 2) % 10 < 6 THEN created_at + INTERVAL 3 DAY END AS qualified_at,
        CASE WHEN hash(i + 2) % 10 < 5 THEN created_at + INTERVAL 4 DAY END AS handed_over_at,
        'P' || (hash(i + 3) % 300) AS owner_id,
        CASE WHEN hash(i + 2) % 10 < 3 THEN 'accepted'
             WHEN hash(i + 2) % 10 < 5 THEN 'rejected' END AS verdict,
        CASE WHEN hash(i + 2) % 10 < 5 THEN created_at + INTERVAL 6 DAY END AS verdict_at,
        CASE WHEN i % 6 = 0 THEN 'D' || i // 6 END AS deal_id
        FROM (SELECT i, TIMESTAMP '2024-01-01' + to_seconds((hash(i + 9) % 63072000)::BIGINT)
              AS created_at FROM range({leads}) r(i))""",
    "deals": """SELECT 'D' || i // 6 AS deal_id, 'L' || i AS lead_id, 'A' || i // 4 AS account_id,
        'P' || (hash(i + 3) % 300) AS owner_id, 'source ' || (hash(i + 1) % 12) AS source,
        CASE hash(i + 5) % 10 WHEN 0 THEN 'open' WHEN 1 THEN 'won' WHEN 2 THEN 'won'
             WHEN 3 THEN 'won' ELSE 'lost' END AS outcome,
        created_at + INTERVAL 7 DAY AS created_at,
        CASE WHEN hash(i + 5) % 10 > 0 THEN created_at + to_days((20 + hash(i + 6) % 90)::INTEGER)
             END AS closed_at,
        ((hash(i + 7) % 9000000)::DOUBLE / 100)::DECIMAL(18, 4) AS net_amount,
        ((hash(i + 7) % 9000000)::DOUBLE / 90)::DECIMAL(18, 4) AS list_amount
        FROM (SELECT i, TIMESTAMP '2024-01-01' + to_seconds((hash(i + 9) % 63072000)::BIGINT)
              AS created_at FROM range(0, {leads}, 6) r(i))""",
    "touches": """SELECT 'T' || t AS touch_id,
        TIMESTAMP '2024-01-01' + to_seconds((hash(i + 9) % 63072000)::BIGINT)
        + to_seconds((hash(t) % 5184000)::BIGINT - 2592000) AS touched_at,
        'channel ' || (hash(t + 1) % 8) AS channel,
        CASE WHEN hash(t + 2) % 3 > 0 THEN 'C' || (hash(t + 3) % 200) END AS campaign_id,
        'V' || i AS visitor_id,
        CASE WHEN hash(t + 4) % 2 = 0 AND i % 10 > 0 THEN 'L' || i END AS lead_id
        FROM (SELECT t, (hash(t + 11) % {leads})::BIGINT AS i FROM range({touches}) r(t))""",
}

AGREEMENT = """
agreement: counterpoise/v1
title: Benchmark
in_force: {from: 2020-01-01, until: 2030-12-31}
roles: {rep: {side: sales, default: true}}
discounts: {limits: [{id: all, up_to: {rep: 10%}}]}
personas:
  - {id: first, when: {industry: [industry 1, industry 2, industry 3]}}
  - {id: second, when: {industry: [industry 4, industry 5], segment: segment 1}}
"""


def make_books(folder: Path, leads: int, touches: int) -> None:
    """Write the tables of a company in the canonical form."""
    folder.mkdir(parents=True)
    with duckdb.connect() as engine:
        engine.execute("SET threads = 2; SET memory_limit = '4GB'")
        engine.execute(f"SET temp_directory = '{folder}'")
        for name, query in TABLES.items():
            made = query.format(leads=leads, touches=touches)
            engine.execute(f"COPY ({made}) TO '{folder / name}.parquet' (FORMAT parquet)")


def open_books(root: Path, folder: Path) -> Books:
    """Lay the tables out as the snapshot of a workspace."""
    from counterpoise.books.books import Books
    from counterpoise.books.manifest import Manifest, SourceFacts, TableFacts
    from counterpoise.books.schema import TABLES as SCHEMA
    from counterpoise.books.workspace import Workspace

    workspace = Workspace.create(root)
    snapshot = workspace.books_dir / "snapshots" / "made"
    snapshot.mkdir(parents=True)
    facts = {}
    with duckdb.connect() as engine:
        engine.execute("SET threads = 2; SET memory_limit = '4GB'")
        engine.execute("SET preserve_insertion_order = false")
        for name in TABLES:
            source = f"'{folder / name}.parquet'"
            there = {row[0] for row in engine.execute(f"DESCRIBE FROM {source}").fetchall()}
            columns = ", ".join(
                f"{each.name if each.name in there else 'NULL'}::{_type(each)} AS {each.name}"
                for each in SCHEMA[name].columns
            )
            target = snapshot / f"{name}.parquet"
            engine.execute(f"COPY (SELECT {columns} FROM {source}) TO '{target}'")
            ((rows,),) = engine.execute(f"SELECT count(*) FROM '{target}'").fetchall()
            facts[name] = TableFacts(rows=rows, columns_present=SCHEMA[name].names)
    Manifest(
        snapshot="made",
        source=SourceFacts("none", "canonical", "rows"),
        currency="USD",
        time_zone="UTC",
        tables=facts,
    ).write(snapshot)
    (workspace.books_dir / "current").write_text("made\n")
    return Books.open(workspace)


def _type(column: Column) -> str:
    """Return how the engine writes a column's type."""
    from ibis.backends.sql.datatypes import DuckDBType

    return str(DuckDBType.to_string(column.kind.dtype))


@contextmanager
def timed(name: str, told: dict[str, float]) -> Iterator[None]:
    """Note the seconds that a block takes by the clock, and those of all processors together."""
    clock, worked = time.perf_counter(), time.process_time()
    yield
    told[name] = time.perf_counter() - clock
    told[f"{name}_worked"] = time.process_time() - worked


def measure(root: Path, folder: Path) -> dict[str, float]:
    """Work out the measures and return seconds, and the most memory held, in GiB."""
    import datetime as dt

    from counterpoise.agreement import Agreements, parse_agreement
    from counterpoise.books.facts import View
    from counterpoise.ledger.deal_table import deal_table
    from counterpoise.web.results.journeys import measure_credit, measure_funnel
    from counterpoise.web.results.measured import Measured
    from counterpoise.web.results.scoring import measure_fit

    agreements = Agreements.single(parse_agreement(AGREEMENT))
    told: dict[str, float] = {}
    with open_books(root, folder) as books:
        view = View(books, dt.date(2026, 3, 31))
        with timed("judging", told):
            deals = books.keep(deal_table(view, agreements), "judged")
        measured = Measured(view, agreements, deals)
        for each in (measure_funnel, measure_credit, measure_fit):
            with timed(each.__name__, told):
                outcome = each(measured)
                for name, table in outcome.tables.items():
                    books.write(table, root / f"{name}.parquet")
    told["gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return told


def main() -> None:
    """Make the books where they are not there yet, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=10_000_000)
    parser.add_argument("--touches", type=int, default=100_000_000)
    parser.add_argument("--books", type=Path, help="keep the made-up tables in this folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="journey-") as scratch:
        folder = asked.books or Path(scratch) / "books"
        if not folder.is_dir():
            make_books(folder, asked.leads, asked.touches)
        told = measure(Path(scratch) / "room", folder)
    told["load"] = os.getloadavg()[0]
    print(json.dumps({name: round(value, 1) for name, value in told.items()}))


if __name__ == "__main__":
    main()
