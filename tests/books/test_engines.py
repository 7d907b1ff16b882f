"""Tables of a snapshot on engines other than the embedded one."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from counterpoise.books.engines import connect, read_table
from tests.postgres import Server


def test_a_column_may_be_called_anything(postgres: Server, tmp_path: Path) -> None:
    rows = {"deal_id": ["D1"], "attr__Risk (CS), 5%": ["high"], "attr__%(x)s": ["low"]}
    pq.write_table(pa.table(rows), tmp_path / "deals.parquet")
    engine = connect(postgres.url, tmp_path)
    try:
        read = read_table(engine, tmp_path / "deals.parquet", "books_called_anything")
        assert engine.to_pyarrow(read).to_pydict() == rows
    finally:
        engine.disconnect()
