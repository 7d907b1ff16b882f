"""Made-up books of any size for the benchmark of reviews, written as a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb

from counterpoise.books.manifest import Manifest, SourceFacts, TableFacts
from counterpoise.books.schema import TABLES, Column
from counterpoise.books.workspace import Workspace

AGREEMENT = """\
agreement: counterpoise/v1
title: Benchmark
in_force: {from: 2023-01-01, until: 2026-12-31}
company: {fiscal_year_starts: 2}
roles:
  rep: {side: sales, people: {role: Account Executive}}
  sales_manager: {side: sales}
  revenue_lead: {side: both}
goals:
  - {id: revenue, metric: net_revenue, at_least: 12000000, shared: true}
  - {id: realization, metric: price_realization, at_least: 92%, shared: true}
personas:
  - {id: maker, when: {industry: [Industry 0, Industry 1, Industry 2], employees: "[50..1000]"}}
  - {id: builder, when: {industry: [Industry 3, Industry 4]}}
protected:
  - {id: flagship, when: {product_family: Family 0}, up_to: {revenue_lead: 5%}}
discounts:
  limits:
    - id: enterprise
      when: {segment: Enterprise, list_amount: ">= 50000"}
      up_to: {rep: 10%, sales_manager: 20%, revenue_lead: 35%}
    - {id: public, when: {segment: Public}, up_to: {rep: 8%, sales_manager: 12%}}
    - {id: standard, up_to: {rep: 5%, sales_manager: 15%, revenue_lead: 25%}}
  levers:
    - {id: three_years, when: {term_months: ">= 36"}, adds: 5%}
  lever_cap: 5%
  exclusions:
    - {id: charities, when: {segment: Charity}}
"""

NOTHING: Mapping[str, str] = MappingProxyType({})
PEOPLE, ACCOUNTS, PRODUCTS, CAMPAIGNS = 300, 200_000, 200, 60

_SQL = {
    "people": f"""
        SELECT 'R' || i AS person_id, 'Person ' || i AS name, 'sales' AS side,
            CASE WHEN i % 10 = 0 THEN 'sales_manager' ELSE 'Account Executive' END AS role,
            'Team ' || i % 20 AS team
        FROM range({PEOPLE}) t(i)""",
    "accounts": f"""
        SELECT 'A' || i AS account_id, 'Account ' || i AS name, 'Industry ' || i % 12 AS industry,
            ['Enterprise', 'Mid', 'SMB', 'Public', 'Charity'][1 + i % 5] AS segment,
            CASE WHEN i % 50 > 0 THEN i * 37 % 3000 END AS employees
        FROM range({ACCOUNTS}) t(i)""",
    "products": f"""
        SELECT 'P' || i AS product_id, 'Product ' || i AS name, 'Family ' || i % 12 AS family,
            100 + 7 * i AS list_price, 60 + 4 * i AS unit_cost
        FROM range({PRODUCTS}) t(i)""",
    "campaigns": f"""
        SELECT 'C' || i AS campaign_id, 'Campaign ' || i AS name FROM range({CAMPAIGNS}) t(i)""",
    "deals": """
        SELECT 'D' || lpad(i::VARCHAR, 8, '0') AS deal_id, 'A' || hash(i, 1) % 200000 AS account_id,
            'R' || hash(i, 2) % 300 AS owner_id,
            CASE WHEN hash(i, 3) % 2 = 0 THEN 'C' || hash(i, 4) % 60 END AS campaign_id,
            ['web', 'event', 'partner', 'referral', 'cold'][(1 + hash(i, 5) % 5)::INT] AS source,
            CASE WHEN hash(i, 6) % 20 < 9 THEN 'won' WHEN hash(i, 6) % 20 < 17 THEN 'lost'
                WHEN hash(i, 6) % 20 < 18 THEN 'cancelled' ELSE 'open' END AS outcome,
            TIMESTAMP '2022-06-01 09:00:00' + to_days((hash(i, 7) % 1300)::INT) AS created_at,
            CASE WHEN hash(i, 6) % 20 < 18 THEN created_at
                + to_hours((hash(i, 8) % 3000)::INT) END AS closed_at,
            CASE WHEN i % 10 = 9 THEN 1000 + hash(i, 9) % 100000 END AS list_amount,
            list_amount * (100 - hash(i, 10) % 30) / 100 AS net_amount,
            CASE WHEN i % 7 > 0 THEN [12, 24, 36][(1 + hash(i, 11) % 3)::INT] END AS term_months
        FROM range({deals}) t(i)""",
    "deal_lines": """
        SELECT 'D' || lpad(i::VARCHAR, 8, '0') AS deal_id, line AS line_no,
            'P' || hash(i, line, 12) % 200 AS product_id, 1 + hash(i, line, 13) % 50 AS quantity,
            100 + 7 * (hash(i, line, 12) % 200) AS list_price,
            list_price * (102 - hash(i, line, 14) % 32) / 100 AS net_price
        FROM range({deals}) t(i), (VALUES (1), (2)) l(line)
        WHERE i % 10 < 9 AND (line = 1 OR i % 10 = 8)""",
}


def make_books(
    root: Path, deals: int, further: Mapping[str, str] = NOTHING, clauses: str = ""
) -> Workspace:
    """Write a workspace with that many deals and as many lines, with an agreement to judge by.

    Args:
        root: A new folder.
        deals: How many.
        further: Further tables, as queries in which `{deals}` is how many.
        clauses: Further clauses of the agreement.
    """
    workspace = Workspace.create(root)
    workspace.agreement_file.write_text(AGREEMENT + clauses)
    folder = workspace.books_dir / "snapshots" / "benchmark"
    folder.mkdir(parents=True)
    queries = {**_SQL, **further}
    facts = {name: _write(folder, name, sql.format(deals=deals)) for name, sql in queries.items()}
    source = SourceFacts("benchmark", "canonical", "benchmark")
    Manifest("benchmark", source, workspace.currency, workspace.time_zone, facts).write(folder)
    (workspace.books_dir / "current").write_text("benchmark\n")
    return workspace


def _write(folder: Path, name: str, sql: str) -> TableFacts:
    with duckdb.connect(config={"memory_limit": "3GB"}) as connection:
        made = f"({sql})"
        there = {row[0] for row in connection.execute(f"DESCRIBE {made}").fetchall()}
        columns = ", ".join(_cast(column, there) for column in TABLES[name].columns)
        connection.execute(
            f"COPY (SELECT {columns} FROM {made}) TO '{folder / name}.parquet' (FORMAT parquet)"
        )
        rows = connection.execute(f"SELECT count(*) FROM '{folder / name}.parquet'").fetchone()
    return TableFacts(rows=rows[0] if rows else 0, columns_present=TABLES[name].names)


def _cast(column: Column, there: set[str]) -> str:
    value = column.name if column.name in there else "NULL"
    return f"CAST({value} AS {_sql_type(column.kind.dtype)}) AS {column.name}"


def _sql_type(dtype: object) -> str:
    names = {"string": "VARCHAR", "int64": "BIGINT", "timestamp": "TIMESTAMP"}
    text = str(dtype)
    return names.get(text.partition("(")[0], text)
